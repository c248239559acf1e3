/* bus_flood.c - one caller with many checks under way: bus_flood COUNT FILE
 *
 * Says "sent" when all are on the bus, then takes answers until all came. */
#include <dbus/dbus.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CALL_MS 60000

static unsigned answered;

static void on_answer(DBusPendingCall *pending, void *ctx)
{
	(void)pending;
	(void)ctx;
	answered++;
}

static void send_check(DBusConnection *bus, int fd)
{
	DBusMessage *call = dbus_message_new_method_call("org.mailseal.Agent1",
		"/org/mailseal/Agent1", "org.mailseal.Incoming1", "Check");
	DBusPendingCall *pending = NULL;
	DBusMessageIter iter, list;

	dbus_message_iter_init_append(call, &iter);
	dbus_message_iter_append_basic(&iter, DBUS_TYPE_UNIX_FD, &fd);
	dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{sv}",
					 &list);
	dbus_message_iter_close_container(&iter, &list);
	dbus_connection_send_with_reply(bus, call, &pending, CALL_MS);
	if (pending != NULL)
		dbus_pending_call_set_notify(pending, on_answer, NULL, NULL);
	dbus_message_unref(call);
}

int main(int argc, char **argv)
{
	DBusConnection *bus = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
	long count = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	int fd = argc == 3 ? open(argv[2], O_RDONLY) : -1;
	long i;

	if (bus == NULL || count <= 0 || fd < 0)
		return EXIT_FAILURE;
	for (i = 0; i < count; i++)
		send_check(bus, fd);
	dbus_connection_flush(bus);
	printf("sent\n");
	fflush(stdout);
	while (answered < (unsigned long)count &&
	       dbus_connection_read_write_dispatch(bus, 1000))
		;
	printf("answered %u\n", answered);
	dbus_connection_close(bus);
	dbus_connection_unref(bus);
	close(fd);
	return EXIT_SUCCESS;
}
