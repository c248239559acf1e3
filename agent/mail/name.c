/* name.c - the form that names and addresses are compared in
 *
 * fold, skeleton, fold: skeletons of upper and lower case differ, and a
 * skeleton may bring capitals back ("0" is confusable with "O"). */
#include "agent/mail/name.h"

#include <idn2.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/rune.h"

#define UNITS_MAX	(NAME_MAX_BYTES * 4)	/* UTF-16 units in between */
#define ASCII_ROOM	12	/* octets that one ASCII character becomes */

/* Library handles and what they say about ASCII, made once, then read. */
static struct {
	const UNormalizer2 *fold;	/* NULL: ICU has no data */
	USpoofChecker *spoof;
	char ascii[128][ASCII_ROOM];
} tools;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool fold_units(const UChar *in, int32_t in_len, UChar *out,
		       int32_t *out_len)
{
	UErrorCode error = U_ZERO_ERROR;

	*out_len = unorm2_normalize(tools.fold, in, in_len, out, UNITS_MAX,
				    &error);
	return U_SUCCESS(error) && *out_len < UNITS_MAX;
}

static bool skeleton_units(const UChar *in, int32_t in_len, UChar *out,
			   int32_t *out_len)
{
	UErrorCode error = U_ZERO_ERROR;

	*out_len = uspoof_getSkeleton(tools.spoof, 0, in, in_len, out,
				      UNITS_MAX, &error);
	return U_SUCCESS(error) && *out_len < UNITS_MAX;
}

/* Small palochka is drawn as "l", capital palochka too; UTS 39 knows only the
 * capital as "l", and folding leaves the small one. */
static void palochka_out(UChar *units, int32_t len)
{
	int32_t i;

	for (i = 0; i < len; i++)
		if (units[i] == 0x04CF)
			units[i] = 'l';
}

/* a holds `len` units and gets the answer; b is room. */
static bool compare_units(UChar *a, UChar *b, int32_t *len)
{
	if (!fold_units(a, *len, b, len))
		return false;
	palochka_out(b, *len);
	if (!skeleton_units(b, *len, a, len) || !fold_units(a, *len, b, len))
		return false;
	memcpy(a, b, (size_t)*len * sizeof(*a));
	return true;
}

static void ascii_prepare(UChar *a, UChar *b)
{
	UErrorCode error;
	int32_t len, used;
	unsigned c;

	for (c = 32; c < 127; c++) {
		a[0] = (UChar)c;
		len = 1;
		error = U_ZERO_ERROR;
		if (!compare_units(a, b, &len))
			len = 0;
		(void)u_strToUTF8(tools.ascii[c], ASCII_ROOM, &used, a, len,
				  &error);
		if (U_FAILURE(error) || used >= ASCII_ROOM)
			tools.ascii[c][0] = 0;
	}
}

static void prepare_once(void)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *a = malloc(sizeof(*a) * UNITS_MAX);
	UChar *b = malloc(sizeof(*b) * UNITS_MAX);

	tools.fold = unorm2_getNFKCCasefoldInstance(&error);
	tools.spoof = uspoof_open(&error);
	if (U_FAILURE(error) || a == NULL || b == NULL)
		tools.fold = NULL;
	else
		ascii_prepare(a, b);
	free(a);
	free(b);
}

void name_prepare(void)
{
	struct arena *arena = arena_new(64 * 1024);
	struct bytes rest = bytes_of("\xD0\xB0"), as_is;
	struct name_found found;
	int32_t rune;

	(void)pthread_once(&once, prepare_once);
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

/* *plain: nothing but printable ASCII and blanks. */
static char *capitals_out(const char *from, enum shape shape, bool *plain)
{
	struct bytes text = bytes_of(from);
	char *out = malloc(text.len + 1);
	size_t i;

	*plain = true;
	if (out == NULL)
		return NULL;
	for (i = 0; i < text.len; i++) {
		out[i] = (char)text.data[i];
		if (passes_for_l(text, i, shape))
			out[i] = 'l';
		if (byte_is_space(text.data[i]))
			out[i] = ' ';
		else if (text.data[i] < 32 || text.data[i] >= 127)
			*plain = false;
	}
	out[text.len] = 0;
	return out;
}

static bool put_ascii(struct buf *to, const char *text)
{
	for (; *text != 0; text++)
		buf_text(to, tools.ascii[(unsigned char)*text]);
	return !to->full;
}

static bool put_unicode(struct buf *to, const char *text)
{
	UChar *a = malloc(sizeof(*a) * UNITS_MAX);
	UChar *b = malloc(sizeof(*b) * UNITS_MAX);
	char *utf8 = malloc(3 * UNITS_MAX + 1);
	UErrorCode error = U_ZERO_ERROR;
	bool fine = false;
	int32_t len;

	if (a == NULL || b == NULL || utf8 == NULL)
		goto out;
	(void)u_strFromUTF8(a, UNITS_MAX, &len, text, -1, &error);
	if (U_FAILURE(error) || len >= UNITS_MAX || !compare_units(a, b, &len))
		goto out;
	(void)u_strToUTF8(utf8, 3 * UNITS_MAX + 1, NULL, a, len, &error);
	if (U_FAILURE(error))
		goto out;
	buf_text(to, utf8);
	fine = !to->full;
out:
	free(a);
	free(b);
	free(utf8);
	return fine;
}

/* Runs of white space one blank, none at the ends, what is still invisible
 * left out, quotes around it all left out. */
static const char *tidy(struct arena *arena, struct bytes rest)
{
	struct bytes as_is, all;
	const char *out = NULL;
	bool blank = false;
	struct buf text;
	int32_t rune;

	buf_init(&text, 3 * UNITS_MAX);
	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_blank(rune)) {
			blank = text.len > 0;
			continue;
		}
		if (rune_is_invisible(rune))
			continue;
		if (blank)
			buf_byte(&text, ' ');
		blank = false;
		buf_add(&text, as_is);
	}
	all = buf_bytes(&text);
	while (all.len > 1 && all.data[0] == '\'' &&
	       all.data[all.len - 1] == '\'')
		all = bytes_trim(bytes_slice(all, 1, all.len - 1));
	if (!text.full)
		out = arena_text(arena, all);
	buf_free(&text);
	return out;
}

static const char *compared(struct arena *arena, const char *name,
			    enum shape shape)
{
	const char *out = NULL;
	struct buf text;
	char *copy;
	bool plain;

	(void)pthread_once(&once, prepare_once);
	if (tools.fold == NULL || strlen(name) > NAME_MAX_BYTES)
		return NULL;
	copy = capitals_out(name, shape, &plain);
	if (copy == NULL)
		return NULL;
	buf_init(&text, 3 * UNITS_MAX);
	if (plain ? put_ascii(&text, copy) : put_unicode(&text, copy))
		out = tidy(arena, buf_bytes(&text));
	buf_free(&text);
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
