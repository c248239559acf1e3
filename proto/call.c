/* call.c - a call under way: sent, waited for, answered or not */
#include "proto/call.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct mailseal_pending {
	DBusPendingCall *call;
	int64_t until;			/* as call_now_ms() */
};

int64_t call_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

DBusMessage *call_new(const char *interface, const char *method)
{
	return dbus_message_new_method_call(CALL_NAME, CALL_PATH, interface,
					    method);
}

static bool append_value(DBusMessageIter *entry, int type,
			 const char *signature, const void *value)
{
	DBusMessageIter variant;

	return dbus_message_iter_open_container(entry, DBUS_TYPE_VARIANT,
						signature, &variant) &&
	       dbus_message_iter_append_basic(&variant, type, value) &&
	       dbus_message_iter_close_container(entry, &variant);
}

static bool append_option(DBusMessageIter *list,
			  const struct mailseal_option *option)
{
	dbus_bool_t truth = option->number != 0;
	dbus_int64_t number = option->number;
	DBusMessageIter entry;
	bool fine;

	if (option->kind == MAILSEAL_TEXT &&
	    !dbus_validate_utf8(option->text, NULL))
		return false;
	if (!dbus_message_iter_open_container(list, DBUS_TYPE_DICT_ENTRY, NULL,
					      &entry) ||
	    !dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
					    &option->key))
		return false;
	if (option->kind == MAILSEAL_TRUTH)
		fine = append_value(&entry, DBUS_TYPE_BOOLEAN, "b", &truth);
	else if (option->kind == MAILSEAL_NUMBER)
		fine = append_value(&entry, DBUS_TYPE_INT64, "x", &number);
	else
		fine = append_value(&entry, DBUS_TYPE_STRING, "s",
				    &option->text);
	return fine && dbus_message_iter_close_container(list, &entry);
}

static bool is_left_out(const struct mailseal_option *option)
{
	switch (option->kind) {
	case MAILSEAL_TRUTH:	return option->number == 0;
	case MAILSEAL_NUMBER:	return option->number < 0;
	case MAILSEAL_TEXT:
	default:		return option->text == NULL;
	}
}

bool call_options(DBusMessageIter *iter,
		  const struct mailseal_option *options)
{
	DBusMessageIter list;

	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "{sv}",
					      &list))
		return false;
	for (; options != NULL && options->key != NULL; options++)
		if (!is_left_out(options) && !append_option(&list, options))
			return false;
	return dbus_message_iter_close_container(iter, &list);
}

/* Whether it was answered, or the bus is gone, by then. */
static bool wait_call(struct mailseal *mailseal, DBusPendingCall *call,
		      int64_t until)
{
	int64_t left;

	while (!dbus_pending_call_get_completed(call)) {
		left = until - call_now_ms();
		if (left < 0)
			left = 0;
		if (!dbus_connection_read_write_dispatch(mailseal->bus,
							 (int)left))
			return true;
		if (left == 0)
			return dbus_pending_call_get_completed(call);
	}
	return true;
}

/* Descriptors can be sent only to a bus that has let us in. */
static bool may_send(struct mailseal *mailseal, DBusMessage *message,
		     int64_t until)
{
	mailseal->late = dbus_message_contains_unix_fds(message) &&
			 !wait_call(mailseal, mailseal->hello, until);
	return !mailseal->late;
}

struct mailseal_pending *call_start(struct mailseal *mailseal,
				    DBusMessage *message, int ms)
{
	struct mailseal_pending *pending = NULL;

	if (message != NULL)
		pending = calloc(1, sizeof(*pending));
	if (pending != NULL) {
		pending->until = call_now_ms() + ms;
		if (mailseal->until != 0 && mailseal->until < pending->until)
			pending->until = mailseal->until;
		/* Its own time-out runs in a main loop only, or anew when it
		 * is waited for; ours is `until`. */
		if (!may_send(mailseal, message, pending->until) ||
		    !dbus_connection_send_with_reply(mailseal->bus, message,
						     &pending->call, -1) ||
		    pending->call == NULL) {
			free(pending);
			pending = NULL;
		}
	}
	if (message != NULL)
		dbus_message_unref(message);
	return pending;
}

/* True: the answer is there, or there will be none. */
static bool wait_until(struct mailseal *mailseal,
		       struct mailseal_pending *pending, int64_t until)
{
	if (until > pending->until)
		until = pending->until;
	return wait_call(mailseal, pending->call, until);
}

bool mailseal_wait(struct mailseal *mailseal,
		   struct mailseal_pending *pending, int ms)
{
	return wait_until(mailseal, pending, call_now_ms() + ms) ||
	       call_now_ms() >= pending->until;
}

void mailseal_drop(struct mailseal_pending *pending)
{
	if (pending == NULL)
		return;
	dbus_pending_call_cancel(pending->call);
	dbus_pending_call_unref(pending->call);
	free(pending);
}

/* "NoAccount" out of "org.mailseal.Error.NoAccount". */
static void error_note(struct mailseal *mailseal, DBusMessage *reply)
{
	static const char ours[] = "org.mailseal.Error.";
	const char *name = dbus_message_get_error_name(reply);

	if (strncmp(name, ours, sizeof(ours) - 1) == 0)
		(void)snprintf(mailseal->error, sizeof(mailseal->error),
			       "%s", name + sizeof(ours) - 1);
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
	if (strncmp(name, "org.freedesktop.DBus.Error.Spawn.", 33) == 0) {
		(void)snprintf(why, why_size, "the agent mailseald could not "
			       "be started (the bus says: %s); run mailseald "
			       "in a terminal, where it says why", text);
		return MAILSEAL_NO_AGENT;
	}
	if (strcmp(name, DBUS_ERROR_SERVICE_UNKNOWN) == 0 ||
	    strcmp(name, DBUS_ERROR_NAME_HAS_NO_OWNER) == 0) {
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

static enum mailseal_status late(const struct mailseal *mailseal, char *why,
				 size_t why_size)
{
	(void)snprintf(why, why_size,
		       dbus_pending_call_get_completed(mailseal->hello) ?
		       "the agent did not answer in time; see mailseal status" :
		       "the session bus did not answer in time; it may have "
		       "to be started anew");
	return MAILSEAL_TIMED_OUT;
}

enum mailseal_status call_end(struct mailseal *mailseal,
			      struct mailseal_pending *pending,
			      DBusMessage **reply, char *why,
			      size_t why_size)
{
	enum mailseal_status status;

	*reply = NULL;
	mailseal->error[0] = 0;
	if (pending == NULL && mailseal->late)
		return late(mailseal, why, why_size);
	(void)snprintf(why, why_size, "out of memory, or the session bus is "
		       "gone");
	if (pending == NULL)
		return MAILSEAL_NO_MEMORY;
	if (!wait_until(mailseal, pending, pending->until)) {
		mailseal_drop(pending);
		return late(mailseal, why, why_size);
	}
	*reply = dbus_pending_call_steal_reply(pending->call);
	dbus_pending_call_unref(pending->call);
	free(pending);
	if (*reply == NULL ||
	    !dbus_connection_get_is_connected(mailseal->bus)) {
		(void)snprintf(why, why_size, "the session bus is gone");
		if (*reply != NULL)
			dbus_message_unref(*reply);
		*reply = NULL;
		return MAILSEAL_NO_BUS;
	}
	if (dbus_message_get_type(*reply) != DBUS_MESSAGE_TYPE_ERROR)
		return MAILSEAL_OK;
	error_note(mailseal, *reply);
	status = error_status(*reply, why, why_size);
	dbus_message_unref(*reply);
	*reply = NULL;
	return status;
}
