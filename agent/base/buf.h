/* buf.h - bytes being put together, up to a limit
 *
 * Adding never fails loudly: past the limit (or without memory) the buffer
 * becomes `full`, stays as it is, and the one check at the end sees it.
 * Numbers go out in network order. */
#ifndef MAILSEAL_BASE_BUF_H
#define MAILSEAL_BASE_BUF_H

#include <stdint.h>

#include "agent/base/bytes.h"

struct buf {
	unsigned char *data;
	size_t len;
	size_t room;
	size_t max;		/* the limit */
	bool full;		/* something did not fit */
};

void buf_init(struct buf *buf, size_t max);
void buf_free(struct buf *buf);		/* leaves an empty buffer */
void buf_clear(struct buf *buf);	/* keeps the memory and the limit */

void buf_add(struct buf *buf, struct bytes bytes);
void buf_text(struct buf *buf, const char *text);	/* without NUL */
void buf_byte(struct buf *buf, unsigned char byte);
void buf_u16(struct buf *buf, uint16_t number);
void buf_u32(struct buf *buf, uint32_t number);
void buf_u64(struct buf *buf, uint64_t number);
void buf_print(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline struct bytes buf_bytes(const struct buf *buf)
{
	struct bytes out = { buf->data, buf->len };

	return out;
}

/* With a NUL behind it that does not count; "" when even that does not fit. */
const char *buf_string(struct buf *buf);

/* Reading back: each takes from the front of *from, and answers false, with
 * nothing taken, when there is too little. */
bool take_byte(struct bytes *from, unsigned char *out);
bool take_u16(struct bytes *from, uint16_t *out);
bool take_u32(struct bytes *from, uint32_t *out);
bool take_u64(struct bytes *from, uint64_t *out);
bool take_bytes(struct bytes *from, size_t len, struct bytes *out);

#endif
