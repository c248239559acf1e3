/* role.h - what reader and sender have in common: a loop, verbs, answers
 *
 * One thread polls the front's channel and those to other roles and never
 * waits; each request runs in a worker.  A table of verbs says what the front
 * may ask; anything else ends the conversation. */
#ifndef MAILSEAL_ROLES_ROLE_H
#define MAILSEAL_ROLES_ROLE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/base/channel.h"

struct resolver;
struct value;

#define ROLE_FDS_ANY ((size_t)-1)	/* one or more descriptors */
#define ROLE_FDS_SOME ((size_t)-2)	/* one, or none */

struct role_verb {
	enum channel_type type;
	size_t fds;			/* how many come with it */
	/* Takes the descriptors it wants; negative: the front broke the
	 * rules. */
	int (*serve)(void *ctx, struct frame *frame);
};

/* Serves the front until it hangs up: ERR_GONE; else another error.
 * FRAME_DNS attaches `resolver` and needs no row. */
int role_run(const struct role_verb *verbs, size_t count,
	     struct resolver *resolver, void *ctx);

/* Asks the front for the channel that comes as that frame: it starts the role
 * at the other end.  The frame comes, or FRAME_WANT with the same number: it
 * cannot be had. */
void role_want(enum channel_type channel);
/* Of a FRAME_WANT: which channel; 0: none that can be read. */
unsigned role_wanted(const struct frame *frame);

/* The answers to a request of the front, from any thread.  Descriptors stay
 * the caller's. */
void role_report(uint32_t id, const struct value *report, const int *fds,
		 size_t fd_count);
/* A frame without descriptors that is no answer.  0; ERR_LIMIT: larger than
 * a frame; or what channel_send() says. */
int role_send(enum channel_type type, uint32_t id,
	      const struct value *payload);
/* `name`: letters, the end of an org.mailseal.Error name. */
void role_fail(uint32_t id, const char *name, const char *sentence);

#endif
