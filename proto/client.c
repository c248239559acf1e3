/* client.c - the connection
 *
 * Nothing here waits: a bus that stands still would hold a mail client for as
 * long as libdbus thinks right.  The greeting goes out first, the calls right
 * behind it, and whoever waits for an answer does so within the call's time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/call.h"

/* Of one entry of an address; false: it is no socket of this machine. */
static bool socket_of(DBusAddressEntry *entry, struct sockaddr_un *to,
		      socklen_t *len)
{
	const char *path = dbus_address_entry_get_value(entry, "path");
	const char *name = dbus_address_entry_get_value(entry, "abstract");
	size_t size;

	if (strcmp(dbus_address_entry_get_method(entry), "unix") != 0 ||
	    (path == NULL && name == NULL))
		return false;
	size = strlen(path != NULL ? path : name);
	if (size + 2 > sizeof(to->sun_path))
		return false;
	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(to->sun_path + (path == NULL), path != NULL ? path : name,
	       size);
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + 1);
	return true;
}

/* So many wait at the door of a bus that stands still that connect(2) would
 * wait with them. */
static bool is_crowded(const char *address)
{
	DBusAddressEntry **entries;
	struct sockaddr_un to;
	bool crowded = false;
	socklen_t len;
	int count, i, fd;

	if (!dbus_parse_address(address, &entries, &count, NULL))
		return false;
	for (i = 0; i < count && !crowded; i++) {
		if (!socket_of(entries[i], &to, &len))
			continue;
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    0);
		crowded = fd >= 0 &&
			  connect(fd, (struct sockaddr *)&to, len) < 0 &&
			  errno == EAGAIN;
		if (fd >= 0)
			(void)close(fd);
	}
	dbus_address_entries_free(entries);
	return crowded;
}

/* A mail client started from cron or a plain console often has the runtime
 * folder only; libdbus finds what stands nowhere (autolaunch). */
static const char *address_of(char *room, size_t size)
{
	const char *set = getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (set != NULL && set[0] != 0)
		return set;
	if (runtime == NULL)
		return "autolaunch:";
	(void)snprintf(room, size, "unix:path=%.400s/bus", runtime);
	return room;
}

/* NULL: no memory, or it hung up already. */
static DBusPendingCall *greet(DBusConnection *bus)
{
	DBusMessage *hello = dbus_message_new_method_call(DBUS_SERVICE_DBUS,
			DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "Hello");
	DBusPendingCall *pending = NULL;

	if (hello == NULL)
		return NULL;
	if (!dbus_connection_send_with_reply(bus, hello, &pending, -1))
		pending = NULL;
	dbus_message_unref(hello);
	return pending;
}

static bool connect_to(struct mailseal *mailseal, DBusError *error)
{
	char room[512];
	const char *address = address_of(room, sizeof(room));

	if (is_crowded(address)) {
		dbus_set_error_const(error, DBUS_ERROR_NO_SERVER,
				     "it lets nobody in");
		return false;
	}
	mailseal->bus = dbus_connection_open_private(address, error);
	if (mailseal->bus == NULL)
		return false;
	dbus_connection_set_exit_on_disconnect(mailseal->bus, FALSE);
	mailseal->hello = greet(mailseal->bus);
	if (mailseal->hello == NULL)
		dbus_set_error_const(error, DBUS_ERROR_DISCONNECTED,
				     "it hung up");
	return mailseal->hello != NULL;
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
	if (connect_to(mailseal, &error)) {
		*status = MAILSEAL_OK;
		return mailseal;
	}
	*status = MAILSEAL_NO_BUS;
	(void)snprintf(why, why_size, "the session bus cannot be reached (%s); "
		       "start a desktop session, or run the command under "
		       "dbus-run-session", error.message);
	dbus_error_free(&error);
	mailseal_close(mailseal);
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
	if (mailseal->hello != NULL) {
		dbus_pending_call_cancel(mailseal->hello);
		dbus_pending_call_unref(mailseal->hello);
	}
	if (mailseal->bus != NULL) {
		dbus_connection_close(mailseal->bus);
		dbus_connection_unref(mailseal->bus);
	}
	free(mailseal);
}
