/* answer.c - replies, errors and signals
 *
 * Sender and serial are all that is kept of a call, so that no descriptor of
 * it stays open in here. */
#include <stdio.h>
#include <string.h>

#include "agent/base/log.h"
#include "agent/bus/connection.h"
#include "agent/bus/dict.h"
#include "agent/bus/dict_wire.h"
#include "agent/bus/interface.h"

void connection_send(struct service *service, DBusMessage *reply)
{
	if (reply == NULL)
		return;			/* no memory: the caller times out */
	(void)dbus_connection_send(service->bus, reply, NULL);
	dbus_message_unref(reply);
}

void connection_refuse(struct service *service, DBusMessage *message,
		       const char *name, const char *sentence)
{
	if (!dbus_message_get_no_reply(message))
		connection_send(service, dbus_message_new_error(message, name,
								sentence));
}

static DBusMessage *reply_new(const struct service_call *call, int type)
{
	DBusMessage *reply;

	if (call->no_reply)
		return NULL;
	reply = dbus_message_new(type);
	if (reply == NULL)
		return NULL;
	dbus_message_set_no_reply(reply, TRUE);
	if (!dbus_message_set_destination(reply, call->caller->name) ||
	    !dbus_message_set_reply_serial(reply, call->serial)) {
		dbus_message_unref(reply);
		return NULL;
	}
	return reply;
}

uint32_t service_caller(const struct service_call *call)
{
	return call->caller->number;
}

/* Sends `reply` if it is `whole`, and lets the call go. */
static void finish(struct service_call *call, DBusMessage *reply, bool whole)
{
	if (reply != NULL && !whole) {
		dbus_message_unref(reply);
		reply = reply_new(call, DBUS_MESSAGE_TYPE_ERROR);
		if (reply != NULL)
			(void)dbus_message_set_error_name(
				reply, SERVICE_ERROR "Failed");
		log_line(LOG_LEVEL_ERROR, "a reply could not be written");
	}
	connection_send(call->service, reply);
	caller_drop(call);
}

void service_answer(struct service_call *call, const struct value *value)
{
	DBusMessage *reply = reply_new(call, DBUS_MESSAGE_TYPE_METHOD_RETURN);
	DBusMessageIter iter;
	bool whole = true;

	if (reply != NULL) {
		dbus_message_iter_init_append(reply, &iter);
		whole = dict_append_as(&iter, value->kind == VALUE_LIST ?
				       "aa{sv}" : "a{sv}", value);
	}
	finish(call, reply, whole);
}

static bool append_wires(DBusMessageIter *iter, const struct bytes *dicts,
			 size_t count)
{
	DBusMessageIter list;
	bool fine = true;
	size_t i;

	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "a{sv}",
					      &list))
		return false;
	for (i = 0; i < count && fine; i++)
		fine = dict_append_wire(&list, dicts[i]);
	if (fine)
		return dbus_message_iter_close_container(iter, &list);
	dbus_message_iter_abandon_container(iter, &list);
	return false;
}

void service_answer_wire(struct service_call *call, enum service_shape shape,
			 const struct bytes *dicts, size_t count)
{
	DBusMessage *reply = reply_new(call, DBUS_MESSAGE_TYPE_METHOD_RETURN);
	DBusMessageIter iter;
	bool whole = true;

	if (reply != NULL) {
		dbus_message_iter_init_append(reply, &iter);
		if (shape == SERVICE_LIST)
			whole = append_wires(&iter, dicts, count);
		else
			whole = count == 1 && dict_append_wire(&iter, dicts[0]);
	}
	finish(call, reply, whole);
}

/* Appends what `signature` says, single complete types of our own tables. */
static bool append_by(DBusMessageIter *iter, const char *signature,
		      const struct value *values, const int *fds,
		      size_t fd_count)
{
	const struct value *value = values == NULL ? NULL : values->first;
	DBusSignatureIter types;
	char *type;
	size_t fd = 0;
	bool fine;

	if (signature[0] == 0)
		return true;
	dbus_signature_iter_init(&types, signature);
	do {
		type = dbus_signature_iter_get_signature(&types);
		if (type == NULL)
			return false;
		if (type[0] == DBUS_TYPE_UNIX_FD) {
			fine = fd < fd_count &&
			       dbus_message_iter_append_basic(
					iter, DBUS_TYPE_UNIX_FD, &fds[fd]);
			fd++;
		} else {
			fine = value != NULL &&
			       dict_append_as(iter, type, value);
			value = value == NULL ? NULL : value->next;
		}
		dbus_free(type);
	} while (fine && dbus_signature_iter_next(&types));
	return fine;
}

void service_reply(struct service_call *call, const struct value *values,
		   const int *fds, size_t fd_count)
{
	DBusMessage *reply = reply_new(call, DBUS_MESSAGE_TYPE_METHOD_RETURN);
	const struct interface_member *method =
		interface_method(&call->service->interface,
				 call->method->interface, call->method->name);
	DBusMessageIter iter;
	bool whole = true;

	if (reply != NULL) {
		dbus_message_iter_init_append(reply, &iter);
		whole = method != NULL && append_by(&iter, method->out, values,
						    fds, fd_count);
	}
	finish(call, reply, whole);
}

void service_fail(struct service_call *call, const char *name,
		  const char *sentence)
{
	DBusMessage *reply = reply_new(call, DBUS_MESSAGE_TYPE_ERROR);
	char full[128];

	(void)snprintf(full, sizeof(full), "%s%s", SERVICE_ERROR, name);
	if (reply != NULL && dbus_message_set_error_name(reply, full))
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING,
					       &sentence, DBUS_TYPE_INVALID);
	finish(call, reply, true);
}

void service_signal(struct service *service, const char *interface,
		    const char *name, const struct value *values)
{
	DBusMessage *signal = dbus_message_new_signal(SERVICE_PATH, interface,
						      name);
	const struct interface_member *known =
		interface_signal(&service->interface, interface, name);
	DBusMessageIter iter;

	if (signal == NULL)
		return;
	dbus_message_iter_init_append(signal, &iter);
	if (known != NULL &&
	    append_by(&iter, known->out, values, NULL, 0))
		(void)dbus_connection_send(service->bus, signal, NULL);
	else
		log_line(LOG_LEVEL_ERROR, "the signal %s could not be sent",
			 name);
	dbus_message_unref(signal);
}
