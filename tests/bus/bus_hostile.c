/* bus_hostile.c - every method with what no client would give it
 *
 * bus_hostile FOLDER [flood]: every method with every kind of descriptor, with
 * texts and options that are too long, stand twice or are of other types;
 * then, or with "flood" alone, thousands of calls at once, read by nobody.
 * Every call must be answered, with a result or an error of D-Bus' or ours.
 * Prints how many were. */
#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bus/hostile_files.h"

#define CALL_MS		60000
#define TEXT_LONG	(1024 * 1024)
#define FLOOD		3000

struct method {
	const char *interface, *name, *signature;
};

/* Not those that end or empty something that later ones need. */
static const struct method methods[] = {
	{ "Incoming1", "Check", "ha{sv}" },
	{ "Incoming1", "CheckMany", "aha{sv}" },
	{ "Incoming1", "Find", "sa{sv}" },
	{ "Incoming1", "Newest", "ua{sv}" },
	{ "Incoming1", "Forget", "sa{sv}" },
	{ "Incoming1", "Suggest", "ha{sv}" },
	{ "Incoming1", "Open", "ha{sv}" },
	{ "Contacts1", "List", "" },
	{ "Contacts1", "Add", "ss" },
	{ "Contacts1", "Remove", "s" },
	{ "Contacts1", "Import", "hs" },
	{ "Contacts1", "Known", "s" },
	{ "Outgoing1", "CheckServer", "sqa{sv}" },
	{ "Outgoing1", "Protect", "hasa{sv}" },
	{ "Outgoing1", "Submit", "hsasa{sv}" },
	{ "Outgoing1", "Queue", "" },
	{ "Outgoing1", "Flush", "" },
	{ "Outgoing1", "Cancel", "s" },
	{ "Keys1", "List", "" },
	{ "Keys1", "Import", "ha{sv}" },
	{ "Keys1", "Generate", "a{sv}" },
	{ "Keys1", "Request", "sa{sv}" },
	{ "Keys1", "Remove", "s" },
	{ "Keys1", "Unlock", "sa{sv}" },
	{ "Keys1", "Lock", "" },
	{ "Keys1", "Find", "sa{sv}" },
	{ "Keys1", "Publish", "sa{sv}" },
	{ "Entity1", "Sign", "ha{sv}" },
	{ "Entity1", "Verify", "hha{sv}" },
	{ "Entity1", "Encrypt", "hasa{sv}" },
	{ "Entity1", "Decrypt", "ha{sv}" },
	{ "Entity1", "Opened", "sa{sv}" },
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

enum options {
	OPTIONS_NONE, OPTIONS_TWICE, OPTIONS_NESTED, OPTIONS_LONG,
	OPTIONS_MANY, OPTIONS_KNOWN, OPTIONS
};

struct given {
	int fd;
	const char *text;
	size_t texts;			/* members of a list of them */
	enum options options;
};

static unsigned answered, errors, unanswered;

static void option_put(DBusMessageIter *list, const char *key,
		       const char *text, int depth)
{
	DBusMessageIter entry, variants[40];
	int i;

	dbus_message_iter_open_container(list, DBUS_TYPE_DICT_ENTRY, NULL,
					 &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT,
					 depth > 0 ? "v" : "s", &variants[0]);
	for (i = 1; i <= depth; i++)
		dbus_message_iter_open_container(&variants[i - 1],
						 DBUS_TYPE_VARIANT,
						 i == depth ? "s" : "v",
						 &variants[i]);
	dbus_message_iter_append_basic(&variants[depth], DBUS_TYPE_STRING,
				       &text);
	for (i = depth; i > 0; i--)
		dbus_message_iter_close_container(&variants[i - 1],
						  &variants[i]);
	dbus_message_iter_close_container(&entry, &variants[0]);
	dbus_message_iter_close_container(list, &entry);
}

static void options_put(DBusMessageIter *iter, const struct given *given)
{
	static const char *const known[] = {
		"part", "scheme", "tty", "term", "display", "sender", "key",
		"client_ip", "helo", "mail_from", "id", "starttls", "what"
	};
	DBusMessageIter list;
	char key[32];
	size_t i;

	dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "{sv}",
					 &list);
	switch (given->options) {
	case OPTIONS_TWICE:
		option_put(&list, "tty", "a", 0);
		option_put(&list, "tty", "b", 0);
		break;
	case OPTIONS_NESTED:
		option_put(&list, "tty", "a", 30);
		break;
	case OPTIONS_LONG:
		option_put(&list, given->text, given->text, 0);
		break;
	case OPTIONS_MANY:
		for (i = 0; i < 2000; i++) {
			(void)snprintf(key, sizeof(key), "option%zu", i);
			option_put(&list, key, "x", 0);
		}
		break;
	case OPTIONS_KNOWN:
		i = given->texts % (sizeof(known) / sizeof(known[0]));
		option_put(&list, known[i], given->text, 0);
		break;
	case OPTIONS_NONE:
	case OPTIONS:
	default:
		break;
	}
	dbus_message_iter_close_container(iter, &list);
}

static void texts_put(DBusMessageIter *iter, const struct given *given)
{
	DBusMessageIter list;
	size_t i;

	dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "s", &list);
	for (i = 0; i < given->texts; i++)
		dbus_message_iter_append_basic(&list, DBUS_TYPE_STRING,
					       &given->text);
	dbus_message_iter_close_container(iter, &list);
}

