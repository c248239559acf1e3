/* prepare.c - PREPARE: a mail is made ready for the queue */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/account.h"
#include "agent/flow/leak.h"
#include "agent/flow/outgoing.h"
#include "agent/flow/prepare.h"
#include "agent/roles/role.h"
#include "agent/roles/role_seal.h"
#include "agent/roles/sender/sender.h"

#define OPTIONS_ARENA	(256 * 1024)
#define RECIPIENTS_MAX	(4 * 1024 * 1024)	/* bytes */
#define WHY_MAX		16384	/* names every recipient */

struct prepare_job {
	struct sender *sender;
	uint32_t id;
	struct arena *arena;		/* of the question */
	struct prepare_question question;
	int message, recipients, file, room;	/* descriptors; -1 */
	struct sender_job *job;		/* known to CANCEL */
	struct seal_job seal_job;
	struct role_seal_parts parts;
	struct role_seal seal;
	struct buf why;
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
	fd_close(job->room);
	sender_job_free(job->sender, job->job);
	role_seal_let_go(&job->seal);
	buf_free(&job->why);
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

/* Nobody's key is asked for where nothing can be to be sealed. */
static bool may_seal(const struct prepare_job *job)
{
	const struct accounts *accounts = &job->sender->accounts;
	size_t i;

	for (i = 0; i < accounts->count; i++)
		if (accounts->all[i].sign != ACCOUNT_SIGN_NONE ||
		    accounts->all[i].encrypt != ACCOUNT_ENCRYPT_NEVER)
			return true;
	return job->question.require != NULL || job->question.answers_sealed;
}

static int seal_hold(struct prepare_job *job, struct arena *arena)
{
	struct prepare_question *question = &job->question;
	int r;

	job->parts.keys = job->sender->keys;
	job->parts.authorities = job->sender->authorities;
	job->parts.openpgp = job->sender->openpgp;
	r = role_seal_hold(&job->seal, &job->parts);
	if (r < 0)
		return r;
	job->seal_job.world = &job->seal.world;
	job->seal_job.arena = arena;
	job->seal_job.why = &job->why;
	job->seal_job.deadline = clock_now_ms() + SEAL_LIMIT_MS;
	job->seal_job.cancel = &job->job->cancel_fd;
	question->job = &job->seal_job;
	question->places.resolver = job->sender->resolver;
	question->places.kept = sender_kept_ask;
	question->places.ctx = job->sender;
	question->room = &job->room;
	return 0;
}

/* The front asks the person for the key, and sends the request again. */
static bool tell_locked(struct prepare_job *job, struct arena *arena,
			const struct prepare_answer *out)
{
	struct value *report = value_dict(arena);
	const char *key = out->signer == NULL ||
		out->signer->fingerprint == NULL ? NULL :
		role_seal_key(&job->seal, arena, out->signer->fingerprint);

	if (key == NULL || report == NULL)
		return false;
	value_put_text(arena, report, "locked_key", key);
	role_report(job->id, report, NULL, 0);
	return true;
}

static int ask_answers(struct prepare_job *job, struct arena *arena,
		       const struct memfile *message)
{
	int r = sender_answers(job->sender, arena, message, &job->why);

	job->question.answers_sealed = r > 0;
	return r < 0 ? r : 0;
}

static int prepare_steps(struct prepare_job *job, struct arena *arena,
			 const struct memfile *message,
			 struct prepare_answer *out, const char **name)
{
	int r = refuse_keys(arena, message, name, &job->why);

	if (r == 0)
		r = ask_answers(job, arena, message);
	if (r == 0 && may_seal(job))
		r = seal_hold(job, arena);
	if (r == 0)
		r = prepare_mail(arena, &job->sender->accounts,
				 &job->question, message, job->file, out,
				 name, &job->why);
	return r;
}

static void prepare_work(void *ctx)		/* in a worker thread */
{
	struct prepare_job *job = ctx;
	struct arena *arena = arena_new(PREPARE_ARENA_MAX);
	struct memfile message, recipients;
	struct prepare_answer out;
	const char *name = "Failed";
	int first, second, r = ERR_MEMORY;

	memset(&out, 0, sizeof(out));
	first = memfile_open(job->message, OUTGOING_HEADER_MAX + 65536,
			     &message);
	second = memfile_open(job->recipients, RECIPIENTS_MAX, &recipients);
	job->message = job->recipients = -1;	/* handed over */
	job->question.recipients = recipients.bytes;
	if (first < 0 || second < 0)
		r = first < 0 ? first : second;
	else if (arena != NULL)
		r = prepare_steps(job, arena, &message, &out, &name);
	if (r == ERR_LOCKED && strcmp(name, "Failed") == 0)
		name = "Locked";
	if (r == 0)
		answer(job, arena, &out);
	else if (r != ERR_LOCKED || !tell_locked(job, arena, &out))
		role_fail(job->id, name, job->why.len > 0 ?
			  buf_string(&job->why) : err_sentence(r));
	memfile_close(&message);
	memfile_close(&recipients);
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
	job->seal_job.caller = *caller;
	job->seal_job.tty = value_text(dict, "tty");
	job->seal_job.display = value_text(dict, "display");
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
	job->room = frame_take(frame, 3);
	buf_init(&job->why, WHY_MAX);
	job->arena = arena_new(OPTIONS_ARENA);
	job->job = sender_job_new(sender, frame->id, clock_now_ms() +
				  SEAL_LIMIT_MS);
	r = job->arena == NULL || job->job == NULL ? ERR_MEMORY :
	    sender->settings == NULL || job->file < 0 ? ERR_PROTOCOL :
	    question_read(job, frame->payload, &caller);
	if (r == 0 && workers_add(sender->workers, caller, prepare_work,
				  job) == 0)
		return 0;
	job_free(job);
	if (r == 0)
		role_fail(frame->id, "Busy", "Too many mails are being "
			  "submitted; try again in a few seconds.");
	return r;
}
