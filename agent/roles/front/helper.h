/* helper.h - programs that the front runs for its user: pinentry, a clerk
 *
 * The front alone starts programs (design 1).  A helper is watched by a
 * descriptor of its own and reaped when it ends. */
#ifndef MAILSEAL_ROLES_FRONT_HELPER_H
#define MAILSEAL_ROLES_FRONT_HELPER_H

#include <stddef.h>

struct front;
struct helper;

struct helper_plan {
	const char *path;		/* absolute, or "/proc/self/exe" */
	char *const *argv;
	char *const *environment;
	/* Descriptors of this process and what they become; all others but
	 * standard error are closed. */
	const int *from, *to;
	size_t fds;
};

/* Starts it; `ended` (NULL: nobody cares) hears its status, as waitpid(2)
 * gives it.  NULL: it could not be started. */
struct helper *helper_start(struct front *front,
			    const struct helper_plan *plan,
			    void (*ended)(struct front *front, void *ctx,
					  int status),
			    void *ctx);

/* Ends it, and forgets who cares.  NULL is allowed. */
void helper_stop(struct front *front, struct helper *helper);

/* At the end of the front: ends all that run. */
void helpers_stop(struct front *front);

#endif
