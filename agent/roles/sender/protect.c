/* protect.c - PROTECT, SIGN and ENCRYPT: a mail is sealed
 *
 * In a worker each.  What came out goes to the front as a descriptor; where it
 * is a pipe, the worker stays until it is read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/entity_sign.h"
#include "agent/flow/seal_people.h"
#include "agent/flow/seal_plan.h"
#include "agent/roles/role.h"
#include "agent/roles/role_seal.h"
#include "agent/roles/sender/sender.h"

#define PROTECT_ARENA	(48 * 1024 * 1024)
#define IN_MEMORY	(2 * 1024 * 1024)	/* octets of the message */
#define LINES_MAX	(4 * 1024 * 1024)	/* of recipients */
#define SENTENCE_MAX	16384
#define IDLE_MS		60000	/* a pipe that nobody reads is given up */

struct protect_work {
	struct sender *sender;
	struct sender_job *job;		/* known to CANCEL */
	uint32_t id;
	uint8_t type;			/* of the frame */
	int message, recipients, file;	/* -1: taken, or none */
	struct arena *arena;
	struct value *dict;
	struct memfile text, lines;
	struct spool *out;
	struct buf why;
	const char *error;		/* its name, where it is known */
	struct role_seal seal;
	struct seal_job seal_job;
	struct seal_plan plan;
	struct value *report;
};

static void fd_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static void work_free(struct protect_work *work)
{
	sender_job_free(work->sender, work->job);
	fd_close(work->message);
	fd_close(work->recipients);
	fd_close(work->file);
	memfile_close(&work->text);
	memfile_close(&work->lines);
	spool_free(work->out);
	role_seal_let_go(&work->seal);
	buf_free(&work->why);
	arena_free(work->arena);
	free(work);
}

static const char *name_of(const struct protect_work *work, int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ ERR_NOT_MAIL, "InvalidMessage" }, { ERR_LIMIT, "TooLarge" },
		{ ERR_GONE, "RoleDown" }, { ERR_TIMEOUT, "TimedOut" },
		{ ERR_LOCKED, "Locked" }, { ERR_REFUSED, "CannotProtect" },
		{ ERR_UNSUPPORTED, "CannotProtect" }, { ERR_IO, "Storage" },
	};
	size_t i;

	if (work->error != NULL)
		return work->error;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error)
			return names[i].name;
	return "Failed";
}

static void fail(struct protect_work *work, int error)
{
	struct bytes none = { NULL, 0 };
	struct buf sentence;
	const char *text;

	if (error == ERR_IO && work->out != NULL &&
	    spool_write(work->out, none) < 0) {
		buf_clear(&work->why);
		buf_text(&work->why, "The sealed message could not be written "
			 "to the disk: is it full? Nothing was sealed.");
	}
	text = work->why.len > 0 ? buf_string(&work->why) :
				   err_sentence(error);
	buf_init(&sentence, SENTENCE_MAX + 2);
	buf_text(&sentence, text);
	if (text[0] != 0 && text[strlen(text) - 1] != '.')
		buf_text(&sentence, ".");
	role_fail(work->id, name_of(work, error), buf_string(&sentence));
	buf_free(&sentence);
}

/* --- what is asked for */

static bool truth_of(const struct protect_work *work, const char *key)
{
	const struct value *found = value_find(work->dict, key, VALUE_TRUTH);

	return found != NULL && found->truth;
}

static int people_read(struct protect_work *work, struct seal_people *out)
{
	const struct accounts *accounts = &work->sender->accounts;
	const char *sender = value_text(work->dict, "sender");
	int r;

	if (work->type == FRAME_PROTECT)
		r = seal_people_of_message(&work->seal_job, &work->text,
					   work->lines.bytes, sender, out);
	else
		r = seal_people_of_entity(&work->seal_job, work->lines.bytes,
					  sender, out);
	work->error = out->error;
	/* There is one user here. */
	if (r == 0 && out->author == NULL &&
	    value_text(work->dict, "key") == NULL && accounts->count > 0 &&
	    accounts->all[0].address_count > 0)
		out->author = accounts->all[0].addresses[0];
	return r;
}

