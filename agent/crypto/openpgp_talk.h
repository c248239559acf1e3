/* openpgp_talk.h - one request to gpg: its pipes, what passes, the answer
 *
 * docs/channel.md, "Askers to pgp".  The answer, what is read and what is
 * written have pipes of their own, so that whoever asked waits for nobody
 * else's.  Constant memory for any size.  Needs SIGPIPE ignored.
 * Does not do: know what the requests mean. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_TALK_H
#define MAILSEAL_CRYPTO_OPENPGP_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/base/channel.h"

struct arena;
struct openpgp_client;
struct sink;
struct source;
struct value;

/* One request. Descriptors go in the order of the verb: `in`, `out`, `more`
 * where they are there. */
struct openpgp_ask {
	enum channel_type type;
	const struct value *request;	/* a dictionary */
	const struct source *in;	/* NULL: nothing is read, or pushed */
	bool pushed;			/* by openpgp_talk_put() */
	const struct sink *out;		/* NULL: nothing is written */
	int more;			/* a file; stays the caller's; -1 */
	int64_t deadline;
	int cancel;			/* readable: given up; -1: never */
	/* what came of it: */
	const struct value *report;	/* NULL: it failed, by: */
	const char *failure;		/* a name, "NoKey" */
	const char *sentence;
	const char *about;		/* what it is about; NULL */
	const char *digest;		/* told before a text is read; NULL */
	int broken;			/* what `in` or `out` answered; 0 */
};

/* 0: report or failure is set.  What `in` or `out` answered ends it;
 * ERR_GONE: the role is not there, or died; ERR_TIMEOUT, also for one that was
 * given up; ERR_PROTOCOL;
 * ERR_MEMORY; ERR_IO. */
int openpgp_ask(struct openpgp_client *client, struct arena *arena,
		struct openpgp_ask *ask);

/* The same in steps, for a text that passes by on its way elsewhere; each
 * answers as openpgp_ask().  `ask` and what it names live as long. */
struct openpgp_talk;
int openpgp_talk_start(struct openpgp_client *client, struct arena *arena,
		       struct openpgp_ask *ask, struct openpgp_talk **out);
/* Until gpg, which will sign, said by which digest: ask->digest.  0 and none:
 * the answer is there instead. */
int openpgp_talk_digest(struct openpgp_talk *talk);
int openpgp_talk_put(struct openpgp_talk *talk, struct bytes piece);
int openpgp_talk_end(struct openpgp_talk *talk);
/* Gives up what is not at its end; wipes; NULL is allowed. */
void openpgp_talk_free(struct openpgp_talk *talk);

#endif
