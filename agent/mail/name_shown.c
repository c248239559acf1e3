/* name_shown.c - names that cannot act on a terminal or in markup */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/address.h"
#include "agent/mail/name.h"
#include "agent/mail/rune.h"

#define REPLACEMENT	"\xEF\xBF\xBD"	/* U+FFFD */
#define ELLIPSIS	"\xE2\x80\xA6"	/* U+2026 */
#define MARKS_MAX	2		/* combining marks on one letter: more
					 * paint over the lines around it */
#define COLUMN_BYTES	(4 * (MARKS_MAX + 1))	/* that one column can take */

struct line {
	struct buf *to;
	unsigned columns, most;
	unsigned marks;		/* in a row */
	bool emoji;		/* the last one was */
	bool cut;
};

/* What harms in markup, as what looks alike and does not. */
static const char *harmless(int32_t rune)
{
	switch (rune) {
	case '<':	return "\xE2\x80\xB9";	/* U+2039 */
	case '>':	return "\xE2\x80\xBA";	/* U+203A */
	case '&':	return "\xEF\xBC\x86";	/* U+FF06 */
	default:	return NULL;
	}
}

static void put(struct line *line, struct bytes text, unsigned columns)
{
	if (line->columns + columns > line->most) {
		line->cut = true;
		return;
	}
	line->columns += columns;
	buf_add(line->to, text);
}

static void put_mark(struct line *line, struct bytes as_is)
{
	if (line->columns == 0)		/* nothing that it could stand on */
		put(line, bytes_of(REPLACEMENT), 1);
	else if (++line->marks <= MARKS_MAX)
		put(line, as_is, 0);
}

static void put_code(struct line *line, int32_t rune)
{
	char room[16];
	struct buf text;
	struct bytes code;

	buf_init(&text, sizeof(room));
	buf_print(&text, "[U+%04X]", (unsigned)rune);
	code = buf_bytes(&text);
	put(line, code, (unsigned)code.len);
	buf_free(&text);
}

/* U+FE0E and U+FE0F behind an emoji only choose its font. */
static bool is_style(const struct line *line, int32_t rune)
{
	return line->emoji && (rune == 0xFE0E || rune == 0xFE0F);
}

static void put_rune(struct line *line, int32_t rune, struct bytes as_is)
{
	const char *instead = harmless(rune);
	unsigned columns = 1;

	if (is_style(line, rune)) {
		put(line, as_is, 0);
		line->emoji = false;
		return;
	}
	line->emoji = rune_is_emoji(rune);
	if (instead != NULL) {
		columns = rune == '&' ? 2 : 1;
		put(line, bytes_of(instead), columns);
	} else if (rune_is_nothing(rune)) {
		put(line, bytes_of(REPLACEMENT), 1);
	} else if (rune_is_invisible(rune)) {
		put_code(line, rune);
	} else if (rune_is_mark(rune)) {
		put_mark(line, as_is);
		return;
	} else {
		columns = rune_columns(rune);
		put(line, as_is, columns);
	}
	line->marks = 0;
}

static void put_shown(struct line *line, struct bytes rest)
{
	struct bytes as_is, blank = bytes_of(" ");
	bool between = false;
	int32_t rune;

	while (rest.len > 0 && !line->cut) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_blank(rune)) {
			between = line->columns > 0;
			continue;
		}
		if (between)
			put(line, blank, 1);
		between = false;
		if (!line->cut)
			put_rune(line, rune, as_is);
	}
	if (line->cut)
		buf_text(line->to, ELLIPSIS);
}

/* At most `most` columns and an ellipsis. */
static const char *shown(struct arena *arena, const char *text, unsigned most)
{
	struct line line;
	const char *out;
	struct buf to;

	memset(&line, 0, sizeof(line));
	buf_init(&to, most * COLUMN_BYTES + sizeof(ELLIPSIS));
	line.to = &to;
	line.most = most;
	put_shown(&line, bytes_of(text));
	out = to.full ? NULL : arena_text(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}

const char *name_shown(struct arena *arena, const char *name)
{
	return shown(arena, name, NAME_SHOWN_MAX);
}

/* RFC 5322 specials ask for quotes; '<' and '>' are not there any more. */
static bool wants_quotes(const char *name)
{
	return strpbrk(name, "()[]:;@\\,.\"") != NULL;
}

static void put_quoted(struct buf *to, const char *name)
{
	buf_byte(to, '"');
	for (; *name != 0; name++) {
		if (*name == '"' || *name == '\\')
			buf_byte(to, '\\');
		buf_byte(to, (unsigned char)*name);
	}
	buf_byte(to, '"');
}

const char *name_shown_from(struct arena *arena, const char *name,
			    const char *address)
{
	/* Of an octet come at most ten columns: "[U+E0001]". */
	const char *spec = shown(arena, address, 10 * (ADDRESS_MAX + 2));
	const char *front = name == NULL ? "" : name_shown(arena, name);
	const char *out;
	struct buf to;

	if (spec == NULL || spec[0] == 0 || front == NULL || front[0] == 0)
		return spec;
	buf_init(&to, 2 * strlen(front) + strlen(spec) + 8);
	if (wants_quotes(front))
		put_quoted(&to, front);
	else
		buf_text(&to, front);
	buf_print(&to, " <%s>", spec);
	out = to.full ? spec : arena_text(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}
