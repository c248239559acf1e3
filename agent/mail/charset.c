/* charset.c - a table of names, and iconv */
#include "agent/mail/charset.h"

#include <errno.h>
#include <iconv.h>
#include <pthread.h>

#include "agent/base/buf.h"
#include "agent/base/value.h"

#define PIECE	512	/* octets of UTF-8 at a time */

/* Where a charset is commonly written for its superset, the superset is read
 * (as mail clients and browsers do): windows-1252 for ISO-8859-1, GB 18030
 * for GB 2312, UHC for KS C 5601, windows-31j for Shift_JIS. */
static const struct charset {
	const char *name;
	const char *iconv;	/* NULL: UTF-8 itself, only to be checked */
} charsets[] = {
	{ "utf-8", NULL }, { "utf8", NULL },
	{ "us-ascii", "US-ASCII" }, { "ascii", "US-ASCII" },
	{ "ansi_x3.4-1968", "US-ASCII" },
	{ "iso-8859-1", "WINDOWS-1252" }, { "iso8859-1", "WINDOWS-1252" },
	{ "iso_8859-1", "WINDOWS-1252" }, { "latin1", "WINDOWS-1252" },
	{ "iso-8859-2", "ISO-8859-2" }, { "iso-8859-3", "ISO-8859-3" },
	{ "iso-8859-4", "ISO-8859-4" }, { "iso-8859-5", "ISO-8859-5" },
	{ "iso-8859-6", "ISO-8859-6" }, { "iso-8859-7", "ISO-8859-7" },
	{ "iso-8859-8", "ISO-8859-8" }, { "iso-8859-8-i", "ISO-8859-8" },
	{ "iso-8859-9", "ISO-8859-9" }, { "iso-8859-10", "ISO-8859-10" },
	{ "iso-8859-11", "ISO-8859-11" }, { "tis-620", "TIS-620" },
	{ "windows-874", "CP874" }, { "iso-8859-13", "ISO-8859-13" },
	{ "iso-8859-14", "ISO-8859-14" }, { "iso-8859-15", "ISO-8859-15" },
	{ "iso8859-15", "ISO-8859-15" }, { "latin9", "ISO-8859-15" },
	{ "iso-8859-16", "ISO-8859-16" },
	{ "windows-1250", "WINDOWS-1250" }, { "windows-1251", "WINDOWS-1251" },
	{ "windows-1252", "WINDOWS-1252" }, { "windows-1253", "WINDOWS-1253" },
	{ "windows-1254", "WINDOWS-1254" }, { "windows-1255", "WINDOWS-1255" },
	{ "windows-1256", "WINDOWS-1256" }, { "windows-1257", "WINDOWS-1257" },
	{ "windows-1258", "WINDOWS-1258" }, { "cp1250", "WINDOWS-1250" },
	{ "cp1251", "WINDOWS-1251" }, { "cp1252", "WINDOWS-1252" },
	{ "koi8-r", "KOI8-R" }, { "koi8-u", "KOI8-U" },
	{ "cp866", "CP866" }, { "ibm866", "CP866" }, { "cp437", "CP437" },
	{ "ibm437", "CP437" }, { "cp850", "CP850" }, { "ibm850", "CP850" },
	{ "macintosh", "MACINTOSH" },
	{ "gb2312", "GB18030" }, { "gbk", "GB18030" },
	{ "gb18030", "GB18030" }, { "cp936", "GB18030" },
	{ "big5", "BIG5-HKSCS" }, { "big5-hkscs", "BIG5-HKSCS" },
	{ "cp950", "CP950" }, { "euc-tw", "EUC-TW" },
	{ "euc-jp", "EUC-JP" }, { "shift_jis", "CP932" },
	{ "shift-jis", "CP932" }, { "sjis", "CP932" }, { "cp932", "CP932" },
	{ "windows-31j", "CP932" }, { "iso-2022-jp", "ISO-2022-JP" },
	{ "iso-2022-jp-2", "ISO-2022-JP-2" },
	{ "iso-2022-kr", "ISO-2022-KR" }, { "euc-kr", "UHC" },
	{ "ks_c_5601-1987", "UHC" }, { "ksc5601", "UHC" }, { "cp949", "UHC" },
	{ "uhc", "UHC" },
	{ "utf-7", "UTF-7" }, { "utf-16", "UTF-16" },
	{ "utf-16le", "UTF-16LE" }, { "utf-16be", "UTF-16BE" },
};

#define CHARSET_COUNT	(sizeof(charsets) / sizeof(charsets[0]))

static const struct charset *charset_find(struct bytes name)
{
	size_t i;

	for (i = 0; i < CHARSET_COUNT; i++)
		if (bytes_is_nocase(name, charsets[i].name))
			return &charsets[i];
	return NULL;
}

/* Library handles, open as long as the process lives. */
static iconv_t held[CHARSET_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void hold_all(void)
{
	char in[] = "abcd", out[64], *from, *to;
	size_t i, in_left, out_left;

	for (i = 0; i < CHARSET_COUNT; i++) {
		held[i] = (iconv_t)-1;
		if (charsets[i].iconv == NULL)
			continue;
		held[i] = iconv_open("UTF-8", charsets[i].iconv);
		if (held[i] == (iconv_t)-1)
			continue;
		from = in;
		to = out;
		in_left = sizeof(in) - 1;
		out_left = sizeof(out);
		(void)iconv(held[i], &from, &in_left, &to, &out_left);
	}
}

void charset_prepare(void)
{
	(void)pthread_once(&once, hold_all);
}

bool charset_is_known(struct bytes name)
{
	return charset_find(name) != NULL;
}

const char *charset_name(size_t nth)
{
	return nth < CHARSET_COUNT ? charsets[nth].name : NULL;
}

/* All of `from`, to the last octet; `converter` is ours alone. */
static bool convert_all(iconv_t converter, struct buf *to, struct bytes from)
{
	char room[PIECE], *out, *in = NULL;
	struct bytes piece = { (const unsigned char *)room, 0 };
	size_t in_left = from.len, out_left, r;
	bool flushing = in_left == 0;

	/* iconv's prototype is older than const; it does not write there. */
	memcpy(&in, &from.data, sizeof(in));
	while (!to->full) {
		out = room;
		out_left = sizeof(room);
		r = flushing ? iconv(converter, NULL, NULL, &out, &out_left) :
			       iconv(converter, &in, &in_left, &out, &out_left);
		piece.len = (size_t)(out - room);
		buf_add(to, piece);
		if (r == (size_t)-1 && (errno != E2BIG || piece.len == 0))
			return false;	/* EILSEQ, or EINVAL: cut short */
		if (r != (size_t)-1 && flushing)
			return !to->full;
		flushing = r != (size_t)-1;
	}
	return false;
}

/* UTF-8 but for NUL, which utf8_is_valid refuses and the caller must see. */
static bool is_utf8_or_nul(struct bytes text)
{
	struct bytes piece, rest = text;

	do {
		(void)bytes_cut(rest, 0, &piece, &rest);
		if (!utf8_is_valid(piece))
			return false;
	} while (rest.len > 0);
	return true;
}

bool charset_convert(struct buf *to, struct bytes name, struct bytes from)
{
	const struct charset *charset = charset_find(name);
	iconv_t converter;
	bool done;

	if (charset == NULL)
		return false;
	if (charset->iconv == NULL) {
		buf_add(to, from);
		return !to->full && is_utf8_or_nul(from);
	}
	converter = iconv_open("UTF-8", charset->iconv);
	if (converter == (iconv_t)-1)
		return false;
	done = convert_all(converter, to, from);
	(void)iconv_close(converter);
	return done;
}
