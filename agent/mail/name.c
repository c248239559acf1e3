/* name.c - the form that names and addresses are compared in */
#include "agent/mail/name.h"

#include <idn2.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/name_fold.h"
#include "agent/mail/rune.h"

_Static_assert(NAME_MAX_BYTES <= NAME_FOLD_MAX, "names may not be folded");

void name_prepare(void)
{
	struct arena *arena = arena_new(64 * 1024);
	struct bytes rest = bytes_of("\xD0\xB0"), as_is;
	struct name_found found;
	int32_t rune;

	if (arena == NULL)
		return;
	/* ICU maps its tables at the first use. */
	(void)name_normal(arena, "Prep\xC3\xA4re");
	(void)name_shown(arena, "Prep\xC3\xA4re \xE2\x9D\xA4");
	name_find_addresses(arena, "\xC3\xA4@example.org", &found);
	rune = rune_take(&rest, &as_is);
	(void)rune_is_unspaced(rune + 0x5000);
	arena_free(arena);
}

/* Half of them as lead bytes, ASCII in between: no table lookup. */
bool name_has_control(struct bytes utf8)
{
	static const struct { unsigned char a, b, from, to; } bidi[] = {
		{ 0xE2, 0x80, 0x8E, 0x8F },	/* U+200E, U+200F */
		{ 0xE2, 0x80, 0xAA, 0xAE },	/* U+202A to U+202E */
		{ 0xE2, 0x81, 0xA6, 0xA9 },	/* U+2066 to U+2069 */
	};
	const unsigned char *s = utf8.data;
	size_t i, j;

	for (i = 0; i < utf8.len; i++) {
		if (s[i] < 32 || s[i] == 127)
			return true;
		if (s[i] < 0xC2 || i + 1 == utf8.len)
			continue;
		if (s[i] == 0xC2 && s[i + 1] >= 0x80 && s[i + 1] < 0xA0)
			return true;	/* C1 */
		if (s[i] == 0xD8 && s[i + 1] == 0x9C)
			return true;	/* U+061C */
		for (j = 0; j < 3 && i + 2 < utf8.len; j++)
			if (s[i] == bidi[j].a && s[i + 1] == bidi[j].b &&
			    s[i + 2] >= bidi[j].from &&
			    s[i + 2] <= bidi[j].to)
				return true;
	}
	return false;
}

enum shape { SHAPE_NAME, SHAPE_ADDRESS };

static bool is_small(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

/* "aIice" reads as "alice".  In a name not at a word's begin, where a capital
 * I belongs; in an address everywhere, for nobody capitalises there. */
static bool passes_for_l(struct bytes text, size_t at, enum shape shape)
{
	unsigned char before = at > 0 ? text.data[at - 1] : ' ';
	unsigned char after = at + 1 < text.len ? text.data[at + 1] : ' ';

	if (text.data[at] != 'I' || !(is_small(before) || is_small(after)))
		return false;
	return shape == SHAPE_ADDRESS || byte_is_alpha(before);
}

/* White space as plain blanks, so that an ASCII text stays one. */
static char *capitals_out(const char *from, enum shape shape)
{
	struct bytes text = bytes_of(from);
	char *out = malloc(text.len + 1);
	size_t i;

	if (out == NULL)
		return NULL;
	for (i = 0; i < text.len; i++) {
		out[i] = (char)text.data[i];
		if (passes_for_l(text, i, shape))
			out[i] = 'l';
		if (byte_is_space(text.data[i]))
			out[i] = ' ';
	}
	out[text.len] = 0;
	return out;
}

/* Runs of white space one blank, none at the ends, what is still invisible
 * left out. */
static void put_tidy(struct buf *to, struct bytes rest)
{
	struct bytes as_is;
	bool blank = false;
	int32_t rune;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_blank(rune)) {
			blank = to->len > 0;
			continue;
		}
		if (rune_is_invisible(rune))
			continue;
		if (blank)
			buf_byte(to, ' ');
		blank = false;
		buf_add(to, as_is);
	}
}

/* Words, one blank between them, a blank in front if `to` has some; an
 * apostrophe is no end of one. */
static void put_words(struct buf *to, struct bytes rest)
{
	bool blank = to->len > 0;
	struct bytes as_is;
	int32_t rune;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune == '\'' || rune_is_invisible(rune))
			continue;
		if (!rune_is_word(rune)) {
			blank = to->len > 0;
			continue;
		}
		if (blank)
			buf_byte(to, ' ');
		blank = false;
		buf_add(to, as_is);
	}
}

/* "Harper, Alice" is "Alice Harper".  A name without a word is its signs. */
static void put_name(struct buf *to, struct bytes folded)
{
	struct bytes before, after;

	if (bytes_cut(folded, ',', &before, &after) && !bytes_has(after, ','))
		put_words(to, after);
	else
		before = folded;
	put_words(to, before);
	if (to->len == 0)
		put_tidy(to, folded);
}

static const char *compared(struct arena *arena, const char *name,
			    enum shape shape)
{
	struct buf folded, text;
	const char *out = NULL;
	char *copy;

	if (strlen(name) > NAME_MAX_BYTES)
		return NULL;
	copy = capitals_out(name, shape);
	if (copy == NULL)
		return NULL;
	buf_init(&folded, NAME_FOLDED_MAX);
	buf_init(&text, NAME_FOLDED_MAX);
	if (name_fold(&folded, copy, shape == SHAPE_NAME ? NAME_MARKS_DROP :
							   NAME_MARKS_KEEP)) {
		if (shape == SHAPE_NAME)
			put_name(&text, buf_bytes(&folded));
		else
			put_tidy(&text, buf_bytes(&folded));
		if (!text.full)
			out = arena_text(arena, buf_bytes(&text));
	}
	buf_free(&text);
	buf_free(&folded);
	free(copy);
	return out;
}

const char *name_normal(struct arena *arena, const char *name)
{
	return compared(arena, name, SHAPE_NAME);
}

/* The domain behind the last '@', or all of it, with U-labels. */
static const char *with_ulabels(struct arena *arena, const char *text)
{
	const char *at = strrchr(text, '@');
	const char *domain = at == NULL ? text : at + 1;
	char *shown = NULL;
	const char *out = text;

	if (strstr(domain, "xn--") == NULL ||
	    idn2_to_unicode_8z8z(domain, &shown, IDN2_NFC_INPUT) != IDN2_OK)
		return text;
	if (strlen(shown) < NAME_MAX_BYTES)
		out = arena_print(arena, "%.*s%s", (int)(domain - text), text,
				  shown);
	idn2_free(shown);
	return out;
}

const char *name_skeleton(struct arena *arena, const char *text)
{
	const char *shown;

	if (strlen(text) > NAME_MAX_BYTES)
		return NULL;
	shown = with_ulabels(arena, text);
	return shown == NULL ? NULL : compared(arena, shown, SHAPE_ADDRESS);
}
