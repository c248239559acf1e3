/* tlsa.h - TLSA records: reading, whether usable, what they would match
 *
 * RFC 6698 section 2 (the record), 7671 section 4 and 9 (which are usable,
 * digest agility), 7218 (the names).  Pure: bytes in, facts out.
 * Does not do: ask for records, verify a chain (OpenSSL does, in tls.c). */
#ifndef MAILSEAL_DANE_TLSA_H
#define MAILSEAL_DANE_TLSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

#define TLSA_RECORDS_MAX	64	/* of one name that are looked at */
#define TLSA_TEXT_MAX		1056	/* a record as text, NUL included */

enum { TLSA_PKIX_TA = 0, TLSA_PKIX_EE = 1, TLSA_DANE_TA = 2,
       TLSA_DANE_EE = 3 };
enum { TLSA_CERT = 0, TLSA_SPKI = 1 };
enum { TLSA_FULL = 0, TLSA_SHA256 = 1, TLSA_SHA512 = 2 };

struct tlsa {
	uint8_t usage, selector, matching;
	struct bytes data;		/* points into the rdata */
};

enum tlsa_use {
	TLSA_USABLE,
	TLSA_SHORT,		/* not even the three numbers and a byte */
	TLSA_USAGE_UNKNOWN,
	TLSA_SELECTOR_UNKNOWN,
	TLSA_MATCHING_UNKNOWN,
	TLSA_DIGEST_LENGTH,	/* not that of its digest */
	TLSA_NO_CERTIFICATE,	/* matching 0, but no DER certificate */
	TLSA_NO_KEY		/* matching 0, but no DER public key */
};

/* What the records of one certificate hold: [selector][matching - 1]. */
struct tlsa_digests {
	unsigned char sha256[2][32];
	unsigned char sha512[2][64];
};

/* Reads wire rdata; TLSA_SHORT leaves *out with empty data. */
enum tlsa_use tlsa_read(struct bytes rdata, struct tlsa *out);
/* Why not, in words behind "it"; NULL for TLSA_USABLE. */
const char *tlsa_use_why(enum tlsa_use use);

/* Whether `one` is passed over because of `other`: the same usage and
 * selector with a stronger digest (RFC 7671 section 9). */
bool tlsa_yields(const struct tlsa *one, const struct tlsa *other);

/* Whether the record describes this certificate: DER of it and of its
 * subjectPublicKeyInfo. */
bool tlsa_matches(const struct tlsa *tlsa, struct bytes certificate,
		  struct bytes key);

/* 0 or ERR_MEMORY. */
int tlsa_digests(struct bytes certificate, struct bytes key,
		 struct tlsa_digests *out);

/* "3 1 1 8cb0..." into `to` of TLSA_TEXT_MAX bytes; long data is cut and
 * ends in "...". */
void tlsa_print(const struct tlsa *tlsa, char to[TLSA_TEXT_MAX]);

/* "_465._tcp.mail.example.org"; false: too long for DNS. */
bool tlsa_owner(uint16_t port, const char *base, char *to, size_t size);

#endif
