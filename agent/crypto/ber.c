/* ber.c - one pass over tags and lengths */
#include "agent/crypto/ber.h"

#include "agent/base/buf.h"
#include "agent/base/err.h"

const struct ber_object ber_all = { 0, false, 0, UINT64_MAX, { 0 }, 0 };

int ber_has_more(struct ber_reader *reader)
{
	int got;

	if (reader->in.len > 0)
		return 1;
	got = reader->from.read(reader->from.ctx, reader->room, BER_ROOM);
	if (got <= 0)
		return got;
	reader->in.data = reader->room;
	reader->in.len = (size_t)got;
	return 1;
}

int ber_take(struct ber_reader *reader, uint64_t len, struct bytes *out)
{
	int r = ber_has_more(reader);

	if (r <= 0)
		return r < 0 ? r : ERR_SYNTAX;
	*out = reader->in;
	if (out->len > len)
		out->len = (size_t)len;
	reader->in = bytes_slice(reader->in, out->len, reader->in.len);
	reader->at += out->len;
	return 0;
}

static int take_octet(struct ber_reader *reader, struct ber_object *object)
{
	struct bytes octet;
	int r = ber_take(reader, 1, &octet);

	if (r == 0)
		object->head[object->head_len++] = octet.data[0];
	return r;
}

/* X.690 section 8.1.3: short, long, or indefinite. */
static int length_read(struct ber_reader *reader, struct ber_object *object)
{
	unsigned char first = object->head[1];
	unsigned count = first & 0x7fu;
	int r;

	if (first == 0x80) {
		object->indefinite = true;
		object->end = UINT64_MAX;
		return (object->tag & BER_CONSTRUCTED) != 0 ? 0 : ERR_SYNTAX;
	}
	if ((first & 0x80) == 0) {
		object->len = first;
	} else {
		if (count > 7)		/* 2^56 octets are no mail */
			return ERR_SYNTAX;
		for (; count > 0; count--) {
			r = take_octet(reader, object);
			if (r < 0)
				return r;
			object->len = object->len << 8 |
				object->head[object->head_len - 1];
		}
	}
	object->end = reader->at + object->len;
	return 0;
}

static int head_read(struct ber_reader *reader, struct ber_object *object)
{
	int r;

	memset(object, 0, sizeof(*object));
	r = take_octet(reader, object);
	if (r == 0)
		r = take_octet(reader, object);
	if (r < 0)
		return r;
	object->tag = object->head[0];
	if ((object->tag & 0x1f) == 0x1f)
		return ERR_SYNTAX;
	return length_read(reader, object);
}

int ber_next(struct ber_reader *reader, const struct ber_object *parent,
	     struct ber_object *object)
{
	int r;

	if (!parent->indefinite && reader->at >= parent->end)
		return reader->at == parent->end ? 0 : ERR_SYNTAX;
	r = head_read(reader, object);
	if (r < 0)
		return r;
	if (object->tag == BER_END)
		return parent->indefinite && object->head[1] == 0 ?
		       0 : ERR_SYNTAX;
	if (!parent->indefinite &&
	    (object->indefinite ? reader->at : object->end) > parent->end)
		return ERR_SYNTAX;
	return 1;
}

int ber_expect(struct ber_reader *reader, const struct ber_object *parent,
	       unsigned char tag, struct ber_object *object)
{
	int r = ber_next(reader, parent, object);

	if (r < 0)
		return r;
	return r == 1 && object->tag == tag ? 0 : ERR_SYNTAX;
}

static void copy_head(const struct ber_object *object, struct buf *to)
{
	struct bytes head = { object->head, object->head_len };

	buf_add(to, head);
}

static int copy_octets(struct ber_reader *reader, uint64_t len,
		       struct buf *to)
{
	struct bytes piece;
	int r = len > to->max ? ERR_LIMIT : 0;

	while (r == 0 && len > 0) {
		r = ber_take(reader, len, &piece);
		if (r == 0) {
			buf_add(to, piece);
			len -= piece.len;
		}
		if (to->full)
			r = ERR_LIMIT;
	}
	return r;
}

int ber_copy(struct ber_reader *reader, const struct ber_object *object,
	     struct buf *to)
{
	struct ber_object open[BER_DEPTH_MAX], child;
	size_t depth = 0;
	int r;

	copy_head(object, to);
	if (!object->indefinite)
		return copy_octets(reader, object->len, to);
	open[depth++] = *object;
	while (depth > 0) {
		r = ber_next(reader, &open[depth - 1], &child);
		if (r < 0)
			return r;
		if (r == 0) {
			buf_u16(to, 0);		/* its end */
			depth--;
			continue;
		}
		copy_head(&child, to);
		if (!child.indefinite)
			r = copy_octets(reader, child.len, to);
		else if (depth == BER_DEPTH_MAX)
			r = ERR_LIMIT;
		else
			open[depth++] = child;
		if (r < 0)
			return r;
	}
	return to->full ? ERR_LIMIT : 0;
}
