/* open_display.c - the display for older readers, which is not shown
 *
 * RFC 9788 section 5.2.2: hidden fields stand as text in front of the main
 * text as well, and the part's Content-Type says so.  Beside the fields
 * themselves both are left out. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_type.h"

#define SHOWN_MAX	4096	/* octets of a display */
#define PARAMETER	"hp-legacy-display"

/* Where it ends; its beginning where there is none. */
static uint64_t display_end(struct opening *opening,
			    const struct mime_part *part)
{
	unsigned char room[SHOWN_MAX];
	struct bytes text = { room, 0 }, line, rest;
	int got = range_read(&opening->range, part->body, room,
			     sizeof(room));
	uint64_t at = part->body;

	if (got <= 0)
		return at;
	text.len = (size_t)got;
	rest = text;
	while (bytes_cut(rest, '\n', &line, &rest)) {
		if (bytes_trim(line).len > 0)
			continue;
		at += text.len - rest.len;
		return at <= part->end ? at : part->body;
	}
	return part->body;
}

static struct mime_part *display_find(struct opening *opening)
{
	struct mime_part *part = opening->root;
	const char *shows;

	if (opening->headers.kind != HP_CIPHER)
		return NULL;
	while (part->first != NULL && mime_is_kind(&part->type,
						   "multipart/"))
		part = part->first;
	shows = mime_parameter(&part->type, PARAMETER);
	if (shows == NULL || strcmp(shows, "1") != 0 ||
	    !mime_is(&part->type, "text/plain") ||
	    part->encoding == MIME_BASE64)
		return NULL;
	return part;
}

static size_t blanks(struct bytes text, size_t at)
{
	while (at < text.len && byte_is_space(text.data[at]))
		at++;
	return at;
}

/* How long the parameter is, from its ';' on; 0: it is another one. */
static size_t parameter_len(struct bytes text)
{
	size_t at = blanks(text, 1);

	if (!bytes_starts_nocase(bytes_slice(text, at, text.len), PARAMETER))
		return 0;
	at = blanks(text, at + strlen(PARAMETER));
	if (at == text.len || text.data[at] != '=')
		return 0;
	at = blanks(text, at + 1);
	text = bytes_slice(text, at, text.len);
	if (bytes_starts(text, "\"1\""))
		return at + 3;
	return bytes_starts(text, "1") ? at + 1 : 0;
}

/* Without what is `len` long at `at`.  False: no memory. */
static bool field_without(struct arena *arena, struct field *field, size_t at,
			  size_t len)
{
	size_t name = (size_t)(field->value.data - field->whole.data);
	size_t left = field->whole.len - len;
	unsigned char *to = arena_alloc(arena, left);

	if (to == NULL)
		return false;
	memcpy(to, field->whole.data, at);
	memcpy(to + at, field->whole.data + at + len, left - at);
	field->whole = (struct bytes){ to, left };
	field->value = bytes_slice(field->whole, name, left);
	return true;
}

/* Its Content-Type says it no longer, and else what it said; where it is
 * written so that this cannot be told, it stays. */
static void parameter_take(struct arena *arena, const struct mime_part *part)
{
	const struct field *type = message_find(part->header, "Content-Type",
						0);
	struct bytes whole = type->whole;
	struct field other = *type;
	struct mime_type left;
	size_t at, len = 0;

	for (at = 0; at < whole.len && len == 0; at++)
		if (whole.data[at] == ';')
			len = parameter_len(bytes_slice(whole, at, whole.len));
	if (len > 0 && field_without(arena, &other, at - 1, len) &&
	    mime_type_parse(arena, field_unfold(arena, &other), &left) == 0 &&
	    left.count + 1 == part->type.count &&
	    mime_parameter(&left, PARAMETER) == NULL)
		part->header->fields[type - part->header->fields] = other;
}

const struct mime_part *open_display_take(struct opening *opening,
					  uint64_t *end)
{
	struct mime_part *part = display_find(opening);
	uint64_t at;

	if (part == NULL)
		return NULL;
	at = display_end(opening, part);
	if (at == part->body)
		return NULL;
	parameter_take(opening->job->arena, part);
	*end = at;
	return part;
}
