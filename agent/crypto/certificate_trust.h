/* certificate_trust.h - whether a certificate may speak for its addresses
 *
 * RFC 5280 section 6 (the path), RFC 8550 section 4 (for e-mail: keyUsage,
 * extendedKeyUsage), with the user's own word and DNSSEC beside the path.
 * Validity is looked at now, and, where it is over, at the time that the
 * signer claims; which of the two held is said.  Revocation lists are used
 * where they are at hand, and never waited for.
 * Does not do: fetch anything, compare addresses. */
#ifndef MAILSEAL_CRYPTO_CERTIFICATE_TRUST_H
#define MAILSEAL_CRYPTO_CERTIFICATE_TRUST_H

#include <openssl/x509.h>

#include "agent/crypto/scheme.h"

struct certificate;
struct smime_world;

#define TRUST_PATH_MAX		8	/* certificates of one path */
#define TRUST_HELPERS_MAX	100	/* of a message, that are looked at */
#define TRUST_WEAK_BITS		1024	/* RSA under that proves nothing */
#define TRUST_STRONG_BITS	2048	/* RSA under that is not used to send,
					 * and remarked upon when it signed */

enum trust_use { TRUST_TO_SIGN, TRUST_TO_READ };

struct trust_question {
	enum trust_use use;
	int64_t now;
	int64_t signed_at;		/* as claimed; 0: no claim */
	STACK_OF(X509) *helpers;	/* came with the message; may be NULL */
	STACK_OF(X509_CRL) *revoked;	/* likewise */
};

struct trust_answer {
	enum seal_trust trust;
	enum seal_state state;		/* GOOD, UNTRUSTED, EXPIRED, REVOKED,
					 * WEAK */
	const char *reason;		/* in the arena; NULL for GOOD */
};

/* `facts` are x509's.  0; ERR_MEMORY; ERR_LIMIT. */
int certificate_judge(struct arena *arena, const struct smime_world *world,
		      X509 *x509, const struct certificate *facts,
		      const struct trust_question *question,
		      struct trust_answer *out);

#endif
