/* interface.c - the members of our own introspection text */
#include "agent/bus/interface.h"

#include <string.h>

#include "agent/base/err.h"

/* The value of `attribute` in the tag that starts at `tag`. */
static struct bytes attribute_of(struct bytes tag, const char *attribute)
{
	struct bytes none = { NULL, 0 };
	size_t len = strlen(attribute);
	size_t i;

	for (i = 0; i + len + 2 < tag.len; i++) {
		if (tag.data[i] != ' ' ||
		    memcmp(tag.data + i + 1, attribute, len) != 0 ||
		    tag.data[i + 1 + len] != '=')
			continue;
		tag = bytes_slice(tag, i + len + 3, tag.len);
		return bytes_slice(tag, 0, bytes_find(tag, '"'));
	}
	return none;
}

/* The next "<...>" behind what was taken; false at the end. */
static bool tag_next(struct bytes *from, struct bytes *tag)
{
	size_t start = bytes_find(*from, '<');

	*from = bytes_slice(*from, start + 1, from->len);
	if (from->len == 0)
		return false;
	*tag = bytes_slice(*from, 0, bytes_find(*from, '>'));
	*from = bytes_slice(*from, tag->len, from->len);
	return true;
}

/* Behind what `signature` has.  False: there is no room. */
static bool type_add(char signature[INTERFACE_SIGNATURE_MAX], struct bytes type)
{
	size_t len = strlen(signature);

	if (type.len >= INTERFACE_SIGNATURE_MAX - len)
		return false;
	memcpy(signature + len, type.data, type.len);
	return true;			/* the rest was zero before */
}

int interface_read(struct interface_table *out)
{
	struct bytes rest = bytes_of(interface_xml);
	struct bytes tag, interface = { NULL, 0 };
	struct interface_member *member = NULL;
	bool signal, fine = true;

	memset(out, 0, sizeof(*out));
	while (fine && tag_next(&rest, &tag)) {
		if (bytes_starts(tag, "interface "))
			interface = attribute_of(tag, "name");
		signal = bytes_starts(tag, "signal ");
		if (signal || bytes_starts(tag, "method ")) {
			fine = out->count < INTERFACE_MEMBERS_MAX;
			if (!fine)
				break;
			member = &out->members[out->count++];
			member->interface = interface;
			member->name = attribute_of(tag, "name");
			member->signal = signal;
		} else if (member != NULL && bytes_starts(tag, "arg ")) {
			fine = type_add(bytes_is(attribute_of(tag, "direction"),
						 "in") ? member->in :
					member->out,
					attribute_of(tag, "type"));
		}
	}
	return fine ? 0 : ERR_LIMIT;
}

static const struct interface_member *member_find(
	const struct interface_table *table, bool signal,
	const char *interface, const char *name)
{
	const struct interface_member *member = table->members;
	size_t i;

	for (i = 0; i < table->count; i++, member++)
		if (member->signal == signal && bytes_is(member->name, name) &&
		    (interface == NULL ||
		     bytes_is(member->interface, interface)))
			return member;
	return NULL;
}

const struct interface_member *interface_method(
	const struct interface_table *table, const char *interface,
	const char *name)
{
	return member_find(table, false, interface, name);
}

const struct interface_member *interface_signal(
	const struct interface_table *table, const char *interface,
	const char *name)
{
	return member_find(table, true, interface, name);
}
