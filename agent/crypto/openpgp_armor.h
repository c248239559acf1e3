/* openpgp_armor.h - ASCII armor, read strictly
 *
 * RFC 4880 section 6.2 (RFC 9580 section 6.2): one block of one kind, and
 * nothing but white space before and after it.  Binary OpenPGP, known by its
 * first byte, passes as it is.  Works on pieces of any size.
 * Does not do: cleartext signatures (section 7), several blocks, make armor
 * (openpgp_armor_write.h). */
#ifndef MAILSEAL_CRYPTO_OPENPGP_ARMOR_H
#define MAILSEAL_CRYPTO_OPENPGP_ARMOR_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/crypto/openpgp_crc.h"

#define ARMOR_LINE_MAX	1024	/* characters; the standard's own is 76 */
#define ARMOR_LINES_MAX	64	/* of armor headers */
#define ARMOR_OUT	16384	/* bytes that wait for the sink */

struct sink;

enum armor_kind { ARMOR_MESSAGE, ARMOR_SIGNATURE, ARMOR_KEY };

/* What stands behind "-----BEGIN " and "-----END ". */
extern const char *const armor_block_name[];

enum armor_place {
	ARMOR_BEFORE, ARMOR_HEADERS, ARMOR_BODY, ARMOR_CHECKED, ARMOR_AFTER,
	ARMOR_BINARY
};

struct armor {
	enum armor_kind kind;
	enum armor_place place;
	unsigned lines;			/* of armor headers */
	unsigned bits, bit_count;	/* not yet whole bytes */
	unsigned padding;
	struct openpgp_crc crc;
	size_t line_len, out_len;
	size_t summed;			/* octets of `out` in the CRC */
	unsigned char line[ARMOR_LINE_MAX];
	unsigned char out[ARMOR_OUT];
};

void armor_start(struct armor *armor, enum armor_kind kind);
/* What `piece` brings goes to `to`.  0; ERR_SYNTAX; what `to` answered. */
int armor_push(struct armor *armor, struct bytes piece,
	       const struct sink *to);
/* The input is at its end.  0; ERR_SYNTAX: it was cut off or empty. */
int armor_end(struct armor *armor, const struct sink *to);

#endif
