/* dict.h - values as D-Bus dictionaries, both ways
 *
 * A dictionary is a{sv}; a list of texts as, of dictionaries aa{sv}; a number
 * x (64 bits), a truth b. */
#ifndef MAILSEAL_BUS_DICT_H
#define MAILSEAL_BUS_DICT_H

#include <dbus/dbus.h>
#include <stdbool.h>

struct arena;
struct value;

/* False: no memory; the message is then of no use. */
bool dict_append(DBusMessageIter *iter, const struct value *dict);
/* As one of s x u q b a{sv} as aa{sv}; false also when it does not fit. */
bool dict_append_as(DBusMessageIter *iter, const char *signature,
		    const struct value *value);
bool dict_append_variant(DBusMessageIter *iter, const struct value *value);

/* Reads an a{sv} of texts, numbers and truths.  0; ERR_SYNTAX with the key
 * in *bad when its type is none of these; ERR_LIMIT. */
int dict_read(struct arena *arena, DBusMessageIter *iter, struct value **out,
	      const char **bad);

#endif
