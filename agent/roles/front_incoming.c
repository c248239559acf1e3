/* front_incoming.c - org.mailseal.Incoming1: calls to the reader and back */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/flow/check.h"
#include "agent/roles/errand.h"
#include "agent/roles/front.h"

#define CALL_ARENA	(128 * 1024)
#define LATE_MS		4000	/* the reader's own deadline, and this */

static const struct service_option check_options[] = {
	{ "client_ip", VALUE_TEXT }, { "helo", VALUE_TEXT },
	{ "mail_from", VALUE_TEXT }, { "explain", VALUE_TEXT },
	{ "destinations", VALUE_TEXT }, { NULL, VALUE_TEXT }
};

static void check_done(struct front *front, struct errand *errand,
		       const struct value *report, struct frame *frame)
{
	(void)front;
	(void)frame;
	if (errand->call != NULL)
		service_answer(errand->call, report);
}

static const struct errand_kind check_kind = {
	"judged this message", check_done, NULL
};

/* Design 1: in hand at two deaths, it is not tried again by itself. */
static void answer_poisoned(struct service_call *call)
{
	struct arena *arena = arena_new(CALL_ARENA);
	struct value *report = NULL;

	if (arena != NULL)
		(void)check_unreadable(arena, "The reader of mail ended twice "
			"while it had this message; it is not read again. "
			"Delete the message, or keep it as a sample for the "
			"developers.", &report);
	if (report != NULL)
		service_answer(call, report);
	else
		service_fail(call, "Failed", "out of memory");
	arena_free(arena);
}

static void on_check(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	struct errand errand = { &check_kind, CHILD_READER,
				 clock_now_ms() + CHECK_DEADLINE_MS + LATE_MS,
				 call, -1, NULL, 0, 0, NULL };
	const struct value *option;
	struct value *payload;

	if (poison_count(front->poison, args->fds[0]) >= POISON_DEATHS) {
		answer_poisoned(call);
		goto out;
	}
	if (arena == NULL) {
		service_fail(call, "Failed", "out of memory");
		goto out;
	}
	payload = value_dict(arena);
	value_put_number(arena, payload, "caller", service_caller(call));
	for (option = args->options->first; option != NULL;
	     option = option->next)
		value_put_text(arena, payload, option->key, option->text);
	errand.message = fcntl(args->fds[0], F_DUPFD_CLOEXEC, 0);
	(void)errand_start(front, &errand, FRAME_CHECK, payload, args->fds, 1);
out:
	arena_free(arena);
}

const struct service_method front_incoming_methods[] = {
	{ "org.mailseal.Incoming1", "Check", check_options, on_check },
	{ NULL, NULL, NULL, NULL }
};
