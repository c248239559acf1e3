/* interface.c - finding a method in our own introspection text */
#include "agent/bus/interface.h"

#include <stdbool.h>
#include <string.h>

#include "agent/base/bytes.h"

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

/* Whether an "arg" tag belongs to that side; signals have no other. */
static bool arg_counts(enum interface_part part, struct bytes tag)
{
	struct bytes direction = attribute_of(tag, "direction");

	switch (part) {
	case INTERFACE_METHOD_IN:
		return bytes_is(direction, "in");
	case INTERFACE_METHOD_OUT:
		return bytes_is(direction, "out");
	case INTERFACE_SIGNAL:
	default:
		return true;
	}
}

int interface_signature(enum interface_part part, const char *interface,
			const char *name, char out[INTERFACE_SIGNATURE_MAX])
{
	const char *opens = part == INTERFACE_SIGNAL ? "signal " : "method ";
	struct bytes rest = bytes_of(interface_xml);
	struct bytes tag, type;
	bool in_interface = false, inside = false, found = false;
	size_t len = 0;

	while (tag_next(&rest, &tag)) {
		if (bytes_starts(tag, "interface "))
			in_interface = interface == NULL ||
				bytes_is(attribute_of(tag, "name"), interface);
		if (bytes_starts(tag, "method ") ||
		    bytes_starts(tag, "signal "))
			inside = in_interface && bytes_starts(tag, opens) &&
				bytes_is(attribute_of(tag, "name"), name);
		else if (bytes_is(tag, "/method") || bytes_is(tag, "/signal"))
			inside = false;
		found = found || inside;
		if (!inside || !bytes_starts(tag, "arg ") ||
		    !arg_counts(part, tag))
			continue;
		type = attribute_of(tag, "type");
		if (type.len >= INTERFACE_SIGNATURE_MAX - len)
			return 0;
		memcpy(out + len, type.data, type.len);
		len += type.len;
	}
	out[len] = 0;
	return found;
}
