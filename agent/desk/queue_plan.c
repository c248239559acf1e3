/* queue_plan.c - when a mail is tried again, held, or given up */
#include "agent/desk/queue_plan.h"

#include "agent/desk/queue_log.h"

const char *const queue_phase_name[] = {
	"waiting", "sending", "held", "sent", "failed"
};
_Static_assert(sizeof(queue_phase_name) / sizeof(queue_phase_name[0]) ==
	       QUEUE_GIVEN_UP + 1, "a phase has no name");

int64_t queue_pause(unsigned nth)
{
	static const int64_t pauses[] = { 0, 60, 120, 300, 600, 1200, 2400,
					  3600 };
	static const unsigned last = sizeof(pauses) / sizeof(pauses[0]) - 1;

	return pauses[nth < last ? nth : last];
}

static struct queue_next held(const char *word, int64_t pause,
			      bool of_account)
{
	struct queue_next next = { QUEUE_HELD, pause, of_account, word };

	return next;
}

struct queue_next queue_plan(const struct queue_state *state,
			     enum queue_cause cause, unsigned failures,
			     int64_t created, int64_t now)
{
	struct queue_next next = { QUEUE_WAITING, 0, false, NULL };

	if (state->open == 0 || state->failed) {
		next.phase = state->refused == 0 && !state->failed ?
			     QUEUE_SENT : QUEUE_GIVEN_UP;
		return next;
	}
	if (now - created >= QUEUE_GIVE_UP_S) {
		next.phase = QUEUE_GIVEN_UP;
		return next;
	}
	if (state->deaths >= QUEUE_DEATHS_MAX)
		return held("crash", 0, false);
	if (state->unknowns >= QUEUE_UNKNOWNS_MAX)
		return held("unknown", 0, false);
	if (cause == QUEUE_CAUSE_LOGIN)
		return held("login", 0, true);
	if (cause == QUEUE_CAUSE_TRUST)
		return held("trust", QUEUE_HOLD_PAUSE_S, true);
	next.of_account = cause == QUEUE_CAUSE_SERVER;
	next.pause = queue_pause(next.of_account ? failures :
				 state->attempts);
	if (state->unknowns > 0 && next.pause < QUEUE_UNKNOWN_PAUSE_S)
		next.pause = QUEUE_UNKNOWN_PAUSE_S;
	return next;
}