static int plan_make(struct protect_work *work)
{
	struct seal_plan_question question;
	struct seal_people people;
	int answers, r = people_read(work, &people);

	if (r < 0)
		return r;
	/* Where the caller leaves it to us whether it is encrypted. */
	answers = work->type == FRAME_PROTECT &&
		  (truth_of(work, "policy") ||
		   truth_of(work, "opportunistic")) ?
		  sender_answers(work->sender, work->arena,
				 &work->text, &work->why) : 0;
	if (answers < 0)
		return answers;
	memset(&question, 0, sizeof(question));
	question.wishes.answers_sealed = answers > 0;
	question.accounts = &work->sender->accounts;
	question.author = people.author;
	question.shown = people.shown.all;
	question.shown_count = people.shown.count;
	question.hidden = people.hidden.all;
	question.hidden_count = people.hidden.count;
	question.wishes.policy = truth_of(work, "policy");
	question.wishes.sign = work->type == FRAME_SIGN ||
			       truth_of(work, "sign");
	question.wishes.encrypt = work->type == FRAME_ENCRYPT ||
				  truth_of(work, "encrypt");
	question.wishes.opportunistic = truth_of(work, "opportunistic");
	question.wishes.split = truth_of(work, "split");
	question.wishes.scheme = value_text(work->dict, "scheme");
	question.wishes.key = value_text(work->dict, "key");
	question.places.resolver = work->sender->resolver;
	question.places.kept = sender_kept_ask;
	question.places.ctx = work->sender;
	r = seal_plan_make(&work->seal_job, &question, &work->plan);
	if (r < 0 && work->plan.error != NULL)
		work->error = work->plan.error;
	return r;
}

/* --- doing it */

static int copy(struct protect_work *work)
{
	struct range range = { &work->text, NULL, 0, work->text.size };
	struct range_reader reader;
	struct source from = source_of_range(&reader, &range);
	struct sink to = sink_of_spool(work->out);
	struct value *report = value_dict(work->arena);
	int r = stream_copy(&from, &to);

	value_put_truth(work->arena, report, "signed", false);
	value_put_truth(work->arena, report, "encrypted", false);
	value_put_number(work->arena, report, "size",
			 (int64_t)work->text.size);
	work->report = report;
	return r;
}

static int entity_seal(struct protect_work *work, struct protect_order *order)
{
	const char *form = value_text(work->dict, "form");
	bool part = form != NULL && strcmp(form, "part") == 0;
	int r;

	if (form != NULL && !part &&
	    strcmp(form, work->type == FRAME_SIGN ? "signature" :
		   "object") != 0) {
		work->error = "InvalidOption";
		buf_print(&work->why, "There is no form \"%.40s\" here; it is "
			  "%s or part.", form, work->type == FRAME_SIGN ?
			  "signature" : "object");
		return ERR_REFUSED;
	}
	order->form = part ? PROTECT_PART : PROTECT_OBJECT;
	r = work->type == FRAME_SIGN && !part ?
	    entity_sign(&work->seal_job, &work->text, order, work->out,
			&work->report) :
	    protect_entity(&work->seal_job, &work->text, order, work->out,
			   &work->report);
	if (r == 0)
		value_put_text(work->arena, work->report, "covers", "part");
	return r;
}

static int seal(struct protect_work *work)
{
	struct protect_order *order = &work->plan.envelopes[0].order;

	work->out = spool_new(work->file, NULL);
	work->file = -1;		/* handed over */
	if (work->out == NULL)
		return ERR_MEMORY;
	if (order->scheme == NULL)
		return copy(work);
	if (work->type == FRAME_PROTECT)
		return protect_message(&work->seal_job, &work->text, order,
				       work->out, &work->report);
	return entity_seal(work, order);
}

