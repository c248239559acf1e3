/* errand.h - requests in hand with a role, from asking to the answer
 *
 * The front asks a role by a frame and goes on; the role answers with REPORT
 * or FAILURE of the same id, or dies, or is late.  Every errand gets exactly
 * one answer: done() or failed(). */
#ifndef MAILSEAL_ROLES_FRONT_ERRAND_H
#define MAILSEAL_ROLES_FRONT_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/channel.h"
#include "agent/roles/front/child.h"

struct errand;
struct front;
struct service_call;
struct value;

/* What kind of request it is: who hears the answer, and the words for it. */
struct errand_kind {
	const char *doing;	/* "judged this message", for sentences */
	/* The answer.  Descriptors of `frame` that it wants it takes
	 * (frame_take). */
	void (*done)(struct front *front, struct errand *errand,
		     const struct value *report, struct frame *frame);
	/* NULL: errand->call gets the error. */
	void (*failed)(struct front *front, struct errand *errand,
		       const char *name, const char *sentence);
};

/* A kind that takes a report as it came, not decoded and not checked.  Its
 * kind.done is errand_wire_done; `done` hears what the front answers itself,
 * without a frame. */
struct errand_wire_kind {
	struct errand_kind kind;
	void (*wire)(struct front *front, struct errand *errand,
		     struct bytes report);
	void (*done)(struct front *front, struct errand *errand,
		     const struct value *report);
};
void errand_wire_done(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame);

struct errand {
	const struct errand_kind *kind;
	enum child_kind role;
	int64_t deadline;	/* as clock_now_ms(); 0: it has none */
	struct service_call *call;	/* who asked; NULL: the front itself,
					 * or the caller left */
	int message;		/* a descriptor, the errand's own: the message
				 * to remember should the role die; -1: none */
	void *ctx;		/* of done and failed */
	uint32_t id;		/* given by errand_start(), as what follows */
	enum channel_type type;	/* of the frame that was sent */
	unsigned life;		/* child::life of the role */
	struct errand *next;	/* of its slot */
	bool lent;		/* `message` is not its own, and outlives it */
};

/* Starts the role if need be, sends the frame and remembers.  `like` is
 * copied.  The answer comes later through its kind, also when sending fails
 * (then before this returns). `payload` NULL: none.  Descriptors stay the
 * caller's.  The id; 0: it failed and failed() was called. */
uint32_t errand_start(struct front *front, const struct errand *like,
		      enum channel_type type, const struct value *payload,
		      const int *fds, size_t fd_count);

/* Answers an errand that was never started with an error. */
void errand_refuse(struct front *front, const struct errand *like,
		   const char *name, const char *sentence);

/* Nobody waits for that call any more: the role is told (CANCEL); done() and
 * failed() are then called with call NULL only where the kind has a failed()
 * of its own, else the errand is forgotten. */
void errand_call_gone(struct front *front, const struct service_call *call);

/* The request that waits for an answer of the role; NULL: there is none. */
const struct errand *errand_in_hand(const struct front *front,
				    enum child_kind role, uint32_t id);

/* Frames of a role: REPORT and FAILURE.  False: it answers what another role
 * was asked; that one's answer is waited for. */
bool errand_report(struct front *front, enum child_kind role,
		   struct frame *frame);
bool errand_failure(struct front *front, enum child_kind role,
		    struct frame *frame);
/* A report without its frame: for kinds whose answers bring no descriptor. */
void errand_answer(struct front *front, enum child_kind role, uint32_t id,
		   struct bytes report);

/* That process of the role died (child::life): everything in hand with it
 * fails. */
void errands_lost(struct front *front, enum child_kind role, unsigned life);
/* Answers what is late. */
void errands_expire(struct front *front, int64_t now);
int64_t errands_next(const struct front *front);	/* -1: nothing waits */
/* At the end: fails what is left. */
void errands_free(struct front *front);

#endif
