/* service.h - the agent on the bus: tables of methods
 *
 * Decodes calls by the interface definition (proto/org.mailseal.Agent1.xml)
 * into plain values for whoever owns the roles, and turns answers back into
 * replies.  Never waits: a call that takes long is kept and answered later.
 * Does not do: read a byte of mail. */
#ifndef MAILSEAL_BUS_SERVICE_H
#define MAILSEAL_BUS_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"
#include "agent/base/value.h"

struct arena;
struct pollfd;
struct service;
struct service_call;		/* a call that waits for its answer */

#define SERVICE_NAME	"org.mailseal.Agent1"
#define SERVICE_PATH	"/org/mailseal/Agent1"
#define SERVICE_ERROR	"org.mailseal.Error."
#define SERVICE_FDS_MAX	16	/* descriptors of one call: libdbus hangs up
				 * at 17 */

/* What came with a call.  Good until the method's serve() returns; what is
 * kept longer is copied. */
struct service_args {
	struct value *values;	/* a list: every argument but descriptors and
				 * options, in order: texts, numbers, truths,
				 * lists of texts */
	struct value *options;	/* the a{sv} at the end; never NULL */
	int fds[SERVICE_FDS_MAX];	/* in order; regular files or sealed
					 * memfds, checked */
	size_t fd_count;
};

/* The `nth` of values as text; "" when it is none. */
const char *service_args_text(const struct service_args *args, size_t nth);
/* The `nth` of values; NULL: there is none. */
const struct value *service_args_value(const struct service_args *args,
				       size_t nth);
/* The `nth` descriptor is the caller's to close from now on; -1: none. */
int service_args_take(struct service_args *args, size_t nth);

/* An option that a method knows.  A table of them ends with name NULL. */
struct service_option {
	const char *name;
	enum value_kind kind;	/* VALUE_TEXT, VALUE_NUMBER, VALUE_TRUTH */
};

/* One method.  A table of them ends with name NULL. */
struct service_method {
	const char *interface, *name;
	const struct service_option *options;	/* NULL: none */
	/* Must answer `call` once, now or later. */
	void (*serve)(void *ctx, struct service_call *call,
		      struct service_args *args);
};

/* What the service asks of its owner. */
struct service_owner {
	const struct service_method *const *tables;	/* NULL at the end */
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
unsigned service_poll(struct service *service, struct pollfd *fds,
		      unsigned room);
/* False: the bus is gone. */
bool service_work(struct service *service, const struct pollfd *fds,
		  unsigned count);

/* Whether calls wait that need no polling: do not sleep. */
bool service_has_more(const struct service *service);

/* A number for the caller, the same as long as it is on the bus. */
uint32_t service_caller(const struct service_call *call);

/* --- Answers.  Each lets the call go. */

/* One dictionary (or, for aa{sv}, one list of them). */
void service_answer(struct service_call *call, const struct value *value);
/* The same, of dictionaries as the channel has them (base/value.h): one of
 * them, or a list.  What breaks the channel's rules becomes an error. */
enum service_shape { SERVICE_ONE, SERVICE_LIST };
void service_answer_wire(struct service_call *call, enum service_shape shape,
			 const struct bytes *dicts, size_t count);
/* By the method's out-signature: each "h" takes the next descriptor (which
 * stays the caller's), all else the next member of `values` (NULL: none). */
void service_reply(struct service_call *call, const struct value *values,
		   const int *fds, size_t fd_count);
/* `name` without SERVICE_ERROR. */
void service_fail(struct service_call *call, const char *name,
		  const char *sentence);

/* A signal to everyone on the bus; `values` as the interface definition says.
 * What stands in it is heard by every program of the session. */
void service_signal(struct service *service, const char *interface,
		    const char *name, const struct value *values);

#endif
