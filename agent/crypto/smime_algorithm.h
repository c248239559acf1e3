/* smime_algorithm.h - the algorithms that count, and their words
 *
 * RFC 8551 section 2: what is read (more than what is written), and what is so
 * weak that it proves nothing.  Anything else is unsupported, and said so. */
#ifndef MAILSEAL_CRYPTO_SMIME_ALGORITHM_H
#define MAILSEAL_CRYPTO_SMIME_ALGORITHM_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct cms_walk_name;

enum smime_worth { SMIME_STRONG, SMIME_WEAK, SMIME_UNSUPPORTED };

/* The digest of a signature; *word is "sha256" and the like, or a dotted
 * name. */
enum smime_worth smime_digest(struct arena *arena, const X509_ALGOR *algorithm,
			      const EVP_MD **md, const char **word);
/* NULL: it is none that counts. */
const EVP_MD *smime_digest_named(const struct cms_walk_name *name);
/* The signature's own algorithm; *word only where it is unsupported. */
enum smime_worth smime_signature(struct arena *arena,
				 const X509_ALGOR *algorithm,
				 const char **word);

struct smime_cipher {
	const char *word;		/* "aes256-gcm" */
	size_t key;			/* octets */
	bool aead;
	bool weak;			/* read, with a remark */
};

/* NULL: unsupported; smime_name() has its dotted name. */
const struct smime_cipher *smime_cipher(const struct cms_walk_name *name);

/* "1.2.840.113549.3.2"; "" where it is none. */
const char *smime_name(struct arena *arena, const struct cms_walk_name *name);

#endif
