/* lanes.h - sixteen octets looked at in one step
 *
 * GCC's vectors of octets: a comparison makes 255 of each octet for which it
 * holds, 0 of the others.
 * Does not do: look where an octet stops being there. */
#ifndef MAILSEAL_MAIL_LANES_H
#define MAILSEAL_MAIL_LANES_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LANES	16

typedef unsigned char lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_at(const unsigned char *from)
{
	lanes out;

	memcpy(&out, from, sizeof(out));
	return out;
}

static inline bool lanes_any(lanes which)
{
	uint64_t half[LANES / 8];

	memcpy(half, &which, sizeof(half));
	return (half[0] | half[1]) != 0;
}

/* A bit for each octet of eight, the first one's the lowest. */
static inline unsigned lanes_bits(uint64_t octets)
{
	return (unsigned)((le64toh(octets) & 0x0101010101010101u) *
			  0x0102040810204080u >> 56);
}

/* The first that holds; one does.  Without a branch: where lines end, nothing
 * can be foretold. */
static inline size_t lanes_first(lanes which)
{
	uint64_t half[LANES / 8];

	memcpy(half, &which, sizeof(half));
	return (size_t)__builtin_ctz(lanes_bits(half[0]) |
				     lanes_bits(half[1]) << 8);
}

#endif
