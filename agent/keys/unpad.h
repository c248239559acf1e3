/* unpad.h - a content key out of its padding, with nothing said about it
 *
 * RFC 8017 section 7.2.2, in constant time: neither a branch nor an address
 * depends on the octets.  Does not do: decrypt, or choose what stands in for a
 * key. */
#ifndef MAILSEAL_KEYS_UNPAD_H
#define MAILSEAL_KEYS_UNPAD_H

#include <stddef.h>
#include <stdint.h>

/* Of `padded`, `len` octets, the last `want` into `to` where the padding is
 * right, else those of `fake`; len is at least want + 11.  *bad is 1 or 0. */
void unpad(const uint8_t *padded, size_t len, size_t want, const uint8_t *fake,
	   uint8_t *to, unsigned *bad);

#endif
