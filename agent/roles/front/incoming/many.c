/* many.c - CheckMany: up to 16 messages with one call, answered together
 * and in their order */
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/incoming.h"

#define REPORTS_ARENA	(2 * 1024 * 1024)	/* 16 frames */

struct many;
struct one {
	struct many *many;
	struct bytes report;		/* in many::arena; empty: none */
};

struct many {
	struct arena *arena;
	struct service_call *call;	/* NULL: the caller left */
	struct one list[SERVICE_FDS_MAX];
	size_t count, left;
};

static void many_answer(struct many *many)
{
	struct bytes reports[SERVICE_FDS_MAX];
	size_t i;

	for (i = 0; i < many->count; i++)
		reports[i] = many->list[i].report;
	service_answer_wire(many->call, SERVICE_LIST, reports, many->count);
}

static void one_done(struct errand *errand, struct bytes report)
{
	struct one *one = errand->ctx;
	struct many *many = one->many;

	one->report = arena_bytes(many->arena, report);
	if (errand->call == NULL)
		many->call = NULL;
	if (--many->left > 0)
		return;
	if (many->call != NULL)
		many_answer(many);
	arena_free(many->arena);
}

static void check_wire(struct front *front, struct errand *errand,
		       struct bytes report)
{
	(void)front;
	one_done(errand, report);
}

/* What the front itself says of it. */
static void check_done(struct front *front, struct errand *errand,
		       const struct value *report)
{
	struct buf wire;

	(void)front;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	(void)value_encode(report, &wire);
	one_done(errand, buf_bytes(&wire));
	buf_free(&wire);
}

static void check_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	struct arena *arena = arena_new(CALL_ARENA);
	struct value *report = value_dict(arena);

	value_put_text(arena, report, "error", sentence);
	value_put_text(arena, report, "failure", name);
	value_put_text(arena, report, "verdict", "suspicious");
	value_put_text(arena, report, "display", "warning");
	check_done(front, errand, report);
	arena_free(arena);
}

static const struct errand_wire_kind many_kind = {
	{ "judged these messages", errand_wire_done, check_failed },
	check_wire, check_done
};

bool incoming_is_of_many(const struct errand *errand)
{
	return errand->kind == &many_kind.kind;
}

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
		incoming_check(ctx, &many_kind.kind, call, &many->list[i],
			       service_args_take(args, i), question);
	}
}
