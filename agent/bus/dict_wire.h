/* dict_wire.h - a dictionary of the channel (base/value.h), straight into a
 * D-Bus message
 *
 * What value_decode() and dict_append() do together, without the values
 * between: most answers of the roles go to their callers as they are. */
#ifndef MAILSEAL_BUS_DICT_WIRE_H
#define MAILSEAL_BUS_DICT_WIRE_H

#include <dbus/dbus.h>
#include <stdbool.h>

#include "agent/base/bytes.h"

/* False: it is no dictionary, breaks the rules of value.h, or there is no
 * memory; the message is then of no use. */
bool dict_append_wire(DBusMessageIter *iter, struct bytes wire);

#endif
