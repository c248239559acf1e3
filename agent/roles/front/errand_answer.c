/* errand_answer.c - what a role answers, to who asked
 *
 * A role may answer what it was asked, once; and it is hung up on when it
 * answers what another one was asked. */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/roles/front/errand_inside.h"
#include "agent/roles/front/front.h"

#define FRAME_ARENA	(1024 * 1024)	/* one report */
#define NAME_LONGEST	64	/* letters of an error's name */
#define LETTERS		"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"abcdefghijklmnopqrstuvwxyz"

/* What nobody waits for any more may still be answered. */
static bool may_answer(const struct front *front, enum child_kind role,
		       uint32_t id)
{
	const struct errand *errand = errand_find(front, id);

	return errand == NULL || errand->role == role;
}

/* The kind is the first member of what it is then. */
static const struct errand_wire_kind *wire_kind(const struct errand *errand)
{
	return (const struct errand_wire_kind *)(const void *)errand->kind;
}

void errand_wire_done(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame)
{
	(void)frame;
	wire_kind(errand)->done(front, errand, report);
}

static void errand_end(struct errand *errand)
{
	if (errand->message >= 0 && !errand->lent)
		(void)close(errand->message);
	free(errand);
}

/* frame NULL: there is none that holds descriptors. */
static void answer(struct front *front, struct errand *errand,
		   struct bytes payload, struct frame *frame)
{
	struct arena *arena = arena_new(FRAME_ARENA);
	struct value *report = NULL;

	if (arena != NULL && value_decode(arena, payload, &report) == 0 &&
	    report->kind == VALUE_DICT) {
		errand->kind->done(front, errand, report, frame);
		errand_end(errand);
	} else {
		errand_fail(front, errand, "Failed", "The answer of a process "
			    "of mailseal could not be read; try again.");
	}
	arena_free(arena);
}

/* frame NULL: there is none that holds descriptors. */
static void report_take(struct front *front, uint32_t id,
			struct bytes payload, struct frame *frame)
{
	struct errand *errand = errand_take(front, id);

	if (errand == NULL)
		return;			/* the caller left, or gave up */
	if (errand->kind->done == errand_wire_done) {
		wire_kind(errand)->wire(front, errand, payload);
		errand_end(errand);
	} else {
		answer(front, errand, payload, frame);
	}
}

bool errand_report(struct front *front, enum child_kind role,
		   struct frame *frame)
{
	if (!may_answer(front, role, frame->id))
		return false;
	report_take(front, frame->id, frame->payload, frame);
	return true;
}

void errand_answer(struct front *front, enum child_kind role, uint32_t id,
		   struct bytes report)
{
	if (may_answer(front, role, id))
		report_take(front, id, report, NULL);
}

bool errand_failure(struct front *front, enum child_kind role,
		    struct frame *frame)
{
	struct errand *errand;
	struct arena *arena;
	const char *name = NULL, *sentence = NULL;
	struct value *dict = NULL;

	if (!may_answer(front, role, frame->id))
		return false;
	errand = errand_take(front, frame->id);
	if (errand == NULL)
		return true;
	arena = arena_new(FRAME_ARENA);
	if (arena != NULL && value_decode(arena, frame->payload, &dict) == 0) {
		name = value_text(dict, "name");
		sentence = value_text(dict, "sentence");
	}
	if (name == NULL || name[0] == 0 || strlen(name) > NAME_LONGEST ||
	    strspn(name, LETTERS) != strlen(name))
		name = "Failed";
	if (sentence == NULL)
		sentence = "It failed without a reason.";
	errand_fail(front, errand, name, sentence);
	arena_free(arena);
	return true;
}
