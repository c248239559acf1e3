/* base64.h - RFC 4648 section 4, as SASL uses it
 *
 * Decoding is strict: no line ends, no blanks, canonical padding. */
#ifndef MAILSEAL_SMTP_BASE64_H
#define MAILSEAL_SMTP_BASE64_H

#include "agent/base/buf.h"

void base64_print(struct buf *to, struct bytes from);

/* 0; ERR_SYNTAX; ERR_LIMIT: `to` is full. */
int base64_parse(struct bytes from, struct buf *to);

#endif
