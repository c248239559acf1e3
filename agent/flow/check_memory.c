/* check_memory.c - what the store may know of a message and its signatures */
#include "agent/flow/addressee.h"
#include "agent/flow/check_inside.h"
#include "agent/flow/memory.h"

#define LONG_AGO	(7 * 24 * 3600)	/* queues give up before that */

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

/* A mailing list's copy of what the user has: it came through somebody to
 * whom its author sent it, and who has a name to lose. */
static const char *list_copy(struct check *check, size_t finding)
{
	static const char *const fields[] = { "To", "Cc" };
	const char *domain = NULL;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && domain == NULL;
	     i++)
		if (dkim_signature_covers(check->dkim, finding, fields[i]))
			domain = addressee_through(check->arena,
				check->message, fields[i],
				&check->world->own, &check->facts);
	return domain;
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
		if (!one->aligned || !one->header_only ||
		    one->signature_sum == NULL || one->body_sum == NULL ||
		    memory->replayed(memory->ctx, one->signature_sum,
				     one->body_sum) <= 0)
			continue;
		facts->copied_by = list_copy(check, i);
		if (facts->copied_by == NULL)
			facts->replayed = true;
	}
	if (facts->replayed) {
		facts->altered_on_the_way = false;
		facts->copied_by = NULL;
	}
}

/* Only a border tells when it came: what lies in a folder is old. */
void check_signed_before(struct check *check)
{
	struct facts *facts = &check->facts;
	const struct dkim_finding *one;
	int64_t newest = -1;
	size_t i;

	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result == RESULT_PASS && one->aligned &&
		    one->signed_at > newest)
			newest = one->signed_at;
	}
	if (newest >= 0 && check->trace.has_border &&
	    check->trace.border.date > newest &&
	    check->trace.border.date - newest > LONG_AGO)
		facts->signed_before =
			(uint64_t)(check->trace.border.date - newest);
}
