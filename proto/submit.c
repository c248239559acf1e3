/* submit.c - sending mail, and the queue: org.mailseal.Outgoing1 */
#include <stdlib.h>

#include "proto/call.h"

#define OUTGOING "org.mailseal.Outgoing1"

enum mailseal_status mailseal_submit(struct mailseal *mailseal, int message,
				     const char *sender,
				     const char *const *recipients,
				     const struct mailseal_option *options,
				     struct mailseal_report **receipt,
				     char *why, size_t why_size)
{
	DBusMessage *call = call_make(OUTGOING, "Submit", "hsasa{sv}", message,
				      sender, recipients, options);

	*receipt = NULL;
	if (call == NULL) {
		(void)snprintf(why, why_size, "an address or option is no "
			       "UTF-8, or there is no memory");
		return MAILSEAL_NO_MEMORY;
	}
	return mailseal_check_end(mailseal, call_start(mailseal, call,
						       MAILSEAL_SUBMIT_MS),
				  receipt, why, why_size);
}

#define PART_MAX 256		/* of one answer */

/* Each of one part; *behind goes to its last. */
static enum mailseal_status part_each(struct mailseal *mailseal,
				      struct mailseal_report **part,
				      mailseal_queued *take, void *ctx,
				      int64_t *behind, size_t *count,
				      char *why, size_t why_size)
{
	const struct mailseal_option options[] = {
		{ "behind", NULL, MAILSEAL_NUMBER, *behind },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	enum mailseal_status status;
	size_t i;

	*count = 0;
	status = mailseal_list_end(mailseal, call_start(mailseal,
			call_make(OUTGOING, "QueuePart", "a{sv}", options),
			CALL_SHORT_MS), part, PART_MAX, count, why, why_size);
	for (i = 0; i < *count; i++) {
		if (status == MAILSEAL_OK)
			take(ctx, part[i]);
		*behind = mailseal_report_number(part[i], "order", INT64_MAX);
		mailseal_report_free(part[i]);
	}
	return status;
}

enum mailseal_status mailseal_queue_each(struct mailseal *mailseal,
					 mailseal_queued *take, void *ctx,
					 char *why, size_t why_size)
{
	struct mailseal_report **part = calloc(PART_MAX, sizeof(*part));
	enum mailseal_status status;
	int64_t behind = -1;
	size_t count;

	if (part == NULL) {
		(void)snprintf(why, why_size, "out of memory");
		return MAILSEAL_NO_MEMORY;
	}
	do
		status = part_each(mailseal, part, take, ctx, &behind, &count,
				   why, why_size);
	while (status == MAILSEAL_OK && count == PART_MAX);
	free(part);
	return status;
}

/* Waits for an answer that holds nothing. */
static enum mailseal_status nothing_end(struct mailseal *mailseal,
					DBusMessage *call, int ms, char *why,
					size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	status = call_end(mailseal, call_start(mailseal, call, ms), &reply,
			  why, why_size);
	if (status == MAILSEAL_OK)
		dbus_message_unref(reply);
	return status;
}

enum mailseal_status mailseal_queue_flush(struct mailseal *mailseal, char *why,
					  size_t why_size)
{
	return nothing_end(mailseal, call_make(OUTGOING, "Flush", ""),
			   CALL_SHORT_MS, why, why_size);
}

enum mailseal_status mailseal_queue_cancel(struct mailseal *mailseal,
					   const char *id, char *why,
					   size_t why_size)
{
	return nothing_end(mailseal, call_make(OUTGOING, "Cancel", "s", id),
			   MAILSEAL_CANCEL_MS, why, why_size);
}

const char *mailseal_error(const struct mailseal *mailseal)
{
	return mailseal->error;
}
