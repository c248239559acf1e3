/* submit.c - sending mail, and the queue: org.mailseal.Outgoing1 */
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

struct mailseal_pending *mailseal_queue_start(struct mailseal *mailseal)
{
	return call_start(mailseal, call_make(OUTGOING, "Queue", ""),
			  CALL_SHORT_MS);
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
