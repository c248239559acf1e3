/* client.c - the connection and the calls */
#include "proto/mailseal.h"

#include <dbus/dbus.h>
#include <stdlib.h>
#include <string.h>

#include "proto/report.h"

#define NAME		"org.mailseal.Agent1"
#define PATH		"/org/mailseal/Agent1"
#define STATUS_MS	5000

struct mailseal {
	DBusConnection *bus;
};

struct mailseal_pending {
	DBusPendingCall *call;
};

/* libdbus knows DBUS_SESSION_BUS_ADDRESS; a mail client started from cron or
 * a plain console often has only the runtime folder. */
static DBusConnection *connect_to(DBusError *error)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *set = getenv("DBUS_SESSION_BUS_ADDRESS");
	DBusConnection *bus;
	char address[512];

	if ((set != NULL && set[0] != 0) || runtime == NULL)
		return dbus_bus_get_private(DBUS_BUS_SESSION, error);
	(void)snprintf(address, sizeof(address), "unix:path=%.400s/bus",
		       runtime);
	bus = dbus_connection_open_private(address, error);
	if (bus != NULL && !dbus_bus_register(bus, error)) {
		dbus_connection_close(bus);
		dbus_connection_unref(bus);
		bus = NULL;
	}
	return bus;
}

struct mailseal *mailseal_open(enum mailseal_status *status, char *why,
			       size_t why_size)
{
	struct mailseal *mailseal = calloc(1, sizeof(*mailseal));
	DBusError error;

	*status = MAILSEAL_NO_MEMORY;
	(void)snprintf(why, why_size, "out of memory");
	if (mailseal == NULL)
		return NULL;
	dbus_error_init(&error);
	mailseal->bus = connect_to(&error);
	if (mailseal->bus != NULL) {
		dbus_connection_set_exit_on_disconnect(mailseal->bus, FALSE);
		*status = MAILSEAL_OK;
		return mailseal;
	}
	*status = MAILSEAL_NO_BUS;
	(void)snprintf(why, why_size, "the session bus cannot be reached (%s); "
		       "start a desktop session, or run the command under "
		       "dbus-run-session", error.message);
	dbus_error_free(&error);
	free(mailseal);
	return NULL;
}

void mailseal_close(struct mailseal *mailseal)
{
	if (mailseal == NULL)
		return;
	dbus_connection_close(mailseal->bus);
	dbus_connection_unref(mailseal->bus);
	free(mailseal);
}

static bool options_append(DBusMessageIter *iter,
			   const struct mailseal_option *options)
{
	DBusMessageIter list, entry, variant;

	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "{sv}",
					      &list))
		return false;
	for (; options != NULL && options->key != NULL; options++) {
		if (options->text == NULL)
			continue;
		if (!dbus_validate_utf8(options->text, NULL) ||
		    !dbus_message_iter_open_container(&list,
						      DBUS_TYPE_DICT_ENTRY,
						      NULL, &entry) ||
		    !dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
						    &options->key) ||
		    !dbus_message_iter_open_container(&entry,
						      DBUS_TYPE_VARIANT, "s",
						      &variant) ||
		    !dbus_message_iter_append_basic(&variant, DBUS_TYPE_STRING,
						    &options->text) ||
		    !dbus_message_iter_close_container(&entry, &variant) ||
		    !dbus_message_iter_close_container(&list, &entry))
			return false;
	}
	return dbus_message_iter_close_container(iter, &list);
}

static struct mailseal_pending *call_start(struct mailseal *mailseal,
					   DBusMessage *message, int ms)
{
	struct mailseal_pending *pending = calloc(1, sizeof(*pending));

	if (pending == NULL)
		return NULL;
	if (dbus_connection_send_with_reply(mailseal->bus, message,
					    &pending->call, ms) &&
	    pending->call != NULL)
		return pending;
	free(pending);
	return NULL;
}

