/* mime_quoted.c - "=" and two digits, and what no line may end in */
#include "agent/mail/mime_quoted.h"

static int hex_digit(unsigned char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What was held back goes out as it is. */
static size_t let_go(struct quoted_state *state, unsigned char *to)
{
	size_t len = state->held_len;

	memcpy(to, state->held, len);
	state->held_len = 0;
	return len;
}

/* `held` begins with "=" and c follows: code, soft line end, or neither. */
static size_t decode_code(struct quoted_state *state, unsigned char c,
			  unsigned char *to)
{
	size_t out;
	int high;

	if (state->held_len == 1 && c == '\n') {
		state->held_len = 0;
		return 0;
	}
	if (state->held_len == 2 && c == '\n' && state->held[1] == '\r') {
		state->held_len = 0;
		return 0;
	}
	if (state->held_len == 1 && (c == '\r' || hex_digit(c) >= 0)) {
		state->held[state->held_len++] = c;
		return 0;
	}
	high = state->held_len == 2 ? hex_digit(state->held[1]) : -1;
	if (high >= 0 && hex_digit(c) >= 0) {
		state->held_len = 0;
		to[0] = (unsigned char)(high * 16 + hex_digit(c));
		return 1;
	}
	out = let_go(state, to);
	to[out++] = c;
	return out;
}

static size_t decode_one(struct quoted_state *state, unsigned char c,
			 unsigned char *to)
{
	size_t out = 0;

	if (state->held_len > 0 && state->held[0] == '=')
		return decode_code(state, c, to);
	if (byte_is_blank(c)) {
		if (state->held_len == QUOTED_BLANKS_MAX)
			out = let_go(state, to);
		state->held[state->held_len++] = c;
		return out;
	}
	/* Blanks at a line's end were added on the way. */
	if (c == '\r' || c == '\n')
		state->held_len = 0;
	else
		out = let_go(state, to);
	if (c == '=')
		state->held[state->held_len++] = c;
	else
		to[out++] = c;
	return out;
}

size_t quoted_decode(struct quoted_state *state, struct bytes *from,
		     unsigned char *to, size_t room)
{
	size_t out = 0;

	while (from->len > 0 && room - out >= QUOTED_BLANKS_MAX + 8) {
		out += decode_one(state, from->data[0], to + out);
		*from = bytes_slice(*from, 1, from->len);
	}
	return out;
}

size_t quoted_decode_end(struct quoted_state *state, unsigned char *to)
{
	if (state->held_len > 0 && byte_is_blank(state->held[0]))
		state->held_len = 0;
	return let_go(state, to);
}

enum place { IN_LINE, AT_END };

/* One octet of the line; `place`: whether the line ends behind it. */
static size_t encode_one(struct quoted_state *state, unsigned char c,
			 enum place place, unsigned char *to)
{
	static const char hex[17] = "0123456789ABCDEF";
	bool code = (c < 32 && c != '\t') || c > 126 || c == '=' ||
		    (place == AT_END && byte_is_blank(c)) ||
		    /* "From " and "." lines, and "--" of a delimiter */
		    (state->column == 0 &&
		     (c == 'F' || c == '.' || c == '-'));
	size_t out = 0, len = code ? 3 : 1;

	if (state->column + len > QUOTED_LINE - 1) {
		memcpy(to, "=\r\n", 3);
		out = 3;
		state->column = 0;
		code = code || c == 'F' || c == '.' || c == '-';
		len = code ? 3 : 1;
	}
	if (code) {
		to[out++] = '=';
		to[out++] = (unsigned char)hex[c >> 4];
		to[out++] = (unsigned char)hex[c & 15];
	} else {
		to[out++] = c;
	}
	state->column += (unsigned)len;
	return out;
}

static size_t encode_last(struct quoted_state *state, enum place place,
			  unsigned char *to)
{
	if (!state->has_last)
		return 0;
	state->has_last = false;
	return encode_one(state, state->last, place, to);
}

static size_t encode_next(struct quoted_state *state, unsigned char c,
			  unsigned char *to)
{
	size_t out = 0;

	if (c == '\n') {
		out = encode_last(state, AT_END, to);
		to[out++] = '\r';
		to[out++] = '\n';
		state->column = 0;
		state->cr = false;
		return out;
	}
	if (c == '\r' && !state->cr) {
		state->cr = true;	/* of the line's end, or a bare one */
		return 0;
	}
	out = encode_last(state, IN_LINE, to);
	if (state->cr)
		out += encode_one(state, '\r', IN_LINE, to + out);
	state->cr = c == '\r';
	state->has_last = c != '\r';
	state->last = c;
	return out;
}

size_t quoted_encode(struct quoted_state *state, struct bytes *from,
		     unsigned char *to, size_t room)
{
	size_t out = 0;

	while (from->len > 0 && room - out >= 16) {
		out += encode_next(state, from->data[0], to + out);
		*from = bytes_slice(*from, 1, from->len);
	}
	return out;
}

size_t quoted_encode_end(struct quoted_state *state, unsigned char *to)
{
	size_t out = encode_last(state, AT_END, to);

	if (state->cr)
		out += encode_one(state, '\r', AT_END, to + out);
	state->cr = false;
	return out;
}
