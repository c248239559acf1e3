/* dkim_hash.h - SHA-256 over canonical fields, and the one verification
 *
 * RFC 6376 section 3.7, RFC 8463 section 3.  A hash that failed stays so:
 * only its end has to be looked at.
 * Does not do: choose fields; know a key from DNS. */
#ifndef MAILSEAL_AUTH_DKIM_HASH_H
#define MAILSEAL_AUTH_DKIM_HASH_H

#include <openssl/types.h>
#include <stdbool.h>

#include "agent/auth/dkim_signature.h"

#define DKIM_HASH 32	/* bytes of SHA-256 */

struct dkim_key;

struct dkim_hash {
	EVP_MD_CTX *context;
	bool failed;
};

/* SHA-256, fetched once for the process; NULL: OpenSSL has none. */
const EVP_MD *dkim_sha256(void);

void dkim_hash_open(struct dkim_hash *hash);
/* What `from` holds so far; `from` can go on. */
void dkim_hash_copy(struct dkim_hash *hash, const struct dkim_hash *from);
void dkim_hash_add(struct dkim_hash *hash, struct bytes bytes);
void dkim_hash_field(struct dkim_hash *hash, enum canon form,
		     struct bytes whole);

/* The signature's own field without what b= says, and without all white
 * space around that (section 3.5, "b="), without its line end. */
void dkim_hash_own(struct dkim_hash *hash,
		   const struct dkim_signature *signature);

/* Both end and free it.  False: it failed. */
bool dkim_hash_end(struct dkim_hash *hash, unsigned char sum[DKIM_HASH]);
/* Whether b= verifies over it: 1, 0, or ERR_MEMORY. */
int dkim_hash_verify(struct dkim_hash *hash,
		     const struct dkim_signature *signature,
		     const struct dkim_key *key);

/* 64 hex digits; NULL: the arena is full. */
const char *dkim_sum_text(struct arena *arena,
			  const unsigned char sum[DKIM_HASH]);

#endif
