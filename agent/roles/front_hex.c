/* front_hex.c - hexadecimal, both ways */
#include "agent/roles/front_hex.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

bool hex_read(const char *text, unsigned char *out, size_t size)
{
	const char *high, *low;
	size_t i;

	if (text == NULL || strlen(text) != 2 * size)
		return false;
	for (i = 0; i < size; i++) {
		high = strchr(digits, text[2 * i]);
		low = strchr(digits, text[2 * i + 1]);
		if (high == NULL || low == NULL)
			return false;
		out[i] = (unsigned char)((high - digits) << 4 |
					 (low - digits));
	}
	return true;
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
