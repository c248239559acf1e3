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

int interface_method(const char *interface, const char *method,
		     char out[INTERFACE_SIGNATURE_MAX])
{
	struct bytes rest = bytes_of(interface_xml);
	struct bytes tag, type;
	bool in_interface = false, in_method = false, found = false;
	size_t len = 0;

	while (tag_next(&rest, &tag)) {
		if (bytes_starts(tag, "interface "))
			in_interface = interface == NULL ||
				bytes_is(attribute_of(tag, "name"), interface);
		if (bytes_starts(tag, "method ") && in_interface)
			in_method = bytes_is(attribute_of(tag, "name"),
					     method);
		else if (bytes_starts(tag, "method ") ||
			 bytes_is(tag, "/method"))
			in_method = false;
		found = found || in_method;
		if (!in_method || !bytes_starts(tag, "arg ") ||
		    !bytes_is(attribute_of(tag, "direction"), "in"))
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
