/* prepare.c - PREPARE: a mail is made ready for the queue */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/account.h"
#include "agent/flow/leak.h"
#include "agent/flow/outgoing.h"
#include "agent/flow/prepare.h"
#include "agent/roles/role.h"
#include "agent/roles/sender/sender.h"

#define OPTIONS_ARENA	(256 * 1024)
#define RECIPIENTS_MAX	(4 * 1024 * 1024)	/* bytes */
#define WHY_MAX		2048

struct prepare_job {
	struct sender *sender;
	uint32_t id;
	struct arena *arena;		/* of the question */
	struct prepare_question question;
	int message, recipients, file;	/* descriptors; -1 */
};

static void fd_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static void job_free(struct prepare_job *job)
{
	if (job == NULL)
		return;
	fd_close(job->message);
	fd_close(job->recipients);
	fd_close(job->file);
	arena_free(job->arena);
	free(job);
}

static void answer(const struct prepare_job *job, struct arena *arena,
		   const struct prepare_answer *from)
{
	struct value *report = value_dict(arena);

	value_put_text(arena, report, "account", from->account->name);
	value_put_text(arena, report, "message_id", from->message_id);
	value_put_number(arena, report, "recipients",
			 (int64_t)from->recipients);
	value_put_number(arena, report, "size", (int64_t)from->size);
	role_report(job->id, report, NULL, 0);
}

/* A key file that a link or a program put there is not sent. */
static int refuse_keys(struct arena *arena, const struct memfile *message,
		       const char **name, struct buf *why)
{
	const char *part;
	int r = leak_find(arena, message, &part);

	if (r <= 0)
		return r == ERR_LIMIT ? 0 : r;	/* others say so better */
	*name = "Refused";
	buf_print(why, "The message brings a private key along%s%s; whoever "
		  "has it can sign and read as you. It was not sent: take it "
		  "out.", part[0] == 0 ? "" : " as part ", part);
	return ERR_REFUSED;
}

static void prepare_work(void *ctx)		/* in a worker thread */
{
	struct prepare_job *job = ctx;
	struct arena *arena = arena_new(PREPARE_ARENA_MAX);
	struct memfile message, recipients;
	struct prepare_answer out;
	const char *name = "Failed";
	struct buf why;
	int first, second, r = ERR_MEMORY;

	buf_init(&why, WHY_MAX);
	first = memfile_open(job->message, OUTGOING_HEADER_MAX + 65536,
			     &message);
	second = memfile_open(job->recipients, RECIPIENTS_MAX, &recipients);
	job->message = job->recipients = -1;	/* handed over */
	job->question.recipients = recipients.bytes;
	if (first < 0 || second < 0)
		r = first < 0 ? first : second;
	else if (arena != NULL)
		r = refuse_keys(arena, &message, &name, &why);
	if (r == 0)
		r = prepare_mail(arena, &job->sender->accounts,
				 &job->question, &message, job->file, &out,
				 &name, &why);
	if (r == 0)
		answer(job, arena, &out);
	else
		role_fail(job->id, name, why.len > 0 ? buf_string(&why) :
			  err_sentence(r));
	memfile_close(&message);
	memfile_close(&recipients);
	buf_free(&why);
	arena_free(arena);
	job_free(job);
}

static const struct value *number_of(const struct value *dict,
				     const char *key)
{
	const struct value *number = value_find(dict, key, VALUE_NUMBER);

	return number == NULL || number->number < 0 ? NULL : number;
}

static int question_read(struct prepare_job *job, struct bytes payload,
			 uint32_t *caller)
{
	struct prepare_question *question = &job->question;
	const struct value *number, *created, *order, *read, *chosen;
	struct value *dict;
	int r = value_decode(job->arena, payload, &dict);

	if (r < 0)
		return r;
	number = number_of(dict, "caller");
	created = number_of(dict, "created");
	order = number_of(dict, "order");
	read = value_find(dict, "read_recipients", VALUE_TRUTH);
	chosen = value_find(dict, "chosen", VALUE_TRUTH);
	question->chosen = chosen != NULL && chosen->truth;
	question->id = value_text(dict, "id");
	question->sender = value_text(dict, "sender");
	if (number == NULL || number->number > UINT32_MAX ||
	    created == NULL || order == NULL || question->id == NULL ||
	    question->sender == NULL)
		return ERR_PROTOCOL;
	*caller = (uint32_t)number->number;
	question->created = created->number;
	question->order = (uint64_t)order->number;
	question->read_recipients = read != NULL && read->truth;
	question->account = value_text(dict, "account");
	question->full_name = value_text(dict, "full_name");
	question->require = value_text(dict, "require");
	question->notify = value_text(dict, "notify");
	question->ret = value_text(dict, "ret");
	question->envelope_id = value_text(dict, "envelope_id");
	return 0;
}

int sender_prepare(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct prepare_job *job = calloc(1, sizeof(*job));
	uint32_t caller = 0;
	int r;

	if (job == NULL)
		return ERR_MEMORY;
	job->sender = sender;
	job->id = frame->id;
	job->message = frame_take(frame, 0);
	job->recipients = frame_take(frame, 1);
	job->file = frame_take(frame, 2);
	job->arena = arena_new(OPTIONS_ARENA);
	r = job->arena == NULL ? ERR_MEMORY : sender->settings == NULL ?
		ERR_PROTOCOL : question_read(job, frame->payload, &caller);
	if (r == 0 && workers_add(sender->workers, caller, prepare_work,
				  job) == 0)
		return 0;
	job_free(job);
	if (r == 0)
		role_fail(frame->id, "Busy", "Too many mails are being "
			  "submitted; try again in a few seconds.");
	return r;
}
