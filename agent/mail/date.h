/* date.h - the date and time of a header field
 *
 * RFC 5322 section 3.3, with the old forms of section 4.3. */
#ifndef MAILSEAL_MAIL_DATE_H
#define MAILSEAL_MAIL_DATE_H

#include <stdint.h>

#include "agent/base/bytes.h"

/* Seconds since 1970; -1: unreadable, or before that. */
int64_t date_parse(struct bytes text);

#endif
