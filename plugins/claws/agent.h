/* agent.h - the agent, asked without waiting
 *
 * Over the session bus (mailseal-bus(7)), with GDBus on the main loop that
 * Claws Mail runs.  Nothing here blocks and every question has a time-out.
 * The agent may end and come back at any time; the first question starts it
 * where the bus can. */
#ifndef PLUGINS_CLAWS_AGENT_H
#define PLUGINS_CLAWS_AGENT_H

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

struct agent;

enum agent_state {
	AGENT_CONNECTING,	/* to the bus: ask when this has changed */
	AGENT_NO_BUS,		/* there is none; the agent cannot be asked */
	AGENT_AWAY,		/* does not run; a question may start it */
	AGENT_SILENT,		/* runs, and did not answer in time */
	AGENT_HERE
};

enum agent_detail {
	AGENT_VERDICT,
	AGENT_EVERYTHING,	/* and how it came about */
	AGENT_ARRIVAL		/* the message arrives now */
};

struct agent_events {
	void (*state)(void *ctx, enum agent_state state); /* another one now */
	void (*contacts)(void *ctx);	/* the user knows others now */
};

/* The answer, or NULL and a sentence; both are borrowed. */
typedef void agent_done(void *ctx, GVariant *report, const char *failure);

/* The same of a call with several answers: the tuple, and the files in it. */
typedef void agent_replied(void *ctx, GVariant *reply, GUnixFDList *files,
			   const char *failure);

struct agent_call {
	const char *interface, *method;
	GVariant *arguments;	/* may float */
	GUnixFDList *files;	/* those in the arguments, or NULL; borrowed */
	const char *reply;	/* its type: a tuple */
	gint wait;		/* milliseconds */
	void (*free)(void *ctx); /* called at the end in any case, or NULL */
	const char *trouble;	/* why it cannot be made: that is the answer */
};

struct agent *agent_new(const struct agent_events *events, void *ctx);

/* Its open questions are not answered any more.  NULL is allowed. */
void agent_free(struct agent *agent);

enum agent_state agent_state(const struct agent *agent);

/* `done` is called later, exactly once; never after `cancel` was cancelled, so
 * that `ctx` need not outlive that. */
void agent_call(struct agent *agent, const struct agent_call *call,
		GCancellable *cancel, agent_replied *done, void *ctx);

/* The same, for a reply of one value. */
void agent_ask(struct agent *agent, const struct agent_call *call,
	       GCancellable *cancel, agent_done *done, void *ctx);

/* Judges the message in the file `path`. */
void agent_check(struct agent *agent, const char *path,
		 enum agent_detail detail, GCancellable *cancel,
		 agent_done *done, void *ctx);

#endif
