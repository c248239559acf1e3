/* client.c - the connection */
#include <stdlib.h>
#include <string.h>

#include "proto/call.h"

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

void mailseal_hurry(struct mailseal *mailseal, int ms)
{
	mailseal->until = call_now_ms() + ms;
}

enum mailseal_status mailseal_alive(struct mailseal *mailseal, int ms,
				    char *why, size_t why_size)
{
	DBusMessage *reply;
	enum mailseal_status status;

	status = call_end(mailseal,
			  call_start(mailseal, call_new(DBUS_INTERFACE_PEER,
							"Ping"), ms),
			  &reply, why, why_size);
	if (reply != NULL)
		dbus_message_unref(reply);
	return status;
}

void mailseal_close(struct mailseal *mailseal)
{
	if (mailseal == NULL)
		return;
	dbus_connection_close(mailseal->bus);
	dbus_connection_unref(mailseal->bus);
	free(mailseal);
}
