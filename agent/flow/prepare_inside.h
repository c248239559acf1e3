/* prepare_inside.h - what the files of preparing share */
#ifndef MAILSEAL_FLOW_PREPARE_INSIDE_H
#define MAILSEAL_FLOW_PREPARE_INSIDE_H

#include "agent/desk/queue_job.h"
#include "agent/flow/account.h"
#include "agent/flow/outgoing.h"
#include "agent/flow/prepare.h"

struct prepare {
	struct arena *arena;
	const struct accounts *accounts;
	const struct prepare_question *question;
	struct prepare_answer *out;
	const char **name;
	struct buf *why;
	struct outgoing message;
	const char *author;		/* From, in normal form; "" where it
					 * has no domain; NULL: none */
	const char *given;		/* the caller's sender, likewise */
	struct outgoing_list to;	/* those in To and Cc */
	struct outgoing_list hidden;	/* everybody else */
	struct queue_job job;
	bool seals;			/* the mail is signed or encrypted
					 * here, as */
	struct seal_wishes wishes;	/* it is to be, and */
	struct seal_plan plan;		/* as it will be */
	struct { bool sign, encrypt; } has;	/* done by the mail client */
	const char *plain_because;	/* why it is not encrypted although it
					 * was to be, if possible; NULL */
};

/* prepare_refuse.c: writes the sentence, names the error, gives `err` back. */
int prepare_refuse(struct prepare *prepare, int err, const char *name,
		   const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int prepare_no_memory(struct prepare *prepare);
/* What the disk said, or prepare_no_memory(). */
int prepare_storage_refuse(struct prepare *prepare, int r);

/* prepare_who.c: account, sender and recipients. 0, or refused. */
int prepare_who(struct prepare *prepare);

/* prepare_policy.c: whether it is protected as it must be, or is to be sealed
 * here.  0, or refused. */
int prepare_policy(struct prepare *prepare);

/* prepare_seal.c: whose keys are taken; clears prepare->seals where it goes as
 * it is after all.  0, or refused. */
int prepare_seal_plan(struct prepare *prepare);
/* The sealed mail of each envelope, and prepare->job, into the queue's file.
 * 0; ERR_LOCKED; or refused. */
int prepare_seal_write(struct prepare *prepare, const struct source *source,
		       int fd);

/* prepare_remark.c: how it leaves, and what was not done, for the receipt. */
void prepare_remark(struct prepare *prepare);

/* prepare_envelopes.c: prepare->job's envelopes and recipients, but for where
 * the mail of each is.  More than `alone_max` hidden ones share one.  0, or
 * refused. */
int prepare_envelopes(struct prepare *prepare, size_t alone_max);

/* prepare_learn.c: marks those whom the user is to know. */
void prepare_learn(struct prepare *prepare);

#define PREPARE_ALONE_MAX 50	/* hidden recipients; more are a circular */

/* prepare_write.c: the mail and prepare->job into the queue's file.  0, or
 * refused. */
int prepare_write(struct prepare *prepare, int fd);

#endif
