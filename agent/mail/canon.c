/* canon.c - runs between blanks and line ends go to the sink as they are */
#include "agent/mail/canon.h"

#include "agent/base/bytes.h"
#include "agent/mail/message.h"

static void put(const struct canon_sink *sink, struct bytes piece)
{
	if (piece.len > 0)
		sink->take(sink->ctx, piece);
}

static void put_crlf(const struct canon_sink *sink)
{
	put(sink, bytes_of("\r\n"));
}

/* --- header fields */

/* As it stands, but for line ends: LF becomes CRLF. */
static void field_simple(struct bytes field, const struct canon_sink *sink)
{
	struct bytes line;
	bool more = true;

	while (more) {
		more = bytes_cut(field, '\n', &line, &field);
		if (more && line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		put(sink, line);
		if (more)
			put_crlf(sink);
	}
}

static void name_relaxed(struct bytes name, const struct canon_sink *sink)
{
	unsigned char lower[128];
	struct bytes piece = { lower, 0 };
	size_t i;

	for (i = 0; i < name.len; i++) {
		lower[piece.len++] = byte_lower(name.data[i]);
		if (piece.len == sizeof(lower) || i + 1 == name.len) {
			put(sink, piece);
			piece.len = 0;
		}
	}
}

/* Unfolded, runs of blanks one, none at the ends (section 3.4.2). */
static void value_relaxed(struct bytes value, const struct canon_sink *sink)
{
	bool first = true;
	size_t at;

	value = bytes_trim(value);
	while (value.len > 0) {
		for (at = 0; at < value.len && !byte_is_space(value.data[at]);
		     at++)
			;
		if (!first)
			put(sink, bytes_of(" "));
		first = false;
		put(sink, bytes_slice(value, 0, at));
		while (at < value.len && byte_is_space(value.data[at]))
			at++;
		value = bytes_slice(value, at, value.len);
	}
}

void canon_field(enum canon form, struct bytes field, enum canon_end end,
		 const struct canon_sink *sink)
{
	struct bytes name, value;

	if (form == CANON_SIMPLE) {
		field_simple(field, sink);
	} else {
		(void)bytes_cut(field, ':', &name, &value);
		name_relaxed(bytes_trim(name), sink);
		put(sink, bytes_of(":"));
		value_relaxed(value, sink);
	}
	if (end == CANON_WITH_CRLF)
		put_crlf(sink);
}

/* --- bodies */

void canon_body_start(struct canon_body *body, enum canon form, uint64_t limit,
		      const struct canon_sink *sink)
{
	memset(body, 0, sizeof(*body));
	body->form = form;
	body->sink = *sink;
	body->limit = limit;
}

/* Counts, and hands out what is within l=. */
static void body_put(struct canon_body *body, struct bytes piece)
{
	uint64_t left = body->limit > body->length ?
			body->limit - body->length : 0;

	body->length += piece.len;
	if (piece.len > left)
		piece.len = (size_t)left;
	put(&body->sink, piece);
}

/* Something of a line comes: the empty lines held back were inside. */
static void body_text(struct canon_body *body, struct bytes piece)
{
	if (piece.len == 0)
		return;
	for (; body->empty_lines > 0; body->empty_lines--)
		body_put(body, bytes_of("\r\n"));
	if (body->blank) {
		body_put(body, bytes_of(" "));
		body->blank = false;
	}
	body_put(body, piece);
	body->in_line = true;
}

static void body_line_end(struct canon_body *body)
{
	body->blank = false;		/* relaxed: blanks at a line's end */
	if (!body->in_line) {
		body->empty_lines++;
		return;
	}
	body_put(body, bytes_of("\r\n"));
	body->in_line = false;
}

/* A piece of one line, without its end. */
static void line_piece(struct canon_body *body, struct bytes line)
{
	size_t at = 0, start = 0;

	if (body->form == CANON_SIMPLE) {
		body_text(body, line);
		return;
	}
	/* A single SP between words is canonical already: the run goes on. */
	while (at < line.len) {
		if (!byte_is_blank(line.data[at])) {
			at++;
			continue;
		}
		if (line.data[at] == ' ' && at + 1 < line.len &&
		    !byte_is_blank(line.data[at + 1]) && at > start) {
			at++;
			continue;
		}
		body_text(body, bytes_slice(line, start, at));
		while (at < line.len && byte_is_blank(line.data[at]))
			at++;
		body->blank = true;
		start = at;
	}
	body_text(body, bytes_slice(line, start, line.len));
}

void canon_body_more(struct canon_body *body, struct bytes piece)
{
	struct bytes line;
	size_t at;

	while (piece.len > 0) {
		at = bytes_find(piece, '\n');
		line = bytes_slice(piece, 0, at);
		if (body->had_cr && !(at == 0 && at < piece.len))
			line_piece(body, bytes_of("\r"));	/* it was bare */
		body->had_cr = false;
		if (line.len > 0 && line.data[line.len - 1] == '\r') {
			line.len--;
			body->had_cr = at == piece.len;
		}
		line_piece(body, line);
		if (at == piece.len)
			return;
		body_line_end(body);
		piece = bytes_slice(piece, at + 1, piece.len);
	}
}

void canon_body_end(struct canon_body *body)
{
	if (body->had_cr)
		line_piece(body, bytes_of("\r"));
	body->had_cr = false;
	/* A last line without its end gets one (RFC 6376 section 3.4.3). */
	if (body->in_line || body->blank)
		body_line_end(body);
	if (body->form == CANON_SIMPLE && body->length == 0)
		body_put(body, bytes_of("\r\n"));
	body->empty_lines = 0;
}
