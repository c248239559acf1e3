/* receipt.c - what callers, later repeats and the log hear of a mail */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/desk/queue_file.h"
#include "agent/roles/front/incoming/notices.h"
#include "agent/roles/front/outgoing/queue.h"

#define ANSWER_ARENA	(1024 * 1024)
#define SENTENCE_MAX	600
#define LISTED_MAX	100	/* recipients that are told one by one */

/* --- facts */

static void recipient_put(struct arena *arena, struct value *list,
			  const char *address, const struct queue_fate *fate)
{
	static const char *const words[] = {
		[QUEUE_OPEN] = "open", [QUEUE_ENDING] = "unknown",
		[QUEUE_TAKEN] = "taken", [QUEUE_REFUSED] = "refused"
	};
	struct value *dict = value_put_dict(arena, list, NULL);

	value_put_text(arena, dict, "address", address);
	value_put_text(arena, dict, "result", words[fate->standing]);
	if (fate->code != 0)
		value_put_number(arena, dict, "code", fate->code);
	if (fate->status[0] != 0)
		value_put_text(arena, dict, "status", fate->status);
	value_put_text(arena, dict, "text", fate->text);
}

/* Those with bad news first. */
static void recipients_put(struct arena *arena, struct value *dict,
			   const struct queue_file *file)
{
	static const enum queue_standing order[] = {
		QUEUE_REFUSED, QUEUE_OPEN, QUEUE_ENDING, QUEUE_TAKEN
	};
	struct value *list = value_put_list(arena, dict, "recipients");
	size_t pass, i, listed = 0;

	for (pass = 0; pass < sizeof(order) / sizeof(order[0]); pass++)
		for (i = 0; i < file->state.count && listed < LISTED_MAX;
		     i++) {
			if (file->state.fates[i].standing != order[pass])
				continue;
			recipient_put(arena, list,
				      file->job.recipients[i].address,
				      &file->state.fates[i]);
			listed++;
		}
}

/* How it leaves, and what was wished for and not done. */
static void sealing_put(struct arena *arena, struct value *dict,
			const struct queue_job *job)
{
	struct value *list, *one;
	size_t i;

	value_put_truth(arena, dict, "signed", job->is_signed);
	value_put_truth(arena, dict, "encrypted", job->is_encrypted);
	value_put_text(arena, dict, "scheme", job->scheme);
	if (job->remark_count == 0)
		return;
	list = value_put_list(arena, dict, "reasons");
	for (i = 0; i < job->remark_count; i++) {
		one = value_put_dict(arena, list, NULL);
		value_put_text(arena, one, "code", job->remarks[i].code);
		value_put_text(arena, one, "text", job->remarks[i].text);
	}
}

struct value *receipt_make(struct arena *arena, const struct queue_file *file,
			   const struct value *reached)
{
	static const char *const keys[] = { "server", "verified", "record",
					    "protocol", "fate", "stage",
					    "code", "status_code" };
	struct value *dict = value_dict(arena);
	size_t i;

	value_put_text(arena, dict, "id", file->job.id);
	value_put_text(arena, dict, "account", file->job.account);
	value_put_number(arena, dict, "created", file->job.created);
	value_put_text(arena, dict, "message_id", file->job.message_id);
	value_put_text(arena, dict, "sender",
		       file->job.envelopes[0].sender);
	value_put_number(arena, dict, "size", (int64_t)file->mail_size);
	value_put_number(arena, dict, "attempts", file->state.attempts);
	value_put_number(arena, dict, "recipient_count",
			 (int64_t)file->state.count);
	value_put_number(arena, dict, "taken", (int64_t)file->state.taken);
	value_put_number(arena, dict, "refused",
			 (int64_t)file->state.refused);
	value_put_number(arena, dict, "open", (int64_t)file->state.open);
	recipients_put(arena, dict, file);
	sealing_put(arena, dict, &file->job);
	value_put_text(arena, dict, "last_reason", file->state.why);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		value_put_text(arena, dict, keys[i],
			       value_text(reached, keys[i]));
	return dict;
}

/* Members are shared with `from`, which lives as long. */
static void dict_extend(struct arena *arena, struct value *to,
			const struct value *from)
{
	const struct value *member;
	struct value *copy;

	if (to == NULL || from == NULL)
		return;
	for (member = from->first; member != NULL; member = member->next) {
		copy = arena_alloc(arena, sizeof(*copy));
		if (copy == NULL)
			return;
		*copy = *member;
		copy->next = NULL;
		if (to->last == NULL)
			to->first = copy;
		else
			to->last->next = copy;
		to->last = copy;
		to->count++;
	}
}

struct value *receipt_value(struct arena *arena, const struct queued *mail,
			    const char *status, const char *why)
{
	struct value *dict = value_dict(arena);
	int64_t now = clock_now_ms();

	value_put_text(arena, dict, "status", status);
	if (why != NULL && why[0] != 0)
		value_put_text(arena, dict, "reason", why);
	if (mail->phase == QUEUE_HELD)
		value_put_text(arena, dict, "held_for", mail->held_for);
	if (mail->due > now)
		value_put_number(arena, dict, "next_attempt",
				 (mail->due - now) / 1000);
	value_put_number(arena, dict, "order", (int64_t)mail->order);
	dict_extend(arena, dict, mail->facts);
	if (mail->facts == NULL)
		value_put_text(arena, dict, "id", mail->id);
	return dict;
}

