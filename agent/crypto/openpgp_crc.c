/* openpgp_crc.c - the check value of ASCII armor, eight octets at once */
#include "agent/crypto/openpgp_crc.h"

#include <endian.h>

#define INIT	0xb704ce00U	/* RFC 4880 section 6.1, times 256 */
#define POLY	0x864cfb00U

static uint32_t octet_of(unsigned octet)
{
	uint32_t sum = (uint32_t)octet << 24;
	unsigned bit;

	for (bit = 0; bit < 8; bit++)
		sum = (sum & 0x80000000U) != 0 ? sum << 1 ^ POLY : sum << 1;
	return sum;
}

void openpgp_crc_start(struct openpgp_crc *crc)
{
	uint32_t sum;
	unsigned i, step;

	crc->sum = INIT;
	for (i = 0; i < 256; i++)
		crc->table[0][i] = octet_of(i);
	/* The same octet, with so many behind it. */
	for (step = 1; step < OPENPGP_CRC_STEP; step++)
		for (i = 0; i < 256; i++) {
			sum = crc->table[step - 1][i];
			crc->table[step][i] = sum << 8 ^
					      crc->table[0][sum >> 24];
		}
}

static uint32_t step_add(const struct openpgp_crc *crc, uint32_t sum,
			 const unsigned char *at)
{
	uint32_t high, low;

	memcpy(&high, at, sizeof(high));
	memcpy(&low, at + sizeof(high), sizeof(low));
	high = be32toh(high) ^ sum;
	low = be32toh(low);
	return crc->table[7][high >> 24] ^ crc->table[6][high >> 16 & 0xff] ^
	       crc->table[5][high >> 8 & 0xff] ^ crc->table[4][high & 0xff] ^
	       crc->table[3][low >> 24] ^ crc->table[2][low >> 16 & 0xff] ^
	       crc->table[1][low >> 8 & 0xff] ^ crc->table[0][low & 0xff];
}

void openpgp_crc_add(struct openpgp_crc *crc, struct bytes piece)
{
	uint32_t sum = crc->sum;
	size_t i = 0;

	for (; piece.len - i >= OPENPGP_CRC_STEP; i += OPENPGP_CRC_STEP)
		sum = step_add(crc, sum, piece.data + i);
	for (; i < piece.len; i++)
		sum = sum << 8 ^ crc->table[0][sum >> 24 ^ piece.data[i]];
	crc->sum = sum;
}
