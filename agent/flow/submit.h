/* submit.h - from the queue's file to the submission server
 *
 * The second half of a submission, in the sender: the server is found, reached
 * and verified (agent/dane), then the login, then each envelope that still
 * has recipients to be tried, in one session.  Each answer is in the file, on
 * the disk, before anybody hears of it; so is, before the end of a message,
 * that it may have been taken. */
#ifndef MAILSEAL_FLOW_SUBMIT_H
#define MAILSEAL_FLOW_SUBMIT_H

#include <stdint.h>

#include "agent/desk/queue_plan.h"
#include "agent/smtp/outcome.h"
#include "agent/smtp/session.h"

struct account;
struct arena;
struct buf;
struct wire;

#define SUBMIT_ARENA_MAX	(64 * 1024 * 1024)	/* bytes */
#define SUBMIT_REACH_MS		90000	/* DNS, connection and TLS */
#define SUBMIT_TOTAL_MS		(2 * 3600 * 1000)	/* a whole attempt */
#define SUBMIT_SECRET_MS	300000	/* a person at a passphrase */

/* A verified connection, and what is to be told of it. */
struct submit_link {
	struct wire wire;
	enum smtp_start start;
	const char *host;
	uint16_t port;
	const char *verified;	/* "dane", "pkix" */
	const char *sentence;	/* which record matched, or why not DANE */
	const char *protocol;	/* "TLSv1.3" */
	void *ctx;		/* the reacher's */
};

/* What a submission may ask; handed in, so that a test is a script. */
struct submit_world {
	/* True: *out is open, to be closed once.  False: *failed and *cause
	 * say why not; nothing was sent but what TLS needs. */
	bool (*reach)(void *ctx, struct arena *arena,
		      const struct account *account, struct submit_link *out,
		      struct smtp_outcome *failed, enum queue_cause *cause);
	void (*close)(void *ctx, struct submit_link *link);
	/* The account's password into a secret's buffer; called once the
	 * server was verified.  0; negative: `why` has the sentence. */
	int (*password)(void *ctx, const struct account *account,
			struct buf *secret, struct buf *why);
	/* The message's end is next: may it go out?  From a true on nobody
	 * cancels any more. */
	bool (*may_end)(void *ctx);
	const struct smtp_times *times;
	int64_t (*now)(void);		/* seconds since 1970 */
	void *ctx;
};

struct submit_result {
	enum queue_cause cause;
	struct smtp_outcome outcome;	/* how the attempt ended */
	struct submit_link link;	/* what was reached; host NULL: none */
	const char *mechanism;		/* logged in by; NULL: without */
	bool require_tls;		/* RFC 8689 was asked for and offered */
	bool unrecorded;	/* the server took mail, and the file could
				 * not be written: it must not be sent again */
};

/* `fd`: the queue's file, open for reading and adding, locked by the caller.
 * 0, with everything told in *out; ERR_IO, ERR_SYNTAX, ERR_LIMIT: the file
 * cannot be read. */
int submit_run(struct arena *arena, const struct account *account,
	       const struct submit_world *world, int fd,
	       struct submit_result *out);

#endif
