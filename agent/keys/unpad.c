/* unpad.c - PKCS #1 1.5, taken off the same way whatever is there */
#include "agent/keys/unpad.h"

/* 0xff when the byte is 0, else 0; no branch. */
static uint8_t is_zero(uint8_t byte)
{
	return (uint8_t)(((unsigned)byte - 1) >> 8);
}

/* EM = 00 02, at least eight bytes that are not 0, 00, the key.  The length of
 * the key is known, so is where the 00 is. */
void unpad(const uint8_t *padded, size_t len, size_t want, const uint8_t *fake,
	   uint8_t *to, unsigned *bad)
{
	uint8_t wrong = padded[0] | (padded[1] ^ 2) | padded[len - want - 1];
	uint8_t right;
	size_t i;

	for (i = 2; i < len - want - 1; i++)
		wrong |= is_zero(padded[i]);
	right = is_zero(wrong);
	for (i = 0; i < want; i++)
		to[i] = (uint8_t)((padded[len - want + i] & right) |
				  (fake[i] & ~right));
	*bad = 1 & ~(unsigned)right;
}
