/* mail.c - MAIL, RCPT, DATA or BDAT, and what each recipient gets */
#include "agent/smtp/mail.h"

#include <stdio.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/smtp/body.h"
#include "agent/smtp/mail_line.h"
#include "agent/smtp/session.h"

#define BATCH		64	/* commands in one write (RFC 2920 section
				 * 3.1: no more than what fits the buffers) */

/* One transaction: MAIL, some recipients, DATA; or MAIL, RCPT, then BDAT. */
struct turn {
	struct smtp_session *session;
	struct smtp_mail *mail;
	struct smtp_outcome *out;
	enum body_form form;
	struct smtp_recipient **asked;	/* mail->count of them */
	size_t count, accepted;
	bool mail_failed;	/* *out says why */
	bool ready;		/* DATA was answered with 354 */
};

static void decide(struct smtp_recipient *to, const struct smtp_outcome *how)
{
	to->decision = SMTP_DECIDED;
	to->fate = how->fate;
	to->code = how->code;
	memcpy(to->status, how->status, sizeof(to->status));
	(void)snprintf(to->text, sizeof(to->text), "%.*s", SMTP_TEXT_MAX - 1,
		       how->text);
}

/* Those of this state; returns how many. */
static size_t decide_all(struct smtp_mail *mail, enum smtp_decision of,
			 const struct smtp_outcome *how)
{
	size_t i, count = 0;

	for (i = 0; i < mail->count; i++)
		if (mail->recipients[i].decision == of) {
			decide(&mail->recipients[i], how);
			count++;
		}
	return count;
}

/* --- the commands */

/* Command `n` of the transaction: 0 MAIL, then the recipients, then DATA. */
static void command_add(const struct turn *turn, size_t n, struct buf *to)
{
	if (n == 0)
		mail_line(turn->mail, &turn->session->ehlo, to);
	else if (n <= turn->count)
		recipient_line(turn->mail, turn->asked[n - 1]->address,
			       &turn->session->ehlo, to);
	else
		buf_text(to, "DATA\r\n");
}

/* --- the answers */

/* RFC 5321 section 4.5.3.1.10: too many for this transaction. */
static bool is_too_many(const struct turn *turn, const struct reply *reply)
{
	return turn->accepted > 0 &&
	       (strcmp(reply->status, "4.5.3") == 0 ||
		strcmp(reply->status, "5.5.3") == 0 ||
		(reply->code == 452 && (reply->status[0] == 0 ||
					strncmp(reply->status, "4.3", 3) !=
					0)));
}

static void recipient_answer(struct turn *turn, struct smtp_recipient *to,
			     const struct reply *reply)
{
	struct smtp_outcome how;

	if (turn->mail_failed)
		return;
	if (reply->code / 100 == 2) {
		to->decision = SMTP_ACCEPTED;
		turn->accepted++;
	} else if (!is_too_many(turn, reply)) {
		outcome_reply(&how, SMTP_AT_RCPT, reply);
		decide(to, &how);
	}
}

static void data_answer(struct turn *turn, const struct reply *reply)
{
	turn->ready = reply->code == 354;
	if (turn->ready || turn->accepted == 0)
		return;
	outcome_reply(turn->out, SMTP_AT_DATA, reply);
	(void)decide_all(turn->mail, SMTP_ACCEPTED, turn->out);
	turn->accepted = 0;
}

/* False: the session is over; *out says why. */
static bool answer(struct turn *turn, size_t n, int ms)
{
	enum smtp_stage stage = n == 0 ? SMTP_AT_MAIL :
		n <= turn->count ? SMTP_AT_RCPT : SMTP_AT_DATA;
	struct reply reply;
	int r = session_answer(turn->session, ms, &reply);

	if (r < 0) {
		if (!turn->mail_failed)
			outcome_error(turn->out, stage, r);
		return false;
	}
	if (reply.code == 421) {
		turn->session->broken = true;
		outcome_reply(turn->out, stage, &reply);
		return false;
	}
	if (n == 0 && reply.code / 100 != 2) {
		turn->mail_failed = true;
		outcome_reply(turn->out, stage, &reply);
	} else if (n > 0 && n <= turn->count) {
		recipient_answer(turn, turn->asked[n - 1], &reply);
	} else if (n > turn->count) {
		data_answer(turn, &reply);
	}
	return true;
}

/* Nothing may have come that was not asked for.  False: *out says what. */
static bool quiet(struct turn *turn, enum smtp_stage stage)
{
	struct reply reply;
	int r = session_unasked(turn->session, &reply);

	if (r < 0)
		outcome_error(turn->out, stage, r);
	else if (reply.code == 421)
		outcome_reply(turn->out, stage, &reply);
	return r == 0 && reply.code != 421;
}

