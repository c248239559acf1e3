/* service.c - the connection: taking the name, receiving, routing calls */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/bus/args.h"
#include "agent/bus/connection.h"
#include "agent/bus/interface.h"

#define CALLS_A_TURN	256		/* messages before others have a turn */
#define GONE_RULE	"type='signal',sender='org.freedesktop.DBus'," \
			"member='NameOwnerChanged',arg2=''"

static void caller_gone(struct service *service, DBusMessage *message)
{
	const char *name = NULL, *before = NULL, *after = NULL;
	struct caller *caller;

	if (!dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name,
				   DBUS_TYPE_STRING, &before,
				   DBUS_TYPE_STRING, &after,
				   DBUS_TYPE_INVALID) || after[0] != 0)
		return;
	for (caller = service->callers; caller != NULL; caller = caller->next)
		if (strcmp(caller->name, name) == 0)
			break;
	if (caller == NULL)
		return;
	while (caller->calls != NULL) {
		service->owner->gone(service->owner->ctx, caller->calls);
		caller_drop(caller->calls);
	}
	caller_remove(&service->callers, caller);
}

/* `signature` NULL: there is no such method; else what it takes. */
static void refuse_unknown(struct service *service, DBusMessage *message,
			   const char *signature)
{
	char sentence[256];

	if (signature == NULL) {
		(void)snprintf(sentence, sizeof(sentence),
			       "There is no method %.80s here; introspection "
			       "lists what there is.",
			       dbus_message_get_member(message));
		connection_refuse(service, message, DBUS_ERROR_UNKNOWN_METHOD,
				  sentence);
		return;
	}
	(void)snprintf(sentence, sizeof(sentence),
		       "%.80s takes arguments of the types \"%s\", not "
		       "\"%.60s\".", dbus_message_get_member(message),
		       signature, dbus_message_get_signature(message));
	connection_refuse(service, message, DBUS_ERROR_INVALID_ARGS, sentence);
}

/* The row that serves a call; NULL: none of ours. */
static const struct service_method *method_of(const struct service *service,
					      const char *interface,
					      const char *name)
{
	const struct service_method *const *table, *row;

	for (table = service->owner->tables; *table != NULL; table++)
		for (row = *table; row->name != NULL; row++)
			if (strcmp(row->name, name) == 0 &&
			    (interface == NULL ||
			     strcmp(row->interface, interface) == 0))
				return row;
	return NULL;
}

/* NULL: too many calls of this caller wait; refused. */
static struct service_call *call_keep(struct service *service,
				      DBusMessage *message,
				      const struct service_method *method)
{
	struct caller *caller = caller_of(&service->callers,
					  dbus_message_get_sender(message),
					  &service->next_caller);
	struct service_call *call = caller == NULL ? NULL : caller_add(caller);

	if (call == NULL) {
		connection_refuse(service, message, DBUS_ERROR_LIMITS_EXCEEDED,
				  "Too many calls of yours wait for an answer; "
				  "wait for some of them first.");
		return NULL;
	}
	call->service = service;
	call->method = method;
	call->serial = dbus_message_get_serial(message);
	call->no_reply = dbus_message_get_no_reply(message) != FALSE;
	return call;
}

static void method_serve(struct service *service, DBusMessage *message,
			 const struct service_method *method)
{
	struct arena *arena = arena_new(CALL_ARENA);
	struct service_args args;
	struct args_refusal why;
	struct service_call *call = NULL;
	char name[128];

	if (arena == NULL)
		return;
	if (args_read(arena, message, method->options, &args, &why) < 0) {
		(void)snprintf(name, sizeof(name), SERVICE_ERROR "%s",
			       why.name);
		connection_refuse(service, message, name, why.sentence);
	} else {
		call = call_keep(service, message, method);
	}
	if (call != NULL)
		method->serve(service->owner->ctx, call, &args);
	args_close(&args);
	arena_free(arena);
}

