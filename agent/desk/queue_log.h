/* queue_log.h - what became of a job so far: lines that are only added to
 *
 * Behind the job's text in the same file.  A line that was not written to its
 * end (a full disk, a power cut) is skipped; what it said was not yet said to
 * anybody.  Recipients are numbers of queue_job::recipients: "0-3,7".
 *
 *	attempt 1700000000		before a hand-over to the sender
 *	ending 1700000001 0-3		the message's end goes out now
 *	fate 1700000001 taken 250 2.0.0 0-3 queued as 4711
 *	left 1700000002 later 421 4.3.2 0 closing	how the attempt ended
 *	died 1700000002			the sender ended with it in hand
 *	cut 1700000002			the agent did
 *	held 1700000003 login wrong password
 *	freed 1700000100		no longer held
 *	failed 1700000200 reason	given up, cancelled
 */
#ifndef MAILSEAL_DESK_QUEUE_LOG_H
#define MAILSEAL_DESK_QUEUE_LOG_H

#include <stdint.h>

#include "agent/smtp/outcome.h"

struct arena;

#define QUEUE_LOG_MAX	(8 * 1024 * 1024)	/* bytes of one job's */
#define QUEUE_WHY_MAX	400			/* bytes of a reason */

/* Where a recipient stands. */
enum queue_standing {
	QUEUE_OPEN,		/* still to be tried */
	QUEUE_ENDING,		/* its message's end may have gone out */
	QUEUE_TAKEN, QUEUE_REFUSED
};

struct queue_fate {
	enum queue_standing standing;
	int code;			/* the server's last; 0: none */
	char status[REPLY_STATUS_MAX];
	const char *text;		/* in the arena; NULL: none */
};

struct queue_state {
	struct queue_fate *fates;	/* one for each recipient */
	size_t count;
	size_t open, taken, refused;
	unsigned attempts;
	unsigned unknowns;	/* attempts that left the outcome open */
	unsigned deaths;	/* of the sender with this in hand, in a row */
	bool in_hand;		/* an attempt began and did not end */
	bool held, failed;
	const char *why;	/* the last that a person should know; NULL */
	const char *held_for;	/* a word: "login", "dns", ...; NULL */
	int64_t last;		/* when the last attempt began or ended */
};

/* Adds one record; a line end is put in front so that a torn line before it
 * harms nothing.  `text` may be anything: it is made one line of ASCII. */
void queue_log_mark(struct buf *to, const char *word, int64_t when,
		    const char *text);
/* The recipients of `members` whose entry is true, as "ending". */
void queue_log_ending(struct buf *to, int64_t when, const bool *members,
		      size_t count);
/* `fate` for those; "fate", or with SMTP_UNKNOWN nothing but a remark. */
void queue_log_fate(struct buf *to, int64_t when, enum smtp_fate fate,
		    int code, const char *status, const bool *members,
		    size_t count, const char *text);
void queue_log_left(struct buf *to, int64_t when,
		    const struct smtp_outcome *outcome);

/* Replays a log for a job of `count` recipients.  0; ERR_LIMIT. */
int queue_log_read(struct arena *arena, struct bytes log, size_t count,
		   struct queue_state *out);

#endif
