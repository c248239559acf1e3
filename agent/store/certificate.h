/* certificate.h - certificates and keys seen with mail, by address
 *
 * Those of verified signed mail ("mail"), of mail's Autocrypt fields
 * ("autocrypt", OpenPGP), of DNS ("smimea"), and the user's own word.  Whether
 * one is good is not judged here: who puts it has verified the mail, who finds
 * it validates the chain anew. */
#ifndef MAILSEAL_STORE_CERTIFICATE_H
#define MAILSEAL_STORE_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct store;

#define CERTIFICATE_FINGERPRINT	32	/* SHA-256 of the DER form */
#define CERTIFICATE_DER_MAX	16384
#define CERTIFICATE_DER_TAG	0x30	/* its first octet; an OpenPGP key's is
					 * 0x80 or more */
#define CERTIFICATE_PER_ADDRESS	16	/* the newest are kept */

struct certificate_kept {
	const char *address;		/* in normal form; kept, and found,
					 * without case */
	unsigned char fingerprint[CERTIFICATE_FINGERPRINT];
	struct bytes der;
	const char *source;		/* "mail", "smimea", "user", ... */
	int64_t first_seen, last_seen;	/* seconds since 1970 */
	unsigned reads;			/* SMIME_READS_ bits, as its owner
					 * last said */
	int64_t proven;			/* when DNS, secured, last named it;
					 * 0: never */
};

/* Writes, or moves last_seen and `proven` on; the first source stays, but
 * "user" replaces every other; `reads` follows "mail".  0; ERR_SYNTAX;
 * ERR_IO. */
int certificate_put(struct store *store, const struct certificate_kept *kept);

/* The one seen first in front: a new one never replaces it (design 10).  How
 * many, all in `arena`; ERR_LIMIT, ERR_IO. */
int certificate_find(struct store *store, const char *address,
		     struct arena *arena, struct certificate_kept *out,
		     size_t room);

/* The addresses that have certificates (not OpenPGP keys), those seen last in
 * front; in `arena`.  How many; ERR_LIMIT, ERR_IO. */
int certificate_addresses(struct store *store, struct arena *arena,
			  const char **out, size_t room);

/* How many were deleted: 0 or 1. */
unsigned certificate_forget(struct store *store, const char *address,
			    const unsigned char *fingerprint);

#endif
