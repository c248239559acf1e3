/* mime_part.c - type, encoding, boundary, number */
#include "agent/mail/mime_part.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"

void mime_part_odd(struct mime_part *part, const char *text)
{
	if (!part->odd)
		part->odd_text = text;
	part->odd = true;
}

static enum mime_encoding encoding_of(struct bytes value)
{
	static const struct {
		const char *name;
		enum mime_encoding encoding;
	} names[] = {
		{ "7bit", MIME_7BIT }, { "8bit", MIME_8BIT },
		{ "binary", MIME_BINARY }, { "base64", MIME_BASE64 },
		{ "quoted-printable", MIME_QUOTED },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is_nocase(value, names[i].name))
			return names[i].encoding;
	return MIME_UNKNOWN;
}

/* A name with a blank before its colon, or in another's eyes repeated. */
static bool is_ambiguous(const struct message *header, const char *name)
{
	size_t i;

	for (i = 0; i < header->field_count; i++)
		if (header->fields[i].odd_name &&
		    bytes_starts_nocase(header->fields[i].name, name))
			return true;
	return message_count(header, name) > 1;
}

static void default_type(struct mime_part *part)
{
	const struct mime_part *parent = part->parent;

	part->type.name = "text/plain";
	if (parent != NULL && mime_is(&parent->type, "multipart/digest"))
		part->type.name = "message/rfc822";
}

static void boundary_read(struct mime_part *part)
{
	const char *boundary;

	if (!mime_is_kind(&part->type, "multipart/"))
		return;
	boundary = mime_parameter(&part->type, "boundary");
	part->boundary = bytes_trim(bytes_of(boundary));
	if (part->boundary.len > MIME_BOUNDARY_MAX)
		part->boundary.len = 0;
	if (part->boundary.len == 0)
		mime_part_odd(part, "A multipart names no boundary that could "
			      "be used.");
}

/* The same boundary within another's part: readers cut at different places. */
static void boundary_compare(struct mime_part *part)
{
	const struct mime_part *above;

	for (above = part->parent; above != NULL && part->boundary.len > 0;
	     above = above->parent)
		if (bytes_equal(above->boundary, part->boundary))
			mime_part_odd(part, "Two multiparts, one within the "
				      "other, have the same boundary.");
}

struct bytes mime_field(struct arena *arena, const struct mime_part *part,
			const char *name)
{
	const struct field *field = NULL;
	struct bytes nothing = { NULL, 0 };

	if (part->header != NULL)
		field = message_find(part->header, name, 0);
	return field == NULL ? nothing : field_unfold(arena, field);
}

static int fields_read(struct arena *arena, struct mime_part *part)
{
	struct bytes value = mime_field(arena, part, "Content-Type");
	int r = 0;

	if (part->header->has_nul || part->header->has_bare_cr)
		mime_part_odd(part, "A part's header holds characters that "
			      "none may hold.");
	if (is_ambiguous(part->header, "Content-Type") ||
	    is_ambiguous(part->header, "Content-Transfer-Encoding"))
		mime_part_odd(part, "A part says twice what it is.");
	if (value.data != NULL) {
		r = mime_type_parse(arena, value, &part->type);
		if (part->type.name == NULL || part->type.odd)
			mime_part_odd(part, "A part's Content-Type breaks its "
				      "grammar.");
	}
	value = mime_field(arena, part, "Content-Transfer-Encoding");
	if (value.data != NULL)
		part->encoding = encoding_of(value);
	return r;
}

int mime_part_read(struct arena *arena, struct mime_part *part,
		   struct bytes header)
{
	int r = 0;

	part->encoding = MIME_7BIT;
	if (header.len > 0) {
		header = arena_bytes(arena, header);
		if (header.data == NULL)
			return ERR_LIMIT;
		r = message_parse(arena, header, &part->header);
		if (r == ERR_LIMIT)
			return r;
	}
	r = part->header == NULL ? 0 : fields_read(arena, part);
	if (part->type.name == NULL)
		default_type(part);
	boundary_read(part);
	if (part->encoding > MIME_BINARY && part->boundary.len > 0) {
		part->boundary.len = 0;
		mime_part_odd(part, "A multipart says that it is encoded, "
			      "which none may be.");
	}
	boundary_compare(part);
	return r;
}

const struct mime_part *mime_part_at(const struct mime_part *root,
				     const char *path)
{
	struct bytes rest = bytes_of(path), number;
	const struct mime_part *part = root;
	long long nth;

	while (part != NULL && rest.len > 0) {
		(void)bytes_cut(rest, '.', &number, &rest);
		nth = bytes_number(number);
		for (part = part->first; part != NULL; part = part->next)
			if (part->nth == nth)
				break;
	}
	return part;
}

const char *mime_part_path(struct arena *arena, const struct mime_part *part)
{
	const struct mime_part *chain[MIME_DEPTH_MAX + 2];
	const char *out = NULL;
	struct buf text;
	size_t count = 0;

	for (; part->parent != NULL && count < MIME_DEPTH_MAX + 2;
	     part = part->parent)
		chain[count++] = part;
	buf_init(&text, MIME_PATH_MAX);
	while (count > 0) {
		count--;
		buf_print(&text, "%s%u", text.len > 0 ? "." : "",
			  chain[count]->nth);
	}
	if (!text.full)
		out = arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}
