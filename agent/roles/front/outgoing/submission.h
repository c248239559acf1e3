/* submission.h - a call of Submit on its way into the queue */
#ifndef MAILSEAL_ROLES_FRONT_OUTGOING_SUBMISSION_H
#define MAILSEAL_ROLES_FRONT_OUTGOING_SUBMISSION_H

#include "agent/base/buf.h"
#include "agent/desk/queue_file.h"
#include "agent/roles/front/outgoing/queue.h"

/* A call on its way into the queue. */
struct submission {
	struct submission *next;	/* queue::submissions */
	struct queue *queue;
	struct service_call *call;	/* NULL: the caller left */
	char id[QUEUE_ID_MAX + 1];
	bool chosen;
	uint64_t order;
	int64_t created;
	int message, recipients, file;	/* descriptors; -1 */
	struct arena *arena;		/* of the options */
	struct value *payload;
	char tty[QUEUE_PLACE_MAX], display[QUEUE_PLACE_MAX];
	int64_t wait;			/* ms, for the first result */
	unsigned tries;			/* of preparing */
	char *fault, *sentence;		/* why it is unmade; NULL: no memory */
	/* From a disk thread: */
	int r, error;
	bool repeated;			/* something has the receipt's name */
	struct buf receipt;		/* of an earlier submission */
	struct arena *file_arena;
	struct queue_file read;
};

/* NULL: no memory.  Linked into the queue's list. */
struct submission *submission_new(struct queue *queue,
				  struct service_call *call);
/* Answers with an error, and frees. */
void submission_fail(struct submission *submission, const char *name,
		     const char *sentence);
/* Everything is filled in: from here on it answers by itself. */
void submission_begin(struct submission *submission);

#endif
