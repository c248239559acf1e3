/* name.c - the form that names are compared in */
#include "agent/mail/name.h"

#include <stdint.h>
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"

#define UNITS_MAX	(NAME_MAX_BYTES * 4)	/* UTF-16 units in between */

void name_prepare(void)
{
	struct arena *arena = arena_new(1024 * 1024);

	/* ICU maps its tables at the first use. */
	if (arena != NULL) {
		(void)name_normal(arena, "Prep\xC3\xA4re");
		(void)name_skeleton(arena, "prep\xD0\xB0re");
	}
	arena_free(arena);
}

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
		if (s[i] == 0xC2 && i + 1 < utf8.len && s[i + 1] >= 0x80 &&
		    s[i + 1] < 0xA0)
			return true;	/* C1 */
		if (s[i] == 0xD8 && i + 1 < utf8.len && s[i + 1] == 0x9C)
			return true;	/* U+061C */
		for (j = 0; j < 3 && i + 2 < utf8.len; j++)
			if (s[i] == bidi[j].a && s[i + 1] == bidi[j].b &&
			    s[i + 2] >= bidi[j].from &&
			    s[i + 2] <= bidi[j].to)
				return true;
	}
	return false;
}

/* UTF-8 to UTF-16; false: not UTF-8, or too long. */
static bool to_units(const char *text, UChar *units, int32_t *len)
{
	UErrorCode error = U_ZERO_ERROR;

	(void)u_strFromUTF8(units, UNITS_MAX, len, text, -1, &error);
	return U_SUCCESS(error) && *len < UNITS_MAX;
}

static char *to_text(struct arena *arena, const UChar *units, int32_t len)
{
	char *out = arena_alloc(arena, (size_t)len * 3 + 1);
	UErrorCode error = U_ZERO_ERROR;
	int32_t used;

	if (out == NULL)
		return NULL;
	(void)u_strToUTF8(out, len * 3 + 1, &used, units, len, &error);
	return U_SUCCESS(error) ? out : NULL;
}

/* Runs of white space one blank, none at the ends; in place. */
static void blanks_one(char *text)
{
	char *to = text, *from;
	bool blank = false;

	for (from = text; *from != 0; from++) {
		if (byte_is_space((unsigned char)*from) || *from == '\v' ||
		    *from == '\f') {
			blank = to != text;
			continue;
		}
		if (blank)
			*to++ = ' ';
		blank = false;
		*to++ = *from;
	}
	*to = 0;
}

static bool skeleton_units(const UChar *in, int32_t in_len, UChar *out,
			   int32_t *out_len)
{
	UErrorCode error = U_ZERO_ERROR;
	USpoofChecker *checker = uspoof_open(&error);

	*out_len = uspoof_getSkeleton(checker, 0, in, in_len, out, UNITS_MAX,
				      &error);
	uspoof_close(checker);
	return U_SUCCESS(error) && *out_len < UNITS_MAX;
}

static bool casefold_units(const UChar *in, int32_t in_len, UChar *out,
			   int32_t *out_len)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&error);

	*out_len = unorm2_normalize(fold, in, in_len, out, UNITS_MAX, &error);
	return U_SUCCESS(error) && *out_len < UNITS_MAX;
}

const char *name_normal(struct arena *arena, const char *name)
{
	UChar *a = malloc(sizeof(*a) * UNITS_MAX);
	UChar *b = malloc(sizeof(*b) * UNITS_MAX);
	int32_t len;
	char *out = NULL;

	/* Skeletons of upper and lower case differ ("I", "i"): fold first,
	 * and again afterwards. */
	if (a != NULL && b != NULL && strlen(name) <= NAME_MAX_BYTES &&
	    to_units(name, a, &len) && casefold_units(a, len, b, &len) &&
	    skeleton_units(b, len, a, &len) && casefold_units(a, len, b, &len))
		out = to_text(arena, b, len);
	free(a);
	free(b);
	if (out != NULL)
		blanks_one(out);
	return out;
}

const char *name_skeleton(struct arena *arena, const char *text)
{
	return name_normal(arena, text);
}
