/* hear.c - what each role may say, and who hears it */
#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/value.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/gpg.h"
#include "agent/roles/front/outgoing/queue.h"

#define STATE_ARENA	65536

static void on_ready(struct front *front, enum child_kind kind,
		     struct frame *frame)
{
	struct child *child = &front->children[kind];

	arena_free(child->arena);
	child->cage = NULL;
	child->arena = arena_new(STATE_ARENA);
	if (child->arena != NULL)
		(void)value_decode(child->arena, frame->payload, &child->cage);
	child->ready = true;
}

static void on_state(struct front *front, struct frame *frame)
{
	arena_free(front->state_arena);
	front->state = NULL;
	front->state_arena = arena_new(STATE_ARENA);
	if (front->state_arena != NULL)
		(void)value_decode(front->state_arena, frame->payload,
				   &front->state);
}

bool front_hear(struct front *front, enum child_kind kind,
		struct frame *frame)
{
	switch (frame->type) {
	case FRAME_READY:
		on_ready(front, kind, frame);
		return true;
	case FRAME_STATE:
		if (kind == CHILD_RESOLVER)
			on_state(front, frame);
		return kind == CHILD_RESOLVER;
	case FRAME_REPORT:
		return errand_report(front, kind, frame);
	case FRAME_FAILURE:
		return errand_failure(front, kind, frame);
	case FRAME_NEED:
		if (kind == CHILD_SENDER)
			secret_needed(front, frame);
		return kind == CHILD_SENDER;
	case FRAME_KEPT:
		return kind == CHILD_SENDER && front_kept(front, frame);
	case FRAME_ANSWERS:
		return kind == CHILD_SENDER && front_answers(front, frame);
	case FRAME_LOOKUP:
		return kind == CHILD_READER && memory_lookup(front, frame);
	case FRAME_JUDGED:
		return kind == CHILD_READER && memory_judged(front, frame);
	case FRAME_WANT:
		return child_wanted(front, kind, frame);
	case FRAME_AGENT:
		if (kind == CHILD_PGP)
			front_gpg_agent(front);
		return kind == CHILD_PGP;
	default:
		return false;
	}
}
