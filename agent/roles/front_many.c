/* front_many.c - CheckMany: up to 16 messages with one call, answered together
 * and in their order */
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front.h"
#include "agent/roles/front_incoming.h"

#define REPORTS_ARENA	(4 * 1024 * 1024)	/* 16 frames, decoded */

struct many;
struct one {
	struct many *many;
	const struct value *report;	/* in many::arena; NULL: none yet */
};

struct many {
	struct arena *arena;
	struct service_call *call;	/* NULL: the caller left */
	struct one list[SERVICE_FDS_MAX];
	size_t count, left;
};

static struct value *failure_report(struct arena *arena, const char *name,
				    const char *sentence)
{
	struct value *report = value_dict(arena);

	value_put_text(arena, report, "error", sentence);
	value_put_text(arena, report, "failure", name);
	value_put_text(arena, report, "verdict", "suspicious");
	value_put_text(arena, report, "display", "warning");
	return report;
}

static void many_answer(struct many *many)
{
	struct value *holder = value_dict(many->arena);
	struct value *list = value_put_list(many->arena, holder, "reports");
	struct value *report;
	size_t i;

	for (i = 0; i < many->count && list != NULL; i++) {
		report = value_put_dict(many->arena, list, NULL);
		if (report == NULL || many->list[i].report == NULL) {
			list = NULL;
			break;
		}
		report->first = many->list[i].report->first;
		report->last = many->list[i].report->last;
		report->count = many->list[i].report->count;
	}
	if (list != NULL)
		service_answer(many->call, list);
	else
		service_fail(many->call, "Failed", "The reports of these "
			     "messages are too long for one answer; ask for "
			     "fewer at once.");
}

static void one_done(struct errand *errand, const struct value *report)
{
	struct one *one = errand->ctx;
	struct many *many = one->many;

	one->report = report;
	if (errand->call == NULL)
		many->call = NULL;
	if (--many->left > 0)
		return;
	if (many->call != NULL)
		many_answer(many);
	arena_free(many->arena);
}

static void check_done(struct front *front, struct errand *errand,
		       const struct value *report, struct frame *frame)
{
	struct one *one = errand->ctx;

	(void)front;
	(void)frame;
	one_done(errand, value_copy(one->many->arena, report));
}

static void check_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	struct one *one = errand->ctx;

	(void)front;
	one_done(errand, failure_report(one->many->arena, name, sentence));
}

static const struct errand_kind many_kind = {
	"judged these messages", check_done, check_failed
};

void incoming_check_many(void *ctx, struct service_call *call,
			 struct service_args *args)
{
	struct arena *arena = arena_new(REPORTS_ARENA);
	struct many *many = NULL;
	struct value *question;
	size_t i, count = args->fd_count;

	if (arena != NULL)
		many = arena_alloc(arena, sizeof(*many));
	if (many == NULL) {
		arena_free(arena);
		service_fail(call, "Failed", "out of memory");
		return;
	}
	many->arena = arena;
	many->call = call;
	many->count = many->left = count;
	if (count == 0) {
		many_answer(many);
		arena_free(arena);
		return;
	}
	question = incoming_question(arena, call, args->options);
	/* The last one may be answered before this loop is left. */
	for (i = 0; i < count; i++) {
		many->list[i].many = many;
		incoming_check(ctx, &many_kind, call, &many->list[i],
			       service_args_take(args, i), question);
	}
}
