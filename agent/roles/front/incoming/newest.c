/* newest.c - Newest: what was judged last, by Message-ID
 *
 * For clients that show lists and can ask for no message: each Message-ID
 * once, with the worst of what is remembered of it (anybody can copy one),
 * judged anew with today's contacts.  A few at a time with the reader. */
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/roles/front/incoming/incoming.h"
#include "agent/store/judgement.h"

#define NEWEST_ARENA	(16 * 1024 * 1024)
#define ONE_ARENA	(256 * 1024)	/* a judgement with its facts */
#define NEWEST_MAX	5000
#define IN_HAND_MAX	32
#define RECALL_MS	10000
#define ID_TEXT		(2 * JUDGEMENT_ID + 1)

struct newest {
	struct front *front;
	struct arena *arena;
	struct service_call *call;	/* NULL: the caller left */
	struct value *list;		/* of the answer */
	const char **names;
	size_t count, room, next, in_hand;
	bool going;			/* the loop runs */
};

struct one {
	struct newest *newest;
	const char *name;
	struct value *entry;
};

static void newest_go_on(struct newest *newest);

static void newest_end(struct newest *newest)
{
	if (newest->call != NULL)
		service_answer(newest->call, newest->list);
	arena_free(newest->arena);
}

static void one_end(struct one *one, const struct errand *errand,
		    const char *verdict, const char *display)
{
	struct newest *newest = one->newest;

	value_put_text(newest->arena, one->entry, "verdict", verdict);
	value_put_text(newest->arena, one->entry, "display", display);
	if (errand->call == NULL)
		newest->call = NULL;
	newest->in_hand--;
	newest_go_on(newest);
}

static void one_done(struct front *front, struct errand *errand,
		     const struct value *report, struct frame *frame)
{
	const char *verdict = value_text(report, "verdict");
	const char *display = value_text(report, "display");

	(void)front;
	(void)frame;
	one_end(errand->ctx, errand, verdict == NULL ? "unverified" : verdict,
		display == NULL ? "address" : display);
}

static void one_failed(struct front *front, struct errand *errand,
		       const char *name, const char *sentence)
{
	(void)front;
	(void)name;
	(void)sentence;
	one_end(errand->ctx, errand, "unverified", "address");
}

static const struct errand_kind newest_kind = {
	"looked up messages", one_done, one_failed
};

/* What is not known any more is left out. */
static void one_start(struct newest *newest, const char *name)
{
	struct arena *arena = arena_new(ONE_ARENA);
	struct one *one = arena_alloc(newest->arena, sizeof(*one));
	struct errand errand = {
		.kind = &newest_kind, .role = CHILD_READER,
		.deadline = clock_now_ms() + RECALL_MS,
		.call = newest->call, .message = -1, .ctx = one
	};
	struct judgement_kept worst;
	struct value *question;
	char id[ID_TEXT];
	bool found;

	found = arena != NULL && one != NULL &&
		judgement_find_all(newest->front->store, name, arena, &worst,
				   1) == 1;
	if (found) {
		one->newest = newest;
		one->entry = value_put_dict(newest->arena, newest->list, NULL);
		hex_write(worst.id, JUDGEMENT_ID, id);
		value_put_text(newest->arena, one->entry, "message_id", name);
		value_put_text(newest->arena, one->entry, "id", id);
		question = value_dict(arena);
		value_put_text(arena, question, "id", id);
		value_put_text(arena, question, "facts",
			       arena_text(arena, worst.facts));
		value_put_number(arena, question, "judged", worst.judged);
		newest->in_hand++;
		(void)errand_start(newest->front, &errand, FRAME_RECALL,
				   question, NULL, 0);
	}
	arena_free(arena);
}

/* An errand that fails at once comes back here from inside one_start(): then
 * the loop that runs goes on with it. */
static void newest_go_on(struct newest *newest)
{
	if (newest->going)
		return;
	newest->going = true;
	while (newest->next < newest->count &&
	       newest->in_hand < IN_HAND_MAX)
		one_start(newest, newest->names[newest->next++]);
	newest->going = false;
	if (newest->next >= newest->count && newest->in_hand == 0)
		newest_end(newest);
}

static void name_take(void *ctx, const char *message_id)
{
	struct newest *newest = ctx;
	const char *copy = arena_text(newest->arena, bytes_of(message_id));

	if (newest->count < newest->room && copy != NULL)
		newest->names[newest->count++] = copy;
}

void incoming_newest(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(NEWEST_ARENA);
	const struct value *most = service_args_value(args, 0);
	struct newest *newest = NULL;

	if (arena != NULL)
		newest = arena_alloc(arena, sizeof(*newest));
	if (newest != NULL) {
		newest->room = most->number > NEWEST_MAX ? NEWEST_MAX :
			       (size_t)most->number;
		newest->names = arena_array(arena, newest->room + 1,
					    sizeof(*newest->names));
		newest->list = value_put_list(arena, value_dict(arena),
					      "newest");
	}
	if (newest == NULL || newest->names == NULL || newest->list == NULL) {
		service_fail(call, "Failed", "out of memory");
		arena_free(arena);
		return;
	}
	newest->front = front;
	newest->arena = arena;
	newest->call = call;
	if (front->store != NULL)
		(void)judgement_newest(front->store, newest->room, name_take,
				       newest);
	newest_go_on(newest);
}