static int deliver(struct protect_work *work)
{
	int fd = -1, r = spool_release(work->out, NULL, 0, &fd);

	if (r < 0)
		return r;
	sender_protect_report(&work->seal, work->arena, &work->plan,
			      work->report);
	role_report(work->id, work->report, &fd, 1);
	(void)close(fd);
	if (spool_has_pipe(work->out))
		(void)spool_pump(work->out, IDLE_MS);
	return 0;
}

/* The front asks the person for the key, and sends the request again. */
static bool tell_locked(struct protect_work *work)
{
	const struct seal_key *signer =
		work->plan.envelopes[0].order.signer;
	struct value *report = value_dict(work->arena);
	const char *key = signer == NULL || signer->fingerprint == NULL ?
		NULL : role_seal_key(&work->seal, work->arena,
				     signer->fingerprint);

	if (key == NULL || report == NULL)
		return false;
	value_put_text(work->arena, report, "locked_key", key);
	role_report(work->id, report, NULL, 0);
	return true;
}

static int files_open(struct protect_work *work)
{
	int r = memfile_open(work->message, IN_MEMORY, &work->text), s = 0;

	if (work->recipients >= 0)
		s = memfile_open(work->recipients, LINES_MAX, &work->lines);
	work->message = work->recipients = -1;	/* handed over */
	return r < 0 ? r : s;
}

static void protect_run(void *ctx)		/* in a worker thread */
{
	struct protect_work *work = ctx;
	const struct role_seal_parts parts = {
		work->sender->keys, work->sender->authorities,
		work->sender->openpgp
	};
	int r = files_open(work);

	if (r == 0)
		r = role_seal_hold(&work->seal, &parts);
	work->seal_job.world = &work->seal.world;
	if (r == 0)
		r = plan_make(work);
	if (r == 0) {
		r = seal(work);
		if (r == ERR_LOCKED && tell_locked(work)) {
			work_free(work);
			return;
		}
	}
	if (r == 0)
		r = deliver(work);
	if (r < 0)
		fail(work, r);
	work_free(work);
}

/* --- a frame comes */

static int work_read(struct protect_work *work, struct frame *frame)
{
	const struct value *caller;
	size_t nth = 0;
	int r = value_decode(work->arena, frame->payload, &work->dict);

	if (r < 0)
		return r;
	work->message = frame_take(frame, nth++);
	if (work->type != FRAME_SIGN)
		work->recipients = frame_take(frame, nth++);
	work->file = frame_take(frame, nth);
	caller = value_find(work->dict, "caller", VALUE_NUMBER);
	if (caller == NULL || caller->number < 0 ||
	    caller->number > UINT32_MAX ||
	    (work->type != FRAME_SIGN && work->recipients < 0))
		return ERR_PROTOCOL;
	work->seal_job.arena = work->arena;
	work->seal_job.why = &work->why;
	work->seal_job.caller = (uint32_t)caller->number;
	work->seal_job.cancel = &work->job->cancel_fd;
	work->seal_job.deadline = clock_now_ms() + SEAL_LIMIT_MS;
	work->seal_job.tty = value_text(work->dict, "tty");
	work->seal_job.display = value_text(work->dict, "display");
	return 0;
}

int sender_protect(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct protect_work *work = calloc(1, sizeof(*work));
	int r;

	if (work == NULL)
		return ERR_MEMORY;
	work->sender = sender;
	work->id = frame->id;
	work->type = frame->type;
	work->message = work->recipients = work->file = -1;
	work->text.fd = work->lines.fd = -1;
	buf_init(&work->why, SENTENCE_MAX);
	work->arena = arena_new(PROTECT_ARENA);
	work->job = sender_job_new(sender, frame->id, clock_now_ms() +
				   SEAL_LIMIT_MS);
	r = work->arena == NULL || work->job == NULL ? ERR_MEMORY :
	    sender->settings == NULL ? ERR_PROTOCOL : work_read(work, frame);
	if (r < 0) {
		work_free(work);
		return r;
	}
	if (workers_add(sender->workers, work->seal_job.caller, protect_run,
			work) == 0)
		return 0;
	role_fail(work->id, "Busy", "Too many messages wait to be sealed; try "
		  "again in a few seconds.");
	work_free(work);
	return 0;
}
