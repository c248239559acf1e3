/* learned.h - contacts that no address book holds
 *
 * Whom the user has written to (learn-recipients), and whom the user named
 * as known (Contacts1.Add).  Address books themselves are not kept. */
#ifndef MAILSEAL_STORE_LEARNED_H
#define MAILSEAL_STORE_LEARNED_H

#include <stddef.h>
#include <stdint.h>

struct store;

#define LEARNED_MAX	50000
#define LEARNED_NAME_MAX 500	/* bytes */

struct learned {
	const char *address;		/* in normal form */
	const char *name;		/* "": none */
	const char *source;		/* "written-to", "user", ... */
	int64_t seen;			/* when it was learned */
};

/* Writes; one that is there keeps its name and source, unless the new source
 * is "user", who knows better.  0: written, or nothing new; ERR_LIMIT: there
 * are LEARNED_MAX; ERR_SYNTAX; ERR_IO. */
int learned_put(struct store *store, const struct learned *learned);

/* How many were deleted: 0 or 1. */
unsigned learned_forget(struct store *store, const char *address);

/* Calls `take` for each, in the order of addresses; strings are good for the
 * call.  Ends early when it answers negative, and answers that.  0; ERR_IO. */
int learned_each(struct store *store,
		 int (*take)(void *ctx, const struct learned *learned),
		 void *ctx);

#endif
