/* death.h - messages that were in hand when a role died
 *
 * Kept for a while, so that a message that kills is not tried again by an
 * agent that was started anew; and no longer, because whoever was in hand
 * beside it is innocent. */
#ifndef MAILSEAL_STORE_DEATH_H
#define MAILSEAL_STORE_DEATH_H

#include <stdint.h>

struct store;

#define DEATH_SUM	32		/* bytes of SHA-256 */
#define DEATH_KEEP_S	(7 * 86400)
#define DEATH_MAX	1024		/* messages; the oldest go first */

struct death {
	unsigned char sum[DEATH_SUM];	/* of the message's first bytes */
	int64_t size;			/* of the whole */
	unsigned count;			/* how often */
	int64_t when;			/* the last time */
};

/* Writes, over what was written of that message.  0; ERR_IO. */
int death_put(struct store *store, const struct death *death);

/* Calls `take` for each that is not too old at `now`, the oldest first, and
 * deletes the others.  0; ERR_IO. */
int death_each(struct store *store, int64_t now,
	       void (*take)(void *ctx, const struct death *death), void *ctx);

#endif