/* --- those who wait */

bool receipt_await(struct queued *mail, struct service_call *call,
		   enum queue_wish wish, int64_t ms)
{
	struct queue_waiting *waiting = calloc(1, sizeof(*waiting));

	if (waiting == NULL) {
		service_fail(call, "Failed", "out of memory");
		return false;
	}
	waiting->call = call;
	waiting->wish = wish;
	waiting->until = clock_now_ms() + ms;
	waiting->next = mail->waiting;
	mail->waiting = waiting;
	return true;
}

void receipt_forget(struct queued *mail, const struct service_call *call)
{
	struct queue_waiting **at = &mail->waiting, *gone;

	while (*at != NULL && (*at)->call != call)
		at = &(*at)->next;
	gone = *at;
	if (gone != NULL)
		*at = gone->next;
	free(gone);
}

/* What Cancel hears.  False: not yet. */
static bool cancel_answer(struct service_call *call, const char *status,
			  int64_t until)
{
	if (strcmp(status, "cancelled") == 0 ||
	    strcmp(status, "refused") == 0) {
		service_reply(call, NULL, NULL, 0);
		return true;
	}
	if (strcmp(status, "queued") == 0 && clock_now_ms() < until)
		return false;
	if (strcmp(status, "queued") == 0)
		service_fail(call, "Busy", "The server has the mail in hand "
			     "at this moment; look at the queue again in a "
			     "minute.");
	else
		service_fail(call, "AlreadySent", "The server took the mail "
			     "before it could be cancelled.");
	return true;
}

void receipt_answer(struct queued *mail, const char *status, const char *why)
{
	struct queue_waiting *all = mail->waiting, *waiting;
	struct arena *arena;
	struct value *value;

	if (all == NULL)
		return;
	mail->waiting = NULL;
	arena = arena_new(ANSWER_ARENA);
	value = arena == NULL ? NULL : receipt_value(arena, mail, status,
						     why);
	while ((waiting = all) != NULL) {
		all = waiting->next;
		if (waiting->wish == QUEUE_WISH_CANCEL &&
		    !cancel_answer(waiting->call, status, waiting->until)) {
			waiting->next = mail->waiting;
			mail->waiting = waiting;
			continue;
		}
		if (waiting->wish == QUEUE_WISH_SEND && value != NULL)
			service_answer(waiting->call, value);
		else if (waiting->wish == QUEUE_WISH_SEND)
			service_fail(waiting->call, "Failed",
				     "out of memory");
		free(waiting);
	}
	arena_free(arena);
}

void receipt_fail(struct queued *mail, const char *name, const char *sentence)
{
	struct queue_waiting *waiting;

	while ((waiting = mail->waiting) != NULL) {
		mail->waiting = waiting->next;
		if (name != NULL)
			service_fail(waiting->call, name, sentence);
		free(waiting);
	}
}

/* --- for a repeat */

static int receipt_encode(const struct value *value, struct buf *to)
{
	buf_clear(to);
	return value == NULL ? ERR_MEMORY : value_encode(value, to);
}

void receipt_print(const struct queued *mail, const char *status,
		   const char *why, struct buf *to)
{
	struct arena *arena = arena_new(ANSWER_ARENA);
	struct value *least = arena == NULL ? NULL : value_dict(arena);

	value_put_text(arena, least, "status", status);
	value_put_text(arena, least, "id", mail->id);
	if (arena != NULL &&
	    receipt_encode(receipt_value(arena, mail, status, why), to) < 0)
		(void)receipt_encode(least, to);
	arena_free(arena);
}

const char *receipt_status(const struct queued *mail)
{
	const struct value *taken = value_find(mail->facts, "taken",
					       VALUE_NUMBER);

	if (mail->phase == QUEUE_SENT)
		return "sent";
	return taken != NULL && taken->number > 0 ? "partly" : "refused";
}

/* --- the user.  Server's words may hold addresses: the log gets none. */

static const struct value *first_recipient(const struct queued *mail)
{
	const struct value *list = value_find(mail->facts, "recipients",
					      VALUE_LIST);

	return list == NULL ? NULL : list->first;
}

void queue_tell(struct front *front, const struct queued *mail,
		const char *what, const char *why)
{
	char sentence[SENTENCE_MAX];

	(void)snprintf(sentence, sizeof(sentence), "A mail of yours %s: %s",
		       what, why == NULL ? "" : why);
	notices_tell(front, mail->phase == QUEUE_HELD ? NOTICE_MAIL_HELD :
		     NOTICE_MAIL_FAILED, NULL,
		     value_text(first_recipient(mail), "address"), sentence);
	log_line(LOG_LEVEL_WARNING, "the mail %s %s%s%s%s; \"mailseal queue "
		 "list\" tells more", mail->id, what,
		 mail->held_for[0] != 0 ? " (" : "", mail->held_for,
		 mail->held_for[0] != 0 ? ")" : "");
}
