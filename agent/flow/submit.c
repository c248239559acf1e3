/* submit.c - the second half of a submission, a straight line */
#include "agent/flow/submit.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/desk/queue_file.h"
#include "agent/flow/account.h"
#include "agent/smtp/auth.h"
#include "agent/smtp/mail.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/wire.h"

#define RECORDS_MAX (4 * 1024 * 1024)	/* bytes of one transaction's */

struct submit {
	struct arena *arena;
	const struct account *account;
	const struct submit_world *world;
	int fd;
	struct submit_result *out;
	struct queue_file file;
	struct smtp_session session;
	/* Of the envelope in hand: */
	struct smtp_recipient *to;
	size_t *number;			/* each one's in the job */
	size_t count;
	bool *recorded;
	bool *members;			/* all of the job's, for records */
};

/* --- recording */

/* Records go out in one write each.  Negative: the disk says no. */
static int record(struct submit *submit, struct buf *records,
		  enum queue_safety safety)
{
	int r = queue_log_add(submit->fd, records, safety);

	buf_free(records);
	return r;
}

static bool same_fate(const struct smtp_recipient *a,
		      const struct smtp_recipient *b)
{
	return a->fate == b->fate && a->code == b->code &&
	       strcmp(a->status, b->status) == 0 &&
	       strcmp(a->text, b->text) == 0;
}

/* Those of one answer on one line. */
static void fate_print(struct submit *submit, size_t first, struct buf *to)
{
	const struct smtp_recipient *like = &submit->to[first];
	size_t i;

	memset(submit->members, 0, submit->file.job.recipient_count *
	       sizeof(*submit->members));
	for (i = first; i < submit->count; i++) {
		if (submit->recorded[i] ||
		    submit->to[i].decision != SMTP_DECIDED ||
		    !same_fate(like, &submit->to[i]))
			continue;
		submit->recorded[i] = true;
		submit->members[submit->number[i]] = true;
	}
	queue_log_fate(to, submit->world->now(), like->fate, like->code,
		       like->status, submit->members,
		       submit->file.job.recipient_count, like->text);
}

static void fates_record(struct submit *submit)
{
	bool taken = false;
	struct buf records;
	size_t i;

	buf_init(&records, RECORDS_MAX);
	for (i = 0; i < submit->count; i++)
		if (!submit->recorded[i] &&
		    submit->to[i].decision == SMTP_DECIDED) {
			taken = taken || submit->to[i].fate == SMTP_TAKEN;
			fate_print(submit, i, &records);
		}
	if (records.len == 0)
		buf_free(&records);
	else if (record(submit, &records, QUEUE_ON_DISK) < 0 && taken)
		submit->out->unrecorded = true;
}

/* Before the message's end: what may have been taken from now on. */
static int before_end(void *ctx)
{
	struct submit *submit = ctx;
	struct buf records;
	size_t i;
	int r;

	memset(submit->members, 0, submit->file.job.recipient_count *
	       sizeof(*submit->members));
	for (i = 0; i < submit->count; i++)
		if (submit->to[i].decision == SMTP_ACCEPTED)
			submit->members[submit->number[i]] = true;
	buf_init(&records, RECORDS_MAX);
	queue_log_ending(&records, submit->world->now(), submit->members,
			 submit->file.job.recipient_count);
	r = record(submit, &records, QUEUE_WRITTEN);
	if (r == 0 && !submit->world->may_end(submit->world->ctx))
		r = ERR_REFUSED;
	return r;
}

static void answered(void *ctx, const struct smtp_outcome *outcome)
{
	(void)outcome;
	fates_record(ctx);
}

/* --- one envelope */

static bool recipients_take(struct submit *submit,
			    const struct queue_envelope *envelope)
{
	const struct queue_job *job = &submit->file.job;
	size_t i, nth;

	submit->count = 0;
	memset(submit->recorded, 0, job->recipient_count *
	       sizeof(*submit->recorded));
	for (i = 0; i < envelope->count; i++) {
		nth = envelope->first + i;
		if (submit->file.state.fates[nth].standing != QUEUE_OPEN &&
		    submit->file.state.fates[nth].standing != QUEUE_ENDING)
			continue;
		memset(&submit->to[submit->count], 0, sizeof(*submit->to));
		submit->to[submit->count].address =
			job->recipients[nth].address;
		submit->number[submit->count++] = nth;
	}
	return submit->count > 0;
}

/* False: the session is of no use any more. */
static bool envelope_send(struct submit *submit,
			  const struct queue_envelope *envelope)
{
	const struct queue_job *job = &submit->file.job;
	struct smtp_watch watch = { before_end, answered, submit };
	struct queue_mail_reader reader;
	struct smtp_outcome outcome;
	struct source source;
	struct smtp_mail mail;

	source = queue_mail_source(&reader, submit->fd, envelope->offset,
				   envelope->size);
	memset(&mail, 0, sizeof(mail));
	mail.sender = envelope->sender;
	mail.recipients = submit->to;
	mail.count = submit->count;
	mail.source = &source;
	mail.size = envelope->size;
	mail.eight_bit = envelope->eight_bit;
	mail.utf8 = envelope->utf8;
	mail.utf8_header = envelope->utf8_header;
	mail.require_tls = job->require_tls;
	mail.ret = job->ret;
	mail.envelope_id = job->envelope_id;
	mail.notify = job->notify;
	mail.watch = &watch;
	mail_send(&submit->session, &mail, &outcome);
	fates_record(submit);
	/* The worst of all envelopes; what was taken is no news. */
	if (outcome.fate != SMTP_TAKEN ||
	    submit->out->outcome.fate == SMTP_TAKEN)
		submit->out->outcome = outcome;
	return !submit->session.broken;
}

