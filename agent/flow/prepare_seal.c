/* prepare_seal.c - the mail signed and encrypted as the account says
 *
 * The mail as it would go out is put into a sealed spool, and from there,
 * protected, into the queue's file: no plain byte of it is ever on the disk.
 * Those who are not hidden share one ciphertext; each hidden recipient has one
 * alone, which names nobody else.  Only signed, all get the same. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/range.h"
#include "agent/base/spool.h"
#include "agent/crypto/spool_cipher.h"
#include "agent/desk/queue_file.h"
#include "agent/flow/prepare_inside.h"
#include "agent/flow/protect.h"

/* Many hidden recipients are many ciphertexts of the whole message. */
static int crowd_check(struct prepare *prepare)
{
	if (prepare->hidden.count <= PREPARE_ALONE_MAX)
		return 0;
	if (prepare->wishes.encrypt)
		return prepare_refuse(prepare, ERR_LIMIT, "TooManyRecipients",
				      "The message was to be encrypted and has "
				      "%zu hidden recipients, each of whom "
				      "needs a copy alone; %d are allowed. "
				      "Nothing was sent: send it in parts.",
				      prepare->hidden.count,
				      PREPARE_ALONE_MAX);
	if (prepare->wishes.opportunistic)
		prepare->plain_because = "It has too many hidden recipients: "
			"each needs a copy encrypted alone.";
	prepare->wishes.opportunistic = false;
	return 0;
}

/* The planner's own name for it, and its sentence, which stands in `why`. */
static int plan_refuse(struct prepare *prepare, int r)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ ERR_GONE, "RoleDown" }, { ERR_TIMEOUT, "TimedOut" },
	};
	size_t i;

	*prepare->name = prepare->plan.error != NULL ? prepare->plan.error :
			 "CannotProtect";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == r)
			*prepare->name = names[i].name;
	if (prepare->why->len == 0)
		buf_text(prepare->why, err_sentence(r));
	buf_text(prepare->why, " Nothing was sent.");
	return r;
}

int prepare_seal_plan(struct prepare *prepare)
{
	const struct account *account = prepare->out->account;
	struct seal_plan_question question;
	int r = crowd_check(prepare);

	if (r < 0)
		return r;
	memset(&question, 0, sizeof(question));
	question.accounts = prepare->accounts;
	question.account = account;
	question.author = prepare->author != NULL && prepare->author[0] != 0 ?
			  prepare->author : account->addresses[0];
	question.shown = prepare->to.all;
	question.shown_count = prepare->to.count;
	question.hidden = prepare->hidden.all;
	question.hidden_count = prepare->hidden.count;
	question.wishes = prepare->wishes;
	question.places = prepare->question->places;
	if (prepare->wishes.sign || prepare->wishes.encrypt ||
	    prepare->wishes.opportunistic)
		r = seal_plan_make(prepare->question->job, &question,
				   &prepare->plan);
	if (r < 0)
		return plan_refuse(prepare, r);
	prepare->seals = prepare->plan.scheme != NULL;
	if (prepare->seals)
		prepare->out->signer =
			prepare->plan.envelopes[0].order.signer;
	return 0;
}

/* --- the mail */

struct scanned_sink {
	struct sink to;
	struct body_scan scan;
};

static int scanned_write(void *ctx, struct bytes piece)
{
	struct scanned_sink *scanned = ctx;

	body_scan_more(&scanned->scan, piece);
	return scanned->to.write(scanned->to.ctx, piece);
}

/* For one recipient list of the plan, behind what the file holds. */
static int mail_seal(struct prepare *prepare, const struct range *plain,
		     const struct protect_order *order,
		     struct queue_writer *writer,
		     struct queue_envelope *envelope)
{
	struct scanned_sink scanned;
	const struct sink to = { scanned_write, &scanned };
	struct value *report;
	int r;

	scanned.to = queue_writer_sink(writer);
	body_scan_start(&scanned.scan);
	envelope->offset = writer->size;
	r = protect_range(prepare->question->job, plain, order, &to, &report);
	envelope->size = writer->size - envelope->offset;
	envelope->eight_bit = scanned.scan.facts.eight_bit;
	envelope->utf8_header = scanned.scan.facts.eight_bit_header;
	if (r == 0 && scanned.scan.facts.longest > BODY_LINE_MAX)
		r = prepare_refuse(prepare, ERR_LIMIT, "InvalidMessage", "A "
				   "line of the message's header has more than "
				   "%d bytes, and mail allows no more "
				   "(RFC 5322).", BODY_LINE_MAX);
	return r;
}

static void envelope_share(struct queue_envelope *to,
			   const struct queue_envelope *from)
{
	to->offset = from->offset;
	to->size = from->size;
	to->eight_bit = from->eight_bit;
	to->utf8_header = from->utf8_header;
}

static int mails_seal(struct prepare *prepare, const struct range *plain,
		      struct queue_writer *writer)
{
	const struct seal_plan *plan = &prepare->plan;
	struct protect_signature *signature = NULL;
	struct queue_job *job = &prepare->job;
	struct protect_order order;
	size_t i;
	int r = 0;

	/* Both lists are made of the same recipients, by the same rule. */
	if (plan->encrypts && plan->envelope_count != job->envelope_count)
		return prepare_refuse(prepare, ERR_REFUSED, "Failed",
				      "The envelopes do not fit together; "
				      "nothing was sent.");
	for (i = 0; r == 0 && i < job->envelope_count; i++) {
		if (i > 0 && !plan->encrypts) {
			envelope_share(&job->envelopes[i],
				       &job->envelopes[0]);
			continue;
		}
		order = plan->envelopes[i].order;
		order.once = &signature;
		r = mail_seal(prepare, plain, &order, writer,
			      &job->envelopes[i]);
	}
	prepare->out->size = job->envelopes[0].size;
	return r;
}

static int refuse(struct prepare *prepare, int r)
{
	if (r == ERR_LOCKED)
		return r;
	if (r == ERR_IO)
		return prepare_storage_refuse(prepare, r);
	if (strcmp(*prepare->name, "InvalidMessage") == 0)
		return r;		/* it was told */
	return plan_refuse(prepare, r);
}

int prepare_seal_write(struct prepare *prepare, const struct source *source,
		       int fd)
{
	int *room = prepare->question->room;
	struct spool *spool = spool_sealed_new(room == NULL ? -1 : *room);
	struct queue_writer writer;
	struct range plain;
	struct sink to;
	int r;

	if (room != NULL)
		*room = -1;
	if (spool == NULL)
		return prepare_no_memory(prepare);
	to = sink_of_spool(spool);
	r = source->rewind(source->ctx);
	if (r == 0)
		r = stream_copy(source, &to);
	plain = (struct range){ NULL, spool, 0, spool_size(spool) };
	if (r == 0 && queue_writer_open(&writer, fd) < 0)
		r = ERR_IO;
	if (r < 0) {
		spool_free(spool);
		return prepare_storage_refuse(prepare, r);
	}
	r = mails_seal(prepare, &plain, &writer);
	if (r == 0)
		r = queue_writer_close(&writer, &prepare->job);
	queue_writer_free(&writer);
	spool_free(spool);
	return r < 0 ? refuse(prepare, r) : 0;
}
