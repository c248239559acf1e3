/* secret_service.c - asking the Secret Service, from start to end */
#include "agent/bus/secret_service.h"

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/base/clock.h"

#define SERVICE		"org.freedesktop.secrets"
#define PATH		"/org/freedesktop/secrets"
#define INTERFACE	"org.freedesktop.Secret."
#define CALL_MS		30000
#define PERSON_MS	300000
#define PATH_MAX_BYTES	256

struct asking {
	DBusConnection *bus;
	char session[PATH_MAX_BYTES];
	char item[PATH_MAX_BYTES];
};

/* The answer to a call; NULL: it failed. */
static DBusMessage *ask(const struct asking *asking, DBusMessage *call, int ms)
{
	DBusMessage *reply;

	if (call == NULL)
		return NULL;
	reply = dbus_connection_send_with_reply_and_block(asking->bus, call,
							  ms, NULL);
	dbus_message_unref(call);
	return reply;
}

static DBusMessage *call_new(const char *path, const char *interface,
			     const char *method)
{
	return dbus_message_new_method_call(SERVICE, path, interface, method);
}

/* The object path where the iterator stands; false: there is none. */
static bool path_take(DBusMessageIter *iter, char *to)
{
	const char *path;

	if (dbus_message_iter_get_arg_type(iter) != DBUS_TYPE_OBJECT_PATH)
		return false;
	dbus_message_iter_get_basic(iter, &path);
	(void)snprintf(to, PATH_MAX_BYTES, "%s", path);
	return strlen(path) < PATH_MAX_BYTES;
}

static bool session_open(struct asking *asking)
{
	DBusMessage *call = call_new(PATH, INTERFACE "Service",
				     "OpenSession"), *reply;
	const char *plain = "plain", *empty = "";
	DBusMessageIter iter, variant;
	bool fine;

	if (call == NULL)
		return false;
	dbus_message_iter_init_append(call, &iter);
	fine = dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING,
					      &plain) &&
	       dbus_message_iter_open_container(&iter, DBUS_TYPE_VARIANT, "s",
						&variant) &&
	       dbus_message_iter_append_basic(&variant, DBUS_TYPE_STRING,
					      &empty) &&
	       dbus_message_iter_close_container(&iter, &variant);
	reply = ask(asking, call, CALL_MS);
	fine = fine && reply != NULL &&
	       dbus_message_has_signature(reply, "vo");
	if (fine) {
		(void)dbus_message_iter_init(reply, &iter);
		(void)dbus_message_iter_next(&iter);
		fine = path_take(&iter, asking->session);
	}
	if (reply != NULL)
		dbus_message_unref(reply);
	return fine;
}

static bool attribute_add(DBusMessageIter *dict, const char *name,
			  const char *value)
{
	DBusMessageIter entry;

	return dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY,
						NULL, &entry) &&
	       dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
					      &name) &&
	       dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
					      &value) &&
	       dbus_message_iter_close_container(dict, &entry);
}

/* The first of an array of paths; false: it is empty. */
static bool first_take(DBusMessageIter *iter, char *to)
{
	DBusMessageIter inner;

	dbus_message_iter_recurse(iter, &inner);
	return path_take(&inner, to);
}

enum found { FOUND_NONE, FOUND_OPEN, FOUND_LOCKED };

static enum found item_find(struct asking *asking, const char *host,
			    const char *user)
{
	DBusMessage *call = call_new(PATH, INTERFACE "Service",
				     "SearchItems"), *reply;
	DBusMessageIter iter, dict;
	enum found found = FOUND_NONE;

	if (call == NULL)
		return found;
	dbus_message_iter_init_append(call, &iter);
	if (!dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{ss}",
					      &dict) ||
	    !attribute_add(&dict, "service", "smtp") ||
	    (host[0] != 0 && !attribute_add(&dict, "host", host)) ||
	    !attribute_add(&dict, "user", user) ||
	    !dbus_message_iter_close_container(&iter, &dict)) {
		dbus_message_unref(call);
		return found;
	}
	reply = ask(asking, call, CALL_MS);
	if (reply != NULL && dbus_message_has_signature(reply, "aoao")) {
		(void)dbus_message_iter_init(reply, &iter);
		if (first_take(&iter, asking->item))
			found = FOUND_OPEN;
		(void)dbus_message_iter_next(&iter);
		if (found == FOUND_NONE && first_take(&iter, asking->item))
			found = FOUND_LOCKED;
	}
	if (reply != NULL)
		dbus_message_unref(reply);
	return found;
}

