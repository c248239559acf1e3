/* caller.h - who calls, and what of theirs is still unanswered */
#ifndef MAILSEAL_BUS_CALLER_H
#define MAILSEAL_BUS_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#define CALLER_CALLS_MAX	4000	/* unanswered calls of one caller */

struct caller;
struct service;
struct service_method;

struct service_call {
	struct service *service;
	const struct service_method *method;
	struct caller *caller;
	struct service_call *prev, *next;	/* caller::calls */
	uint32_t serial;
	bool no_reply;
};

struct caller {
	char *name;			/* unique name, ":1.42" */
	uint32_t number;
	struct service_call *calls;
	unsigned count;
	struct caller *next;		/* service::callers */
};

/* Finds or makes; NULL: no memory. */
struct caller *caller_of(struct caller **list, const char *name,
			 uint32_t *next_number);

/* NULL: over CALLER_CALLS_MAX, or no memory. */
struct service_call *caller_add(struct caller *caller);
void caller_drop(struct service_call *call);

/* Takes it out of the list; its calls must be dropped. */
void caller_remove(struct caller **list, struct caller *caller);

#endif
