/* author_gmime.c - asking GMime */
#include "agent/mail/author_gmime.h"

#include <iconv.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

#include "agent/base/arena.h"

/* iconv loads a module for each: opened once, never closed, so that they are
 * there when the file system is not. */
static const char *const charsets[] = {
	"iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5",
	"iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-10",
	"iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
	"windows-1250", "windows-1251", "windows-1252", "windows-1253",
	"windows-1254", "windows-1255", "windows-1256", "windows-1257",
	"windows-1258", "koi8-r", "koi8-u", "gb2312", "gbk", "gb18030",
	"big5", "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr", "tis-620",
	"us-ascii", "utf-7", "utf-16",
};

void gmime_author_prepare(void)
{
	char in[] = "abc", out[64], *from, *to;
	size_t i, in_left, out_left;
	iconv_t converter;

	g_mime_init();
	for (i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
		converter = iconv_open("UTF-8", charsets[i]);
		if (converter == (iconv_t)-1)
			continue;
		from = in;
		to = out;
		in_left = 3;
		out_left = sizeof(out);
		(void)iconv(converter, &from, &in_left, &to, &out_left);
	}
}

static void look_at(struct arena *arena, InternetAddress *one,
		    struct gmime_author *out)
{
	const char *text;

	out->mailboxes++;
	if (out->mailboxes > 1)
		return;
	text = internet_address_mailbox_get_addr(
			(InternetAddressMailbox *)one);
	if (text != NULL)
		out->address = arena_text(arena, bytes_of(text));
	text = internet_address_get_name(one);
	if (text != NULL && text[0] != 0)
		out->name = arena_text(arena, bytes_of(text));
}

void gmime_author_read(struct arena *arena, const char *text,
		       struct gmime_author *out)
{
	GMimeParserOptions *options = g_mime_parser_options_new();
	InternetAddressList *list, *members;
	InternetAddress *one;
	int i, j;

	memset(out, 0, sizeof(*out));
	g_mime_parser_options_set_address_compliance_mode(options,
				GMIME_RFC_COMPLIANCE_LOOSE);
	list = internet_address_list_parse(options, text);
	g_mime_parser_options_free(options);
	if (list == NULL)
		return;
	for (i = 0; i < internet_address_list_length(list); i++) {
		one = internet_address_list_get_address(list, i);
		if (INTERNET_ADDRESS_IS_MAILBOX(one)) {
			look_at(arena, one, out);
			continue;
		}
		out->group = true;
		members = internet_address_group_get_members(
				(InternetAddressGroup *)one);
		for (j = 0; members != NULL &&
		     j < internet_address_list_length(members); j++) {
			one = internet_address_list_get_address(members, j);
			if (INTERNET_ADDRESS_IS_MAILBOX(one))
				look_at(arena, one, out);
		}
	}
	g_object_unref(list);
}

const char *gmime_decode_phrase(struct arena *arena, const char *phrase)
{
	char *decoded = g_mime_utils_header_decode_phrase(NULL, phrase);
	char *out = NULL;

	if (decoded != NULL && g_utf8_validate(decoded, -1, NULL))
		out = arena_text(arena, bytes_of(decoded));
	g_free(decoded);
	return out;
}
