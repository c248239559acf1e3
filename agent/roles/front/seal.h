/* seal.h - calls that sign, encrypt or open: sent, unlocked, sent again
 *
 * A role that finds a key locked says which one ("locked_key"); the person is
 * asked, and the same request goes out once more, as it does where the role
 * ended before it answered.  Files for what does not fit into memory are opened
 * here: unlinked, and empty. */
#ifndef MAILSEAL_ROLES_FRONT_SEAL_H
#define MAILSEAL_ROLES_FRONT_SEAL_H

#include "agent/base/channel.h"
#include "agent/roles/front/child.h"

struct arena;
struct front;
struct service_args;
struct service_call;
struct value;

#define SEAL_MS		300000	/* a person at a passphrase included */
#define SEAL_RATE	4000	/* bytes a millisecond, on top */
#define SEAL_FDS_MAX	8	/* of one request */
#define SEAL_TRIES	4
#define SEAL_LOSSES	2	/* roles that may end meanwhile */

struct seal_call {
	struct seal_call *next;		/* front::seals */
	struct front *front;
	struct service_call *call;	/* NULL: the caller left */
	struct arena *arena;		/* this lives in it, as all it has */
	/* The request: */
	enum child_kind role;
	enum channel_type type;
	struct value *payload;
	int fds[SEAL_FDS_MAX];		/* its descriptors, the first one the
					 * message; ours */
	size_t fd_count;
	size_t files;			/* unlinked ones to be added */
	const char *doing;		/* "opened this message" */
	const char *purpose;		/* "open a message": for the person */
	unsigned usage;			/* KEYS_FOR_... */
	uint32_t asked;			/* its errand in hand; 0: none */
	/* What came of it: */
	unsigned tries, losses;
	unsigned check_losses;		/* Open: those of the check */
	const struct value *report;	/* NULL: it failed, and was told */
	const struct value *learn;	/* of an Open, for the store; NULL */
	int content;			/* -1: none */
	const struct value *verdict;	/* Open: the check's report */
	unsigned left;			/* answers to wait for */
	void (*finish)(struct seal_call *seal);	/* answers the call */
};

/* With the call's tty, display and caller in the payload.  NULL: no memory,
 * and the call was answered. */
struct seal_call *seal_call_new(struct front *front,
				struct service_call *call,
				const struct service_args *args);
/* Lets go of everything; the call was answered, or is nobody's. */
void seal_call_free(struct seal_call *seal);

/* Sends the request; finish() is called when all answers are there.  A failure
 * answers the call and ends it. */
void seal_call_start(struct seal_call *seal);

/* One answer less to wait for; the last one calls finish(). */
void seal_call_settle(struct seal_call *seal);

/* Answers with `report` and the content (an empty file where there is none),
 * as "h, a{sv}". */
void seal_call_reply(struct seal_call *seal, const struct value *report);
/* The same without a descriptor. */
void seal_call_answer(struct seal_call *seal, const struct value *report);

/* An empty file, unlinked from the start; -1: the disk does not have it. */
int seal_file_new(void);

/* Nobody waits for that call any more. */
void front_seal_call_gone(struct front *front,
			  const struct service_call *call);

#endif
