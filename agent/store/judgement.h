/* judgement.h - messages judged before
 *
 * A message is known by its id (SHA-256), and found by its Message-IDs too.
 * What was found out about it is a blob of the reader's, which nobody else
 * reads: the verdict is made anew of it, with the contacts of the day.
 *
 * signature: which DKIM signature (by a sum of its b=) stood over which body
 * first; on another one later it is a replay (design 7). */
#ifndef MAILSEAL_STORE_JUDGEMENT_H
#define MAILSEAL_STORE_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct store;

#define JUDGEMENT_ID		32	/* bytes: SHA-256 */
#define JUDGEMENT_TEXT_MAX	998	/* of a Message-ID, of an address */
#define JUDGEMENT_NAMES_MAX	16	/* Message-IDs of one message */
#define JUDGEMENT_FACTS_MAX	49152	/* bytes of the reader's blob */
#define JUDGEMENT_SAME_MAX	64	/* of one Message-ID, the worst first */
#define SIGNATURE_SUM		32	/* bytes */

struct judgement_kept {
	unsigned char id[JUDGEMENT_ID];
	const char *address;		/* From, in normal form; "": none */
	const char *verdict;		/* a word of design 7 */
	bool final;			/* no temporary error behind it */
	int64_t seen;			/* first; seconds since 1970 */
	int64_t judged;
	struct bytes facts;
};

/* Writes or replaces; `seen` of one that is there stays, and a judgement that
 * is not final never replaces one that is.  `names` are the Message-IDs that
 * the message bears, without <>, several where it breaks the rules.  0;
 * ERR_SYNTAX: a text is no UTF-8, too long, or no verdict; ERR_IO: it could
 * not be written. */
int judgement_put(struct store *store, const struct judgement_kept *kept,
		  const char *const *names, size_t name_count);

/* 1: found, strings and facts in `arena`; 0: none; ERR_LIMIT, ERR_IO. */
int judgement_find(struct store *store, const unsigned char *id,
		   struct arena *arena, struct judgement_kept *out);

/* All of a Message-ID, spoofed first, genuine last.  How many; ERR_LIMIT,
 * ERR_IO. */
int judgement_find_all(struct store *store, const char *message_id,
		       struct arena *arena, struct judgement_kept *out,
		       size_t room);

/* Calls `take` with the Message-IDs of what was seen last, the newest first,
 * each once; the text is good for the call.  0; ERR_IO. */
int judgement_newest(struct store *store, size_t most,
		     void (*take)(void *ctx, const char *message_id),
		     void *ctx);

/* How many were deleted: 0 or 1. */
unsigned judgement_forget(struct store *store, const unsigned char *id);

/* How many there are; -1: it cannot be told. */
int64_t judgement_count(struct store *store);

/* Whether a signature stood over another body before: 1, 0, or ERR_IO. */
int signature_is_replay(struct store *store, const unsigned char *sum,
			const unsigned char *body);

/* The ids of at most `most` judgements with numbers above *after, which moves
 * on; how many; ERR_IO. */
int judgement_ids(struct store *store, int64_t *after, unsigned most,
		  void (*take)(void *ctx, const unsigned char *id), void *ctx);

/* Notes that a signature stands over that body, unless it stood over another
 * one before: 1, a replay; 0; ERR_IO. */
int signature_put(struct store *store, const unsigned char *sum,
		  const unsigned char *body, int64_t now);

#endif
