/* server.c - asking about a mail server: Outgoing1.CheckServer */
#include "proto/mailseal.h"

#include "proto/call.h"

enum mailseal_status mailseal_server(struct mailseal *mailseal,
				     const char *host, uint16_t port,
				     const struct mailseal_option *options,
				     struct mailseal_report **report,
				     char *why, size_t why_size)
{
	DBusMessage *call = call_make("org.mailseal.Outgoing1", "CheckServer",
				      "sqa{sv}", host, (unsigned)port,
				      options);
	struct mailseal_pending *pending = call_start(mailseal, call,
						      MAILSEAL_SERVER_MS);

	*report = NULL;
	if (pending != NULL)
		return mailseal_check_end(mailseal, pending, report, why,
					  why_size);
	(void)snprintf(why, why_size, "the agent cannot be asked: the bus is "
		       "gone, or the name is no UTF-8");
	return MAILSEAL_REFUSED;
}
