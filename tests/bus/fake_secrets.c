/* fake_secrets.c - a Secret Service with one item, locked or not
 *
 *	fake_secrets open|locked|dismissed SECRET
 *
 * The item has the attributes service=smtp, host=smtp.mail.lab, user=alice. */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NAME		"org.freedesktop.secrets"
#define INTERFACE	"org.freedesktop.Secret."
#define ITEM		"/org/freedesktop/secrets/collection/a/1"
#define PROMPT		"/org/freedesktop/secrets/prompt/1"

struct fake {
	DBusConnection *bus;
	bool locked, dismissed;
	const char *secret;
};

static void send_it(struct fake *fake, DBusMessage *message)
{
	(void)dbus_connection_send(fake->bus, message, NULL);
	dbus_message_unref(message);
}

static void put_variant(DBusMessageIter *iter, const char *text)
{
	DBusMessageIter inner;

	(void)dbus_message_iter_open_container(iter, DBUS_TYPE_VARIANT, "s",
					       &inner);
	(void)dbus_message_iter_append_basic(&inner, DBUS_TYPE_STRING, &text);
	(void)dbus_message_iter_close_container(iter, &inner);
}

/* NULL: an empty list */
static void put_paths(DBusMessageIter *iter, const char *path)
{
	DBusMessageIter inner;

	(void)dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "o",
					       &inner);
	if (path != NULL)
		(void)dbus_message_iter_append_basic(&inner,
						     DBUS_TYPE_OBJECT_PATH,
						     &path);
	(void)dbus_message_iter_close_container(iter, &inner);
}

static void put_path(DBusMessageIter *iter, const char *path)
{
	(void)dbus_message_iter_append_basic(iter, DBUS_TYPE_OBJECT_PATH,
					     &path);
}

/* Whether every attribute asked for is the item's. */
static bool matches(DBusMessage *message)
{
	static const char *const pairs[][2] = {
		{ "service", "smtp" }, { "host", "smtp.mail.lab" },
		{ "user", "alice" }
	};
	DBusMessageIter iter, dict, entry;
	const char *name, *value;
	size_t count = 0, i;

	(void)dbus_message_iter_init(message, &iter);
	dbus_message_iter_recurse(&iter, &dict);
	for (; dbus_message_iter_get_arg_type(&dict) == DBUS_TYPE_DICT_ENTRY;
	     (void)dbus_message_iter_next(&dict)) {
		dbus_message_iter_recurse(&dict, &entry);
		dbus_message_iter_get_basic(&entry, &name);
		(void)dbus_message_iter_next(&entry);
		dbus_message_iter_get_basic(&entry, &value);
		for (i = 0; i < 3; i++)
			count += strcmp(pairs[i][0], name) == 0 &&
				 strcmp(pairs[i][1], value) == 0;
	}
	return count == 3;
}

static void put_secret(struct fake *fake, DBusMessageIter *iter)
{
	const char *empty = "", *type = "text/plain";
	DBusMessageIter inner, bytes;

	(void)dbus_message_iter_open_container(iter, DBUS_TYPE_STRUCT, NULL,
					       &inner);
	put_path(&inner, "/session");
	(void)dbus_message_iter_open_container(&inner, DBUS_TYPE_ARRAY, "y",
					       &bytes);
	(void)dbus_message_iter_append_fixed_array(&bytes, DBUS_TYPE_BYTE,
						   &empty, 0);
	(void)dbus_message_iter_close_container(&inner, &bytes);
	(void)dbus_message_iter_open_container(&inner, DBUS_TYPE_ARRAY, "y",
					       &bytes);
	(void)dbus_message_iter_append_fixed_array(&bytes, DBUS_TYPE_BYTE,
						   &fake->secret,
						   (int)strlen(fake->secret));
	(void)dbus_message_iter_close_container(&inner, &bytes);
	(void)dbus_message_iter_append_basic(&inner, DBUS_TYPE_STRING, &type);
	(void)dbus_message_iter_close_container(iter, &inner);
}

static void completed(struct fake *fake)
{
	DBusMessage *signal = dbus_message_new_signal(PROMPT, INTERFACE
						      "Prompt", "Completed");
	dbus_bool_t dismissed = fake->dismissed;
	DBusMessageIter iter;

	dbus_message_iter_init_append(signal, &iter);
	(void)dbus_message_iter_append_basic(&iter, DBUS_TYPE_BOOLEAN,
					     &dismissed);
	put_variant(&iter, "");
	send_it(fake, signal);
	fake->locked = fake->dismissed;
}

static void serve(struct fake *fake, DBusMessage *message)
{
	const char *method = dbus_message_get_member(message);
	DBusMessage *reply = dbus_message_new_method_return(message);
	bool is_prompt = strcmp(method, "Prompt") == 0, found;
	DBusMessageIter iter;

	dbus_message_iter_init_append(reply, &iter);
	if (strcmp(method, "OpenSession") == 0) {
		put_variant(&iter, "");
		put_path(&iter, "/session");
	} else if (strcmp(method, "SearchItems") == 0) {
		found = matches(message);
		put_paths(&iter, found && !fake->locked ? ITEM : NULL);
		put_paths(&iter, found && fake->locked ? ITEM : NULL);
	} else if (strcmp(method, "Unlock") == 0) {
		put_paths(&iter, NULL);
		put_path(&iter, PROMPT);
	} else if (strcmp(method, "GetSecret") == 0 && !fake->locked) {
		put_secret(fake, &iter);
	} else if (!is_prompt) {
		dbus_message_unref(reply);
		reply = dbus_message_new_error(message,
					       INTERFACE "Error.IsLocked",
					       "locked");
	}
	send_it(fake, reply);
	if (is_prompt)
		completed(fake);
}

int main(int argc, char **argv)
{
	struct fake fake = { NULL, false, false, NULL };
	DBusMessage *message;

	if (argc != 3)
		return EXIT_FAILURE;
	fake.locked = strcmp(argv[1], "open") != 0;
	fake.dismissed = strcmp(argv[1], "dismissed") == 0;
	fake.secret = argv[2];
	fake.bus = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
	if (fake.bus == NULL ||
	    dbus_bus_request_name(fake.bus, NAME,
				  DBUS_NAME_FLAG_REPLACE_EXISTING |
				  DBUS_NAME_FLAG_ALLOW_REPLACEMENT, NULL) !=
	    DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER)
		return EXIT_FAILURE;
	while (dbus_connection_read_write(fake.bus, -1))
		while ((message = dbus_connection_pop_message(fake.bus)) !=
		       NULL) {
			if (dbus_message_get_type(message) ==
			    DBUS_MESSAGE_TYPE_METHOD_CALL)
				serve(&fake, message);
			dbus_message_unref(message);
		}
	return EXIT_SUCCESS;
}
