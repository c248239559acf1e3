/* openpgp_crc.h - the check value of ASCII armor
 *
 * RFC 4880 section 6.1: 24 bits, which tell that armor was damaged by chance,
 * and nothing of who made it. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_CRC_H
#define MAILSEAL_CRYPTO_OPENPGP_CRC_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define OPENPGP_CRC_STEP 8	/* octets at once, each by a table of its own */

struct openpgp_crc {
	uint32_t sum;			/* in the upper 24 bits */
	uint32_t table[OPENPGP_CRC_STEP][256];
};

void openpgp_crc_start(struct openpgp_crc *crc);
void openpgp_crc_add(struct openpgp_crc *crc, struct bytes piece);

/* Of all that was added. */
static inline uint32_t openpgp_crc_sum(const struct openpgp_crc *crc)
{
	return crc->sum >> 8;
}

#endif
