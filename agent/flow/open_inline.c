/* open_inline.c - OpenPGP lines in a text (inline PGP), which count for nothing
 *
 * Such lines say only of themselves what they are: text stands in front of and
 * behind them, HTML hides them, and what they seal has no type.  They are
 * neither checked nor opened; that they are there is told, so that whoever
 * sees them does not take them for the message's. */
#include "agent/base/stream.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/mime_code.h"

#define LOOK_MAX	(4 * 1024 * 1024)	/* octets of all texts */
#define PIECE		16384
#define OVERLAP		32	/* octets; a line is in two pieces */

static bool has_line(struct bytes text)
{
	static const char *const lines[] = {
		"-----BEGIN PGP MESSAGE", "-----BEGIN PGP SIGNED MESSAGE"
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (memmem(text.data, text.len, lines[i],
			   strlen(lines[i])) != NULL)
			return true;
	return false;
}

static enum mime_step decoding(const struct mime_part *part)
{
	if (part->encoding == MIME_BASE64)
		return MIME_FROM_BASE64;
	return part->encoding == MIME_QUOTED ? MIME_FROM_QUOTED : MIME_AS_IS;
}

/* Reads a text until a line is found, it ends, or *left is used up. */
static bool text_has_line(struct source *text, size_t *left)
{
	unsigned char room[OVERLAP + PIECE];
	struct bytes seen = { room, 0 };
	size_t want;
	int got;

	while (*left > 0) {
		want = *left < PIECE ? *left : PIECE;
		got = text->read(text->ctx, room + seen.len, want);
		if (got <= 0)
			return false;
		*left -= (size_t)got;
		seen.len += (size_t)got;
		if (has_line(seen))
			return true;
		if (seen.len <= OVERLAP)
			continue;
		memmove(room, room + seen.len - OVERLAP, OVERLAP);
		seen.len = OVERLAP;
	}
	return false;
}

static bool part_has_line(struct opening *opening,
			  const struct mime_part *part, size_t *left)
{
	struct range range = range_within(&opening->range, part->body,
					  part->end);
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), text;
	struct mime_reader *decoder = mime_reader_new(&raw, decoding(part));
	bool found = false;

	if (decoder != NULL) {
		text = mime_reader_source(decoder);
		found = text_has_line(&text, left);
	}
	mime_reader_free(decoder);
	return found;
}

static bool is_text(const struct mime_part *part)
{
	return part->first == NULL &&
	       (mime_is_kind(&part->type, "text/") ||
		mime_is(&part->type, "application/pgp"));
}

bool open_has_inline(struct opening *opening, const struct mime_part *root)
{
	const struct mime_part *part = root;
	enum seal_kind kind;
	size_t left = LOOK_MAX;

	while (part != NULL) {
		if (is_text(part) && part_has_line(opening, part, &left))
			return true;
		/* What is sealed properly is listed by its number. */
		if (part->first != NULL &&
		    (part == root ||
		     open_scheme_of(opening, part, &kind) == NULL)) {
			part = part->first;
			continue;
		}
		while (part != root && part != NULL && part->next == NULL)
			part = part->parent;
		part = part == root || part == NULL ? NULL : part->next;
	}
	return false;
}
