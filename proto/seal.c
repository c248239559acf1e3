/* seal.c - calls that open and seal: content and a report come back */
#include "proto/call.h"

#include "proto/report.h"

#define ENTITY "org.mailseal.Entity1"

struct mailseal_pending *
mailseal_unseal_start(struct mailseal *mailseal, int message,
		      const struct mailseal_option *options)
{
	return call_start(mailseal, call_make("org.mailseal.Incoming1",
					      "Open", "ha{sv}", message,
					      options),
			  MAILSEAL_SEAL_MS);
}

struct mailseal_pending *
mailseal_entity_decrypt_start(struct mailseal *mailseal, int entity,
			      const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(ENTITY, "Decrypt", "ha{sv}",
					      entity, options),
			  MAILSEAL_SEAL_MS);
}

enum mailseal_status mailseal_entity_opened(struct mailseal *mailseal,
					    const char *message_id,
					    char *why, size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	status = call_end(mailseal, call_start(mailseal,
				call_make(ENTITY, "Opened", "sa{sv}",
					  message_id, NULL), CALL_SHORT_MS),
			  &reply, why, why_size);
	if (status == MAILSEAL_OK)
		dbus_message_unref(reply);
	return status;
}

struct mailseal_pending *
mailseal_entity_verify_start(struct mailseal *mailseal, int entity,
			     int signature,
			     const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(ENTITY, "Verify", "hha{sv}",
					      entity, signature, options),
			  MAILSEAL_SEAL_MS);
}

struct mailseal_pending *
mailseal_protect_start(struct mailseal *mailseal, int message,
		       const char *const *recipients,
		       const struct mailseal_option *options)
{
	return call_start(mailseal, call_make("org.mailseal.Outgoing1",
					      "Protect", "hasa{sv}", message,
					      recipients, options),
			  MAILSEAL_SEAL_MS);
}

struct mailseal_pending *
mailseal_entity_sign_start(struct mailseal *mailseal, int entity,
			   const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(ENTITY, "Sign", "ha{sv}",
					      entity, options),
			  MAILSEAL_SEAL_MS);
}

struct mailseal_pending *
mailseal_entity_encrypt_start(struct mailseal *mailseal, int entity,
			      const char *const *recipients,
			      const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(ENTITY, "Encrypt", "hasa{sv}",
					      entity, recipients, options),
			  MAILSEAL_SEAL_MS);
}

enum mailseal_status mailseal_content_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				int *content,
				struct mailseal_report **report,
				char *why, size_t why_size)
{
	enum mailseal_status status;
	DBusMessageIter iter;
	DBusMessage *reply;

	*content = -1;
	*report = NULL;
	status = call_end(mailseal, pending, &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	if (dbus_message_iter_init(reply, &iter) &&
	    dbus_message_iter_get_arg_type(&iter) == DBUS_TYPE_UNIX_FD)
		dbus_message_iter_get_basic(&iter, content);
	*report = report_behind(reply);
	if (*report != NULL && *content >= 0)
		return MAILSEAL_OK;
	mailseal_report_free(*report);
	*report = NULL;
	(void)snprintf(why, why_size, "the agent's answer has another form; "
		       "are agent and client of one version?");
	return MAILSEAL_REFUSED;
}
