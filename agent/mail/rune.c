/* rune.c - asking ICU about one character */
#include "agent/mail/rune.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

/* U8_NEXT is ICU's macro; its arithmetic on bytes is right, and not ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
static UChar32 char_next(const uint8_t *text, int32_t *at, int32_t len)
{
	UChar32 c;

	U8_NEXT(text, *at, len, c);
	return c;
}
#pragma GCC diagnostic pop

int32_t rune_take(struct bytes *rest, struct bytes *as_is)
{
	int32_t at = 0, len = rest->len > 4 ? 4 : (int32_t)rest->len;
	UChar32 c = rest->data[0];

	if (c < 0x80)
		at = 1;
	else
		c = char_next(rest->data, &at, len);
	*as_is = bytes_slice(*rest, 0, (size_t)at);
	*rest = bytes_slice(*rest, (size_t)at, rest->len);
	return c < 0 ? -1 : c;
}

bool rune_is_invisible(int32_t rune)
{
	if (rune < 0x80)
		return false;
	return u_charType(rune) == U_FORMAT_CHAR || rune == 0x2800 ||
	       u_hasBinaryProperty(rune, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool rune_is_blank(int32_t rune)
{
	if (rune < 0x80)
		return rune == ' ' || (rune >= 9 && rune <= 13);
	return u_isUWhiteSpace(rune);
}

bool rune_is_mark(int32_t rune)
{
	return rune >= 0x300 && (U_GET_GC_MASK(rune) & U_GC_M_MASK) != 0;
}

bool rune_is_word(int32_t rune)
{
	if (rune < 0)
		return false;
	if (rune < 0x80)
		return byte_is_alpha((unsigned char)rune) ||
		       byte_is_digit((unsigned char)rune);
	return (U_GET_GC_MASK(rune) &
		(U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool rune_is_nothing(int32_t rune)
{
	int8_t category;

	if (rune < 0x80)
		return rune < 32 || rune == 127;
	category = u_charType(rune);
	return category == U_CONTROL_CHAR || category == U_SURROGATE ||
	       category == U_PRIVATE_USE_CHAR || category == U_UNASSIGNED;
}

bool rune_is_unspaced(int32_t rune)
{
	UErrorCode error = U_ZERO_ERROR;

	if (rune < 0xE00)
		return false;
	switch (uscript_getScript(rune, &error)) {
	case USCRIPT_HAN:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_BOPOMOFO:
	case USCRIPT_HANGUL:		/* particles follow at once */
	case USCRIPT_THAI:
	case USCRIPT_LAO:
	case USCRIPT_KHMER:
	case USCRIPT_MYANMAR:
		return true;
	default:			/* U+30FC is of several scripts */
		return rune == 0x30FC;
	}
}

bool rune_is_emoji(int32_t rune)
{
	return rune >= 0x80 && u_hasBinaryProperty(rune, UCHAR_EMOJI);
}

bool rune_is_at(int32_t rune)
{
	return rune == '@' || rune == 0xFF20 || rune == 0xFE6B;
}

unsigned rune_columns(int32_t rune)
{
	int32_t width;

	if (rune < 0x300)
		return 1;
	if (rune_is_mark(rune) && u_charType(rune) != U_COMBINING_SPACING_MARK)
		return 0;
	width = u_getIntPropertyValue(rune, UCHAR_EAST_ASIAN_WIDTH);
	return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}
