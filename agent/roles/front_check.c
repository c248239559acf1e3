/* front_check.c - checks in hand: from the bus to the reader and back */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/flow/check.h"
#include "agent/roles/front.h"

#define FRAME_ARENA	(1024 * 1024)	/* one report */
#define LATE_MS		4000	/* the reader's own deadline, and this */
#define PENDING_SLOTS	1024	/* a power of two */

/* A check in hand.  Its descriptor is kept to know the message by, should the
 * reader die of it. */
struct pending_check {
	struct pending_check *next;	/* of its slot */
	uint32_t id;
	int message;
	int64_t deadline;
	struct service_call *call;
};

struct pending {
	struct pending_check *slots[PENDING_SLOTS];
	size_t count;
};

static struct pending_check **slot_of(struct front *front, uint32_t id)
{
	return &front->pending->slots[id & (PENDING_SLOTS - 1)];
}

static struct pending_check *pending_take(struct front *front, uint32_t id)
{
	struct pending_check **at, *found;

	if (front->pending == NULL)
		return NULL;
	at = slot_of(front, id);
	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	found = *at;
	if (found != NULL) {
		*at = found->next;
		front->pending->count--;
	}
	return found;
}

static void pending_done(struct pending_check *check)
{
	if (check == NULL)
		return;
	(void)close(check->message);
	free(check);
}

static int pending_add(struct front *front, struct service_call *call,
		       int message, uint32_t *id)
{
	struct pending_check *check = calloc(1, sizeof(*check));

	if (check == NULL)
		return ERR_MEMORY;
	if (front->pending == NULL)
		front->pending = calloc(1, sizeof(*front->pending));
	if (front->pending == NULL) {
		free(check);
		return ERR_MEMORY;
	}
	*id = front->next_id++;
	check->id = *id;
	check->call = call;
	check->message = message;
	check->deadline = clock_now_ms() + CHECK_DEADLINE_MS + LATE_MS;
	check->next = *slot_of(front, *id);
	*slot_of(front, *id) = check;
	front->pending->count++;
	return 0;
}

