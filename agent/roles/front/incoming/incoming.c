/* incoming.c - org.mailseal.Incoming1: calls to the reader and back */
#include "agent/roles/front/incoming/incoming.h"

#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/flow/check.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/notices.h"

#define LATE_MS		4000	/* the reader's own deadline, and this */

static const struct service_option check_options[] = {
	{ "client_ip", VALUE_TEXT }, { "helo", VALUE_TEXT },
	{ "mail_from", VALUE_TEXT }, { "explain", VALUE_TEXT },
	{ "destinations", VALUE_TEXT }, { "again", VALUE_TRUTH },
	{ "arrival", VALUE_TRUTH }, { NULL, VALUE_TEXT }
};

static const struct service_option forget_options[] = {
	{ "older", VALUE_NUMBER }, { NULL, VALUE_TEXT }
};

struct value *incoming_question(struct arena *arena,
				const struct service_call *call,
				const struct value *options)
{
	struct value *question = value_dict(arena);
	const struct value *option;

	value_put_number(arena, question, "caller", service_caller(call));
	for (option = options->first; option != NULL; option = option->next)
		if (option->kind == VALUE_TRUTH)
			value_put_truth(arena, question, option->key,
					option->truth);
		else
			value_put_text(arena, question, option->key,
				       option->text);
	return question;
}

struct value *incoming_look(struct arena *arena,
			    const struct service_call *call)
{
	struct value *question = value_dict(arena);

	value_put_number(arena, question, "caller", service_caller(call));
	return question;
}

/* Design 1: in hand at two deaths, it is not tried again by itself. */
static void answer_poisoned(struct front *front, const struct errand *like)
{
	struct arena *arena = arena_new(CALL_ARENA);
	struct value *report = NULL;
	struct errand errand = *like;

	if (arena != NULL)
		(void)check_unreadable(arena, "The reader of mail ended twice "
			"while it had this message; it is not read again. "
			"Delete the message, or keep it as a sample for the "
			"developers.", &report);
	if (report != NULL) {
		errand.kind->done(front, &errand, report, NULL);
		(void)close(errand.message);
	} else {
		errand_refuse(front, &errand, "Failed", "out of memory");
	}
	arena_free(arena);
}

void incoming_check(struct front *front, const struct errand_kind *kind,
		    struct service_call *call, void *ctx, int message,
		    const struct value *question)
{
	struct errand errand = {
		.kind = kind, .role = CHILD_READER, .call = call, .ctx = ctx,
		.deadline = clock_now_ms() + CHECK_DEADLINE_MS + LATE_MS,
		.message = message
	};

	if (poison_count(front, message) < POISON_DEATHS) {
		(void)errand_start(front, &errand, FRAME_CHECK, question,
				   &message, 1);
		return;
	}
	answer_poisoned(front, &errand);
}

static void check_done(struct front *front, struct errand *errand,
		       const struct value *report)
{
	(void)front;
	if (errand->call != NULL)
		service_answer(errand->call, report);
}

static void check_wire(struct front *front, struct errand *errand,
		       struct bytes report)
{
	(void)front;
	if (errand->call != NULL)
		service_answer_wire(errand->call, SERVICE_ONE, &report, 1);
}

static const struct errand_wire_kind check_kind = {
	{ "judged this message", errand_wire_done, NULL }, check_wire,
	check_done
};

/* Mail that a delivery filter has in hand: it has just arrived. */
static void arrival_done(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	(void)frame;
	notices_judged(front, report);
	check_done(front, errand, report);
}

static const struct errand_kind arrival_kind = {
	"judged this message", arrival_done, NULL
};

static void on_check(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct arena *arena = arena_new(CALL_ARENA);
	const struct value *arrival = value_find(args->options, "arrival",
						 VALUE_TRUTH);

	if (arena == NULL)
		service_fail(call, "Failed", "out of memory");
	else
		incoming_check(ctx, arrival != NULL && arrival->truth ?
			       &arrival_kind : &check_kind.kind, call, NULL,
			       service_args_take(args, 0),
			       incoming_question(arena, call, args->options));
	arena_free(arena);
}

const struct service_method front_incoming_methods[] = {
	{ "org.mailseal.Incoming1", "Check", check_options, on_check },
	{ "org.mailseal.Incoming1", "CheckMany", check_options,
	  incoming_check_many },
	{ "org.mailseal.Incoming1", "Find", NULL, incoming_find },
	{ "org.mailseal.Incoming1", "Newest", NULL, incoming_newest },
	{ "org.mailseal.Incoming1", "Forget", forget_options,
	  incoming_forget },
	{ "org.mailseal.Incoming1", "Suggest", NULL, incoming_suggest },
	{ NULL, NULL, NULL, NULL }
};
