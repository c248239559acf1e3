/* connection.h - what the files of this folder share: the open connection */
#ifndef MAILSEAL_BUS_CONNECTION_H
#define MAILSEAL_BUS_CONNECTION_H

#include <dbus/dbus.h>

#include "agent/bus/caller.h"
#include "agent/bus/interface.h"
#include "agent/bus/service.h"

#define CALL_ARENA	(256 * 1024)	/* bytes of one call's arguments */

struct service {
	DBusConnection *bus;
	const struct service_owner *owner;
	struct caller *callers;
	uint32_t next_caller;
	struct interface_table interface;
};

/* answer.c: takes the reply over; NULL is allowed. */
void connection_send(struct service *service, DBusMessage *reply);
/* An error to a call that was not kept. */
void connection_refuse(struct service *service, DBusMessage *message,
		       const char *name, const char *sentence);

/* standard.c: Introspectable, Peer, Properties.  False: none of them. */
bool standard_serve(struct service *service, DBusMessage *message,
		    const char *interface, const char *name);

#endif
