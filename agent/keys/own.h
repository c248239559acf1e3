/* own.h - the user's own certificates, as reader and sender get them
 *
 * Text: for each key a line "Mailseal-Key: " with its name, then its
 * certificate and those between it and its authority, as PEM (RFC 7468); what
 * else stands between is skipped.  The files beside the keys are written so.
 * A certificate that is not the named key's is left out, with what follows.
 * Does not do: say whether a certificate is good for anything. */
#ifndef MAILSEAL_KEYS_OWN_H
#define MAILSEAL_KEYS_OWN_H

#include <openssl/x509.h>

#include "agent/base/bytes.h"
#include "agent/keys/protocol.h"

struct keys_link;

#define OWN_TEXT_MAX	(1024 * 1024)
#define OWN_MAX		64
#define OWN_HELPERS_MAX	256
#define OWN_KEY_LINE	"Mailseal-Key: "

struct own {
	X509 *certificates[OWN_MAX];
	uint8_t keys[OWN_MAX][KEYS_ID_SIZE];	/* of each */
	EVP_PKEY *remote[OWN_MAX];	/* by own_bind(): to be copied for each
					 * use; NULL: none */
	size_t count;
	STACK_OF(X509) *helpers;	/* those in between */
};

/* NULL: no memory. */
struct own *own_read(struct bytes text);
void own_free(struct own *own);		/* NULL is allowed */

/* Makes each one's key (remote_key.h), once: a copy costs a tenth of a new
 * one.  The link outlives them. */
void own_bind(struct own *own, struct keys_link *link);

#endif
