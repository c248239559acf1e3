/* dkim_base64.h - b=, bh= and p= as bytes (RFC 6376 section 2.10) */
#ifndef MAILSEAL_AUTH_DKIM_BASE64_H
#define MAILSEAL_AUTH_DKIM_BASE64_H

#include "agent/base/bytes.h"

struct arena;

/* RFC 4648 with folding white space anywhere inside; in the arena.  data
 * NULL: not base64, or bits behind the last byte, or no memory. */
struct bytes dkim_base64(struct arena *arena, struct bytes text);

#endif
