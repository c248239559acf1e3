/* keys.c - the calls of org.mailseal.Keys1 */
#include "proto/call.h"

#define KEYS "org.mailseal.Keys1"

struct mailseal_pending *mailseal_keys_start(struct mailseal *mailseal)
{
	return call_start(mailseal, call_make(KEYS, "List", ""),
			  MAILSEAL_CHECK_MS);
}

struct mailseal_pending *
mailseal_key_generate_start(struct mailseal *mailseal,
			    const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(KEYS, "Generate", "a{sv}",
					       options),
			  MAILSEAL_PERSON_MS);
}

struct mailseal_pending *
mailseal_key_import_start(struct mailseal *mailseal, int file,
			  const struct mailseal_option *options)
{
	return call_start(mailseal, call_make(KEYS, "Import", "ha{sv}", file,
					       options),
			  MAILSEAL_PERSON_MS);
}

enum mailseal_status mailseal_key_request(struct mailseal *mailseal,
					  const char *key,
					  const struct mailseal_option *options,
					  int *request, char *why,
					  size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	*request = -1;
	status = call_end(mailseal, call_start(mailseal,
					       call_make(KEYS, "Request",
							 "sa{sv}", key,
							 options),
					       MAILSEAL_PERSON_MS),
			  &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	if (!dbus_message_get_args(reply, NULL, DBUS_TYPE_UNIX_FD, request,
				   DBUS_TYPE_INVALID)) {
		(void)snprintf(why, why_size, "the agent's answer has another "
			       "form; are agent and client of one version?");
		status = MAILSEAL_REFUSED;
	}
	dbus_message_unref(reply);
	return status;
}

/* Waits for an answer that says nothing. */
static enum mailseal_status end(struct mailseal *mailseal, DBusMessage *call,
				int ms, char *why, size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	status = call_end(mailseal, call_start(mailseal, call, ms), &reply,
			  why, why_size);
	if (status == MAILSEAL_OK)
		dbus_message_unref(reply);
	return status;
}

enum mailseal_status mailseal_key_unlock(struct mailseal *mailseal,
					 const char *key,
					 const struct mailseal_option *options,
					 char *why, size_t why_size)
{
	return end(mailseal, call_make(KEYS, "Unlock", "sa{sv}", key,
				       options),
		   MAILSEAL_PERSON_MS, why, why_size);
}

enum mailseal_status mailseal_keys_lock(struct mailseal *mailseal, char *why,
					size_t why_size)
{
	return end(mailseal, call_make(KEYS, "Lock", ""), MAILSEAL_CHECK_MS,
		   why, why_size);
}

enum mailseal_status mailseal_key_remove(struct mailseal *mailseal,
					 const char *key, char *why,
					 size_t why_size)
{
	return end(mailseal, call_make(KEYS, "Remove", "s", key),
		   MAILSEAL_CHECK_MS, why, why_size);
}
