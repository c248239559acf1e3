/* queue_plan.h - what follows from an attempt: pure functions
 *
 * RFC 5321 section 4.5.4.1 (pauses that grow, days until it is given up),
 * 4.5.3.2.6 and RFC 1047 (an outcome that nobody knows: sent again rather
 * than lost, but not without end).  Times are seconds. */
#ifndef MAILSEAL_DESK_QUEUE_PLAN_H
#define MAILSEAL_DESK_QUEUE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

struct queue_state;

#define QUEUE_GIVE_UP_S		(5 * 24 * 3600)
#define QUEUE_DEATHS_MAX	2	/* then it is held (design 1) */
#define QUEUE_UNKNOWNS_MAX	3	/* then it is held */
#define QUEUE_UNKNOWN_PAUSE_S	600	/* the server may still be at it */
#define QUEUE_HOLD_PAUSE_S	3600	/* until what is held by itself is
					 * looked at again */

enum queue_phase {
	QUEUE_WAITING,		/* for its turn, or for time to pass */
	QUEUE_SENDING,
	QUEUE_HELD,		/* until something else changes */
	QUEUE_SENT,		/* by all recipients' server */
	QUEUE_GIVEN_UP		/* refused, too old, or cancelled */
};
extern const char *const queue_phase_name[];	/* "waiting", ... */

/* Whose matter it was that an attempt did not do it. */
enum queue_cause {
	QUEUE_CAUSE_MAIL,	/* this mail's, or one recipient's */
	QUEUE_CAUSE_SERVER,	/* not reached, or it serves nobody now */
	QUEUE_CAUSE_TRUST,	/* DNS or certificate: held, tried again */
	QUEUE_CAUSE_LOGIN	/* held until the user acts */
};

struct queue_next {
	enum queue_phase phase;
	int64_t pause;		/* for QUEUE_WAITING and QUEUE_HELD; 0 with
				 * QUEUE_HELD: not by itself */
	bool of_account;	/* the account's other mail waits as well */
	const char *held_for;	/* a word for the log; NULL: not held */
};

/* `state` after the attempt; `created` and `now` since 1970; `failures`: of
 * the account's attempts in a row that were no mail's matter. */
struct queue_next queue_plan(const struct queue_state *state,
			     enum queue_cause cause, unsigned failures,
			     int64_t created, int64_t now);

/* The pause behind the `nth` (from 1) failure in a row. */
int64_t queue_pause(unsigned nth);

#endif
