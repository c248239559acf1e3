/* args.h - the arguments of a call as values and descriptors */
#ifndef MAILSEAL_BUS_ARGS_H
#define MAILSEAL_BUS_ARGS_H

#include <dbus/dbus.h>

#include "agent/bus/service.h"

/* Why arguments were not taken, ready for an error reply. */
struct args_refusal {
	const char *name;	/* behind SERVICE_ERROR */
	char sentence[256];
};

/* Reads the whole of `message`, whose signature was checked, into *out.
 * 0; negative with the reason in *why, and *out is then to be closed too. */
int args_read(struct arena *arena, DBusMessage *message,
	      const struct service_option *known, struct service_args *out,
	      struct args_refusal *why);

/* Closes the descriptors that nobody took. */
void args_close(struct service_args *args);

#endif
