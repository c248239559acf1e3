/* smime.h - what S/MIME works with: keys, authorities, who vouches
 *
 * The table itself is scheme_smime (crypto/scheme.h): RFC 8551 over OpenSSL's
 * CMS.  A role fills this struct once; a private half may be in another
 * process, which is why keys come by functions.
 * Does not do: keep keys, look anything up, read files. */
#ifndef MAILSEAL_CRYPTO_SMIME_H
#define MAILSEAL_CRYPTO_SMIME_H

#include <openssl/types.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/crypto/scheme.h"

struct certificate;

/* How the last private operation with a key ended. */
enum smime_key_state {
	SMIME_KEY_FINE,
	SMIME_KEY_LOCKED,	/* to be unlocked, or allowed, by the user */
	SMIME_KEY_GONE,		/* nobody there to use it */
	SMIME_KEY_FAILED	/* it did not do what was asked */
};

/* What a recipient is known to read beyond what everybody must. */
enum {
	SMIME_READS_GCM = 1,	/* AuthEnvelopedData, RFC 8551 section 2.7.1 */
	SMIME_READS_OAEP = 2	/* RSAES-OAEP with SHA-256 */
};

/* How RSA signs: what every reader knows, or RSASSA-PSS (RFC 8551 section
 * 2.2). */
enum smime_padding { SMIME_PADDING_PKCS1, SMIME_PADDING_PSS };

#define SMIME_SUM_TEXT	65		/* digits and NUL */

struct smime_world {
	/* The user's own certificates that have a key, held by the role. */
	X509 *const *own;
	size_t own_count;
	/* What certificate_read() says of each, held as long; NULL: it was not
	 * asked. */
	const struct certificate *own_facts;

	/* The private key of one of them, for one job and the caller's to
	 * free; NULL: not there.  Never NULL itself where own_count is not 0.
	 * `expect`: the content key that will be unwrapped has that many
	 * octets.  `state`: after each use. Both may be NULL (local keys). */
	EVP_PKEY *(*key)(void *ctx, X509 *certificate);
	void (*expect)(void *ctx, EVP_PKEY *key, size_t content_key);
	enum smime_key_state (*state)(void *ctx, const EVP_PKEY *key);

	/* What the content key of the last unwrap is known again by, in 64 hex
	 * digits; false: it cannot be told.  NULL: never. */
	bool (*sum)(void *ctx, const EVP_PKEY *key,
		    char out[SMIME_SUM_TEXT]);

	enum smime_padding padding;	/* a certificate for PSS alone signs
					 * with PSS whatever this says */

	X509_STORE *authorities;	/* for e-mail; NULL: none */
	STACK_OF(X509) *helpers;	/* intermediate ones; NULL: none */

	/* What else is known of a certificate: SEAL_TRUST_OWN, _REFUSED (the
	 * user said so), _DANE (a DNSSEC-secure SMIMEA record said so), _SEEN,
	 * or _NONE.  `addresses` of it, `fingerprint` as in certificate.h.
	 * NULL: nothing is. */
	enum seal_trust (*vouch)(void *ctx, const char *fingerprint,
				 const char *const *addresses, size_t count);
	/* SMIME_READS_ bits.  NULL: nothing beyond the musts. */
	unsigned (*reads)(void *ctx, const char *fingerprint);
	void *ctx;
};

/* The facts of own[nth]: those held, or read now, into `arena`. 0; ERR_*. */
int smime_own_read(const struct smime_world *world, struct arena *arena,
		   size_t nth, struct certificate *out);

/* Once, before threads and before the file system is gone: OpenSSL loads its
 * tables, without any configuration file. */
void smime_prepare(void);

#endif
