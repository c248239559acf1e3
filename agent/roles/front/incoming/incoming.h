/* incoming.h - what the methods of org.mailseal.Incoming1 share */
#ifndef MAILSEAL_ROLES_FRONT_INCOMING_INCOMING_H
#define MAILSEAL_ROLES_FRONT_INCOMING_INCOMING_H

#include "agent/roles/front/errand.h"

struct arena;
struct service_args;

#define CALL_ARENA	(128 * 1024)

/* The payload of a CHECK: who asks, and the options of the call. */
struct value *incoming_question(struct arena *arena,
				const struct service_call *call,
				const struct value *options);

/* The same of a call that has none of CHECK's options. */
struct value *incoming_look(struct arena *arena,
			    const struct service_call *call);

/* Starts the check of a descriptor, which it takes over.  The answer comes
 * through `kind`, also when it is known at once: then before this returns. */
void incoming_check(struct front *front, const struct errand_kind *kind,
		    struct service_call *call, void *ctx, int message,
		    const struct value *question);

/* Whether it is one of many, whose caller alone hears the news. */
bool incoming_is_of_many(const struct errand *errand);

/* many.c, find.c, newest.c, suggest.c: the methods, as service.h has them. */
void incoming_check_many(void *ctx, struct service_call *call,
			 struct service_args *args);
void incoming_find(void *ctx, struct service_call *call,
		   struct service_args *args);
void incoming_newest(void *ctx, struct service_call *call,
		     struct service_args *args);
void incoming_forget(void *ctx, struct service_call *call,
		     struct service_args *args);
void incoming_suggest(void *ctx, struct service_call *call,
		      struct service_args *args);

#endif
