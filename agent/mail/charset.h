/* charset.h - text in the charsets of mail, as UTF-8
 *
 * By glibc's iconv, which loads a module for each charset: only those that
 * charset_prepare() opened are ever asked for, whatever name a mail writes. */
#ifndef MAILSEAL_MAIL_CHARSET_H
#define MAILSEAL_MAIL_CHARSET_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct buf;

/* Opens one converter of each and keeps it, so that the modules are there
 * when the file system is not.  May be called more than once. */
void charset_prepare(void);

bool charset_is_known(struct bytes name);

/* All names, for whoever must prepare another library; NULL behind the
 * last. */
const char *charset_name(size_t nth);

/* Adds `from` as UTF-8, which may hold NULs.  False: the charset is not
 * known, or these bytes are none of it; *to may have grown. */
bool charset_convert(struct buf *to, struct bytes name, struct bytes from);

#endif
