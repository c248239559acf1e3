/* name_fold.c - compose, fold, skeleton, fold
 *
 * Folding comes before the skeleton because skeletons of upper and lower case
 * differ ("I" is confusable with "l"), and behind it because a skeleton may
 * bring capitals back ("0" is confusable with "O"). */
#include "agent/mail/name_fold.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "agent/base/buf.h"

#define UNITS_MAX	(NAME_FOLD_MAX * 4)	/* UTF-16 units in between */
#define ASCII_ROOM	12	/* octets that one ASCII character becomes */
#define SHAPE_ROOM	16	/* units of one character's skeleton */

/* Library handles and what they say about ASCII, made once, then read. */
static struct {
	const UNormalizer2 *compose, *fold;	/* fold NULL: no data */
	USpoofChecker *spoof;
	char ascii[128][ASCII_ROOM];
} tools;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Units in, units out, through one of ICU's functions. */
struct text {
	UChar *units;
	int32_t len;
};

static bool normalize(const UNormalizer2 *how, const struct text *in,
		      struct text *out)
{
	UErrorCode error = U_ZERO_ERROR;

	out->len = unorm2_normalize(how, in->units, in->len, out->units,
				    UNITS_MAX, &error);
	return U_SUCCESS(error) && out->len < UNITS_MAX;
}

static bool skeleton(const struct text *in, struct text *out)
{
	UErrorCode error = U_ZERO_ERROR;

	out->len = uspoof_getSkeleton(tools.spoof, 0, in->units, in->len,
				      out->units, UNITS_MAX, &error);
	return U_SUCCESS(error) && out->len < UNITS_MAX;
}

/* What takes the room of a letter and shows none is a blank; so are signs
 * that NFKC would make letters of ("TM"). */
static void blanks_in(struct text *text)
{
	static const UChar gaps[] = { 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0,
				      0x2120, 0x2122 };
	int32_t i;
	size_t j;

	for (i = 0; i < text->len; i++)
		for (j = 0; j < sizeof(gaps) / sizeof(gaps[0]); j++)
			if (text->units[i] == gaps[j])
				text->units[i] = ' ';
}

/* The Latin capital that one character is drawn as; 0: none.  "l" is left to
 * folding: a capital I of any script is one. */
static UChar latin_of(const UChar *units, int32_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar shape[SHAPE_ROOM];

	len = uspoof_getSkeleton(tools.spoof, 0, units, len, shape, SHAPE_ROOM,
				 &error);
	if (U_FAILURE(error) || len != 1 || shape[0] < 'A' || shape[0] > 'Z')
		return 0;
	return shape[0];
}

/* The character at *at, moving *at behind it. */
static UChar32 take(const struct text *text, int32_t *at)
{
	uint32_t lead = text->units[(*at)++], trail = 0;

	if ((lead & 0xFC00) == 0xD800 && *at < text->len)
		trail = text->units[*at];
	if ((trail & 0xFC00) != 0xDC00)
		return (UChar32)lead;
	++*at;
	return (UChar32)(0x10000 + ((lead & 0x3FF) << 10) + (trail & 0x3FF));
}

static void capitals_in(struct text *text)
{
	int32_t from = 0, to = 0, start;
	UChar32 rune;
	UChar latin;

	while (from < text->len) {
		start = from;
		rune = take(text, &from);
		latin = 0;
		if (rune >= 0x80 && u_isupper(rune))
			latin = latin_of(text->units + start, from - start);
		if (latin != 0)
			text->units[to++] = latin;
		else
			while (start < from)
				text->units[to++] = text->units[start++];
	}
	text->len = to;
}

/* Small palochka is drawn as "l", capital palochka too; UTS 39 knows only the
 * capital as "l", and folding leaves the small one. */
static void palochka_out(struct text *text)
{
	int32_t i;

	for (i = 0; i < text->len; i++)
		if (text->units[i] == 0x04CF)
			text->units[i] = 'l';
}

/* The blocks of combining marks that any letter may bear; those of a script
 * of its own (vowel signs, points) make another letter. */
