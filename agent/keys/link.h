/* link.h - an asker's end of a channel to the keeper
 *
 * Any number of threads ask over one link at once: each sends its request and
 * waits for its reply; whichever thread reads hands the others theirs.
 * Does not do: start a keeper, unlock a key. */
#ifndef MAILSEAL_KEYS_LINK_H
#define MAILSEAL_KEYS_LINK_H

#include "agent/keys/protocol.h"

#define KEYS_LINK_WAIT_MS 30000	/* a keeper silent that long is given up */

struct keys_link;

/* Without a channel yet: every question answers KEYS_GONE.  NULL: memory. */
struct keys_link *keys_link_new(void);
/* NULL is allowed.  No thread may be asking any more, and every key that was
 * made with it is freed before. */
void keys_link_free(struct keys_link *link);

/* Takes the descriptor over, in the place of the one before: the keeper was
 * started anew.  Questions under way on the old one answer KEYS_GONE, but
 * with keys_link_on_need(). */
void keys_link_attach(struct keys_link *link, int fd);

/* Before any thread asks: `need` has a channel made where there is none, which
 * keys_link_attach() then brings; -1 there: it cannot be had.  A request that
 * is lost with its keeper is then asked of the next one. */
void keys_link_on_need(struct keys_link *link, void (*need)(void *ctx),
		       void *ctx);

/* Sends, waits, and leaves the reply.  `request` gets its version and id
 * here.  The caller wipes *reply when it holds a secret. */
enum keys_answer keys_link_ask(struct keys_link *link,
			       struct keys_request *request,
			       struct keys_reply *reply);

/* What the keeper knows of a key: KEYS_DONE with *usage (KEYS_FOR_... bits)
 * and *unlocked; KEYS_UNKNOWN; KEYS_GONE. */
enum keys_answer keys_link_state(struct keys_link *link,
				 const uint8_t key[KEYS_ID_SIZE],
				 unsigned *usage, bool *unlocked);

#endif
