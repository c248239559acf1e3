/* dkim_verify.h - hashing a message as a signature says (RFC 6376 3.7)
 *
 * The body is read once, whatever the number of forms and limits wanted of
 * it; the header's fields are looked up by a hash of their names.
 * Does not do: await a key, name a result. */
#ifndef MAILSEAL_AUTH_DKIM_VERIFY_H
#define MAILSEAL_AUTH_DKIM_VERIFY_H

#include <stdint.h>

#include "agent/auth/dkim.h"
#include "agent/auth/dkim_hash.h"

/* A body hashed in one form up to one limit; signatures share it. */
struct dkim_body_hash {
	enum canon form;		/* form and limit: from the caller */
	uint64_t limit;
	uint64_t length;		/* canonical bytes in all */
	unsigned char sum[DKIM_HASH];
	/* private: */
	struct canon_body canon;
	struct dkim_hash hash;
};

/* Fills in `length` and `sum` of all.  0; ERR_MEMORY; or what the body's
 * reader answered. */
int dkim_body_hash(const struct dkim_input *input, struct dkim_body_hash *list,
		   size_t count);

/* The fields by their names, for one message and all of its signatures. */
struct dkim_header {
	const struct message *message;
	uint32_t *names;		/* a hash of each field's name */
	bool *used;			/* by the signature at hand */
};

/* 0; ERR_LIMIT. */
int dkim_header_open(struct arena *arena, const struct message *message,
		     struct dkim_header *out);

/* Whether b= verifies over the header fields.  1, 0, or ERR_MEMORY. */
int dkim_header_verify(struct dkim_header *header,
		       const struct dkim_signature *signature,
		       const struct dkim_key *key);

#endif
