/* signer.h - by which OpenPGP keys an author signed before
 *
 * Fingerprints alone: the keys are gpg's to keep, and whether one is good is
 * gpg's to say.  What is put was verified by whoever puts it. */
#ifndef MAILSEAL_STORE_SIGNER_H
#define MAILSEAL_STORE_SIGNER_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

#define SIGNER_PRINT_MIN	40	/* hexadecimal digits: version 4 */
#define SIGNER_PRINT_MAX	64	/* version 5 and 6 */
#define SIGNER_PER_ADDRESS	16	/* the first, and the newest */

struct signer_kept {
	const char *fingerprint;	/* upper case */
	int64_t first_seen, last_seen;	/* seconds since 1970 */
};

/* Writes, or moves last_seen on.  0; ERR_SYNTAX: no fingerprint, or no
 * address; ERR_IO. */
int signer_put(struct store *store, const char *address,
	       const char *fingerprint, int64_t now);

/* The one seen first in front.  How many, all in `arena`; ERR_LIMIT,
 * ERR_IO. */
int signer_find(struct store *store, const char *address, struct arena *arena,
		struct signer_kept *out, size_t room);

#endif
