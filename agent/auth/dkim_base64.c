/* dkim_base64.c - RFC 4648 section 4, strictly but for folding */
#include "agent/auth/dkim_base64.h"

#include "agent/base/arena.h"

#define XX 64	/* no digit of RFC 4648 section 4 */

static const unsigned char base64_digit[128] = {
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, 62, XX, XX, XX, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, XX, XX, XX, XX, XX, XX,
	XX,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, XX, XX, XX, XX, XX,
	XX, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, XX, XX, XX, XX, XX
};

struct bytes dkim_base64(struct arena *arena, struct bytes text)
{
	struct bytes none = { NULL, 0 }, out;
	unsigned char *to = arena_alloc(arena, text.len / 4 * 3 + 3);
	size_t i, used = 0, digits = 0, pads = 0;
	unsigned word = 0;
	unsigned char c;

	if (to == NULL)
		return none;
	for (i = 0; i < text.len; i++) {
		c = text.data[i];
		if (byte_is_space(c))
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		if (pads > 0 || c >= 128 || base64_digit[c] == XX)
			return none;
		word = word << 6 | base64_digit[c];
		digits++;
		if (digits % 4 == 1)
			continue;
		to[used++] = (unsigned char)(word >> 2 * (-digits % 4));
	}
	/* What the last digit holds beyond the last byte must be nothing. */
	if (digits == 0 || digits % 4 == 1 || pads != -digits % 4 ||
	    (digits % 4 == 2 && (word & 15) != 0) ||
	    (digits % 4 == 3 && (word & 3) != 0))
		return none;
	out.data = to;
	out.len = used;
	return out;
}