static int check_send(struct front *front, uint32_t id, uint32_t caller,
		      int message, const struct value *options)
{
	struct arena *arena = arena_new(FRAME_ARENA);
	struct frame frame = { FRAME_CHECK, id, { NULL, 0 }, { message }, 1 };
	const struct value *member;
	struct value *dict;
	struct buf wire;
	int r;

	if (arena == NULL)
		return ERR_MEMORY;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	dict = value_dict(arena);
	value_put_number(arena, dict, "caller", caller);
	for (member = options->first; member != NULL; member = member->next)
		value_put_text(arena, dict, member->key, member->text);
	r = value_encode(dict, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = channel_send(front->children[CHILD_READER].fd, &frame);
	buf_free(&wire);
	arena_free(arena);
	return r;
}

/* Design 1: in hand at two deaths, it is not tried again by itself. */
static void answer_poisoned(struct service_call *call)
{
	struct arena *arena = arena_new(FRAME_ARENA);
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

void front_check(void *ctx, struct service_call *call, int message,
		 const struct value *options)
{
	struct front *front = ctx;
	struct pending_check *check;
	uint32_t id;
	int r;

	if (!child_is_up(front, CHILD_READER)) {
		(void)close(message);
		service_fail(call, "RoleDown", "The reader of mail ended "
			     "several times and stays down for half a minute; "
			     "try again then.");
		return;
	}
	if (poison_count(front->poison, message) >= POISON_DEATHS) {
		(void)close(message);
		answer_poisoned(call);
		return;
	}
	if (pending_add(front, call, message, &id) < 0) {
		(void)close(message);
		service_fail(call, "Failed", "out of memory");
		return;
	}
	r = check_send(front, id, service_caller(call), message, options);
	if (r == 0)
		return;
	check = pending_take(front, id);
	if (check == NULL)
		return;
	service_fail(call, "Failed", r == ERR_LIMIT ?
		     "The options are too long." :
		     "The reader of mail does not answer; try again.");
	pending_done(check);
	if (r != ERR_LIMIT)
		child_lost(front, CHILD_READER);
}

void front_gone(void *ctx, struct service_call *call)
{
	struct front *front = ctx;
	struct frame frame = { FRAME_CANCEL, 0, { NULL, 0 }, { 0 }, 0 };
	struct pending_check *check = NULL;
	size_t i;

	for (i = 0; front->pending != NULL && i < PENDING_SLOTS &&
	     check == NULL; i++)
		for (check = front->pending->slots[i]; check != NULL;
		     check = check->next)
			if (check->call == call)
				break;
	if (check == NULL)
		return;
	frame.id = check->id;
	(void)channel_send(front->children[CHILD_READER].fd, &frame);
	pending_done(pending_take(front, check->id));
}

void front_report(struct front *front, struct frame *frame)
{
	struct pending_check *check = pending_take(front, frame->id);
	struct arena *arena;
	struct value *report = NULL;

	if (check == NULL)
		return;			/* the caller left, or gave up */
	arena = arena_new(FRAME_ARENA);
	if (arena != NULL &&
	    value_decode(arena, frame->payload, &report) == 0 &&
	    report->kind == VALUE_DICT)
		service_answer(check->call, report);
	else
		service_fail(check->call, "Failed", "The reader's report could "
			     "not be read; try again.");
	arena_free(arena);
	pending_done(check);
}

void front_failure(struct front *front, struct frame *frame)
{
	struct pending_check *check;
	struct arena *arena = arena_new(FRAME_ARENA);
	struct value *dict = NULL;
	const char *name = NULL, *sentence = NULL;

	if (arena != NULL && value_decode(arena, frame->payload, &dict) == 0) {
		name = value_text(dict, "name");
		sentence = value_text(dict, "sentence");
	}
	if (name == NULL || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz") !=
			    strlen(name))
		name = "Failed";
	if (sentence == NULL)
		sentence = "The reader failed without a reason.";
	check = pending_take(front, frame->id);
	if (check != NULL) {
		service_fail(check->call, name, sentence);
		pending_done(check);
	} else {
		books_failed(front, frame->id, sentence);
	}
	arena_free(arena);
}

void pending_lost(struct front *front)
{
	struct pending_check *check;
	size_t i;

	if (front->pending == NULL)
		return;
	for (i = 0; i < PENDING_SLOTS; i++)
		while ((check = front->pending->slots[i]) != NULL) {
			(void)pending_take(front, check->id);
			poison_note(&front->poison, check->message);
			service_fail(check->call, "RoleDied", "The reader of "
				     "mail ended while it judged this "
				     "message; it runs again, try once more.");
			pending_done(check);
		}
}

void pending_expire(struct front *front, int64_t now)
{
	struct pending_check *check, *next;
	size_t i;

	if (front->pending == NULL || front->pending->count == 0)
		return;
	for (i = 0; i < PENDING_SLOTS; i++)
		for (check = front->pending->slots[i]; check != NULL;
		     check = next) {
			next = check->next;
			if (now < check->deadline)
				continue;
			(void)pending_take(front, check->id);
			service_fail(check->call, "TimedOut", "Judging took "
				     "too long; the message's file or this "
				     "machine is slow.  Try again.");
			pending_done(check);
		}
}

int64_t pending_next(const struct front *front)
{
	/* A second is fine enough for what should never happen. */
	if (front->pending == NULL || front->pending->count == 0)
		return -1;
	return clock_now_ms() + 1000;
}

void pending_free(struct front *front)
{
	struct pending_check *check;
	size_t i;

	for (i = 0; front->pending != NULL && i < PENDING_SLOTS; i++)
		while ((check = front->pending->slots[i]) != NULL)
			pending_done(pending_take(front, check->id));
	free(front->pending);
	front->pending = NULL;
}