struct mailseal_pending *mailseal_check_start(struct mailseal *mailseal,
				int message,
				const struct mailseal_option *options)
{
	DBusMessage *call = dbus_message_new_method_call(NAME, PATH,
				"org.mailseal.Incoming1", "Check");
	struct mailseal_pending *pending = NULL;
	DBusMessageIter iter;

	if (call == NULL)
		return NULL;
	dbus_message_iter_init_append(call, &iter);
	if (dbus_message_iter_append_basic(&iter, DBUS_TYPE_UNIX_FD,
					   &message) &&
	    options_append(&iter, options))
		pending = call_start(mailseal, call, MAILSEAL_CHECK_MS);
	dbus_message_unref(call);
	return pending;
}

static enum mailseal_status error_status(DBusMessage *reply, char *why,
					 size_t why_size)
{
	const char *name = dbus_message_get_error_name(reply);
	const char *text = "";

	(void)dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &text,
				    DBUS_TYPE_INVALID);
	if (strcmp(name, DBUS_ERROR_NO_REPLY) == 0 ||
	    strcmp(name, DBUS_ERROR_TIMEOUT) == 0) {
		(void)snprintf(why, why_size, "the agent did not answer in "
			       "time; see mailseal status");
		return MAILSEAL_TIMED_OUT;
	}
	if (strcmp(name, DBUS_ERROR_SERVICE_UNKNOWN) == 0 ||
	    strcmp(name, DBUS_ERROR_NAME_HAS_NO_OWNER) == 0 ||
	    strncmp(name, "org.freedesktop.DBus.Error.Spawn", 32) == 0) {
		(void)snprintf(why, why_size, "the agent mailseald does not "
			       "run and the bus cannot start it; start "
			       "mailseald, or install its D-Bus service file");
		return MAILSEAL_NO_AGENT;
	}
	if (strcmp(name, DBUS_ERROR_DISCONNECTED) == 0) {
		(void)snprintf(why, why_size, "the session bus is gone");
		return MAILSEAL_NO_BUS;
	}
	(void)snprintf(why, why_size, "%s", text);
	return MAILSEAL_REFUSED;
}

enum mailseal_status mailseal_check_end(struct mailseal *mailseal,
				struct mailseal_pending *pending,
				struct mailseal_report **report, char *why,
				size_t why_size)
{
	enum mailseal_status status = MAILSEAL_NO_BUS;
	DBusMessage *reply;

	(void)mailseal;
	*report = NULL;
	(void)snprintf(why, why_size, "the session bus is gone");
	dbus_pending_call_block(pending->call);
	reply = dbus_pending_call_steal_reply(pending->call);
	dbus_pending_call_unref(pending->call);
	free(pending);
	if (reply == NULL)
		return status;
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR) {
		status = error_status(reply, why, why_size);
		dbus_message_unref(reply);
		return status;
	}
	*report = report_of(reply);
	if (*report != NULL)
		return MAILSEAL_OK;
	(void)snprintf(why, why_size, "the agent's answer has another form; "
		       "are agent and client of one version?");
	return MAILSEAL_REFUSED;
}

enum mailseal_status mailseal_properties(struct mailseal *mailseal,
					 struct mailseal_report **report,
					 char *why, size_t why_size)
{
	DBusMessage *call = dbus_message_new_method_call(NAME, PATH,
				DBUS_INTERFACE_PROPERTIES, "GetAll");
	struct mailseal_pending *pending = NULL;
	const char *interface = NAME;

	*report = NULL;
	(void)snprintf(why, why_size, "out of memory");
	if (call == NULL)
		return MAILSEAL_NO_MEMORY;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &interface,
				     DBUS_TYPE_INVALID))
		pending = call_start(mailseal, call, STATUS_MS);
	dbus_message_unref(call);
	if (pending == NULL)
		return MAILSEAL_NO_MEMORY;
	return mailseal_check_end(mailseal, pending, report, why, why_size);
}