static DBusMessage *call_of(const struct method *method,
			    const struct given *given)
{
	char interface[64];
	const char *at;
	DBusMessage *call;
	DBusMessageIter iter, list;
	dbus_uint32_t wide = 0xffffffff;
	dbus_uint16_t narrow = 0xffff;
	int i;

	(void)snprintf(interface, sizeof(interface), "org.mailseal.%s",
		       method->interface);
	call = dbus_message_new_method_call("org.mailseal.Agent1",
					    "/org/mailseal/Agent1", interface,
					    method->name);
	dbus_message_iter_init_append(call, &iter);
	for (at = method->signature; *at != 0; at++) {
		if (strncmp(at, "a{sv}", 5) == 0) {
			options_put(&iter, given);
			at += 4;
		} else if (strncmp(at, "as", 2) == 0) {
			texts_put(&iter, given);
			at++;
		} else if (strncmp(at, "ah", 2) == 0) {
			dbus_message_iter_open_container(
				&iter, DBUS_TYPE_ARRAY, "h", &list);
			for (i = 0; i < 8; i++)
				dbus_message_iter_append_basic(
					&list, DBUS_TYPE_UNIX_FD, &given->fd);
			dbus_message_iter_close_container(&iter, &list);
			at++;
		} else if (*at == 'h') {
			dbus_message_iter_append_basic(
				&iter, DBUS_TYPE_UNIX_FD, &given->fd);
		} else if (*at == 's') {
			dbus_message_iter_append_basic(
				&iter, DBUS_TYPE_STRING, &given->text);
		} else if (*at == 'u') {
			dbus_message_iter_append_basic(
				&iter, DBUS_TYPE_UINT32, &wide);
		} else {
			dbus_message_iter_append_basic(
				&iter, DBUS_TYPE_UINT16, &narrow);
		}
	}
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

/* Ours, or one that says what was wrong with the call. */
static int is_proper(const char *name)
{
	return strncmp(name, "org.mailseal.Error.", 19) == 0 ||
	       strcmp(name, DBUS_ERROR_INVALID_ARGS) == 0 ||
	       strcmp(name, DBUS_ERROR_LIMITS_EXCEEDED) == 0;
}

static void try_call(DBusConnection *bus, const struct method *method,
		     const struct given *given)
{
	DBusMessage *call = call_of(method, given), *reply;
	DBusError error;

	dbus_error_init(&error);
	reply = dbus_connection_send_with_reply_and_block(bus, call, CALL_MS,
							  &error);
	if (reply != NULL) {
		answered++;
		dbus_message_unref(reply);
	} else if (is_proper(error.name)) {
		errors++;
	} else {
		unanswered++;
		printf("%s.%s: %s: %.200s\n", method->interface, method->name,
		       error.name, error.message);
	}
	dbus_error_free(&error);
	dbus_message_unref(call);
}

/* Thousands of calls by one who goes, or stays and reads nothing. */
static void flood(const char *folder, int stays)
{
	DBusConnection *bus = connect_private();
	struct given given = { -1, "alice@example.org", 3, OPTIONS_NONE };
	DBusMessage *call;
	int i;

	given.fd = hostile_file(folder, "flood", "From: a@example.org\n\nx\n");
	for (i = 0; i < FLOOD; i++) {
		call = call_of(&methods[(size_t)i % METHODS], &given);
		if (strcmp(dbus_message_get_member(call), "Generate") != 0)
			(void)dbus_connection_send(bus, call, NULL);
		dbus_message_unref(call);
		if (i % 200 == 0)
			dbus_connection_flush(bus);
	}
	dbus_connection_flush(bus);
	if (stays)
		sleep(2);
	close(given.fd);
	leave(bus);
}

int main(int argc, char **argv)
{
	static const char *const texts[] = {
		"", "%s%n%s%n", "a\nb\r\n.\r\n", "\033[31m<b>", "../../x",
		"<alice@example.org", "\"", "alice@example.org",
		"\xe2\x80\xae" "gro.elpmaxe@ecila", NULL
	};
	DBusConnection *bus = connect_private();
	struct given given = { -1, "alice@example.org", 1, OPTIONS_NONE };
	char *text = malloc(TEXT_LONG + 1);
	size_t i, k, fd_count;
	const int *fds;

	if (argc < 2 || text == NULL)
		return EXIT_FAILURE;
	memset(text, 'a', TEXT_LONG);
	text[TEXT_LONG] = 0;
	dbus_connection_set_max_message_size(bus, 128 * 1024 * 1024);
	fd_count = hostile_files(argv[1], &fds);
	for (i = 0; argc == 2 && i < METHODS; i++) {
		for (k = 0; k < fd_count; k++) {
			if (strchr(methods[i].signature, 'h') == NULL && k > 0)
				break;
			given.fd = fds[k];
			try_call(bus, &methods[i], &given);
		}
		given.fd = fds[fd_count - HOSTILE_PLAIN_MAIL];
		for (k = 0; texts[k] != NULL; k++) {
			given.text = texts[k];
			try_call(bus, &methods[i], &given);
		}
		given.texts = 12000;
		try_call(bus, &methods[i], &given);
		given.text = text;
		given.texts = 1;
		for (given.options = 0; given.options < OPTIONS;
		     given.options++)
			try_call(bus, &methods[i], &given);
		given.options = OPTIONS_KNOWN;
		for (given.texts = 0; given.texts < 13; given.texts++)
			try_call(bus, &methods[i], &given);
		given.text = "\033]0;x\007%n";
		for (given.texts = 0; given.texts < 13; given.texts++)
			try_call(bus, &methods[i], &given);
		given.options = OPTIONS_NONE;
		given.text = "alice@example.org";
		given.texts = 1;
	}
	flood(argv[1], 0);
	flood(argv[1], 1);
	printf("answered %u, errors %u, unanswered %u\n", answered, errors,
	       unanswered);
	free(text);
	leave(bus);
	return unanswered == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