static bool is_mark(UChar unit)
{
	static const struct { UChar from, to; } blocks[] = {
		{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x1AB0, 0x1AFF },
		{ 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE20, 0xFE2F }
	};
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (unit >= blocks[i].from && unit <= blocks[i].to)
			return true;
	return false;
}

/* Of a skeleton, where no mark is composed with its letter. */
static void marks_out(struct text *text)
{
	int32_t from, to = 0;

	for (from = 0; from < text->len; from++)
		if (!is_mark(text->units[from]))
			text->units[to++] = text->units[from];
	text->len = to;
}

/* a has the text and gets the answer; b is room. */
static bool fold_units(struct text *a, struct text *b, enum name_marks marks)
{
	blanks_in(a);
	if (!normalize(tools.compose, a, b))
		return false;
	capitals_in(b);
	if (!normalize(tools.fold, b, a))
		return false;
	palochka_out(a);
	if (!skeleton(a, b))
		return false;
	if (marks == NAME_MARKS_DROP)
		marks_out(b);
	return normalize(tools.fold, b, a);
}

static void ascii_prepare(struct text *a, struct text *b)
{
	UErrorCode error;
	int32_t used;
	unsigned c;

	for (c = 32; c < 127; c++) {
		a->units[0] = (UChar)c;
		a->len = 1;
		error = U_ZERO_ERROR;
		if (!fold_units(a, b, NAME_MARKS_KEEP))
			a->len = 0;
		(void)u_strToUTF8(tools.ascii[c], ASCII_ROOM, &used, a->units,
				  a->len, &error);
		if (U_FAILURE(error) || used >= ASCII_ROOM)
			tools.ascii[c][0] = 0;
	}
}

static void prepare_once(void)
{
	struct text a = { malloc(sizeof(UChar) * UNITS_MAX), 0 };
	struct text b = { malloc(sizeof(UChar) * UNITS_MAX), 0 };
	UErrorCode error = U_ZERO_ERROR;

	tools.compose = unorm2_getNFKCInstance(&error);
	tools.fold = unorm2_getNFKCCasefoldInstance(&error);
	tools.spoof = uspoof_open(&error);
	if (U_FAILURE(error) || a.units == NULL || b.units == NULL)
		tools.fold = NULL;
	else
		ascii_prepare(&a, &b);
	free(a.units);
	free(b.units);
}

static bool is_ascii(const char *text)
{
	for (; *text != 0; text++)
		if (*text < 32 || *text > 126)
			return false;
	return true;
}

static bool put_ascii(struct buf *to, const char *text)
{
	for (; *text != 0; text++)
		buf_text(to, tools.ascii[(unsigned char)*text]);
	return !to->full;
}

static bool put_unicode(struct buf *to, const char *text,
			enum name_marks marks)
{
	struct text a = { malloc(sizeof(UChar) * UNITS_MAX), 0 };
	struct text b = { malloc(sizeof(UChar) * UNITS_MAX), 0 };
	char *utf8 = malloc(NAME_FOLDED_MAX + 1);
	UErrorCode error = U_ZERO_ERROR;
	bool fine = false;

	if (a.units == NULL || b.units == NULL || utf8 == NULL)
		goto out;
	(void)u_strFromUTF8(a.units, UNITS_MAX, &a.len, text, -1, &error);
	if (U_FAILURE(error) || a.len >= UNITS_MAX ||
	    !fold_units(&a, &b, marks))
		goto out;
	(void)u_strToUTF8(utf8, NAME_FOLDED_MAX + 1, NULL, a.units, a.len,
			  &error);
	if (U_FAILURE(error))
		goto out;
	buf_text(to, utf8);
	fine = !to->full;
out:
	free(a.units);
	free(b.units);
	free(utf8);
	return fine;
}

bool name_fold(struct buf *to, const char *text, enum name_marks marks)
{
	(void)pthread_once(&once, prepare_once);
	if (tools.fold == NULL || strlen(text) > NAME_FOLD_MAX)
		return false;
	return is_ascii(text) ? put_ascii(to, text) :
				put_unicode(to, text, marks);
}
