/* buf.c - growing within a limit; numbers in network order */
#include "agent/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM_FIRST 256

void buf_init(struct buf *buf, size_t max)
{
	memset(buf, 0, sizeof(*buf));
	buf->max = max;
}

void buf_free(struct buf *buf)
{
	size_t max = buf->max;

	free(buf->data);
	buf_init(buf, max);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->full = false;
}

/* Makes room for `more` bytes and a NUL.  False: it does not fit. */
static bool buf_grow(struct buf *buf, size_t more)
{
	size_t room = buf->room == 0 ? ROOM_FIRST : buf->room;
	unsigned char *data;

	if (buf->full || more > buf->max || buf->len > buf->max - more) {
		buf->full = true;
		return false;
	}
	if (buf->len + more < buf->room)
		return true;
	while (room <= buf->len + more)
		room *= 2;
	data = realloc(buf->data, room);
	if (data == NULL) {
		buf->full = true;
		return false;
	}
	buf->data = data;
	buf->room = room;
	return true;
}

void buf_add(struct buf *buf, struct bytes bytes)
{
	if (bytes.len == 0 || !buf_grow(buf, bytes.len))
		return;
	memcpy(buf->data + buf->len, bytes.data, bytes.len);
	buf->len += bytes.len;
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, bytes_of(text));
}

void buf_byte(struct buf *buf, unsigned char byte)
{
	struct bytes one = { &byte, 1 };

	buf_add(buf, one);
}

static void buf_number(struct buf *buf, uint64_t number, size_t width)
{
	unsigned char wire[8];
	struct bytes bytes = { wire, width };
	size_t i;

	for (i = 0; i < width; i++)
		wire[i] = (unsigned char)(number >> (8 * (width - 1 - i)));
	buf_add(buf, bytes);
}

void buf_u16(struct buf *buf, uint16_t number)
{
	buf_number(buf, number, 2);
}

void buf_u32(struct buf *buf, uint32_t number)
{
	buf_number(buf, number, 4);
}

void buf_u64(struct buf *buf, uint64_t number)
{
	buf_number(buf, number, 8);
}

void buf_print(struct buf *buf, const char *format, ...)
{
	size_t free_room = buf->room - buf->len;
	va_list args;
	int len;

	/* Most of what is printed fits into what is there. */
	va_start(args, format);
	len = vsnprintf(free_room == 0 ? NULL : (char *)buf->data + buf->len,
			free_room, format, args);
	va_end(args);
	if (len < 0 || !buf_grow(buf, (size_t)len))
		return;
	if ((size_t)len >= free_room) {
		va_start(args, format);
		(void)vsnprintf((char *)buf->data + buf->len, (size_t)len + 1,
				format, args);
		va_end(args);
	}
	buf->len += (size_t)len;
}

const char *buf_string(struct buf *buf)
{
	bool full = buf->full;

	buf->full = false;
	if (!buf_grow(buf, 0)) {
		buf->full = true;
		return "";
	}
	buf->full = full;
	buf->data[buf->len] = 0;
	return (const char *)buf->data;
}

bool take_bytes(struct bytes *from, size_t len, struct bytes *out)
{
	if (from->len < len)
		return false;
	out->data = from->data;
	out->len = len;
	from->data += len;
	from->len -= len;
	return true;
}

static bool take_number(struct bytes *from, size_t width, uint64_t *out)
{
	struct bytes wire;
	size_t i;

	if (!take_bytes(from, width, &wire))
		return false;
	*out = 0;
	for (i = 0; i < width; i++)
		*out = *out << 8 | wire.data[i];
	return true;
}

bool take_byte(struct bytes *from, unsigned char *out)
{
	uint64_t number;

	if (!take_number(from, 1, &number))
		return false;
	*out = (unsigned char)number;
	return true;
}

bool take_u16(struct bytes *from, uint16_t *out)
{
	uint64_t number;

	if (!take_number(from, 2, &number))
		return false;
	*out = (uint16_t)number;
	return true;
}

bool take_u32(struct bytes *from, uint32_t *out)
{
	uint64_t number;

	if (!take_number(from, 4, &number))
		return false;
	*out = (uint32_t)number;
	return true;
}

bool take_u64(struct bytes *from, uint64_t *out)
{
	return take_number(from, 8, out);
}
