/* submit.c - Outgoing1.Submit: what was asked for */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/outgoing/submission.h"

#define ANSWER_ARENA	(1024 * 1024)
#define ID_BYTES	8

static const struct service_option submit_options[] = {
	{ "id", VALUE_TEXT }, { "account", VALUE_TEXT },
	{ "read_recipients", VALUE_TRUTH }, { "full_name", VALUE_TEXT },
	{ "notify", VALUE_TEXT }, { "ret", VALUE_TEXT },
	{ "envelope_id", VALUE_TEXT }, { "tty", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { "wait", VALUE_NUMBER },
	{ "require", VALUE_TEXT },
	{ NULL, VALUE_TEXT }
};

static void payload_make(struct submission *submission,
			 const struct service_args *args)
{
	static const char *const texts[] = { "account", "full_name", "notify",
					     "ret", "envelope_id", "tty",
					     "display", "require" };
	const struct value *read = value_find(args->options,
					      "read_recipients", VALUE_TRUTH);
	struct arena *arena = submission->arena;
	struct value *dict = value_dict(arena);
	size_t i;

	value_put_number(arena, dict, "caller",
			 service_caller(submission->call));
	value_put_text(arena, dict, "id", submission->id);
	value_put_truth(arena, dict, "chosen", submission->chosen);
	value_put_number(arena, dict, "created", submission->created);
	value_put_number(arena, dict, "order", (int64_t)submission->order);
	value_put_text(arena, dict, "sender", service_args_text(args, 0));
	value_put_truth(arena, dict, "read_recipients",
			read != NULL && read->truth);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		value_put_text(arena, dict, texts[i],
			       value_text(args->options, texts[i]));
	submission->payload = dict;
}

static bool id_make(struct submission *submission, const char *chosen)
{
	unsigned char random[ID_BYTES];
	size_t i;

	submission->chosen = chosen != NULL;
	if (chosen != NULL) {
		(void)snprintf(submission->id, sizeof(submission->id), "%s",
			       chosen);
		return queue_id_is_valid(chosen);
	}
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	for (i = 0; i < sizeof(random); i++)
		(void)snprintf(submission->id + 2 * i, 3, "%02x", random[i]);
	return true;
}

/* At most a minute; 0: whoever asks hears that it is queued. */
static int64_t wait_of(const struct value *options)
{
	const struct value *wait = value_find(options, "wait", VALUE_NUMBER);

	if (wait == NULL || wait->number < 0 ||
	    wait->number > QUEUE_ANSWER_MS / 1000)
		return QUEUE_ANSWER_MS;
	return wait->number * 1000;
}

/* The id is in hand already: its answer is this call's too.  True: so it is,
 * and the call was taken. */
static bool joins(struct queue *queue, struct service_call *call,
		  const char *id, int64_t wait)
{
	struct queued *mail = queue_find(queue, id);
	const struct submission *other;
	struct arena *arena;

	for (other = queue->submissions; other != NULL; other = other->next)
		if (strcmp(other->id, id) == 0) {
			service_fail(call, "Busy", "A mail with this id is "
				     "just being submitted; ask again in a "
				     "moment.");
			return true;
		}
	if (mail == NULL)
		return false;
	if (mail->busy || (mail->phase != QUEUE_GIVEN_UP &&
			   mail->phase != QUEUE_SENT)) {
		(void)receipt_await(mail, call, QUEUE_WISH_SEND, wait);
		queue_run(queue);	/* the answer's time */
		return true;
	}
	arena = arena_new(ANSWER_ARENA);
	if (arena == NULL)
		service_fail(call, "Failed", "out of memory");
	else
		service_answer(call, receipt_value(arena, mail,
				receipt_status(mail),
				value_text(mail->facts, "last_reason")));
	arena_free(arena);
	return true;
}

static void place_copy(char *to, const char *from)
{
	if (from != NULL && strlen(from) < QUEUE_PLACE_MAX)
		(void)snprintf(to, QUEUE_PLACE_MAX, "%s", from);
}

static void on_submit(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct front *front = ctx;
	struct queue *queue = front->queue;
	const char *id = value_text(args->options, "id");
	struct submission *submission;

	if (queue == NULL) {
		service_fail(call, "Storage", "The queue's folder cannot be "
			     "used; the agent's log tells why.");
		return;
	}
	if (id != NULL && queue_id_is_valid(id) &&
	    joins(queue, call, id, wait_of(args->options)))
		return;
	if (queue->count >= QUEUE_MAILS_MAX) {
		service_fail(call, "Busy", "There are 10000 mails in the "
			     "queue; look at \"mailseal queue list\".");
		return;
	}
	submission = submission_new(queue, call);
	if (submission == NULL) {
		service_fail(call, "Failed", "out of memory");
		return;
	}
	if (!id_make(submission, id)) {
		submission_fail(submission, "InvalidOption", "An id has 8 to "
				"64 letters, digits, \"-\", \"_\" and \".\".");
		return;
	}
	submission->message = service_args_take(args, 0);
	submission->wait = wait_of(args->options);
	place_copy(submission->tty, value_text(args->options, "tty"));
	place_copy(submission->display, value_text(args->options, "display"));
	payload_make(submission, args);
	submission->recipients = front_lines(service_args_value(args, 1));
	if (submission->recipients < 0) {
		submission_fail(submission, "InvalidAddress", "A recipient "
				"has a line end in it, or all together are "
				"too long.");
		return;
	}
	submission_begin(submission);
}

void queue_call_gone(struct front *front, const struct service_call *call)
{
	struct submission *submission;
	struct queued *mail;

	if (front->queue == NULL)
		return;
	for (submission = front->queue->submissions; submission != NULL;
	     submission = submission->next)
		if (submission->call == call)
			submission->call = NULL;
	for (mail = front->queue->mails; mail != NULL; mail = mail->next)
		receipt_forget(mail, call);
}

const struct service_method front_submit_methods[] = {
	{ "org.mailseal.Outgoing1", "Submit", submit_options, on_submit },
	{ NULL, NULL, NULL, NULL }
};
