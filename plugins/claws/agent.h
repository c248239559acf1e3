/* agent.h - the agent, asked without waiting
 *
 * Over the session bus (mailseal-bus(7)), with GDBus on the main loop that
 * Claws Mail runs.  Nothing here blocks and every question has a time-out.
 * The agent may end and come back at any time; the first question starts it
 * where the bus can. */
#ifndef PLUGINS_CLAWS_AGENT_H
#define PLUGINS_CLAWS_AGENT_H

#include <gio/gio.h>

struct agent;

enum agent_state {
	AGENT_CONNECTING,	/* to the bus: ask when this has changed */
	AGENT_NO_BUS,		/* there is none; the agent cannot be asked */
	AGENT_AWAY,		/* does not run; a question may start it */
	AGENT_HERE
};

enum agent_detail {
	AGENT_VERDICT,
	AGENT_EVERYTHING,	/* and how it came about */
	AGENT_ARRIVAL		/* the message arrives now */
};

/* The state is another one now. */
typedef void agent_changed(void *ctx, enum agent_state state);

/* The answer, or NULL and a sentence; both are borrowed. */
typedef void agent_done(void *ctx, GVariant *report, const char *failure);

struct agent *agent_new(agent_changed *changed, void *ctx);

/* Its open questions are not answered any more.  NULL is allowed. */
void agent_free(struct agent *agent);

enum agent_state agent_state(const struct agent *agent);

/* Judges the message in the file `path`.  `done` is called later, exactly
 * once; never after `cancel` was cancelled, so that `ctx` need not outlive
 * that. */
void agent_check(struct agent *agent, const char *path,
		 enum agent_detail detail, GCancellable *cancel,
		 agent_done *done, void *ctx);

#endif