static int batch_say(struct turn *turn, const struct buf *batch)
{
	if (batch->full)
		return ERR_MEMORY;
	return session_say(turn->session, buf_bytes(batch),
			   turn->session->times->mail);
}

/* MAIL, RCPT and, but for BDAT, DATA; in batches, or one by one. */
static bool commands(struct turn *turn)
{
	size_t last = turn->form == BODY_DATA ? turn->count + 1 : turn->count;
	bool many = (turn->session->ehlo.can & EHLO_PIPELINING) != 0;
	const struct smtp_times *times = turn->session->times;
	size_t n = 0, first, i;
	enum smtp_stage stage;
	bool alive = true;
	struct buf batch;
	int r;

	buf_init(&batch, (BATCH + 1) * MAIL_LINE_MAX);
	while (alive && n <= last && !turn->mail_failed) {
		/* Without pipelining DATA waits for a recipient. */
		if (!many && n > turn->count && turn->accepted == 0)
			break;
		buf_clear(&batch);
		for (first = n; n <= last && n - first < (many ? BATCH : 1);
		     n++)
			command_add(turn, n, &batch);
		stage = first == 0 ? SMTP_AT_MAIL : SMTP_AT_RCPT;
		alive = quiet(turn, stage);
		r = alive ? batch_say(turn, &batch) : 0;
		if (r < 0) {
			outcome_error(turn->out, stage, r);
			alive = false;
		}
		for (i = first; alive && i < n; i++)
			alive = answer(turn, i, i > turn->count ?
				       times->data : times->mail);
	}
	buf_free(&batch);
	return alive;
}

/* --- the message */

static int before_end(const struct smtp_mail *mail)
{
	if (mail->watch == NULL || mail->watch->before_end == NULL)
		return 0;
	return mail->watch->before_end(mail->watch->ctx);
}

static void message_failed(struct turn *turn, int r, bool wire)
{
	/* Ending it would make what was sent so far count as all. */
	turn->session->broken = true;
	if (wire)
		outcome_error(turn->out, SMTP_AT_BODY, r);
	else if (r == ERR_SYNTAX)
		outcome_ours(turn->out, SMTP_REFUSED, SMTP_AT_BODY,
			     "the message is damaged: its lines do not end as "
			     "they were written; submit it again");
	else
		outcome_ours(turn->out, SMTP_LATER, SMTP_AT_BODY,
			     "the message could not be read: %s",
			     err_sentence(r));
}

static void message(struct turn *turn)
{
	struct smtp_session *session = turn->session;
	struct smtp_mail *mail = turn->mail;
	struct reply reply;
	char line[64];
	int r = 0;

	if (!quiet(turn, SMTP_AT_BODY))
		return;
	if (turn->form == BODY_CHUNK) {
		(void)snprintf(line, sizeof(line), "BDAT %llu LAST\r\n",
			       (unsigned long long)mail->size);
		r = session_say(session, bytes_of(line),
				session->times->block);
	}
	if (r == 0)
		r = body_send(session, mail->source, mail->size, turn->form);
	if (r == 0 && before_end(mail) != 0)
		r = ERR_REFUSED;
	if (r < 0) {
		message_failed(turn, r, session->broken || r == ERR_REFUSED);
		return;
	}
	r = body_end(session, turn->form);
	if (r == 0)
		r = session_answer(session, session->times->end, &reply);
	if (r < 0)
		outcome_error(turn->out, SMTP_AT_END, r);
	else
		outcome_reply(turn->out, SMTP_AT_END, &reply);
	if (r == 0 && reply.code == 421)
		session->broken = true;
}

/* Nobody is there to take the message: out of the transaction again. */
static void leave(struct turn *turn)
{
	struct smtp_session *session = turn->session;
	struct reply reply;

	if (turn->ready) {
		/* RFC 2920 section 3.1: 354 although nobody takes it. */
		if (session_say(session, bytes_of(".\r\n"),
				session->times->command) == 0)
			(void)session_answer(session, session->times->end,
					     &reply);
		return;
	}
	(void)session_command(session, session->times->command, &reply,
			      "RSET");
}

