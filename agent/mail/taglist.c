/* taglist.c - RFC 6376 section 3.2 */
#include "agent/mail/taglist.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"

static bool name_is_valid(struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (!byte_is_alpha(name.data[i]) &&
		    (i == 0 || (!byte_is_digit(name.data[i]) &&
				name.data[i] != '_')))
			return false;
	return name.len > 0;
}

/* A line end inside must be folding: a blank follows (section 2.8). */
static bool is_fold(struct bytes value, size_t at)
{
	if (value.data[at] == '\r')
		return at + 1 < value.len && value.data[at + 1] == '\n';
	return at + 1 < value.len && byte_is_blank(value.data[at + 1]);
}

/* tval: VALCHAR is %x21-3A / %x3C-7E; UTF-8 is let through for DMARC and for
 * RFC 8616. */
static bool value_is_valid(struct bytes value)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < value.len; i++) {
		c = value.data[i];
		if (c == 127 || (c < 33 && !byte_is_blank(c) &&
				 !((c == '\r' || c == '\n') &&
				   is_fold(value, i))))
			return false;
	}
	return true;
}

int taglist_parse(struct arena *arena, struct bytes text,
		  struct taglist *out)
{
	struct bytes piece, rest = text;
	struct tag *tag;
	bool more = true;
	size_t i;

	out->count = 0;
	out->tags = arena_array(arena, TAGLIST_MAX, sizeof(*out->tags));
	if (out->tags == NULL)
		return ERR_LIMIT;
	while (more) {
		more = bytes_cut(rest, ';', &piece, &rest);
		piece = bytes_trim(piece);
		if (piece.len == 0 && !more)
			break;		/* one ";" may stand at the end */
		if (out->count == TAGLIST_MAX)
			return ERR_LIMIT;
		tag = &out->tags[out->count];
		if (!bytes_cut(piece, '=', &tag->name, &tag->value))
			return ERR_SYNTAX;
		tag->name = bytes_trim(tag->name);
		tag->value = bytes_trim(tag->value);
		if (!name_is_valid(tag->name) || !value_is_valid(tag->value))
			return ERR_SYNTAX;
		for (i = 0; i < out->count; i++)
			if (bytes_equal(out->tags[i].name, tag->name))
				return ERR_SYNTAX;
		out->count++;
	}
	return out->count > 0 ? 0 : ERR_SYNTAX;
}

const struct tag *taglist_find(const struct taglist *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (bytes_is(list->tags[i].name, name))
			return &list->tags[i];
	return NULL;
}

struct bytes tag_packed(struct arena *arena, struct bytes value)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to = arena_alloc(arena, value.len);
	size_t i, used = 0;

	if (to == NULL)
		return out;
	for (i = 0; i < value.len; i++)
		if (!byte_is_space(value.data[i]))
			to[used++] = value.data[i];
	out.data = to;
	out.len = used;
	return out;
}
