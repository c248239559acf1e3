/* name_codes.c - a table of writers */
#include "tests/flow/name_codes.h"

#include <iconv.h>

#include "agent/base/buf.h"
#include "tests/flow/desk.h"

#define ROOM	65536

/* Writes `name`; false: it cannot. */
typedef bool writer(struct buf *to, struct bytes name);

static bool is_ascii(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] < 32 || text.data[i] > 126)
			return false;
	return true;
}

static bool as_atoms(struct buf *to, struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.data[i] < 32 || name.data[i] == 127 ||
		    strchr("()<>[]:;@\\,.\"", name.data[i]) != NULL)
			return false;
	buf_add(to, name);
	return true;
}

static bool as_quoted(struct buf *to, struct bytes name)
{
	size_t i;

	buf_byte(to, '"');
	for (i = 0; i < name.len; i++) {
		if (name.data[i] == '"' || name.data[i] == '\\')
			buf_byte(to, '\\');
		buf_byte(to, name.data[i]);
	}
	buf_byte(to, '"');
	return true;
}

static bool as_quoted_pairs(struct buf *to, struct bytes name)
{
	size_t i;

	if (!is_ascii(name))
		return false;
	buf_byte(to, '"');
	for (i = 0; i < name.len; i++) {
		buf_byte(to, '\\');
		buf_byte(to, name.data[i]);
	}
	buf_byte(to, '"');
	return true;
}

static void put_base64(struct buf *to, struct bytes text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	unsigned word;
	size_t i, j;

	for (i = 0; i < text.len; i += 3) {
		for (word = 0, j = 0; j < 3; j++)
			word = word << 8 |
			       (i + j < text.len ? text.data[i + j] : 0U);
		for (j = 0; j < 4; j++)
			if (i + j > text.len)
				buf_byte(to, '=');
			else
				buf_byte(to, (unsigned char)
					 digits[word >> (18 - 6 * j) & 63]);
	}
}

static void put_q(struct buf *to, struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (byte_is_alpha(text.data[i]) || byte_is_digit(text.data[i]))
			buf_byte(to, text.data[i]);
		else if (text.data[i] == ' ')
			buf_byte(to, '_');
		else
			buf_print(to, "=%02X", text.data[i]);
}

static void put_word(struct buf *to, const char *charset, char code,
		     struct bytes text)
{
	buf_print(to, "=?%s?%c?", charset, code);
	if (code == 'Q' || code == 'q')
		put_q(to, text);
	else
		put_base64(to, text);
	buf_text(to, "?=");
}

static bool as_q(struct buf *to, struct bytes name)
{
	put_word(to, "utf-8", 'Q', name);
	return true;
}

static bool as_b(struct buf *to, struct bytes name)
{
	put_word(to, "UTF-8", 'B', name);
	return true;
}

/* An encoded word for every octet, folded: letters are cut in two. */
static bool as_q_octets(struct buf *to, struct bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (i > 0)
			buf_text(to, "\r\n\t");
		put_word(to, "utf-8*en", 'q', bytes_slice(name, i, i + 1));
	}
	return true;
}

/* Two words, codes and cases mixed, cut between characters. */
static bool as_two_codes(struct buf *to, struct bytes name)
{
	size_t at = name.len / 2;

	while (at > 0 && (name.data[at] & 0xC0) == 0x80)
		at--;
	if (at == 0)
		return false;
	put_word(to, "Utf-8", 'b', bytes_slice(name, 0, at));
	buf_text(to, "   ");
	put_word(to, "uTF-8", 'q', bytes_slice(name, at, name.len));
	return true;
}

/* "=41=6C=69...", every octet in hexadecimal, small letters as digits. */
static bool as_q_hex(struct buf *to, struct bytes name)
{
	size_t i;

	buf_text(to, "=?utf-8?Q?");
	for (i = 0; i < name.len; i++)
		buf_print(to, "=%02x", name.data[i]);
	buf_text(to, "?=");
	return true;
}

static bool as_charset(struct buf *to, struct bytes name, const char *charset,
		       char code)
{
	char room[4096], copy[1024], *in = copy, *out = room;
	size_t in_left = name.len, out_left = sizeof(room);
	iconv_t converter = iconv_open(charset, "UTF-8");
	bool fine = false;

	if (converter == (iconv_t)-1 || name.len > sizeof(copy))
		return false;
	memcpy(copy, name.data, name.len);
	if (iconv(converter, &in, &in_left, &out, &out_left) == 0 &&
	    iconv(converter, NULL, NULL, &out, &out_left) == 0) {
		put_word(to, charset, code, (struct bytes){
			(const unsigned char *)room,
			sizeof(room) - out_left });
		fine = true;
	}
	(void)iconv_close(converter);
	return fine;
}

static bool as_utf16(struct buf *to, struct bytes name)
{
	return as_charset(to, name, "UTF-16BE", 'B');
}

static bool as_utf7(struct buf *to, struct bytes name)
{
	return as_charset(to, name, "UTF-7", 'Q');
}

static bool as_gb18030(struct buf *to, struct bytes name)
{
	return as_charset(to, name, "GB18030", 'B');
}

/* The first word as an atom, the rest encoded. */
static bool as_atom_then_q(struct buf *to, struct bytes name)
{
	size_t at = bytes_find(name, ' ');

	if (at == 0 || at == name.len ||
	    !as_atoms(to, bytes_slice(name, 0, at)))
		return false;
	buf_byte(to, ' ');
	put_word(to, "utf-8", 'Q', bytes_slice(name, at + 1, name.len));
	return true;
}

/* Without padding, as some write it. */
static bool as_b_bare(struct buf *to, struct bytes name)
{
	if (name.len % 3 == 0)
		return false;
	buf_text(to, "=?utf-8?B?");
	put_base64(to, name);
	while (to->len > 0 && to->data[to->len - 1] == '=')
		to->len--;
	buf_text(to, "?=");
	return true;
}

static const struct {
	const char *word;
	writer *write;
} codes[] = {
	{ "atoms", as_atoms }, { "a quoted string", as_quoted },
	{ "quoted pairs", as_quoted_pairs }, { "Q", as_q }, { "B", as_b },
	{ "a word for every octet", as_q_octets },
	{ "B and Q mixed", as_two_codes }, { "hexadecimal", as_q_hex },
	{ "UTF-16", as_utf16 }, { "UTF-7", as_utf7 },
	{ "GB 18030", as_gb18030 }, { "an atom and Q", as_atom_then_q },
	{ "B without padding", as_b_bare },
};

_Static_assert(sizeof(codes) / sizeof(codes[0]) == NAME_CODES,
	       "NAME_CODES is not their number");

const char *name_in_code(struct desk *desk, const char *name, unsigned code)
{
	const char *out = NULL;
	struct buf to;

	buf_init(&to, ROOM);
	if (codes[code].write(&to, bytes_of(name)))
		out = desk_print(desk, "%s", buf_string(&to));
	buf_free(&to);
	return out;
}

const char *name_code_word(unsigned code)
{
	return codes[code].word;
}
