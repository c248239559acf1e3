/* address_token.c - comments are counted, not called: no recursion */
#include "agent/mail/address_token.h"

#include "agent/base/buf.h"

#define COMMENT_DEPTH_MAX	16

unsigned char token_peek(const struct bytes *rest)
{
	return rest->len == 0 ? 0 : rest->data[0];
}

void token_step(struct bytes *rest)
{
	*rest = bytes_slice(*rest, 1, rest->len);
}

bool token_is_atext(unsigned char c)
{
	return byte_is_alpha(c) || byte_is_digit(c) || c >= 0x80 ||
	       (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

bool token_skip_cfws(struct bytes *rest)
{
	unsigned depth = 0;
	unsigned char c;

	while (rest->len > 0) {
		c = token_peek(rest);
		if (depth > 0 && c == '\\') {
			token_step(rest);
			if (rest->len == 0)
				break;
		} else if (c == '(') {
			if (++depth > COMMENT_DEPTH_MAX)
				return false;
		} else if (depth > 0 && c == ')') {
			depth--;
		} else if (depth == 0 && !byte_is_space(c)) {
			return true;
		}
		token_step(rest);
	}
	return depth == 0;
}

bool token_take(struct bytes *rest, unsigned char c)
{
	if (rest->len == 0 || token_peek(rest) != c)
		return false;
	token_step(rest);
	return true;
}

bool token_quoted(struct bytes *rest, struct buf *to)
{
	unsigned char c;

	while (rest->len > 0) {
		c = token_peek(rest);
		token_step(rest);
		if (c == '"')
			return true;
		if (c == '\\') {
			if (rest->len == 0)
				return false;
			c = token_peek(rest);
			token_step(rest);
		}
		if (c == '\r' || c == '\n')
			continue;	/* a fold */
		if (c == '\t')
			c = ' ';	/* mostly what a fold left */
		buf_byte(to, c);
	}
	return false;
}

struct bytes token_atom(struct bytes *rest)
{
	struct bytes atom = *rest;
	size_t len = 0;

	while (len < atom.len && token_is_atext(atom.data[len]))
		len++;
	*rest = bytes_slice(atom, len, atom.len);
	return bytes_slice(atom, 0, len);
}

struct bytes token_dot_atom(struct bytes *rest)
{
	struct bytes start = *rest, atom;
	size_t len = 0;

	for (;;) {
		atom = token_atom(rest);
		if (atom.len == 0) {
			len = 0;	/* a dot at an end, or two */
			break;
		}
		len += atom.len;
		if (!token_take(rest, '.'))
			break;
		len++;
	}
	return bytes_slice(start, 0, len);
}
