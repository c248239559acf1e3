/* keeper.h - the process that has the keys: whom it serves, and with what
 *
 * Two kinds of channels, agent/keys/PROTOCOL.md: askers (reader, sender) say
 * struct keys_request and nothing else; the front says frames
 * (agent/base/channel.h) that load, unlock, lock, make and take keys.  One
 * thread, which never waits for a person: a pinentry is one more descriptor
 * to look at.  Opens nothing; descriptors come from the front.
 * Does not do: lock itself in. */
#ifndef MAILSEAL_KEYS_KEEPER_H
#define MAILSEAL_KEYS_KEEPER_H

#include <stddef.h>
#include <stdint.h>

struct keeper;
struct value;

/* How the front is answered. */
struct keeper_answers {
	void (*report)(uint32_t id, const struct value *report, const int *fds,
		       size_t fd_count);
	void (*fail)(uint32_t id, const char *name, const char *sentence);
};

struct keeper *keeper_new(const struct keeper_answers *answers);
void keeper_free(struct keeper *keeper);	/* wipes; NULL is allowed */

/* Serves until the front hangs up: ERR_GONE; else what went wrong. */
int keeper_run(struct keeper *keeper, int front);

#endif
