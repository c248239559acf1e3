/* service.c - the connection, the table of methods, replies */
#include "agent/bus/service.h"

#include <dbus/dbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/bus/caller.h"
#include "agent/bus/dict.h"
#include "agent/bus/interface.h"
#include "agent/flow/check.h"

#define OPTIONS_ARENA	(256 * 1024)	/* bytes of one call's options */
#define CALLS_A_TURN	256		/* messages before others have a turn */
#define GONE_RULE	"type='signal',sender='org.freedesktop.DBus'," \
			"member='NameOwnerChanged',arg2=''"

struct service {
	DBusConnection *bus;
	const struct service_owner *owner;
	struct caller *callers;
	uint32_t next_caller;
};

typedef void method_handler(struct service *service, DBusMessage *message);
static method_handler on_check, on_introspect, on_ping, on_machine_id,
	on_get, on_get_all, on_set;

static const struct method {
	const char *interface;
	const char *name;
	method_handler *handler;
} methods[] = {
	{ "org.mailseal.Incoming1", "Check", on_check },
	{ DBUS_INTERFACE_INTROSPECTABLE, "Introspect", on_introspect },
	{ DBUS_INTERFACE_PEER, "Ping", on_ping },
	{ DBUS_INTERFACE_PEER, "GetMachineId", on_machine_id },
	{ DBUS_INTERFACE_PROPERTIES, "Get", on_get },
	{ DBUS_INTERFACE_PROPERTIES, "GetAll", on_get_all },
	{ DBUS_INTERFACE_PROPERTIES, "Set", on_set },
};

static const char *const property_names[] = {
	"Version", "Features", "Roles", "Sandbox", "Resolver", "Contacts",
};

static void send_and_let_go(struct service *service, DBusMessage *reply)
{
	if (reply == NULL)
		return;			/* no memory: the caller times out */
	(void)dbus_connection_send(service->bus, reply, NULL);
	dbus_message_unref(reply);
}

static void refuse(struct service *service, DBusMessage *message,
		   const char *name, const char *sentence)
{
	if (!dbus_message_get_no_reply(message))
		send_and_let_go(service, dbus_message_new_error(message, name,
								sentence));
}

/* --- answering a kept call: sender and serial are all that was kept, so
 * that no descriptor of the call stays open in here. */

static DBusMessage *reply_new(const struct service_call *call, int type)
{
	DBusMessage *reply = dbus_message_new(type);

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

void service_answer(struct service_call *call, const struct value *dict)
{
	struct service *service = call->service;
	DBusMessage *reply = NULL;
	DBusMessageIter iter;

	if (!call->no_reply)
		reply = reply_new(call, DBUS_MESSAGE_TYPE_METHOD_RETURN);
	if (reply != NULL) {
		dbus_message_iter_init_append(reply, &iter);
		if (dict_append(&iter, dict)) {
			send_and_let_go(service, reply);
		} else {
			dbus_message_unref(reply);
			log_line(LOG_LEVEL_ERROR, "out of memory for a reply");
		}
	}
	caller_drop(call);
}

void service_fail(struct service_call *call, const char *name,
		  const char *sentence)
{
	struct service *service = call->service;
	DBusMessage *reply = NULL;
	char full[128];

	(void)snprintf(full, sizeof(full), "%s%s", SERVICE_ERROR, name);
	if (!call->no_reply)
		reply = reply_new(call, DBUS_MESSAGE_TYPE_ERROR);
	if (reply != NULL && dbus_message_set_error_name(reply, full))
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING,
					       &sentence, DBUS_TYPE_INVALID);
	send_and_let_go(service, reply);
	caller_drop(call);
}

/* --- Incoming1 */

static void check_refused(struct service *service, DBusMessage *message,
			  const char *why)
{
	char sentence[160];

	(void)snprintf(sentence, sizeof(sentence),
		       "This descriptor cannot be judged: %s.", why);
	refuse(service, message, SERVICE_ERROR "InvalidMessage", sentence);
}

/* False: it was refused and answered. */
static bool options_known(struct service *service, DBusMessage *message,
			  struct arena *arena, DBusMessageIter *iter,
			  const char *const *known, struct value **options)
{
	const struct value *member;
	const char *bad = "";
	char sentence[256];
	size_t i;
	int r = dict_read(arena, iter, options, &bad);

	if (r < 0) {
		(void)snprintf(sentence, sizeof(sentence),
			       "The option \"%.60s\" stands twice or has a "
			       "type that no option has; texts, numbers and "
			       "booleans are taken.", bad);
		refuse(service, message, SERVICE_ERROR "InvalidOption",
		       sentence);
		return false;
	}
	for (member = (*options)->first; member != NULL;
	     member = member->next) {
		for (i = 0; known[i] != NULL; i++)
			if (strcmp(known[i], member->key) == 0)
				break;
		if (known[i] != NULL && member->kind == VALUE_TEXT)
			continue;
		(void)snprintf(sentence, sizeof(sentence),
			       "The option \"%.60s\" is not known, or is no "
			       "text; the property Features lists the options "
			       "of this agent.", member->key);
		refuse(service, message, SERVICE_ERROR "UnknownOption",
		       sentence);
		return false;
	}
	return true;
}