/* --- the session */

static bool binding_of(const struct submit_link *link,
		       struct wire_binding *binding)
{
	memset(binding, 0, sizeof(*binding));
	return link->wire.binding != NULL &&
	       link->wire.binding(link->wire.ctx, binding);
}

static bool login(struct submit *submit)
{
	const struct account *account = submit->account;
	struct submit_result *out = submit->out;
	struct sasl_login login = { account->way, account->user, NULL,
				    out->link.host, out->link.port, NULL };
	struct wire_binding binding;
	struct buf secret, why;
	bool in = false;
	int r = 0;

	if (!account->has_password && account->way != SASL_EXTERNAL)
		return true;
	memset(&secret, 0, sizeof(secret));
	buf_init(&why, OUTCOME_TEXT_MAX - 1);
	if (account->way != SASL_EXTERNAL) {
		r = secret_init(&secret, SECRET_MAX);
		if (r == 0)
			r = submit->world->password(submit->world->ctx,
						    account, &secret, &why);
		login.secret = &secret;
	}
	if (binding_of(&out->link, &binding))
		login.binding = &binding;
	if (r < 0)
		outcome_ours(&out->outcome, SMTP_DENIED, SMTP_AT_LOGIN, "%s",
			     why.len > 0 ? buf_string(&why) :
			     err_sentence(r));
	else
		in = session_login(&submit->session, &login, &out->outcome);
	secret_free(&secret);
	buf_free(&why);
	if (!in && out->outcome.fate == SMTP_DENIED)
		out->cause = QUEUE_CAUSE_LOGIN;
	return in;
}

/* What a server says before the first mail is about itself. */
static bool session_begin(struct submit *submit)
{
	struct submit_result *out = submit->out;

	out->cause = QUEUE_CAUSE_SERVER;
	if (!session_open(&submit->session, out->link.start,
			  &out->outcome) || !login(submit))
		return false;
	out->cause = QUEUE_CAUSE_MAIL;
	out->require_tls = submit->file.job.require_tls &&
		(submit->session.ehlo.can & EHLO_REQUIRETLS) != 0;
	return true;
}

static void envelopes_send(struct submit *submit)
{
	const struct queue_job *job = &submit->file.job;
	bool alive = true;
	size_t i;

	outcome_ours(&submit->out->outcome, SMTP_TAKEN, SMTP_AT_END,
		     "there was nothing left to send");
	for (i = 0; alive && i < job->envelope_count; i++)
		if (recipients_take(submit, &job->envelopes[i]))
			alive = envelope_send(submit, &job->envelopes[i]);
}

static int arrays_make(struct submit *submit)
{
	size_t count = submit->file.job.recipient_count;

	submit->to = arena_array(submit->arena, count, sizeof(*submit->to));
	submit->number = arena_array(submit->arena, count,
				     sizeof(*submit->number));
	submit->recorded = arena_array(submit->arena, count,
				       sizeof(*submit->recorded));
	submit->members = arena_array(submit->arena, count,
				      sizeof(*submit->members));
	return submit->to == NULL || submit->number == NULL ||
	       submit->recorded == NULL || submit->members == NULL ?
	       ERR_LIMIT : 0;
}

/* Once the fate of all is on the disk, this says nothing new. */
static void left_record(struct submit *submit)
{
	const struct smtp_outcome *outcome = &submit->out->outcome;
	enum queue_safety safety = outcome->fate == SMTP_TAKEN ?
				   QUEUE_WRITTEN : QUEUE_ON_DISK;
	struct buf records;

	buf_init(&records, RECORDS_MAX);
	queue_log_left(&records, submit->world->now(), outcome);
	(void)record(submit, &records, safety);
}

int submit_run(struct arena *arena, const struct account *account,
	       const struct submit_world *world, int fd,
	       struct submit_result *out)
{
	struct submit *submit;
	int r;

	memset(out, 0, sizeof(*out));
	submit = arena_alloc(arena, sizeof(*submit));
	if (submit == NULL)
		return ERR_LIMIT;
	submit->arena = arena;
	submit->account = account;
	submit->world = world;
	submit->fd = fd;
	submit->out = out;
	r = queue_file_read(arena, fd, &submit->file);
	if (r == 0)
		r = arrays_make(submit);
	if (r < 0)
		return r;
	if (submit->file.state.open > 0 &&
	    world->reach(world->ctx, arena, account, &out->link,
			 &out->outcome, &out->cause)) {
		session_init(&submit->session, &out->link.wire, world->times,
			     clock_now_ms() + SUBMIT_TOTAL_MS);
		if (session_begin(submit))
			envelopes_send(submit);
		session_quit(&submit->session);
		session_free(&submit->session);
		world->close(world->ctx, &out->link);
	} else if (submit->file.state.open == 0) {
		envelopes_send(submit);		/* says that there is none */
	}
	left_record(submit);
	return 0;
}