static void method_call(struct service *service, DBusMessage *message)
{
	const char *interface = dbus_message_get_interface(message);
	const char *name = dbus_message_get_member(message);
	const struct service_method *method = method_of(service, interface,
							name);
	const char *of = method == NULL ? interface : method->interface;
	const struct interface_member *member =
		interface_method(&service->interface, of, name);

	if (member == NULL)
		refuse_unknown(service, message, NULL);
	else if (strcmp(member->in, dbus_message_get_signature(message)) != 0)
		refuse_unknown(service, message, member->in);
	else if (method != NULL)
		method_serve(service, message, method);
	else if (interface == NULL ||
		 !standard_serve(service, message, interface, name))
		refuse_unknown(service, message, NULL);
}

static DBusHandlerResult on_message(DBusConnection *bus, DBusMessage *message,
				    void *ctx)
{
	struct service *service = ctx;

	(void)bus;
	if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS,
				   "NameOwnerChanged"))
		caller_gone(service, message);
	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL ||
	    dbus_message_get_sender(message) == NULL)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	method_call(service, message);
	return DBUS_HANDLER_RESULT_HANDLED;
}

static bool service_connect(struct service *service, DBusError *error,
			    bool *taken)
{
	int got;

	service->bus = dbus_bus_get_private(DBUS_BUS_SESSION, error);
	if (service->bus == NULL)
		return false;
	dbus_connection_set_exit_on_disconnect(service->bus, FALSE);
	dbus_connection_set_route_peer_messages(service->bus, TRUE);
	if (!dbus_connection_add_filter(service->bus, on_message, service,
					NULL))
		return false;
	dbus_bus_add_match(service->bus, GONE_RULE, error);
	if (dbus_error_is_set(error))
		return false;
	got = dbus_bus_request_name(service->bus, SERVICE_NAME,
				    DBUS_NAME_FLAG_DO_NOT_QUEUE, error);
	*taken = got == DBUS_REQUEST_NAME_REPLY_EXISTS;
	return got == DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER;
}

struct service *service_new(const struct service_owner *owner, char *why,
			    unsigned why_size, bool *taken)
{
	struct service *service = calloc(1, sizeof(*service));
	DBusError error;

	*taken = false;
	(void)snprintf(why, why_size, "out of memory");
	if (service == NULL)
		return NULL;
	service->owner = owner;
	service->next_caller = 1;
	dbus_error_init(&error);
	if (interface_read(&service->interface) == 0 &&
	    service_connect(service, &error, taken))
		return service;
	if (dbus_error_is_set(&error))
		(void)snprintf(why, why_size, "%s", error.message);
	else if (*taken)
		(void)snprintf(why, why_size, "another program owns the name "
			       SERVICE_NAME);
	dbus_error_free(&error);
	service_free(service);
	return NULL;
}

void service_free(struct service *service)
{
	if (service == NULL)
		return;
	while (service->callers != NULL) {
		while (service->callers->calls != NULL)
			caller_drop(service->callers->calls);
		caller_remove(&service->callers, service->callers);
	}
	if (service->bus != NULL) {
		dbus_connection_remove_filter(service->bus, on_message,
					      service);
		dbus_connection_flush(service->bus);
		dbus_connection_close(service->bus);
		dbus_connection_unref(service->bus);
	}
	free(service);
}

unsigned service_poll(struct service *service, struct pollfd *fds,
		      unsigned room)
{
	int fd = -1;

	if (room < 1 || !dbus_connection_get_unix_fd(service->bus, &fd))
		return 0;
	fds[0].fd = fd;
	fds[0].events = POLLIN;
	fds[0].revents = 0;
	if (dbus_connection_has_messages_to_send(service->bus))
		fds[0].events |= POLLOUT;
	return 1;
}

bool service_work(struct service *service, const struct pollfd *fds,
		  unsigned count)
{
	unsigned turn;

	if (count > 0 && fds[0].revents != 0 &&
	    !dbus_connection_read_write(service->bus, 0))
		return false;
	for (turn = 0; turn < CALLS_A_TURN; turn++)
		if (dbus_connection_dispatch(service->bus) !=
		    DBUS_DISPATCH_DATA_REMAINS)
			break;
	return dbus_connection_get_is_connected(service->bus);
}

bool service_has_more(const struct service *service)
{
	return dbus_connection_get_dispatch_status(service->bus) ==
	       DBUS_DISPATCH_DATA_REMAINS;
}
