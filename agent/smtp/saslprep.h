/* saslprep.h - user names and passwords in one form
 *
 * RFC 4013, through ICU.  ASCII comes out as it went in. */
#ifndef MAILSEAL_SMTP_SASLPREP_H
#define MAILSEAL_SMTP_SASLPREP_H

#include "agent/base/buf.h"

/* Loads the profile, before the file system is gone. */
void saslprep_prepare(void);

/* Adds the prepared form.  0; ERR_SYNTAX: no UTF-8, or a character that no
 * password may hold; ERR_LIMIT; ERR_MEMORY; ERR_UNSUPPORTED: no profile. */
int saslprep(struct bytes from, struct buf *to);

#endif