/* Waits for the person: false when it was dismissed, or takes too long. */
static bool prompt_wait(const struct asking *asking, const char *prompt)
{
	int64_t until = clock_now_ms() + PERSON_MS;
	dbus_bool_t dismissed = TRUE;
	DBusMessage *signal;
	bool over = false;
	DBusMessageIter iter;

	while (!over && clock_now_ms() < until) {
		if (!dbus_connection_read_write(asking->bus, 1000))
			return false;
		while (!over && (signal = dbus_connection_pop_message(
					asking->bus)) != NULL) {
			if (dbus_message_is_signal(signal, INTERFACE "Prompt",
						   "Completed") &&
			    dbus_message_has_path(signal, prompt) &&
			    dbus_message_iter_init(signal, &iter) &&
			    dbus_message_iter_get_arg_type(&iter) ==
			    DBUS_TYPE_BOOLEAN) {
				dbus_message_iter_get_basic(&iter,
							    &dismissed);
				over = true;
			}
			dbus_message_unref(signal);
		}
	}
	return over && !dismissed;
}

static bool prompt(const struct asking *asking, const char *path)
{
	DBusMessage *call, *reply;
	const char *window = "";

	dbus_bus_add_match(asking->bus, "type='signal',interface='" INTERFACE
			   "Prompt',member='Completed'", NULL);
	call = call_new(path, INTERFACE "Prompt", "Prompt");
	if (call != NULL)
		(void)dbus_message_append_args(call, DBUS_TYPE_STRING,
					       &window, DBUS_TYPE_INVALID);
	reply = ask(asking, call, CALL_MS);
	if (reply == NULL)
		return false;
	dbus_message_unref(reply);
	return prompt_wait(asking, path);
}

static bool item_unlock(struct asking *asking)
{
	DBusMessage *call = call_new(PATH, INTERFACE "Service", "Unlock");
	const char *item = asking->item;
	char path[PATH_MAX_BYTES] = "/";
	DBusMessageIter iter, list;
	DBusMessage *reply;
	bool open = false;

	if (call == NULL)
		return false;
	dbus_message_iter_init_append(call, &iter);
	if (dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "o",
					     &list) &&
	    dbus_message_iter_append_basic(&list, DBUS_TYPE_OBJECT_PATH,
					   &item))
		(void)dbus_message_iter_close_container(&iter, &list);
	reply = ask(asking, call, CALL_MS);
	if (reply != NULL && dbus_message_has_signature(reply, "aoo")) {
		(void)dbus_message_iter_init(reply, &iter);
		open = first_take(&iter, path);
		(void)dbus_message_iter_next(&iter);
		if (!open && path_take(&iter, path))
			open = strcmp(path, "/") != 0 && prompt(asking, path);
	}
	if (reply != NULL)
		dbus_message_unref(reply);
	return open;
}

/* (session, parameters, value, content type): the value goes out. */
static bool secret_write(DBusMessageIter *iter)
{
	DBusMessageIter inner, bytes;
	const char *value = NULL;
	int len = 0;

	dbus_message_iter_recurse(iter, &inner);
	(void)dbus_message_iter_next(&inner);
	(void)dbus_message_iter_next(&inner);
	dbus_message_iter_recurse(&inner, &bytes);
	dbus_message_iter_get_fixed_array(&bytes, &value, &len);
	return len > 0 && value != NULL &&
	       write(STDOUT_FILENO, value, (size_t)len) == len &&
	       write(STDOUT_FILENO, "\n", 1) == 1;
}

static bool secret_get(struct asking *asking)
{
	DBusMessage *call = call_new(asking->item, INTERFACE "Item",
				     "GetSecret"), *reply;
	const char *session = asking->session;
	DBusMessageIter iter;
	bool fine = false;

	if (call != NULL)
		(void)dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH,
					       &session, DBUS_TYPE_INVALID);
	reply = ask(asking, call, CALL_MS);
	if (reply != NULL && dbus_message_has_signature(reply, "(oayays)")) {
		(void)dbus_message_iter_init(reply, &iter);
		fine = secret_write(&iter);
	}
	if (reply != NULL)
		dbus_message_unref(reply);
	return fine;
}

int secret_service_main(const char *host, const char *user)
{
	struct asking asking;
	enum found found;
	bool fine = false;

	memset(&asking, 0, sizeof(asking));
	asking.bus = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
	if (asking.bus == NULL)
		return EX_UNAVAILABLE;
	dbus_connection_set_exit_on_disconnect(asking.bus, FALSE);
	if (session_open(&asking)) {
		found = item_find(&asking, host, user);
		fine = found == FOUND_OPEN ||
		       (found == FOUND_LOCKED && item_unlock(&asking));
		fine = fine && secret_get(&asking);
	}
	dbus_connection_close(asking.bus);
	dbus_connection_unref(asking.bus);
	return fine ? EX_OK : EX_UNAVAILABLE;
}
