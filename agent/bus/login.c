/* login.c - listening to logind */
#include "agent/bus/login.h"

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/err.h"

#define LOGIND		"org.freedesktop.login1"
#define MANAGER		"org.freedesktop.login1.Manager"
#define SESSION		"org.freedesktop.login1.Session"
#define FROM_LOGIND	"type='signal',sender='" LOGIND "',"

static const char *const rules[] = {
	FROM_LOGIND "interface='" MANAGER "',member='PrepareForSleep'",
	FROM_LOGIND "interface='" SESSION "',member='Lock'",
	FROM_LOGIND "interface='" DBUS_INTERFACE_PROPERTIES "',"
		"path_namespace='/org/freedesktop/login1/session'",
};

struct login {
	DBusConnection *bus;
	void (*heard)(void *ctx, enum login_event event);
	void *ctx;
	int fd;				/* known also when the bus is gone */
	DBusPendingCall *asked;		/* for the inhibitor; NULL: not */
	int inhibitor;			/* -1: none */
};

static void inhibitor_come(DBusPendingCall *call, void *ctx)
{
	struct login *login = ctx;
	DBusMessage *reply = dbus_pending_call_steal_reply(call);
	int fd;

	dbus_pending_call_unref(login->asked);
	login->asked = NULL;
	if (reply == NULL)
		return;
	/* Refused, it is done without: the lock may then come too late. */
	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_UNIX_FD, &fd,
				  DBUS_TYPE_INVALID))
		login->inhibitor = fd;
	dbus_message_unref(reply);
}

static void inhibitor_ask(struct login *login)
{
	static const char *const words[] = {
		"sleep", "mailseal", "Forgets unlocked keys", "delay"
	};
	DBusMessage *call;

	if (login->inhibitor >= 0 || login->asked != NULL)
		return;
	call = dbus_message_new_method_call(LOGIND, "/org/freedesktop/login1",
					    MANAGER, "Inhibit");
	if (call == NULL)
		return;
	dbus_message_set_auto_start(call, FALSE);
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &words[0],
				     DBUS_TYPE_STRING, &words[1],
				     DBUS_TYPE_STRING, &words[2],
				     DBUS_TYPE_STRING, &words[3],
				     DBUS_TYPE_INVALID) &&
	    dbus_connection_send_with_reply(login->bus, call, &login->asked,
					    -1) &&
	    login->asked != NULL)
		(void)dbus_pending_call_set_notify(login->asked,
						   inhibitor_come, login,
						   NULL);
	dbus_message_unref(call);
}

void login_go_to_sleep(struct login *login)
{
	if (login == NULL || login->inhibitor < 0)
		return;
	(void)close(login->inhibitor);
	login->inhibitor = -1;
}

/* PropertiesChanged with LockedHint true. */
static bool says_locked(DBusMessage *message)
{
	DBusMessageIter iter, list, entry, variant;
	dbus_bool_t truth = FALSE;
	const char *name;

	if (!dbus_message_iter_init(message, &iter) ||
	    dbus_message_iter_get_arg_type(&iter) != DBUS_TYPE_STRING ||
	    !dbus_message_iter_next(&iter) ||
	    dbus_message_iter_get_arg_type(&iter) != DBUS_TYPE_ARRAY ||
	    dbus_message_iter_get_element_type(&iter) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(&iter, &list);
	for (; dbus_message_iter_get_arg_type(&list) == DBUS_TYPE_DICT_ENTRY;
	     (void)dbus_message_iter_next(&list)) {
		dbus_message_iter_recurse(&list, &entry);
		if (dbus_message_iter_get_arg_type(&entry) != DBUS_TYPE_STRING)
			return false;
		dbus_message_iter_get_basic(&entry, &name);
		if (strcmp(name, "LockedHint") != 0 ||
		    !dbus_message_iter_next(&entry) ||
		    dbus_message_iter_get_arg_type(&entry) !=
		    DBUS_TYPE_VARIANT)
			continue;
		dbus_message_iter_recurse(&entry, &variant);
		if (dbus_message_iter_get_arg_type(&variant) ==
		    DBUS_TYPE_BOOLEAN)
			dbus_message_iter_get_basic(&variant, &truth);
	}
	return truth != FALSE;
}

static DBusHandlerResult on_message(DBusConnection *bus, DBusMessage *message,
				    void *ctx)
{
	struct login *login = ctx;
	dbus_bool_t sleeps;

	(void)bus;
	if (dbus_message_is_signal(message, MANAGER, "PrepareForSleep") &&
	    dbus_message_get_args(message, NULL, DBUS_TYPE_BOOLEAN, &sleeps,
				  DBUS_TYPE_INVALID)) {
		if (!sleeps)
			inhibitor_ask(login);
		login->heard(login->ctx, sleeps ? LOGIN_SLEEPS : LOGIN_WAKES);
	} else if (dbus_message_is_signal(message, SESSION, "Lock") ||
		   (dbus_message_is_signal(message, DBUS_INTERFACE_PROPERTIES,
					   "PropertiesChanged") &&
		    says_locked(message))) {
		login->heard(login->ctx, LOGIN_LOCKED);
	}
	return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
}

struct login *login_new(void (*heard)(void *ctx, enum login_event event),
			void *ctx)
{
	struct login *login = calloc(1, sizeof(*login));
	size_t i;

	if (login == NULL)
		return NULL;
	login->heard = heard;
	login->ctx = ctx;
	login->inhibitor = login->fd = -1;
	login->bus = dbus_bus_get_private(DBUS_BUS_SYSTEM, NULL);
	if (login->bus == NULL) {
		free(login);
		return NULL;
	}
	dbus_connection_set_exit_on_disconnect(login->bus, FALSE);
	if (!dbus_connection_get_unix_fd(login->bus, &login->fd) ||
	    !dbus_connection_add_filter(login->bus, on_message, login, NULL)) {
		login_free(login);
		return NULL;
	}
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		dbus_bus_add_match(login->bus, rules[i], NULL);	/* no wait */
	inhibitor_ask(login);
	dbus_connection_flush(login->bus);
	return login;
}

void login_free(struct login *login)
{
	if (login == NULL)
		return;
	login_go_to_sleep(login);
	if (login->asked != NULL) {
		dbus_pending_call_cancel(login->asked);
		dbus_pending_call_unref(login->asked);
	}
	dbus_connection_remove_filter(login->bus, on_message, login);
	dbus_connection_close(login->bus);
	dbus_connection_unref(login->bus);
	free(login);
}

int login_fd(const struct login *login)
{
	return login->fd;
}

int login_work(struct login *login)
{
	if (!dbus_connection_read_write(login->bus, 0))
		return ERR_GONE;
	while (dbus_connection_dispatch(login->bus) ==
	       DBUS_DISPATCH_DATA_REMAINS)
		;
	/* Sends what answering queued. */
	if (!dbus_connection_read_write(login->bus, 0))
		return ERR_GONE;
	return dbus_connection_get_is_connected(login->bus) ? 0 : ERR_GONE;
}
