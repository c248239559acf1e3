/* standard.c - the interfaces that every object on the bus has */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/connection.h"
#include "agent/bus/dict.h"
#include "agent/bus/interface.h"

static const char *const property_names[] = {
	"Version", "Features", "Roles", "Sandbox", "Resolver", "Contacts",
	"Folders", "Authorities", "Store",
};

static void on_introspect(struct service *service, DBusMessage *message)
{
	DBusMessage *reply = dbus_message_new_method_return(message);
	const char *xml = interface_xml;

	if (reply != NULL)
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING, &xml,
					       DBUS_TYPE_INVALID);
	connection_send(service, reply);
}

static void on_ping(struct service *service, DBusMessage *message)
{
	connection_send(service, dbus_message_new_method_return(message));
}

static void on_machine_id(struct service *service, DBusMessage *message)
{
	DBusMessage *reply = dbus_message_new_method_return(message);
	char *id = dbus_get_local_machine_id();
	const char *text = id == NULL ? "" : id;

	if (reply != NULL)
		(void)dbus_message_append_args(reply, DBUS_TYPE_STRING, &text,
					       DBUS_TYPE_INVALID);
	connection_send(service, reply);
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
	struct arena *arena = arena_new(CALL_ARENA);
	const struct value *value = NULL;
	DBusMessage *reply;
	DBusMessageIter iter;

	(void)dbus_message_get_args(message, NULL, DBUS_TYPE_STRING,
				    &interface, DBUS_TYPE_STRING, &name,
				    DBUS_TYPE_INVALID);
	if (arena != NULL && strcmp(interface, SERVICE_NAME) == 0)
		value = property(service, arena, name);
	if (value == NULL) {
		connection_refuse(service, message, DBUS_ERROR_UNKNOWN_PROPERTY,
		       "There is no such property; introspection lists the "
		       "properties of this agent.");
	} else {
		reply = dbus_message_new_method_return(message);
		if (reply != NULL) {
			dbus_message_iter_init_append(reply, &iter);
			(void)dict_append_variant(&iter, value);
		}
		connection_send(service, reply);
	}
	arena_free(arena);
}

static void on_get_all(struct service *service, DBusMessage *message)
{
	const char *interface = "";
	struct arena *arena = arena_new(CALL_ARENA);
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
	connection_send(service, reply);
	arena_free(arena);
}

static void on_set(struct service *service, DBusMessage *message)
{
	connection_refuse(service, message, DBUS_ERROR_PROPERTY_READ_ONLY,
	       "The properties of this agent can only be read.");
}

static const struct standard {
	const char *interface, *name;
	void (*serve)(struct service *service, DBusMessage *message);
} standards[] = {
	{ DBUS_INTERFACE_INTROSPECTABLE, "Introspect", on_introspect },
	{ DBUS_INTERFACE_PEER, "Ping", on_ping },
	{ DBUS_INTERFACE_PEER, "GetMachineId", on_machine_id },
	{ DBUS_INTERFACE_PROPERTIES, "Get", on_get },
	{ DBUS_INTERFACE_PROPERTIES, "GetAll", on_get_all },
	{ DBUS_INTERFACE_PROPERTIES, "Set", on_set },
};

bool standard_serve(struct service *service, DBusMessage *message,
		    const char *interface, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(standards) / sizeof(standards[0]); i++)
		if (strcmp(standards[i].interface, interface) == 0 &&
		    strcmp(standards[i].name, name) == 0) {
			standards[i].serve(service, message);
			return true;
		}
	return false;
}
