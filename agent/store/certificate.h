/* certificate.h - certificates seen in verified signed mail, by address
 *
 * Whether one is good is not judged here: who puts it has verified the mail,
 * who finds it validates the chain anew. */
#ifndef MAILSEAL_STORE_CERTIFICATE_H
#define MAILSEAL_STORE_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct store;

#define CERTIFICATE_FINGERPRINT	32	/* SHA-256 of the DER form */
#define CERTIFICATE_DER_MAX	16384
#define CERTIFICATE_PER_ADDRESS	16	/* the newest are kept */

struct certificate_kept {
	const char *address;		/* in normal form */
	unsigned char fingerprint[CERTIFICATE_FINGERPRINT];
	struct bytes der;
	const char *source;		/* "mail", "smimea", "user", ... */
	int64_t first_seen, last_seen;	/* seconds since 1970 */
};

/* Writes, or moves last_seen on; the first source stays, but "user" replaces
 * every other.  0; ERR_SYNTAX; ERR_IO. */
int certificate_put(struct store *store, const struct certificate_kept *kept);

/* The one seen first in front: a new one never replaces it (design 10).  How
 * many, all in `arena`; ERR_LIMIT, ERR_IO. */
int certificate_find(struct store *store, const char *address,
		     struct arena *arena, struct certificate_kept *out,
		     size_t room);

/* How many were deleted: 0 or 1. */
unsigned certificate_forget(struct store *store, const char *address,
			    const unsigned char *fingerprint);

#endif
