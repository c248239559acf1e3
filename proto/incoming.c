/* incoming.c - the calls of org.mailseal.Incoming1, and properties */
#include <string.h>

#include "proto/call.h"
#include "proto/report.h"

#define INCOMING "org.mailseal.Incoming1"

static enum mailseal_status other_form(char *why, size_t why_size)
{
	(void)snprintf(why, why_size, "the agent's answer has another form; "
		       "are agent and client of one version?");
	return MAILSEAL_REFUSED;
}

struct mailseal_pending *mailseal_check_start(struct mailseal *mailseal,
				int message,
				const struct mailseal_option *options)
{
	DBusMessage *call = call_new(INCOMING, "Check");
	DBusMessageIter iter;

	if (call == NULL)
		return NULL;
	dbus_message_iter_init_append(call, &iter);
	if (dbus_message_iter_append_basic(&iter, DBUS_TYPE_UNIX_FD,
					   &message) &&
	    call_options(&iter, options))
		return call_start(mailseal, call, MAILSEAL_CHECK_MS);
	dbus_message_unref(call);
	return NULL;
}

struct mailseal_pending *mailseal_check_many_start(struct mailseal *mailseal,
				const int *messages, size_t count,
				const struct mailseal_option *options)
{
	DBusMessage *call = call_new(INCOMING, "CheckMany");
	DBusMessageIter iter, list;
	bool fine;
	size_t i;

	if (call == NULL)
		return NULL;
	dbus_message_iter_init_append(call, &iter);
	fine = dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "h",
						&list);
	for (i = 0; i < count && fine; i++)
		fine = dbus_message_iter_append_basic(&list, DBUS_TYPE_UNIX_FD,
						      &messages[i]);
	if (fine && dbus_message_iter_close_container(&iter, &list) &&
	    call_options(&iter, options))
		return call_start(mailseal, call, MAILSEAL_MANY_MS);
	dbus_message_unref(call);
	return NULL;
}

enum mailseal_status mailseal_check_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				struct mailseal_report **report, char *why,
				size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	*report = NULL;
	status = call_end(mailseal, pending, &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	*report = report_of(reply);
	return *report != NULL ? MAILSEAL_OK : other_form(why, why_size);
}

enum mailseal_status mailseal_list_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				struct mailseal_report **reports, size_t room,
				size_t *count, char *why, size_t why_size)
{
	enum mailseal_status status;
	DBusMessage *reply;

	*count = 0;
	status = call_end(mailseal, pending, &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	if (!reports_of(reply, reports, room, count))
		status = other_form(why, why_size);
	dbus_message_unref(reply);
	return status;
}

struct mailseal_pending *mailseal_find_start(struct mailseal *mailseal,
					     const char *message_id)
{
	DBusMessage *call = NULL;
	DBusMessageIter iter;

	if (dbus_validate_utf8(message_id, NULL))
		call = call_new(INCOMING, "Find");
	if (call == NULL)
		return NULL;
	dbus_message_iter_init_append(call, &iter);
	if (dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING,
					   &message_id) &&
	    call_options(&iter, NULL))
		return call_start(mailseal, call, CALL_SHORT_MS);
	dbus_message_unref(call);
	return NULL;
}

struct mailseal_pending *mailseal_suggest_start(struct mailseal *mailseal,
						int headers)
{
	return call_start(mailseal, call_make(INCOMING, "Suggest", "ha{sv}",
					      headers, NULL),
			  MAILSEAL_MANY_MS);
}

struct mailseal_pending *mailseal_newest_start(struct mailseal *mailseal,
					       unsigned count)
{
	return call_start(mailseal, call_make(INCOMING, "Newest", "ua{sv}",
					      count, NULL),
			  MAILSEAL_CHECK_MS);
}

enum mailseal_status mailseal_forget(struct mailseal *mailseal,
				     const char *what, int64_t older,
				     unsigned *count, char *why,
				     size_t why_size)
{
	const struct mailseal_option options[] = {
		{ "older", NULL, MAILSEAL_NUMBER, older },
		{ NULL, NULL, MAILSEAL_TEXT, 0 }
	};
	DBusMessage *call = NULL, *reply;
	enum mailseal_status status;
	dbus_uint32_t number = 0;
	DBusMessageIter iter;

	*count = 0;
	if (dbus_validate_utf8(what, NULL))
		call = call_new(INCOMING, "Forget");
	if (call != NULL) {
		dbus_message_iter_init_append(call, &iter);
		if (!dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING,
						    &what) ||
		    !call_options(&iter, options)) {
			dbus_message_unref(call);
			call = NULL;
		}
	}
	/* A large store takes its time. */
	status = call_end(mailseal, call_start(mailseal, call,
					       MAILSEAL_CHECK_MS),
			  &reply, why, why_size);
	if (status != MAILSEAL_OK)
		return status;
	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &number,
				  DBUS_TYPE_INVALID))
		*count = number;
	else
		status = other_form(why, why_size);
	dbus_message_unref(reply);
	return status;
}

static DBusMessage *property_call(const char *method, const char *name)
{
	DBusMessage *call = call_new(DBUS_INTERFACE_PROPERTIES, method);
	const char *interface = CALL_NAME;

	if (call == NULL)
		return NULL;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &interface,
				     DBUS_TYPE_INVALID) &&
	    (name == NULL ||
	     dbus_message_append_args(call, DBUS_TYPE_STRING, &name,
				      DBUS_TYPE_INVALID)))
		return call;
	dbus_message_unref(call);
	return NULL;
}

enum mailseal_status mailseal_property(struct mailseal *mailseal,
				       const char *name,
				       struct mailseal_report **report,
				       char *why, size_t why_size)
{
	return mailseal_check_end(mailseal,
				  call_start(mailseal,
					     property_call("Get", name),
					     CALL_SHORT_MS),
				  report, why, why_size);
}

enum mailseal_status mailseal_properties(struct mailseal *mailseal,
					 struct mailseal_report **report,
					 char *why, size_t why_size)
{
	return mailseal_check_end(mailseal,
				  call_start(mailseal,
					     property_call("GetAll", NULL),
					     CALL_SHORT_MS),
				  report, why, why_size);
}
