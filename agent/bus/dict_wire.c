/* dict_wire.c - tags of the wire to D-Bus types, checked on the way */
#include "agent/bus/dict_wire.h"

#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/value.h"

struct wire {
	struct bytes from;
	char text[VALUE_TEXT_MAX + 1];	/* D-Bus wants a NUL behind it */
};

static bool take_text(struct wire *wire)
{
	struct bytes text;
	uint32_t len;

	if (!take_u32(&wire->from, &len) || len > VALUE_TEXT_MAX ||
	    !take_bytes(&wire->from, len, &text) || !utf8_is_valid(text))
		return false;
	if (len > 0)
		memcpy(wire->text, text.data, len);
	wire->text[len] = 0;
	return true;
}

/* The tag of what comes next; 0: nothing. */
static unsigned char next_tag(const struct wire *wire)
{
	return wire->from.len == 0 ? 0 : wire->from.data[0];
}

static const char *signature_of(unsigned char tag)
{
	switch (tag) {
	case 't':	return "s";
	case 'n':	return "x";
	case 'b':	return "b";
	case 'd':	return "a{sv}";
	default:	return NULL;
	}
}

/* A list is of one kind, texts or dictionaries; its first member tells, as in
 * dict.c. */
static const char *list_signature(const struct wire *wire)
{
	struct bytes ahead = wire->from;
	unsigned char tag;
	uint32_t count;

	if (take_byte(&ahead, &tag) && take_u32(&ahead, &count) && count > 0 &&
	    take_byte(&ahead, &tag) && tag == 't')
		return "as";
	return "aa{sv}";
}

static bool put_value(DBusMessageIter *iter, struct wire *wire,
		      unsigned depth);

static bool put_text(DBusMessageIter *iter, struct wire *wire)
{
	const char *text = wire->text;

	return take_text(wire) &&
	       dbus_message_iter_append_basic(iter, DBUS_TYPE_STRING, &text);
}

/* What was opened is closed, or let go of when it is of no use. */
static bool end(DBusMessageIter *iter, DBusMessageIter *inner, bool fine)
{
	if (fine)
		return dbus_message_iter_close_container(iter, inner);
	dbus_message_iter_abandon_container(iter, inner);
	return false;
}

static bool put_variant(DBusMessageIter *iter, struct wire *wire,
			unsigned depth)
{
	const char *signature = next_tag(wire) == 'l' ? list_signature(wire) :
				signature_of(next_tag(wire));
	DBusMessageIter variant;

	return signature != NULL &&
	       dbus_message_iter_open_container(iter, DBUS_TYPE_VARIANT,
						signature, &variant) &&
	       end(iter, &variant, put_value(&variant, wire, depth));
}

static bool put_entry(DBusMessageIter *list, struct wire *wire,
		      unsigned depth)
{
	DBusMessageIter entry;

	return dbus_message_iter_open_container(list, DBUS_TYPE_DICT_ENTRY,
						NULL, &entry) &&
	       end(list, &entry, put_text(&entry, wire) &&
		   put_variant(&entry, wire, depth));
}

/* Behind the tag of a list or a dictionary. */
static bool put_members(DBusMessageIter *iter, struct wire *wire,
			const char *signature, unsigned depth)
{
	bool dict = signature[0] == DBUS_DICT_ENTRY_BEGIN_CHAR, fine = true;
	unsigned char tag = signature[0] == 's' ? 't' : 'd';
	DBusMessageIter list;
	uint32_t count, i;

	if (depth > VALUE_DEPTH_MAX || !take_u32(&wire->from, &count) ||
	    count > VALUE_MEMBERS_MAX ||
	    !dbus_message_iter_open_container(iter, DBUS_TYPE_ARRAY, signature,
					      &list))
		return false;
	for (i = 0; i < count && fine; i++)
		fine = dict ? put_entry(&list, wire, depth) :
		       next_tag(wire) == tag && put_value(&list, wire, depth);
	return end(iter, &list, fine);
}

static bool put_value(DBusMessageIter *iter, struct wire *wire,
		      unsigned depth)
{
	const char *signature = list_signature(wire);
	unsigned char tag, truth;
	dbus_int64_t number;
	dbus_bool_t is_true;
	uint64_t plain;

	if (!take_byte(&wire->from, &tag))
		return false;
	switch (tag) {
	case 't':
		return put_text(iter, wire);
	case 'n':
		if (!take_u64(&wire->from, &plain))
			return false;
		memcpy(&number, &plain, sizeof(number));
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_INT64,
						      &number);
	case 'b':
		if (!take_byte(&wire->from, &truth) || truth > 1)
			return false;
		is_true = truth;
		return dbus_message_iter_append_basic(iter, DBUS_TYPE_BOOLEAN,
						      &is_true);
	case 'd':
		return put_members(iter, wire, "{sv}", depth + 1);
	case 'l':
		return put_members(iter, wire, signature + 1, depth + 1);
	default:
		return false;
	}
}

bool dict_append_wire(DBusMessageIter *iter, struct bytes bytes)
{
	struct wire wire;

	wire.from = bytes;
	return next_tag(&wire) == 'd' && put_value(iter, &wire, 0) &&
	       wire.from.len == 0;
}
