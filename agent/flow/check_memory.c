/* check_memory.c - what the store may know of a message and its signatures */
#include "agent/flow/check_inside.h"
#include "agent/flow/memory.h"

/* When the message came: by its border, else when it was first seen. */
void check_arrived(struct check *check)
{
	const struct memory *memory = check->world->memory;
	int64_t when = 0;
	int r;

	check->arrived = check->world->now;
	if (check->trace.has_border && check->trace.border.date > 0) {
		check->arrived = check->trace.border.date;
		return;
	}
	if (memory == NULL || memory->first_seen == NULL)
		return;
	r = memory->first_seen(memory->ctx, check->id, &when);
	check->memory_silent = r < 0;
	if (r > 0 && when > 0 && when < check->arrived)
		check->arrived = when;
}

/* The header of a message that the user has, and another text below it. */
void check_replayed(struct check *check)
{
	const struct memory *memory = check->world->memory;
	struct facts *facts = &check->facts;
	const struct dkim_finding *one;
	size_t i;

	if (memory == NULL || memory->replayed == NULL)
		return;
	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->aligned && one->header_only &&
		    one->signature_sum != NULL && one->body_sum != NULL &&
		    memory->replayed(memory->ctx, one->signature_sum,
				     one->body_sum) > 0)
			facts->replayed = true;
	}
	if (facts->replayed)
		facts->altered_on_the_way = false;
}
