/* openpgp.h - OpenPGP through the role that drives gpg
 *
 * RFC 4880, RFC 3156.  scheme_openpgp (scheme.h) signs, verifies, encrypts and
 * opens; here is what else is asked of gpg's keys. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_H
#define MAILSEAL_CRYPTO_OPENPGP_H

#include "agent/crypto/scheme.h"

#define OPENPGP_FOUND_MAX 32	/* keys of one answer */

/* A key, of the user's ring or of a blob. */
struct openpgp_key {
	struct seal_signer owner;	/* fingerprint, addresses, trust... */
	bool secret, can_sign, can_encrypt, revoked, expired, disabled;
	int64_t created_at;
};

/* Keys of the ring that have `address` (NULL: `fingerprint`, or the end of it;
 * NULL as well: all).  `secret`: those alone that can sign or open here.  How
 * many, into `out`; ERR_UNSUPPORTED: there is no gpg; else ERR_*: it cannot be
 * asked now, and may have some. */
enum openpgp_which { OPENPGP_ANY, OPENPGP_SECRET };
int openpgp_keys_find(struct seal_job *job, const char *address,
		      const char *fingerprint, enum openpgp_which which,
		      struct openpgp_key *out, size_t room);

/* What a transferable public key says, which is taken into no ring.  It may
 * be in armor; *binary is in the job's arena.  With `address` (or NULL) only
 * what it says of that one, as with openpgp_keys_find().  0; ERR_SYNTAX: it
 * is none, with the reason in job->why; ERR_*. */
int openpgp_key_read(struct seal_job *job, struct bytes blob,
		     const char *address, struct bytes *binary,
		     struct openpgp_key *out);

/* The key as it is published: binary, with the user ids of `address` alone
 * (NULL: all).  In the job's arena. 0; ERR_*. */
int openpgp_key_export(struct seal_job *job, const char *fingerprint,
		       const char *address, struct bytes *out);

#endif
