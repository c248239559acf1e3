/* dkim_key.h - the key record in DNS
 *
 * RFC 6376 section 3.6.1, RFC 8301 section 3.2, RFC 8463 section 4. */
#ifndef MAILSEAL_AUTH_DKIM_KEY_H
#define MAILSEAL_AUTH_DKIM_KEY_H

#include <openssl/types.h>
#include <stdbool.h>

#include "agent/auth/dkim_signature.h"

#define DKIM_KEY_MAX	8192	/* bytes of a record */
#define RSA_BITS_MIN	1024	/* RFC 8301 section 3.2 */
#define RSA_BITS_MAX	8192

struct dkim_key {
	EVP_PKEY *pkey;		/* free with dkim_key_clear() */
	unsigned bits;
	bool strict_identity;	/* t=s */
};

/* Whether the text is a DKIM key record at all: a list of tags with p=, and
 * with no other version than DKIM1. */
bool dkim_key_is_one(struct arena *arena, struct bytes record);

/* 0; or ERR_SYNTAX with *code and *text.  t=y changes nothing: a signature
 * that verifies does so in testing, too. */
int dkim_key_parse(struct arena *arena, struct bytes record,
		   enum dkim_algorithm algorithm, struct dkim_key *out,
		   const char **code, const char **text);
void dkim_key_clear(struct dkim_key *key);

#endif
