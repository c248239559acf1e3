/* service.h - the agent on the bus: a table of methods
 *
 * Turns calls into plain questions to whoever owns the roles, and answers
 * back into replies.  Never waits: a call that takes long is kept and
 * answered later.
 * Does not do: read a byte of mail. */
#ifndef MAILSEAL_BUS_SERVICE_H
#define MAILSEAL_BUS_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct service;
struct service_call;		/* a call that waits for its answer */
struct value;

#define SERVICE_NAME	"org.mailseal.Agent1"
#define SERVICE_PATH	"/org/mailseal/Agent1"
#define SERVICE_ERROR	"org.mailseal.Error."

/* What the service asks of its owner. */
struct service_owner {
	/* Takes `message` (a descriptor) over and must answer `call` once, now
	 * or later.  `options` lives as long as this call. */
	void (*check)(void *ctx, struct service_call *call, int message,
		      const struct value *options);
	/* The caller of that call is gone: forget it. */
	void (*gone)(void *ctx, struct service_call *call);
	/* Fills in a property of org.mailseal.Agent1; false: no such one. */
	bool (*property)(void *ctx, struct arena *arena, const char *name,
			 struct value *into);
	void *ctx;
};

/* Connects to the session bus and takes the name.  NULL: `why` holds the
 * sentence, *taken tells that another agent has it. */
struct service *service_new(const struct service_owner *owner, char *why,
			    unsigned why_size, bool *taken);
void service_free(struct service *service);

/* For the polling thread: descriptors to watch, then what to do. */
struct pollfd;
unsigned service_poll(struct service *service, struct pollfd *fds,
		      unsigned room);
/* False: the bus is gone. */
bool service_work(struct service *service, const struct pollfd *fds,
		  unsigned count);

/* Whether calls wait that need no polling: do not sleep. */
bool service_has_more(const struct service *service);

/* A number for the caller, the same as long as it is on the bus. */
uint32_t service_caller(const struct service_call *call);

/* Both let the call go.  `name` without SERVICE_ERROR. */
void service_answer(struct service_call *call, const struct value *dict);
void service_fail(struct service_call *call, const char *name,
		  const char *sentence);

#endif
