/* openpgp_client.h - an asker's way to the role that drives gpg
 *
 * docs/channel.md, "Askers to pgp".  A request goes out on the channel; its
 * answer, what is read and what is written come by pipes of its own, so that
 * any number of threads ask at once and whoever asked waits for nobody else's.
 * Constant memory for any size.  Needs SIGPIPE ignored.
 * Does not do: know what the requests mean. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_CLIENT_H
#define MAILSEAL_CRYPTO_OPENPGP_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "agent/base/channel.h"

struct arena;
struct sink;
struct source;
struct value;

#define OPENPGP_START_MS 15000	/* until the role has to be there */

struct openpgp_client;

/* `need` is called, by any thread, when a request comes and there is no
 * channel: somebody starts the role and attaches one.  NULL: nobody does. */
struct openpgp_client *openpgp_client_new(void (*need)(void *ctx),
					  void *ctx);
/* NULL is allowed.  Nobody may be asking any more. */
void openpgp_client_free(struct openpgp_client *client);

/* Takes the channel over, in the place of the one before. */
void openpgp_client_attach(struct openpgp_client *client, int fd);

/* One request. Descriptors go in the order of the verb: `in`, `out`, `more`
 * where they are there. */
struct openpgp_ask {
	enum channel_type type;
	const struct value *request;	/* a dictionary */
	const struct source *in;	/* NULL: nothing is read */
	const struct sink *out;		/* NULL: nothing is written */
	int more;			/* a file; stays the caller's; -1 */
	int64_t deadline;
	int cancel;			/* readable: given up; -1: never */
	/* what came of it: */
	const struct value *report;	/* NULL: it failed, by: */
	const char *failure;		/* a name, "NoKey" */
	const char *sentence;
	const char *about;		/* what it is about; NULL */
	int broken;			/* what `in` or `out` answered; 0 */
};

/* 0: report or failure is set.  What `in` or `out` answered ends it;
 * ERR_GONE: the role is not there, or died; ERR_TIMEOUT, also for one that was
 * given up; ERR_PROTOCOL;
 * ERR_MEMORY; ERR_IO. */
int openpgp_ask(struct openpgp_client *client, struct arena *arena,
		struct openpgp_ask *ask);

#endif
