/* answers.h - whether a mail answers one that was encrypted
 *
 * An answer quotes: what came encrypted must not go back in the clear
 * (RFC 9787).  An answer names what it answers in In-Reply-To and References
 * (RFC 5322 section 3.6.4); of encrypted mail that was opened here, the store
 * keeps the Message-IDs' sums (store/opened.h).
 * Does not do: see what a client quotes without saying so. */
#ifndef MAILSEAL_FLOW_ANSWERS_H
#define MAILSEAL_FLOW_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct memfile;
struct message;

#define ANSWERS_MAX	64	/* Message-IDs of one mail */
#define ANSWERS_SUM	32	/* octets */

struct answers_sum {
	unsigned char octets[ANSWERS_SUM];
};

struct answers_memory {
	/* Whether one of these sums is an opened encrypted mail's: 1, 0;
	 * negative: it cannot be told now. */
	int (*opened)(void *ctx, const struct answers_sum *sums, size_t count);
	void *ctx;
};

/* 1: it does; 0: it does not, or answers nothing; ERR_*: nobody can tell,
 * with a sentence in `why`. */
int answers_encrypted(struct arena *arena, const struct memfile *mail,
		      const struct answers_memory *memory, struct buf *why);

/* The sums of a mail's own Message-IDs. How many. */
size_t answers_sums(struct arena *arena, const struct message *message,
		    struct answers_sum sums[ANSWERS_MAX]);

/* The one Message-ID that a client told, without <>: at most SHOWN_ID_BYTES
 * octets (shown.h), no blank, control character or bracket in it.  NULL: it is
 * none, or the arena is full. */
const char *answers_id(struct arena *arena, const char *text);

/* That of one such id.  False: there is none. */
bool answers_sum(struct arena *arena, const char *id,
		 struct answers_sum *sum);

#endif
