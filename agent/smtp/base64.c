/* base64.c - base64 both ways, strictly */
#include "agent/smtp/base64.h"

#include "agent/base/err.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_print(struct buf *to, struct bytes from)
{
	unsigned word, have, i;
	size_t at;

	for (at = 0; at < from.len; at += 3) {
		have = from.len - at >= 3 ? 3 : (unsigned)(from.len - at);
		word = (unsigned)from.data[at] << 16;
		if (have > 1)
			word |= (unsigned)from.data[at + 1] << 8;
		if (have > 2)
			word |= from.data[at + 2];
		for (i = 0; i < 4; i++)
			buf_byte(to, i > have ? '=' : (unsigned char)
				 digits[word >> (18 - 6 * i) & 63]);
	}
}

/* 0 to 63; -1: no digit.  Without a table, so that the time does not tell
 * which digits of a secret they are. */
static int digit_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

int base64_parse(struct bytes from, struct buf *to)
{
	size_t pads = 0, at;
	unsigned word = 0;
	int value;

	if (from.len % 4 != 0)
		return ERR_SYNTAX;
	while (pads < 2 && from.len > pads &&
	       from.data[from.len - 1 - pads] == '=')
		pads++;
	for (at = 0; at < from.len; at++) {
		value = 0;
		if (at < from.len - pads)
			value = digit_value(from.data[at]);
		if (value < 0)
			return ERR_SYNTAX;
		word = word << 6 | (unsigned)value;
		if (at % 4 != 3)
			continue;
		buf_byte(to, (unsigned char)(word >> 16));
		if (at + 1 < from.len || pads < 2)
			buf_byte(to, (unsigned char)(word >> 8));
		if (at + 1 < from.len || pads < 1)
			buf_byte(to, (unsigned char)word);
		/* Bits that padding hides are zero. */
		if (at + 1 == from.len &&
		    (word & (pads == 2 ? 0xffffU : pads == 1 ? 0xffU : 0)) !=
		    0)
			return ERR_SYNTAX;
		word = 0;
	}
	return to->full ? ERR_LIMIT : 0;
}
