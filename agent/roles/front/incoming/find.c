/* find.c - Find: all judgements of a Message-ID, and Forget */
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/mail/address.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/roles/front/incoming/incoming.h"
#include "agent/store/judgement.h"
#include "agent/store/store.h"

#define FIND_ARENA	(16 * 1024 * 1024)
#define RECALL_MS	5000
#define ID_TEXT		(2 * JUDGEMENT_ID + 1)

struct find;
struct found {
	struct find *find;
	struct judgement_kept kept;
	char id[ID_TEXT];
	const struct value *report;
};

struct find {
	struct arena *arena;
	struct service_call *call;	/* NULL: the caller left */
	struct found *list;
	size_t count, left;
};

/* What is known of it without its facts: nothing that shows a name. */
static struct value *bare_report(struct arena *arena,
				 const struct found *found)
{
	const char *verdict = found->kept.verdict;
	struct value *report = value_dict(arena);
	bool bad = strcmp(verdict, "spoofed") == 0 ||
		   strcmp(verdict, "suspicious") == 0;

	value_put_text(arena, report, "id", found->id);
	value_put_text(arena, report, "verdict", bad ? verdict :
		       "unverified");
	value_put_text(arena, report, "display", bad ? "warning" : "address");
	value_put_number(arena, report, "judged", found->kept.judged);
	return report;
}

static void find_answer(struct find *find)
{
	struct value *holder = value_dict(find->arena);
	struct value *list = value_put_list(find->arena, holder, "found");
	const struct value *from;
	struct value *report;
	size_t i;

	for (i = 0; i < find->count; i++) {
		from = find->list[i].report;
		report = value_put_dict(find->arena, list, NULL);
		if (from == NULL || report == NULL) {
			service_fail(find->call, "Failed", "out of memory");
			return;
		}
		report->first = from->first;
		report->last = from->last;
		report->count = from->count;
	}
	if (list == NULL)
		service_fail(find->call, "Failed", "out of memory");
	else
		service_answer(find->call, list);
}

static void found_done(struct errand *errand, const struct value *report)
{
	struct found *found = errand->ctx;
	struct find *find = found->find;

	found->report = report;
	if (errand->call == NULL)
		find->call = NULL;
	if (--find->left > 0)
		return;
	if (find->call != NULL)
		find_answer(find);
	arena_free(find->arena);
}

static void recall_done(struct front *front, struct errand *errand,
			const struct value *report, struct frame *frame)
{
	struct found *found = errand->ctx;

	(void)front;
	(void)frame;
	found_done(errand, value_copy(found->find->arena, report));
}

static void recall_failed(struct front *front, struct errand *errand,
			  const char *name, const char *sentence)
{
	struct found *found = errand->ctx;

	(void)front;
	(void)name;
	(void)sentence;
	found_done(errand, bare_report(found->find->arena, found));
}

static const struct errand_kind recall_kind = {
	"looked up this message", recall_done, recall_failed
};

static void recall_start(struct front *front, struct found *found)
{
	struct arena *arena = found->find->arena;
	struct errand errand = {
		.kind = &recall_kind, .role = CHILD_READER,
		.deadline = clock_now_ms() + RECALL_MS,
		.call = found->find->call, .message = -1, .ctx = found
	};
	struct value *question = value_dict(arena);

	hex_write(found->kept.id, JUDGEMENT_ID, found->id);
	value_put_text(arena, question, "id", found->id);
	value_put_text(arena, question, "facts",
		       arena_text(arena, found->kept.facts));
	value_put_number(arena, question, "judged", found->kept.judged);
	(void)errand_start(front, &errand, FRAME_RECALL, question, NULL, 0);
}

/* With or without <>. */
static const char *bare_id(struct arena *arena, const char *message_id)
{
	struct bytes id = bytes_trim(bytes_of(message_id));

	if (id.len > 1 && id.data[0] == '<' && id.data[id.len - 1] == '>')
		id = bytes_slice(id, 1, id.len - 1);
	return arena_text(arena, bytes_trim(id));
}

void incoming_find(void *ctx, struct service_call *call,
		   struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(FIND_ARENA);
	struct judgement_kept kept[JUDGEMENT_SAME_MAX];
	struct find *find = NULL;
	const char *id = NULL;
	int count = -1, i;

	if (arena != NULL) {
		find = arena_alloc(arena, sizeof(*find));
		id = bare_id(arena, service_args_text(args, 0));
	}
	if (find != NULL && id != NULL && front->store != NULL)
		count = judgement_find_all(front->store, id, arena, kept,
					   JUDGEMENT_SAME_MAX);
	if (count > 0)
		find->list = arena_array(arena, (size_t)count,
					 sizeof(*find->list));
	if (count < 0 || (count > 0 && find->list == NULL)) {
		service_fail(call, "Failed", "The store cannot be asked; "
			     "mailseal status tells what is wrong with it.");
		arena_free(arena);
		return;
	}
	find->arena = arena;
	find->call = call;
	find->count = find->left = (size_t)count;
	if (count == 0) {
		find_answer(find);
		arena_free(arena);
		return;
	}
	/* The last one may be answered before this loop is left. */
	for (i = 0; i < count; i++) {
		find->list[i].find = find;
		find->list[i].kept = kept[i];
		recall_start(front, &find->list[i]);
	}
}

/* As addresses are kept: normal form, small letters.  NULL: it is none. */
static char *address_of(struct arena *arena, const char *text)
{
	const char *normal = NULL;
	struct mailbox mailbox;
	char *out = NULL;
	size_t i;

	if (address_parse(arena, bytes_of(text), &mailbox) == 0)
		normal = address_normal(arena, &mailbox);
	if (normal != NULL)
		out = arena_text(arena, bytes_of(normal));
	for (i = 0; out != NULL && out[i] != 0; i++)
		out[i] = (char)byte_lower((unsigned char)out[i]);
	return out;
}

static bool forget(struct front *front, struct arena *arena,
		   const char *what, const struct value *older,
		   unsigned *count)
{
	unsigned char id[JUDGEMENT_ID];
	char *address;

	if (older != NULL) {
		if (what[0] != 0 || older->number < 0)
			return false;
		*count = store_expire(front->store,
				      clock_wall() - older->number, 0);
		return true;
	}
	if (hex_read(what, id, sizeof(id))) {
		*count = judgement_forget(front->store, id);
		return true;
	}
	address = address_of(arena, what);
	if (address != NULL)
		*count = store_forget_address(front->store, address);
	return address != NULL;
}

void incoming_forget(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	struct value *values = value_dict(arena);
	unsigned count = 0;

	values = value_put_list(arena, values, "values");
	if (front->store == NULL || values == NULL) {
		service_fail(call, "Failed", "out of memory");
	} else if (!forget(front, arena, service_args_text(args, 0),
			   value_find(args->options, "older", VALUE_NUMBER),
			   &count)) {
		service_fail(call, "InvalidArgument", "What is to be forgotten "
			     "is an address, the id of a message (64 "
			     "hexadecimal digits), or nothing but the option "
			     "older, in seconds.");
	} else {
		memory_write_now(front);
		value_put_number(arena, values, NULL, count);
		service_reply(call, values, NULL, 0);
	}
	arena_free(arena);
}
