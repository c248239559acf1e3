/* prepare.c - the first half of a submission, a straight line */
#include "agent/flow/prepare.h"

#include <string.h>

#include "agent/base/err.h"
#include "agent/flow/prepare_header.h"
#include "agent/flow/prepare_inside.h"

/* The job, but for what mail_write() knows. */
static int job_make(struct prepare *prepare)
{
	const struct prepare_question *question = prepare->question;
	struct queue_job *job = &prepare->job;

	job->id = question->id;
	job->account = prepare->out->account->name;
	job->created = question->created;
	job->order = question->order;
	job->chosen = question->chosen;
	job->require_tls = prepare->out->account->require_tls;
	if (question->notify != NULL)
		job->notify = prepare_notify(prepare->arena,
					     question->notify);
	if (question->ret != NULL)
		job->ret = prepare_ret(question->ret);
	if (question->envelope_id != NULL)
		job->envelope_id = prepare_xtext(prepare->arena,
						 question->envelope_id);
	if ((question->notify != NULL && job->notify == NULL) ||
	    (question->ret != NULL && job->ret == NULL) ||
	    (question->envelope_id != NULL && job->envelope_id == NULL))
		return prepare_refuse(prepare, ERR_SYNTAX, "InvalidOption",
				      "The options for delivery status "
				      "notifications are never, or some of "
				      "success, failure and delay; full or "
				      "hdrs; and an id of at most 100 "
				      "characters.");
	return 0;
}

int prepare_mail(struct arena *arena, const struct accounts *accounts,
		 const struct prepare_question *question,
		 const struct memfile *message, int fd,
		 struct prepare_answer *out, const char **name,
		 struct buf *why)
{
	struct prepare prepare;
	int r;

	memset(&prepare, 0, sizeof(prepare));
	memset(out, 0, sizeof(*out));
	prepare.arena = arena;
	prepare.accounts = accounts;
	prepare.question = question;
	prepare.out = out;
	prepare.name = name;
	prepare.why = why;
	r = outgoing_read(arena, message, &prepare.message);
	if (r < 0)
		return prepare_refuse(&prepare, r, "InvalidMessage", "The "
				      "message's header is larger than %d kB, "
				      "or has more than %d fields.",
				      OUTGOING_HEADER_MAX / 1024,
				      OUTGOING_FIELDS_MAX);
	r = prepare_who(&prepare);
	if (r == 0)
		r = prepare_policy(&prepare);
	if (r == 0)
		r = job_make(&prepare);
	if (r == 0 && prepare.seals)
		r = prepare_seal_plan(&prepare);
	if (r == 0)
		r = prepare_envelopes(&prepare, PREPARE_ALONE_MAX);
	if (r < 0)
		return r;
	prepare_remark(&prepare);
	prepare_learn(&prepare);
	return prepare_write(&prepare, fd);
}
