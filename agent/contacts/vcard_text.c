/* vcard_text.c - quoted-printable, character sets, backslashes */
#include "agent/contacts/vcard_text.h"

#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/contacts/codepoint.h"

#define TEXT_MAX	(256 * 1024)	/* bytes of one value, decoded */

static int hex_of(unsigned char c)
{
	c = byte_lower(c);
	if (byte_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2045 section 6.7; an '=' that begins nothing stays. */
static void unquote(struct buf *to, struct bytes from)
{
	size_t i;
	int high, low;

	for (i = 0; i < from.len; i++) {
		high = low = -1;
		if (from.data[i] == '=' && i + 2 < from.len) {
			high = hex_of(from.data[i + 1]);
			low = hex_of(from.data[i + 2]);
		}
		if (high < 0 || low < 0) {
			buf_byte(to, from.data[i]);
			continue;
		}
		buf_byte(to, (unsigned char)(high << 4 | low));
		i += 2;
	}
}

/* Windows-1252, 0x80 to 0x9F; 0: nothing there.  As everywhere else, what
 * says ISO-8859-1 is read as this. */
static uint32_t western(unsigned char c)
{
	static const uint16_t codes[32] = {
		0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
		0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178
	};

	return c < 0x80 || c > 0x9F ? c : codes[c - 0x80];
}

/* ISO-8859-15: eight differences from ISO-8859-1. */
static uint32_t western_euro(unsigned char c)
{
	static const struct { unsigned char c; uint16_t code; } other[] = {
		{ 0xA4, 0x20AC }, { 0xA6, 0x0160 }, { 0xA8, 0x0161 },
		{ 0xB4, 0x017D }, { 0xB8, 0x017E }, { 0xBC, 0x0152 },
		{ 0xBD, 0x0153 }, { 0xBE, 0x0178 },
	};
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (other[i].c == c)
			return other[i].code;
	return c >= 0x80 && c <= 0x9F ? 0 : c;
}

static const struct charset {
	const char *name;
	uint32_t (*code)(unsigned char c);	/* NULL: UTF-8 */
} charsets[] = {
	{ "utf-8", NULL },		{ "utf8", NULL },
	{ "us-ascii", NULL },		{ "ascii", NULL },
	{ "iso-8859-1", western },	{ "latin1", western },
	{ "windows-1252", western },	{ "cp1252", western },
	{ "iso-8859-15", western_euro }, { "latin9", western_euro },
};

static const struct charset *charset_find(struct bytes name)
{
	size_t i;

	for (i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
		if (bytes_is_nocase(name, charsets[i].name))
			return &charsets[i];
	return NULL;
}

static bool is_ascii(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len && text.data[i] < 0x80; i++)
		;
	return i == text.len;
}

static bool convert(struct buf *to, struct bytes from,
		    uint32_t (*code_of)(unsigned char c))
{
	uint32_t code;
	size_t i;

	for (i = 0; i < from.len; i++) {
		code = code_of(from.data[i]);
		if (code == 0)
			return false;
		codepoint_add(to, code);
	}
	return true;
}

static bool to_utf8(struct buf *to, struct bytes from, struct bytes name)
{
	const struct charset *charset = charset_find(name);

	if (is_ascii(from)) {
		buf_add(to, from);
		return true;
	}
	/* Nothing said: UTF-8 if it is that, else what old programs wrote. */
	if (name.len == 0 && !utf8_is_valid(from))
		return convert(to, from, western);
	if (name.len > 0 && charset == NULL)
		return false;
	if (name.len > 0 && charset->code != NULL)
		return convert(to, from, charset->code);
	buf_add(to, from);
	return utf8_is_valid(from);
}

bool vcard_decode(struct arena *arena, struct bytes value,
		  const struct vcard_coding *coding, struct bytes *out)
{
	struct buf plain, text;
	bool done;

	buf_init(&plain, TEXT_MAX);
	buf_init(&text, TEXT_MAX);
	if (coding->quoted_printable)
		unquote(&plain, value);
	else
		buf_add(&plain, value);
	done = to_utf8(&text, buf_bytes(&plain), coding->charset) &&
	       !plain.full && !text.full;
	if (done)
		*out = arena_bytes(arena, buf_bytes(&text));
	buf_free(&plain);
	buf_free(&text);
	return done && out->data != NULL;
}

struct bytes vcard_component(struct bytes value, unsigned number)
{
	size_t from = 0, i;

	for (i = 0; i < value.len; i++) {
		if (value.data[i] == '\\') {
			i++;
		} else if (value.data[i] == ';') {
			if (number-- == 0)
				return bytes_slice(value, from, i);
			from = i + 1;
		}
	}
	return number == 0 ? bytes_slice(value, from, value.len) :
			     bytes_slice(value, 0, 0);
}

bool vcard_unescape(struct arena *arena, struct bytes value,
		    struct bytes *out)
{
	unsigned char *to = arena_alloc(arena, value.len), c;
	size_t len = 0, i;

	if (to == NULL)
		return false;
	for (i = 0; i < value.len; i++) {
		c = value.data[i];
		if (c == '\\' && i + 1 < value.len) {
			c = value.data[++i];
			if (c == 'n' || c == 'N')
				c = ' ';
		}
		to[len++] = c < 32 || c == 127 ? ' ' : c;
	}
	out->data = to;
	out->len = len;
	return true;
}
