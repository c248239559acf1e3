/* codepoint.h - one Unicode scalar value, as UTF-8 (RFC 3629) */
#ifndef MAILSEAL_CONTACTS_CODEPOINT_H
#define MAILSEAL_CONTACTS_CODEPOINT_H

#include <stdint.h>

struct buf;

/* `code`: up to U+10FFFF and no surrogate; the caller has looked. */
void codepoint_add(struct buf *to, uint32_t code);

#endif
