/* bus_probe.c - calls that the command line cannot make: descriptors that are
 * no file, unknown options, callers that leave */
#include <dbus/dbus.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALL_MS 15000

/* Check, or another method that takes a descriptor and options. */
static DBusMessage *call_of(const char *method, int fd, const char *option)
{
	DBusMessage *call = dbus_message_new_method_call("org.mailseal.Agent1",
		"/org/mailseal/Agent1", "org.mailseal.Incoming1", method);
	DBusMessageIter iter, list, entry, variant;
	const char *value = "x";

	dbus_message_iter_init_append(call, &iter);
	dbus_message_iter_append_basic(&iter, DBUS_TYPE_UNIX_FD, &fd);
	dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{sv}",
					 &list);
	if (option != NULL) {
		dbus_message_iter_open_container(&list, DBUS_TYPE_DICT_ENTRY,
						 NULL, &entry);
		dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
					       &option);
		dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT,
						 "s", &variant);
		dbus_message_iter_append_basic(&variant, DBUS_TYPE_STRING,
					       &value);
		dbus_message_iter_close_container(&entry, &variant);
		dbus_message_iter_close_container(&list, &entry);
	}
	dbus_message_iter_close_container(&iter, &list);
	return call;
}

static DBusConnection *connect_private(void)
{
	DBusConnection *bus = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);

	if (bus == NULL)
		exit(EXIT_FAILURE);
	dbus_connection_set_exit_on_disconnect(bus, FALSE);
	return bus;
}

static void leave(DBusConnection *bus)
{
	dbus_connection_close(bus);
	dbus_connection_unref(bus);
}

/* The error's name must be `wanted`. */
static int expect_error(DBusConnection *bus, const char *method, int fd,
			const char *option, const char *wanted)
{
	DBusMessage *call = call_of(method, fd, option), *reply;
	DBusError error;
	int fine;

	dbus_error_init(&error);
	reply = dbus_connection_send_with_reply_and_block(bus, call, CALL_MS,
							  &error);
	fine = reply == NULL && strcmp(error.name, wanted) == 0;
	printf("%s: %s\n", wanted, fine ? "as wanted" : "NOT");
	if (reply != NULL)
		dbus_message_unref(reply);
	dbus_message_unref(call);
	dbus_error_free(&error);
	return fine ? 0 : 1;
}

int main(int argc, char **argv)
{
	DBusConnection *bus, *leaver;
	DBusMessage *call;
	int ends[2], folder, file, i, wrong = 0;

	if (argc != 2 || pipe(ends) < 0)
		return EXIT_FAILURE;
	bus = connect_private();
	file = open(argv[1], O_RDONLY);
	folder = open("/", O_RDONLY | O_DIRECTORY);
	wrong += expect_error(bus, "Check", folder, NULL,
			      "org.mailseal.Error.InvalidMessage");
	wrong += expect_error(bus, "Check", ends[0], NULL,
			      "org.mailseal.Error.InvalidMessage");
	wrong += expect_error(bus, "Check", file, "no_such_option",
			      "org.mailseal.Error.UnknownOption");
	/* a message is no list of headers with their lengths */
	wrong += expect_error(bus, "Suggest", file, NULL,
			      "org.mailseal.Error.InvalidArgs");
	for (i = 0; i < 20; i++) {
		leaver = connect_private();
		call = call_of("Check", file, NULL);
		dbus_connection_send(leaver, call, NULL);
		dbus_message_unref(call);
		dbus_connection_flush(leaver);
		leave(leaver);
	}
	leave(bus);
	close(file);
	close(folder);
	close(ends[0]);
	close(ends[1]);
	return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
