/* address.c - the address in what Claws Mail shows as the sender */
#include <string.h>

#include "plugins/claws/address.h"

#define ADDRESS_MAX	320	/* characters: 64 + "@" + 255 */
#define FIELD_MAX	65536	/* bytes; no honest sender comes near */

/* Letters that can stand in a plain address and act on nothing. */
static gboolean plain(gunichar c)
{
	static const char special[] = "()<>[]:;,\\\"";

	if (c < 0x80)
		return c > ' ' && c < 0x7f && strchr(special, (int)c) == NULL;
	return g_unichar_isgraph(c) &&
	       g_unichar_type(c) != G_UNICODE_FORMAT;
}

static gboolean plain_address(const char *start, const char *end)
{
	const char *at = start;
	int signs = 0;
	glong length = 0;

	for (; at < end; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (!plain(c) || ++length > ADDRESS_MAX)
			return FALSE;
		if (c == '@') {
			if (at == start)
				return FALSE;
			signs++;
		}
	}
	return signs == 1 && end[-1] != '@';
}

gboolean address_find(const char *text, struct address_place *place)
{
	const char *start, *end;

	if (strlen(text) > FIELD_MAX || !g_utf8_validate(text, -1, NULL))
		return FALSE;
	end = text + strlen(text);
	start = text;
	while (end > start && g_ascii_isspace(end[-1]))
		end--;
	while (start < end && g_ascii_isspace(*start))
		start++;
	if (end > start && end[-1] == '>') {
		end--;
		start = strchr(start, '<');
		if (start == NULL || strchr(start + 1, '<') != NULL ||
		    strchr(text, '>') != end)
			return FALSE;
		start++;
	}
	if (start >= end || !plain_address(start, end))
		return FALSE;
	place->start = g_utf8_pointer_to_offset(text, start);
	place->end = g_utf8_pointer_to_offset(text, end);
	return TRUE;
}

gchar *address_alone(const char *text)
{
	struct address_place place;

	if (text == NULL || !address_find(text, &place))
		return NULL;
	return g_utf8_substring(text, place.start, place.end);
}
