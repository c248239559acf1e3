/* name_shown.c - names that cannot act on a terminal or in markup */
#include <stdint.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/name.h"

#define SHOWN_BYTES_MAX	2048
#define REPLACEMENT	"\xEF\xBF\xBD"	/* U+FFFD */
#define ELLIPSIS	"\xE2\x80\xA6"	/* U+2026 */
#define MARKS_MAX	2		/* combining marks on one letter */

static bool is_invisible(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	       c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0x2800 ||
	       c == 0xFFA0;
}

/* What becomes of one character; `marks` counts combining ones in a row. */
static void put_char(struct buf *to, UChar32 c, struct bytes as_is,
		     unsigned *marks)
{
	int8_t category = c < 0 ? U_UNASSIGNED : u_charType(c);

	if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK) {
		if (++*marks > MARKS_MAX)
			return;
	} else {
		*marks = 0;
	}
	if (c < 0 || category == U_CONTROL_CHAR || category == U_SURROGATE ||
	    category == U_PRIVATE_USE_CHAR || category == U_UNASSIGNED)
		buf_text(to, REPLACEMENT);
	else if (category == U_FORMAT_CHAR || is_invisible(c))
		buf_print(to, "[U+%04X]", (unsigned)c);
	else if (c == '<' || c == '>' || c == '&')
		buf_text(to, REPLACEMENT);
	else if (u_isUWhiteSpace(c))
		buf_byte(to, ' ');
	else
		buf_add(to, as_is);
}

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

static void put_shown(struct buf *to, const char *text)
{
	int32_t len = (int32_t)strlen(text), at = 0, before;
	unsigned columns = 0, marks = 0;
	struct bytes as_is;
	UChar32 c;

	while (at < len) {
		before = at;
		c = char_next((const uint8_t *)text, &at, len);
		as_is.data = (const unsigned char *)text + before;
		as_is.len = (size_t)(at - before);
		if (c > 0 && u_isUWhiteSpace(c) &&
		    (to->len == 0 || to->data[to->len - 1] == ' '))
			continue;
		if (++columns > NAME_SHOWN_MAX) {
			buf_text(to, ELLIPSIS);
			return;
		}
		put_char(to, c, as_is, &marks);
	}
	if (to->len > 0 && to->data[to->len - 1] == ' ')
		to->len--;
}

const char *name_shown(struct arena *arena, const char *name)
{
	struct buf out;
	char *text;

	buf_init(&out, SHOWN_BYTES_MAX);
	put_shown(&out, name);
	text = arena_text(arena, buf_bytes(&out));
	buf_free(&out);
	return text;
}

/* RFC 5322 specials ask for quotes. */
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
	const char *shown = name == NULL ? NULL : name_shown(arena, name);
	const char *spec = address == NULL ? NULL : name_shown(arena, address);
	struct buf out;
	char *text;

	if (spec == NULL)
		return "";
	if (shown == NULL || shown[0] == 0)
		return spec;
	buf_init(&out, 2 * SHOWN_BYTES_MAX + 8);
	if (wants_quotes(shown))
		put_quoted(&out, shown);
	else
		buf_text(&out, shown);
	buf_print(&out, " <%s>", spec);
	text = arena_text(arena, buf_bytes(&out));
	buf_free(&out);
	return text;
}
