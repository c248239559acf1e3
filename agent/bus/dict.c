/* dict.c - values to D-Bus and back */
#include "agent/bus/dict.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"

/* A list's members are of one kind; an empty one is a list of dictionaries,
 * which is what all our lists but Features are. */
static const char *signature_of(const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:	return "s";
	case VALUE_NUMBER:	return "x";
	case VALUE_TRUTH:	return "b";
	case VALUE_DICT:	return "a{sv}";
	case VALUE_LIST:
	default:
		if (value->first != NULL && value->first->kind == VALUE_TEXT)
			return "as";
		return "aa{sv}";
	}
}

static bool append_basic(DBusMessageIter *iter, const struct value *value)
{
	dbus_bool_t truth = value->truth;
	dbus_int64_t number = value->number;

	switch (value->kind) {
	case VALUE_TEXT:
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_STRING,
						      &value->text);
	case VALUE_NUMBER:
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_INT64,
						      &number);
	case VALUE_TRUTH:
	default:
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_BOOLEAN,
						      &truth);
	}
}

/* The report is four levels deep at most (value.h), so these few functions
 * may call each other. */
static bool append_value(DBusMessageIter *iter, const struct value *value)
{
	const struct value *member;
	DBusMessageIter list;

	if (value->kind == VALUE_DICT)
		return dict_append(iter, value);
	if (value->kind != VALUE_LIST)
		return append_basic(iter, value);
	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY,
					      signature_of(value) + 1, &list))
		return false;
	for (member = value->first; member != NULL; member = member->next)
		if (member->kind == value->first->kind &&
		    !append_value(&list, member))
			return false;
	return dbus_message_iter_close_container(iter, &list);
}

bool dict_append_variant(DBusMessageIter *iter, const struct value *value)
{
	DBusMessageIter variant;

	return dbus_message_iter_open_container(iter, DBUS_TYPE_VARIANT,
						signature_of(value),
						&variant) &&
	       append_value(&variant, value) &&
	       dbus_message_iter_close_container(iter, &variant);
}

bool dict_append(DBusMessageIter *iter, const struct value *dict)
{
	const struct value *member;
	DBusMessageIter list, entry;

	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, "{sv}",
					      &list))
		return false;
	for (member = dict->first; member != NULL; member = member->next)
		if (!dbus_message_iter_open_container(&list,
						      DBUS_TYPE_DICT_ENTRY,
						      NULL, &entry) ||
		    !dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING,
						    &member->key) ||
		    !dict_append_variant(&entry, member) ||
		    !dbus_message_iter_close_container(&list, &entry))
			return false;
	return dbus_message_iter_close_container(iter, &list);
}

static bool append_numbered(DBusMessageIter *iter, int type,
			    const struct value *value)
{
	dbus_uint16_t narrow = (dbus_uint16_t)value->number;
	dbus_uint32_t wide = (dbus_uint32_t)value->number;

	if (value->number < 0)
		return false;
	if (type == DBUS_TYPE_UINT16)
		return value->number <= UINT16_MAX &&
		       dbus_message_iter_append_basic(iter, type, &narrow);
	return value->number <= UINT32_MAX &&
	       dbus_message_iter_append_basic(iter, type, &wide);
}

bool dict_append_as(DBusMessageIter *iter, const char *signature,
		    const struct value *value)
{
	static const struct {
		const char *signature;
		enum value_kind kind;
	} fits[] = {
		{ "s", VALUE_TEXT }, { "x", VALUE_NUMBER },
		{ "u", VALUE_NUMBER }, { "q", VALUE_NUMBER },
		{ "b", VALUE_TRUTH }, { "a{sv}", VALUE_DICT },
		{ "as", VALUE_LIST }, { "aa{sv}", VALUE_LIST },
	};
	const struct value *member;
	DBusMessageIter list;
	size_t i, count = sizeof(fits) / sizeof(fits[0]);
	bool fine = true;

	for (i = 0; i < count; i++)
		if (strcmp(fits[i].signature, signature) == 0)
			break;
	if (i == count || fits[i].kind != value->kind)
		return false;
	if (signature[0] == DBUS_TYPE_UINT16 ||
	    signature[0] == DBUS_TYPE_UINT32)
		return append_numbered(iter, signature[0], value);
	if (value->kind != VALUE_LIST)
		return append_value(iter, value);
	/* The signature decides: an empty list has no members to tell. */
	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY,
					      signature + 1, &list))
		return false;
	for (member = value->first; fine && member != NULL;
	     member = member->next)
		fine = dict_append_as(&list, signature + 1, member);
	return dbus_message_iter_close_container(iter, &list) && fine;
}

static int read_entry(struct arena *arena, DBusMessageIter *entry,
		      struct value *dict, const char **bad)
{
	DBusMessageIter variant;
	const char *key, *text;
	dbus_bool_t truth;
	dbus_int64_t number;
	dbus_uint32_t small;

	dbus_message_iter_get_basic(entry, &key);
	*bad = key;
	key = arena_text(arena, bytes_of(key));
	if (key == NULL || dict->count >= VALUE_MEMBERS_MAX)
		return ERR_LIMIT;
	if (value_find(dict, key, VALUE_TEXT) != NULL ||
	    value_find(dict, key, VALUE_NUMBER) != NULL ||
	    value_find(dict, key, VALUE_TRUTH) != NULL)
		return ERR_SYNTAX;
	(void)dbus_message_iter_next(entry);
	dbus_message_iter_recurse(entry, &variant);
	switch (dbus_message_iter_get_arg_type(&variant)) {
	case DBUS_TYPE_STRING:
		dbus_message_iter_get_basic(&variant, &text);
		value_put_text(arena, dict, key, text);
		return 0;
	case DBUS_TYPE_BOOLEAN:
		dbus_message_iter_get_basic(&variant, &truth);
		value_put_truth(arena, dict, key, truth != FALSE);
		return 0;
	case DBUS_TYPE_INT64:
		dbus_message_iter_get_basic(&variant, &number);
		value_put_number(arena, dict, key, number);
		return 0;
	case DBUS_TYPE_UINT32:
		dbus_message_iter_get_basic(&variant, &small);
		value_put_number(arena, dict, key, small);
		return 0;
	default:
		return ERR_SYNTAX;
	}
}

int dict_read(struct arena *arena, DBusMessageIter *iter, struct value **out,
	      const char **bad)
{
	struct value *dict = value_dict(arena);
	DBusMessageIter list, entry;
	int r;

	*out = NULL;
	*bad = "";
	if (dict == NULL)
		return ERR_LIMIT;
	dbus_message_iter_recurse(iter, &list);
	while (dbus_message_iter_get_arg_type(&list) != DBUS_TYPE_INVALID) {
		dbus_message_iter_recurse(&list, &entry);
		r = read_entry(arena, &entry, dict, bad);
		if (r < 0)
			return r;
		(void)dbus_message_iter_next(&list);
	}
	*out = dict;
	return 0;
}