static void on_check(struct service *service, DBusMessage *message)
{
	struct arena *arena = arena_new(OPTIONS_ARENA);
	struct service_call *call = NULL;
	struct caller *caller;
	struct value *options;
	DBusMessageIter iter;
	const char *why;
	int fd = -1;

	if (arena == NULL || !dbus_message_iter_init(message, &iter))
		goto out;
	dbus_message_iter_get_basic(&iter, &fd);
	(void)dbus_message_iter_next(&iter);
	if (fd < 0 || memfile_acceptable(fd, &why) < 0) {
		check_refused(service, message,
			      fd < 0 ? "none came with the call" : why);
		goto out;
	}
	if (!options_known(service, message, arena, &iter,
			   check_option_names, &options))
		goto out;
	caller = caller_of(&service->callers, dbus_message_get_sender(message),
			   &service->next_caller);
	if (caller != NULL)
		call = caller_add(caller);
	if (call == NULL) {
		refuse(service, message, DBUS_ERROR_LIMITS_EXCEEDED,
		       "Too many calls of yours wait for an answer; wait for "
		       "some of them first.");
		goto out;
	}
	call->service = service;
	call->serial = dbus_message_get_serial(message);
	call->no_reply = dbus_message_get_no_reply(message) != FALSE;
	service->owner->check(service->owner->ctx, call, fd, options);
	fd = -1;			/* handed over */
out:
	if (fd >= 0)
		(void)close(fd);
	arena_free(arena);
}

/* --- the standard interfaces */

static void on_introspect(struct service *service, DBusMessage *message)
{
	DBusMessage *reply = dbus_message_new_method_return(message);
	const char *xml = interface_xml;

	if (reply != NULL)
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING, &xml,
					       DBUS_TYPE_INVALID);
	send_and_let_go(service, reply);
}

static void on_ping(struct service *service, DBusMessage *message)
{
	send_and_let_go(service, dbus_message_new_method_return(message));
}

static void on_machine_id(struct service *service, DBusMessage *message)
{
	DBusMessage *reply = dbus_message_new_method_return(message);
	char *id = dbus_get_local_machine_id();
	const char *text = id == NULL ? "" : id;

	if (reply != NULL)
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING, &text,
					       DBUS_TYPE_INVALID);
	send_and_let_go(service, reply);
	dbus_free(id);
}

static const struct value *property(struct service *service,
				    struct arena *arena, const char *name)
{
	struct value *holder = value_dict(arena);

	if (holder == NULL ||
	    !service->owner->property(service->owner->ctx, arena, name,
				      holder))
		return NULL;
	return holder->first;
}

static void on_get(struct service *service, DBusMessage *message)
{
	const char *interface = "", *name = "";
	struct arena *arena = arena_new(OPTIONS_ARENA);
	const struct value *value = NULL;
	DBusMessage *reply;
	DBusMessageIter iter;

	(void)dbus_message_get_args(message, NULL, DBUS_TYPE_STRING,
				    &interface, DBUS_TYPE_STRING, &name,
				    DBUS_TYPE_INVALID);
	if (arena != NULL && strcmp(interface, SERVICE_NAME) == 0)
		value = property(service, arena, name);
	if (value == NULL) {
		refuse(service, message, DBUS_ERROR_UNKNOWN_PROPERTY,
		       "There is no such property; introspection lists the "
		       "properties of this agent.");
	} else {
		reply = dbus_message_new_method_return(message);
		if (reply != NULL) {
			dbus_message_iter_init_append(reply, &iter);
			(void)dict_append_variant(&iter, value);
		}
		send_and_let_go(service, reply);
	}
	arena_free(arena);
}

static void on_get_all(struct service *service, DBusMessage *message)
{
	const char *interface = "";
	struct arena *arena = arena_new(OPTIONS_ARENA);
	struct value *all = arena == NULL ? NULL : value_dict(arena);
	DBusMessage *reply = dbus_message_new_method_return(message);
	DBusMessageIter iter;
	size_t i;

	(void)dbus_message_get_args(message, NULL, DBUS_TYPE_STRING,
				    &interface, DBUS_TYPE_INVALID);
	if (all != NULL && strcmp(interface, SERVICE_NAME) == 0)
		for (i = 0; i < sizeof(property_names) /
				sizeof(property_names[0]); i++)
			(void)service->owner->property(service->owner->ctx,
						       arena,
						       property_names[i], all);
	if (reply != NULL && all != NULL) {
		dbus_message_iter_init_append(reply, &iter);
		(void)dict_append(&iter, all);
	}
	send_and_let_go(service, reply);
	arena_free(arena);
}

static void on_set(struct service *service, DBusMessage *message)
{
	refuse(service, message, DBUS_ERROR_PROPERTY_READ_ONLY,
	       "The properties of this agent can only be read.");
}

/* --- receiving */

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

static void refuse_unknown(struct service *service, DBusMessage *message,
			   const struct method *method, const char *signature)
{
	char sentence[256];

	if (method == NULL) {
		(void)snprintf(sentence, sizeof(sentence),
			       "There is no method %.80s here; introspection "
			       "lists what there is.",
			       dbus_message_get_member(message));
		refuse(service, message, DBUS_ERROR_UNKNOWN_METHOD, sentence);
		return;
	}
	(void)snprintf(sentence, sizeof(sentence),
		       "%s takes arguments of the types \"%s\", not \"%.60s\".",
		       method->name, signature,
		       dbus_message_get_signature(message));
	refuse(service, message, DBUS_ERROR_INVALID_ARGS, sentence);
}

static void method_call(struct service *service, DBusMessage *message)
{
	const char *interface = dbus_message_get_interface(message);
	const char *name = dbus_message_get_member(message);
	char signature[INTERFACE_SIGNATURE_MAX] = "";
	const struct method *method = NULL;
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, name) == 0 &&
		    (interface == NULL ||
		     strcmp(methods[i].interface, interface) == 0)) {
			method = &methods[i];
			break;
		}
	if (method == NULL ||
	    interface_method(method->interface, name, signature) <= 0)
		refuse_unknown(service, message, NULL, "");
	else if (strcmp(signature, dbus_message_get_signature(message)) != 0)
		refuse_unknown(service, message, method, signature);
	else
		method->handler(service, message);
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
	if (service_connect(service, &error, taken))
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