/* One transaction with those that are undecided.  False: no other one. */
static bool transaction(struct turn *turn)
{
	size_t most = turn->session->ehlo.recipients_max, i;
	struct smtp_mail *mail = turn->mail;

	turn->count = turn->accepted = 0;
	turn->mail_failed = turn->ready = false;
	for (i = 0; i < mail->count; i++)
		if (mail->recipients[i].decision == SMTP_UNDECIDED &&
		    (most == 0 || turn->count < most))
			turn->asked[turn->count++] = &mail->recipients[i];
	if (turn->count == 0)
		return false;
	if (!commands(turn) || turn->mail_failed) {
		(void)decide_all(mail, SMTP_ACCEPTED, turn->out);
		(void)decide_all(mail, SMTP_UNDECIDED, turn->out);
		if (turn->mail_failed && !turn->session->broken)
			leave(turn);
		return false;
	}
	if (turn->accepted == 0) {
		leave(turn);
		return !turn->session->broken;
	}
	message(turn);
	(void)decide_all(mail, SMTP_ACCEPTED, turn->out);
	if (mail->watch != NULL && mail->watch->answered != NULL)
		mail->watch->answered(mail->watch->ctx, turn->out);
	return turn->out->fate == SMTP_TAKEN && !turn->session->broken;
}

/* --- before and after */

static void check_addresses(struct smtp_mail *mail)
{
	struct smtp_outcome how;
	size_t i;

	outcome_ours(&how, SMTP_REFUSED, SMTP_AT_RCPT,
		     "this is no address that mail can be sent to");
	for (i = 0; i < mail->count; i++)
		if (!mail_is_one_line(mail->sender) ||
		    !mail_is_one_line(mail->recipients[i].address))
			decide(&mail->recipients[i], &how);
}

/* What this server cannot take at all. */
static bool fits(const struct smtp_session *session,
		 const struct smtp_mail *mail, struct smtp_outcome *out)
{
	const struct ehlo *ehlo = &session->ehlo;

	if (ehlo->size_max != 0 && mail->size > ehlo->size_max)
		outcome_ours(out, SMTP_REFUSED, SMTP_AT_MAIL,
			     "the message has %llu bytes and the server takes "
			     "at most %llu; send it in parts, or a link to it",
			     (unsigned long long)mail->size,
			     (unsigned long long)ehlo->size_max);
	else if (mail->utf8 && (ehlo->can & EHLO_SMTPUTF8) == 0)
		outcome_ours(out, SMTP_REFUSED, SMTP_AT_MAIL,
			     "an address is not ASCII, and the server does "
			     "not take that (no SMTPUTF8); use another "
			     "address of the recipient");
	else if (mail->eight_bit && (ehlo->can & EHLO_8BITMIME) == 0)
		outcome_ours(out, SMTP_REFUSED, SMTP_AT_MAIL,
			     "the message has 8-bit text and the server does "
			     "not take that (no 8BITMIME); let the mail "
			     "client write it as quoted-printable");
	else
		return true;
	return false;
}

/* The worst fate is what a person should know. */
static void worst(const struct smtp_mail *mail, struct smtp_outcome *out)
{
	static const int weight[SMTP_FATES] = {
		[SMTP_TAKEN] = 0, [SMTP_LATER] = 1, [SMTP_UNKNOWN] = 2,
		[SMTP_REFUSED] = 3, [SMTP_DENIED] = 4
	};
	const struct smtp_recipient *to, *found = NULL;
	size_t i;

	for (i = 0; i < mail->count; i++) {
		to = &mail->recipients[i];
		if (found == NULL || weight[to->fate] > weight[found->fate])
			found = to;
	}
	if (found == NULL || weight[found->fate] <= weight[out->fate])
		return;
	out->fate = found->fate;
	out->stage = SMTP_AT_RCPT;
	out->code = found->code;
	memcpy(out->status, found->status, sizeof(out->status));
	(void)snprintf(out->text, sizeof(out->text), "%s", found->text);
}

void mail_send(struct smtp_session *session, struct smtp_mail *mail,
	       struct smtp_outcome *out)
{
	struct smtp_outcome left;
	struct turn turn;

	memset(&turn, 0, sizeof(turn));
	outcome_ours(out, SMTP_TAKEN, SMTP_AT_MAIL, "there is no recipient");
	turn.session = session;
	turn.mail = mail;
	turn.out = out;
	turn.form = (session->ehlo.can & EHLO_CHUNKING) != 0 ? BODY_CHUNK :
							       BODY_DATA;
	if (!fits(session, mail, out)) {
		(void)decide_all(mail, SMTP_UNDECIDED, out);
		return;
	}
	check_addresses(mail);
	turn.asked = calloc(mail->count + 1, sizeof(*turn.asked));
	if (turn.asked == NULL) {
		outcome_error(out, SMTP_AT_MAIL, ERR_MEMORY);
	} else {
		while (transaction(&turn))
			;
	}
	free(turn.asked);
	left = *out;
	if (out->fate == SMTP_TAKEN || out->fate == SMTP_UNKNOWN)
		outcome_ours(&left, SMTP_LATER, SMTP_AT_RCPT, "the connection "
			     "ended before this recipient's turn");
	(void)decide_all(mail, SMTP_UNDECIDED, &left);
	worst(mail, out);
}
