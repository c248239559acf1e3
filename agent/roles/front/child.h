/* child.h - the other roles' processes, seen from the front
 *
 * A table names each role, when it starts, and between whom there is a
 * channel. */
#ifndef MAILSEAL_ROLES_FRONT_CHILD_H
#define MAILSEAL_ROLES_FRONT_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct frame;
struct front;
struct value;

enum child_kind { CHILD_READER, CHILD_RESOLVER, CHILD_SENDER,
		  CHILD_KEEPER, CHILD_PGP, CHILD_KINDS };
const char *child_name(enum child_kind kind);	/* "reader" */

#define CHILD_DEATHS_MAX	3	/* in CHILD_DEATHS_MS: stay down */
#define CHILD_DEATHS_MS		60000
#define CHILD_DOWN_MS		30000

/* One role's process, and how it fares. */
struct child {
	pid_t pid;			/* 0: not running */
	int fd;				/* its channel; -1 */
	bool ready;
	unsigned life;			/* which process of this role */
	int64_t deaths[CHILD_DEATHS_MAX];	/* when; the oldest first */
	int64_t down_until;		/* 0: may run */
	struct arena *arena;		/* of what READY said */
	struct value *cage;		/* NULL: not ready yet */
	struct untold *untold, *untold_last;	/* child_tell.c; NULL: none */
	size_t untold_count;
	int64_t untold_until;		/* then it must have taken one */
};

/* Before anything else. */
void children_prepare(struct front *front);

/* Starts the roles that run from the start.  0; ERR_IO. */
int children_start(struct front *front);

/* Starts the role if it does not run.  Negative: it is down for a while, or
 * cannot be started. */
int child_need(struct front *front, enum child_kind kind);

/* "running", "starting", "idle" (starts when needed), "down". */
const char *child_state(const struct front *front, enum child_kind kind);

/* FRAME_WANT of `asker`: starts the role at the other end of that channel,
 * which is then made; or the frame goes back.  False: it may not ask that. */
bool child_wanted(struct front *front, enum child_kind asker,
		  const struct frame *frame);

/* It hung up or broke the rules: gone for good; starts a new one unless too
 * many died. */
void child_lost(struct front *front, enum child_kind kind);
/* Starts what stayed down long enough. */
void children_revive(struct front *front, int64_t now);
bool child_is_up(const struct front *front, enum child_kind kind);

/* --- child_tell.c */

/* Sends it, or keeps a copy until the role takes it.  0; ERR_GONE, ERR_LIMIT,
 * ERR_MEMORY, ERR_IO; ERR_TIMEOUT: thousands wait, none was taken for long. */
int child_tell(struct front *front, enum child_kind kind,
	       const struct frame *frame);
/* Whether frames wait. */
bool child_is_behind(const struct child *child);
/* Tells what waits; child_lost() if none was taken for too long. */
void child_takes(struct front *front, enum child_kind kind, int64_t now);
void child_untold_free(struct child *child);

/* Ends every child and waits for it. */
void children_stop(struct front *front);

#endif
