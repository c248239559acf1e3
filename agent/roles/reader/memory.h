/* memory.h - a check's memory (flow/memory.h), or an opening's
 * (flow/open_known.h), kept by the front
 *
 * Lives as long as the worker's job.  When DNS may be asked again
 * is decided here: a judgement that stands is used as it is; one that a
 * temporary error left open is made anew, but each time only after as long
 * again as it is old, so that whoever wrote the message does not learn of
 * every look at it (design 8, "Privacy"). */
#ifndef MAILSEAL_ROLES_READER_MEMORY_H
#define MAILSEAL_ROLES_READER_MEMORY_H

#include "agent/flow/memory.h"
#include "agent/flow/open_known.h"

struct reader;
struct frame;

enum reader_look {
	LOOK_LATER,		/* what was judged before is used */
	LOOK_ARRIVAL,		/* the same, but open ones are made anew */
	LOOK_AGAIN		/* everything is made anew */
};

struct reader_memory {
	struct memory memory;		/* what the check is given */
	struct open_memory known;	/* what an opening is given */
	struct reader *reader;
	uint32_t id;			/* of the CHECK, or OPEN */
	int64_t deadline;		/* as clock_now_ms() */
	enum reader_look look;
	bool asked;			/* about the message: then */
	int64_t seen;			/* first; 0: never */
};

void reader_memory_make(struct reader_memory *memory, struct reader *reader,
			uint32_t id, int64_t deadline, enum reader_look look);

/* FRAME_SEEN: which messages the store may have; before the first CHECK. */
int reader_seen(void *ctx, struct frame *frame);

/* FRAME_FOUND: the front's answer, for whoever waits for it. */
int reader_found(void *ctx, struct frame *frame);

/* Pure, for a test: whether an open judgement is made anew at `now`. */
bool reader_memory_is_due(int64_t now, int64_t seen, int64_t judged);

#endif
