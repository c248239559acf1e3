/* outbox.c - Outgoing1.Queue, Flush and Cancel */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/outgoing/queue.h"

#define LIST_ARENA (8 * 1024 * 1024)

static void mail_put(struct arena *arena, struct value *list,
		     const struct queued *mail)
{
	struct value *one;
	const char *why = value_text(mail->facts, "last_reason");

	if (list == NULL || list->count >= VALUE_MEMBERS_MAX)
		return;
	one = receipt_value(arena, mail, queue_phase_name[mail->phase], why);
	if (one == NULL)
		return;
	if (list->last == NULL)
		list->first = one;
	else
		list->last->next = one;
	list->last = one;
	list->count++;
}

static bool queue_is_there(const struct front *front,
			   struct service_call *call)
{
	if (front->queue != NULL)
		return true;
	service_fail(call, "Storage", "The queue's folder cannot be used; "
		     "the agent's log tells why.");
	return false;
}

static const struct service_option part_options[] = {
	{ "behind", VALUE_NUMBER },
	{ NULL, VALUE_TEXT }
};

/* A list holds no more than VALUE_MEMBERS_MAX: whoever wants all of them asks
 * for those behind the last one's order.  Queue has no options. */
static void on_queue(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	const struct value *behind = value_find(args->options, "behind",
						VALUE_NUMBER);
	struct front *front = ctx;
	const struct queued *mail;
	struct value *holder, *list;
	struct arena *arena;

	if (!queue_is_there(front, call))
		return;
	arena = arena_new(LIST_ARENA);
	holder = arena == NULL ? NULL : value_dict(arena);
	list = value_put_list(arena, holder, "mails");
	/* Whoever was told "sent" need not see it go. */
	for (mail = front->queue->mails; mail != NULL; mail = mail->next)
		if ((mail->phase != QUEUE_SENT || mail->stuck) &&
		    (behind == NULL || (int64_t)mail->order > behind->number))
			mail_put(arena, list, mail);
	if (list == NULL)
		service_fail(call, "Failed", "out of memory");
	else
		service_answer(call, list);
	arena_free(arena);
}

static void on_flush(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	struct front *front = ctx;

	(void)args;
	if (!queue_is_there(front, call))
		return;
	queue_wake(front->queue, QUEUE_WAKE_HELD);
	service_reply(call, NULL, NULL, 0);
}

/* In hand: the sender gives it up, if it is not too late. */
static void cancel_in_hand(struct front *front, struct queued *mail)
{
	struct frame frame;

	memset(&frame, 0, sizeof(frame));
	frame.type = FRAME_CANCEL;
	frame.id = mail->errand;
	if (mail->errand != 0 && child_is_up(front, CHILD_SENDER))
		(void)child_tell(front, CHILD_SENDER, &frame);
}

static void on_cancel(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct front *front = ctx;
	struct queued *mail;

	if (!queue_is_there(front, call))
		return;
	mail = queue_find(front->queue, service_args_text(args, 0));
	if (mail == NULL) {
		service_fail(call, "NoSuchMail", "There is no mail with this "
			     "id in the queue; it may have been sent.");
		return;
	}
	if (!mail->busy && (mail->phase == QUEUE_SENT ||
			    mail->ending != NULL)) {
		service_fail(call, "AlreadySent", "The server took the mail "
			     "before it could be cancelled.");
		return;
	}
	if (!receipt_await(mail, call, QUEUE_WISH_CANCEL,
			   QUEUE_ANSWER_MS))
		return;
	mail->cancelled = true;
	if (mail->busy) {
		cancel_in_hand(front, mail);
		queue_run(front->queue);	/* the answer's time */
		return;
	}
	ending_start(front->queue, mail, "cancelled", NULL, ENDING_GONE);
	queue_run(front->queue);
}

const struct service_method front_outbox_methods[] = {
	{ "org.mailseal.Outgoing1", "Queue", NULL, on_queue },
	{ "org.mailseal.Outgoing1", "QueuePart", part_options, on_queue },
	{ "org.mailseal.Outgoing1", "Flush", NULL, on_flush },
	{ "org.mailseal.Outgoing1", "Cancel", NULL, on_cancel },
	{ NULL, NULL, NULL, NULL }
};
