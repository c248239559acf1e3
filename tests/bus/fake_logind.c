/* fake_logind.c - a logind that does what standard input says
 *
 * Owns org.freedesktop.login1 on the bus of DBUS_SYSTEM_BUS_ADDRESS.  Prints
 * "ready", "inhibited" when somebody took a delay inhibitor, "released" when
 * it was let go.  Words: sleep, wake, lock (signals), hint (LockedHint). */
#include <dbus/dbus.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MANAGER "org.freedesktop.login1.Manager"
#define SESSION "/org/freedesktop/login1/session/_31"

static int inhibitor = -1;		/* our end */

static void tell(const char *word)
{
	(void)printf("%s\n", word);
	(void)fflush(stdout);
}

static void inhibit(DBusConnection *bus, DBusMessage *call)
{
	DBusMessage *reply = dbus_message_new_method_return(call);
	int ends[2];

	if (reply == NULL || pipe(ends) < 0)
		return;
	(void)dbus_message_append_args(reply, DBUS_TYPE_UNIX_FD, &ends[1],
				       DBUS_TYPE_INVALID);
	(void)dbus_connection_send(bus, reply, NULL);
	dbus_connection_flush(bus);
	dbus_message_unref(reply);
	(void)close(ends[1]);
	if (inhibitor >= 0)
		(void)close(inhibitor);
	inhibitor = ends[0];
	tell("inhibited");
}

static void prepare_for_sleep(DBusConnection *bus, dbus_bool_t sleeps)
{
	DBusMessage *signal = dbus_message_new_signal(
		"/org/freedesktop/login1", MANAGER, "PrepareForSleep");

	(void)dbus_message_append_args(signal, DBUS_TYPE_BOOLEAN, &sleeps,
				       DBUS_TYPE_INVALID);
	(void)dbus_connection_send(bus, signal, NULL);
	dbus_message_unref(signal);
}

static void lock(DBusConnection *bus)
{
	DBusMessage *signal = dbus_message_new_signal(
		SESSION, "org.freedesktop.login1.Session", "Lock");

	(void)dbus_connection_send(bus, signal, NULL);
	dbus_message_unref(signal);
}

static void hint(DBusConnection *bus)
{
	static const char interface[] = "org.freedesktop.login1.Session";
	static const char property[] = "LockedHint";
	const char *of = interface, *name = property;
	DBusMessage *signal = dbus_message_new_signal(
		SESSION, DBUS_INTERFACE_PROPERTIES, "PropertiesChanged");
	DBusMessageIter iter, list, entry, variant;
	dbus_bool_t truth = TRUE;

	dbus_message_iter_init_append(signal, &iter);
	(void)dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING, &of);
	(void)dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{sv}",
					       &list);
	(void)dbus_message_iter_open_container(&list, DBUS_TYPE_DICT_ENTRY,
					       NULL, &entry);
	(void)dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
	(void)dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "b",
					       &variant);
	(void)dbus_message_iter_append_basic(&variant, DBUS_TYPE_BOOLEAN,
					     &truth);
	(void)dbus_message_iter_close_container(&entry, &variant);
	(void)dbus_message_iter_close_container(&list, &entry);
	(void)dbus_message_iter_close_container(&iter, &list);
	(void)dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "s",
					       &list);
	(void)dbus_message_iter_close_container(&iter, &list);
	(void)dbus_connection_send(bus, signal, NULL);
	dbus_message_unref(signal);
}

static void obey(DBusConnection *bus, const char *word)
{
	if (strcmp(word, "sleep\n") == 0 || strcmp(word, "wake\n") == 0)
		prepare_for_sleep(bus, word[0] == 's');
	else if (strcmp(word, "lock\n") == 0)
		lock(bus);
	else if (strcmp(word, "hint\n") == 0)
		hint(bus);
	dbus_connection_flush(bus);
}

int main(void)
{
	DBusConnection *bus = dbus_bus_get(DBUS_BUS_SYSTEM, NULL);
	struct pollfd fds[3] = { { STDIN_FILENO, POLLIN, 0 },
				 { -1, POLLIN, 0 }, { -1, 0, 0 } };
	DBusMessage *message;
	char word[64];

	if (bus == NULL ||
	    dbus_bus_request_name(bus, "org.freedesktop.login1", 0, NULL) !=
	    DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER)
		return 1;
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	(void)dbus_connection_get_unix_fd(bus, &fds[1].fd);
	tell("ready");
	for (;;) {
		fds[2].fd = inhibitor;
		if (poll(fds, 3, -1) < 0)
			continue;
		(void)dbus_connection_read_write(bus, 0);
		while ((message = dbus_connection_pop_message(bus)) != NULL) {
			if (dbus_message_is_method_call(message, MANAGER,
							"Inhibit"))
				inhibit(bus, message);
			dbus_message_unref(message);
		}
		if (fds[2].fd == inhibitor && inhibitor >= 0 &&
		    fds[2].revents != 0) {
			(void)close(inhibitor);
			inhibitor = -1;
			tell("released");
		}
		if (fds[0].revents != 0) {
			if (fgets(word, sizeof(word), stdin) == NULL)
				return 0;
			obey(bus, word);
		}
	}
}
