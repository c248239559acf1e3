/* certificate.h - what an X.509 certificate says of its holder
 *
 * RFC 5280 section 4.2.1.6 (subjectAltName), RFC 8550 section 3 (addresses),
 * RFC 9598 (SmtpUTF8Mailbox).  Addresses are normal ones (mail/address.h);
 * what is none is left out.  The emailAddress of the subject counts only where
 * no subjectAltName holds an address (RFC 8550 section 3).
 * Does not do: say whether any of it is true; certificate_trust.h does. */
#ifndef MAILSEAL_CRYPTO_CERTIFICATE_H
#define MAILSEAL_CRYPTO_CERTIFICATE_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;

#define CERTIFICATE_MAX		65536	/* octets of one, DER */
#define CERTIFICATE_PRINT	65	/* a fingerprint and its NUL */

struct certificate {
	const char *fingerprint;	/* SHA-256 of it, hex, upper case */
	const char *name;		/* common name, else the subject */
	const char *issuer;		/* RFC 2253 */
	const char *serial;		/* hex */
	const char *const *addresses;
	size_t address_count;
	bool address_in_subject;	/* the old way, RFC 8550 section 3 */
	const char *algorithm;		/* "rsa", "rsa-pss", "ecdsa-p256",
					 * "ecdsa-p384", "ed25519", "x25519";
					 * NULL: another one */
	unsigned key_bits;
	int64_t from, until;		/* seconds since 1970 */
};

/* Texts in the arena.  0; ERR_LIMIT: the arena is full. */
int certificate_read(struct arena *arena, X509 *x509,
		     struct certificate *out);

/* Whether keyUsage and extendedKeyUsage allow it for mail (RFC 8550 section
 * 4.4). */
bool certificate_may_sign(X509 *x509);
bool certificate_may_read(X509 *x509);

/* DER, and nothing behind it.  NULL: it is none. */
X509 *certificate_parse(struct bytes der);

/* 0 or ERR_MEMORY. */
int certificate_print_of(const X509 *x509, char out[CERTIFICATE_PRINT]);

/* Whether one of its addresses is this normal one (address_same()). */
bool certificate_has(const struct certificate *certificate,
		     const char *address);

#endif
