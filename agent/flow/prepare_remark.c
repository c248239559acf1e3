/* prepare_remark.c - how the mail leaves, as its receipt will say it */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/prepare_inside.h"

/* One line, not too long, cut between characters. */
static const char *line_of(struct arena *arena, const char *text)
{
	size_t len = strlen(text), i;
	char *line;

	if (len > QUEUE_REMARK_MAX) {
		len = QUEUE_REMARK_MAX;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	line = arena_text(arena, (struct bytes){ (const unsigned char *)text,
						 len });
	for (i = 0; line != NULL && i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	return line;
}

static void remark_add(struct prepare *prepare, const char *code,
		       const char *text)
{
	struct queue_job *job = &prepare->job;
	struct queue_remark *remark = &job->remarks[job->remark_count];

	if (code == NULL || text == NULL ||
	    job->remark_count == QUEUE_REMARKS_MAX)
		return;
	remark->code = code;
	remark->text = line_of(prepare->arena, text);
	if (remark->text != NULL)
		job->remark_count++;
}

void prepare_remark(struct prepare *prepare)
{
	const struct seal_plan *plan = &prepare->plan;
	const struct value *reason = plan->reasons == NULL ? NULL :
				     plan->reasons->first;
	struct queue_job *job = &prepare->job;

	job->is_signed = prepare->has.sign;
	job->is_encrypted = prepare->has.encrypt;
	if (prepare->seals) {
		job->scheme = plan->scheme->word;
		job->is_signed = prepare->out->signer != NULL;
		job->is_encrypted = plan->encrypts;
	}
	for (; reason != NULL; reason = reason->next)
		remark_add(prepare, value_text(reason, "code"),
			   value_text(reason, "text"));
	if (prepare->plain_because != NULL)
		remark_add(prepare, "not-encrypted", prepare->plain_because);
}
