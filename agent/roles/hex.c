/* hex.c - hexadecimal, both ways */
#include "agent/roles/hex.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

/* -1: it is none. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read_some(const char *text, unsigned char *out, size_t size)
{
	int high, low;
	size_t i;

	for (i = 0; text != NULL && i < size; i++) {
		high = digit(text[2 * i]);
		low = high < 0 ? -1 : digit(text[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return text != NULL;
}

bool hex_read(const char *text, unsigned char *out, size_t size)
{
	return text != NULL && strlen(text) == 2 * size &&
	       hex_read_some(text, out, size);
}

void hex_write(const unsigned char *bytes, size_t size, char *out)
{
	size_t i;

	for (i = 0; i < size; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * size] = 0;
}
