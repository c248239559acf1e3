/* author_gmime.c - asking GMime
 *
 * GMime remembers every charset name it meets, and asks iconv for each: what
 * it is given names only charsets of charset.h's table. */
#include "agent/mail/author_gmime.h"

#include <pthread.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/charset.h"
#include "agent/mail/encoded_word.h"

#define CHARSETS_MAX	128
#define FALLBACK	"us-ascii"	/* stands in for an unknown charset */

/* Library handles, open as long as the process lives: GMime's names for the
 * charsets are not always ours. */
static iconv_t held[CHARSETS_MAX];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare_once(void)
{
	size_t i;

	charset_prepare();
	g_mime_init();
	for (i = 0; i < CHARSETS_MAX && charset_name(i) != NULL; i++)
		held[i] = g_mime_iconv_open("UTF-8", charset_name(i));
}

void gmime_author_prepare(void)
{
	(void)pthread_once(&once, prepare_once);
}

static bool is_base64(unsigned char c)
{
	return byte_is_alpha(c) || byte_is_digit(c) || c == '+' || c == '/';
}

/* "?B?" text with padding "?=", as "?Q?": GMime joins neighbours before it
 * decodes and would stop at the padding of the first, which clients do not.
 * How many octets of `rest` that took; 0: it is something else. */
static size_t put_padded(struct buf *to, struct bytes rest)
{
	unsigned char octets[ENCODED_WORD_MAX];
	size_t len = 3, pads = 0, got, i;
	guint save = 0;
	gint state = 0;

	if (!bytes_starts_nocase(rest, "?B?"))
		return 0;
	while (len < rest.len && is_base64(rest.data[len]))
		len++;
	while (len + pads < rest.len && rest.data[len + pads] == '=')
		pads++;
	len += pads;
	if (pads == 0 || pads > 2 || (len - 3) % 4 != 0 ||
	    len - 3 > ENCODED_WORD_MAX ||
	    !bytes_starts(bytes_slice(rest, len, rest.len), "?="))
		return 0;
	got = g_base64_decode_step((const char *)rest.data + 3, len - 3,
				   octets, &state, &save);
	buf_text(to, "?Q?");
	for (i = 0; i < got; i++)
		buf_print(to, "=%02X", octets[i]);
	return len;
}

/* Every "=?charset?" that GMime could take for an encoded word's begin, with
 * a charset that is known. */
static void put_with_known(struct buf *to, struct bytes rest)
{
	struct bytes charset, language;
	size_t end;

	while (rest.len > 0) {
		if (!bytes_starts(rest, "=?")) {
			buf_byte(to, rest.data[0]);
			rest = bytes_slice(rest, 1, rest.len);
			continue;
		}
		buf_text(to, "=?");
		rest = bytes_slice(rest, 2, rest.len);
		end = bytes_find(rest, '?');
		if (end == rest.len)
			continue;	/* cannot be one */
		(void)bytes_cut(bytes_slice(rest, 0, end), '*', &charset,
				&language);
		if (charset_is_known(charset))
			buf_add(to, charset);
		else
			buf_text(to, FALLBACK);
		rest = bytes_slice(rest, end, rest.len);
		rest = bytes_slice(rest, put_padded(to, rest), rest.len);
	}
}

static InternetAddressList *list_parse(const char *text)
{
	GMimeParserOptions *options = g_mime_parser_options_new();
	InternetAddressList *list;

	g_mime_parser_options_set_address_compliance_mode(options,
				GMIME_RFC_COMPLIANCE_LOOSE);
	list = internet_address_list_parse(options, text);
	g_mime_parser_options_free(options);
	return list;
}

static int mailbox_read(struct arena *arena, InternetAddress *one,
			struct gmime_author *out)
{
	const char *text;

	out->mailboxes++;
	if (out->mailboxes > 1)
		return 0;
	text = internet_address_mailbox_get_addr(
			(InternetAddressMailbox *)one);
	if (text != NULL) {
		out->address = arena_text(arena, bytes_of(text));
		if (out->address == NULL)
			return ERR_LIMIT;
	}
	text = internet_address_get_name(one);
	if (text != NULL && text[0] != 0) {
		out->name = arena_text(arena, bytes_of(text));
		if (out->name == NULL)
			return ERR_LIMIT;
	}
	return 0;
}

static int group_read(struct arena *arena, InternetAddressGroup *group,
		      struct gmime_author *out)
{
	InternetAddressList *members =
		internet_address_group_get_members(group);
	InternetAddress *one;
	int count = members == NULL ? 0 :
				      internet_address_list_length(members);
	int i, r;

	out->group = true;
	for (i = 0; i < count; i++) {
		one = internet_address_list_get_address(members, i);
		if (INTERNET_ADDRESS_IS_MAILBOX(one) &&
		    (r = mailbox_read(arena, one, out)) < 0)
			return r;
	}
	return 0;
}

static int list_read(struct arena *arena, InternetAddressList *list,
		     struct gmime_author *out)
{
	InternetAddress *one;
	int i, r = 0;

	for (i = 0; r == 0 && i < internet_address_list_length(list); i++) {
		one = internet_address_list_get_address(list, i);
		if (INTERNET_ADDRESS_IS_MAILBOX(one))
			r = mailbox_read(arena, one, out);
		else
			r = group_read(arena, (InternetAddressGroup *)one,
				       out);
	}
	return r;
}

int gmime_author_read(struct arena *arena, struct bytes value,
		      struct gmime_author *out)
{
	InternetAddressList *list;
	struct buf text;
	int r = ERR_LIMIT;

	memset(out, 0, sizeof(*out));
	gmime_author_prepare();
	buf_init(&text, value.len * (sizeof(FALLBACK) - 1) + 16);
	put_with_known(&text, value);
	buf_byte(&text, 0);
	if (!text.full) {
		list = list_parse((const char *)text.data);
		r = 0;
		if (list != NULL) {
			r = list_read(arena, list, out);
			g_object_unref(list);
		}
	}
	buf_free(&text);
	return r;
}
