/* dkim_verify.h - hashing a message as a signature says (RFC 6376 3.7) */
#ifndef MAILSEAL_AUTH_DKIM_VERIFY_H
#define MAILSEAL_AUTH_DKIM_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/auth/dkim.h"
#include "agent/auth/dkim_signature.h"

#define DKIM_HASH 32	/* bytes of SHA-256 */

struct dkim_key;

/* A body hashed in one form up to one limit; signatures share it. */
struct dkim_body_hash {
	enum canon form;
	uint64_t limit;
	uint64_t length;		/* canonical bytes in all */
	unsigned char sum[DKIM_HASH];
};

/* 0; ERR_IO; ERR_MEMORY. */
int dkim_body_hash(const struct dkim_input *input,
		   struct dkim_body_hash *hash);

/* Whether b= verifies over the header fields.  1, 0, or ERR_MEMORY. */
int dkim_header_verify(const struct message *message,
		       const struct dkim_signature *signature,
		       const struct dkim_key *key);

#endif
