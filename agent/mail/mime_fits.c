/* mime_fits.c - does the body look as what is said of it? */
#include "agent/mail/mime_fits.h"

#include "agent/base/arena.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_type.h"

#define BOUNDARY_MAX	70		/* RFC 2046 section 5.1.1 */
#define HEADER_MAX	65536		/* octets of a part's */

struct look {
	const struct mime_body *body;
	struct bytes encoding;		/* the field; empty: none */
	struct mime_type type;
};

static bool holds(struct bytes text, const char *word)
{
	size_t i, len = strlen(word);

	for (i = 0; i + len <= text.len; i++)
		if (bytes_starts_nocase(bytes_slice(text, i, text.len), word))
			return true;
	return false;
}

/* Without line ends and blanks at its end. */
static struct bytes without_end(struct bytes text)
{
	while (text.len > 0 && byte_is_space(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* --- transfer encodings */

static bool is_base64_char(unsigned char c)
{
	return byte_is_alpha(c) || byte_is_digit(c) || c == '+' || c == '/';
}

static bool is_base64(struct bytes text)
{
	size_t i = 0;

	text = without_end(text);
	while (i < text.len && (is_base64_char(text.data[i]) ||
				byte_is_space(text.data[i])))
		i++;
	while (i < text.len && (text.data[i] == '=' ||
				byte_is_space(text.data[i])))
		i++;
	return i == text.len;
}

static bool is_hex(unsigned char c)
{
	c = byte_lower(c);
	return byte_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_quoted(struct bytes text)
{
	struct bytes line;
	size_t i;

	while (text.len > 0) {
		(void)bytes_cut(text, '\n', &line, &text);
		line = without_end(line);
		for (i = 0; i < line.len; i++) {
			if ((line.data[i] < 32 && line.data[i] != '\t') ||
			    line.data[i] > 126)
				return false;
			if (line.data[i] == '=' && i + 1 < line.len &&
			    (i + 2 >= line.len || !is_hex(line.data[i + 1]) ||
			     !is_hex(line.data[i + 2])))
				return false;
		}
	}
	return true;
}

/* Programs take "base64;" and "x-uue" for what they seem to be, too. */
static const char *encoding_misfit(const struct look *look)
{
	bool base64 = holds(look->encoding, "base64");
	bool quoted = holds(look->encoding, "quoted");

	if (holds(look->encoding, "uu") || holds(look->encoding, "yenc"))
		return "Content-Transfer-Encoding, which is not signed, "
		       "names a code that programs read in different ways.";
	if ((base64 || quoted) && mime_is_kind(&look->type, "multipart/"))
		return "Content-Transfer-Encoding, which is not signed, "
		       "says that parts are coded as a whole.";
	if (base64 && !is_base64(look->body->start))
		return "Content-Transfer-Encoding, which is not signed, "
		       "says base64, but the text is not that.";
	if (quoted && !is_quoted(look->body->start))
		return "Content-Transfer-Encoding, which is not signed, "
		       "says quoted-printable, but the text is not that.";
	return NULL;
}

/* --- several parts */

/* Takes a line off *rest; whether it is the delimiter. */
static bool take_delimiter(struct bytes *rest, struct bytes boundary,
			   struct bytes *line)
{
	(void)bytes_cut(*rest, '\n', line, rest);
	*line = without_end(*line);
	return bytes_starts(*line, "--") &&
	       bytes_equal(bytes_slice(*line, 2, line->len), boundary);
}

/* Nothing but a line for programs that know no MIME stands above the first
 * part; *parts is what follows its delimiter. */
static bool begins_with(struct bytes body, struct bytes boundary,
			struct bytes *parts)
{
	struct bytes top = bytes_slice(body, 0, MIME_PREAMBLE_MAX);
	struct bytes rest = top, line;
	bool text = false, of_mime = false;

	while (rest.len > 0) {
		if (take_delimiter(&rest, boundary, &line)) {
			*parts = bytes_slice(body, top.len - rest.len,
					     body.len);
			return !text || of_mime;
		}
		if (bytes_starts(line, "--"))
			return false;
		text |= line.len > 0;
		of_mime |= holds(line, "MIME") || holds(line, "multipart") ||
			   holds(line, "multi-part");
	}
	return false;
}

static bool ends_with(struct bytes body, struct bytes boundary)
{
	size_t len = boundary.len + 4;

	body = without_end(body);
	if (body.len < len ||
	    (body.len > len && body.data[body.len - len - 1] != '\n'))
		return false;
	body = bytes_slice(body, body.len - len, body.len);
	return bytes_starts(body, "--") &&
	       bytes_equal(bytes_slice(body, 2, 2 + boundary.len), boundary) &&
	       bytes_is(bytes_slice(body, len - 2, len), "--");
}

/* The header of the part that begins there. */
static struct bytes part_header(struct bytes parts, struct bytes boundary)
{
	struct bytes top = bytes_slice(parts, 0, HEADER_MAX);
	struct bytes rest = top, line;

	while (rest.len > 0 && !take_delimiter(&rest, boundary, &line) &&
	       line.len > 0)
		;
	return bytes_slice(top, 0, top.len - rest.len);
}

/* What was sent beside the text stands in its place. */
static bool has_attachment(struct bytes parts, struct bytes boundary)
{
	struct bytes header, line;

	while (parts.len > 0) {
		header = part_header(parts, boundary);
		if (holds(header, "Content-Disposition") &&
		    holds(header, "attachment"))
			return true;
		while (parts.len > 0 &&
		       !take_delimiter(&parts, boundary, &line))
			;
	}
	return false;
}

static bool kind_fits(const struct look *look, struct bytes parts,
		      struct bytes boundary)
{
	const char *start = mime_parameter(&look->type, "start");

	if (mime_is(&look->type, "multipart/alternative"))
		return look->body->whole && !has_attachment(parts, boundary);
	if (mime_is(&look->type, "multipart/related"))
		return start == NULL ||
		       holds(part_header(parts, boundary), start);
	if (mime_is(&look->type, "multipart/encrypted"))
		return holds(part_header(parts, boundary),
			     "application/pgp-encrypted");
	return mime_is(&look->type, "multipart/mixed") ||
	       mime_is(&look->type, "multipart/report") ||
	       mime_is(&look->type, "multipart/signed");
}

static const char *parts_misfit(const struct look *look)
{
	struct bytes boundary = bytes_of(mime_parameter(&look->type,
							"boundary"));
	struct bytes parts;

	if (boundary.len == 0 || boundary.len > BOUNDARY_MAX ||
	    byte_is_space(boundary.data[boundary.len - 1]) ||
	    !begins_with(look->body->start, boundary, &parts) ||
	    !ends_with(look->body->end, boundary))
		return "Content-Type, which is not signed, names parts "
		       "that are not all of the text.";
	if (!kind_fits(look, parts, boundary))
		return "Content-Type, which is not signed, makes "
		       "something else of the parts than they seem to be.";
	return NULL;
}

/* --- one part */

/* In which ASCII is ASCII. */
static bool charset_fits(const struct mime_type *type)
{
	static const char *const plain[] = {
		"us-ascii", "ascii", "utf-8", "utf8", "iso-8859-", "iso8859-",
		"iso_8859-", "latin", "windows-", "cp125", "cp-125", "koi8-",
		"gb2312", "gbk", "gb18030", "big5", "euc-", "shift_jis",
		"shift-jis", "sjis", "iso-2022-", "ks_c_5601", "tis-620",
		"macintosh", "ansi_x3"
	};
	struct bytes charset = bytes_of(mime_parameter(type, "charset"));
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (bytes_starts_nocase(charset, plain[i]))
			return true;
	return charset.len == 0;
}

static bool begins_with_tag(const struct look *look)
{
	struct bytes text = bytes_trim(bytes_slice(look->body->start, 0,
						   MIME_PREAMBLE_MAX));

	if (holds(look->encoding, "base64"))	/* of '<', of a mark and '<' */
		return bytes_starts(text, "P") || bytes_starts(text, "77u/P");
	if (bytes_starts(text, "\xEF\xBB\xBF"))
		text = bytes_slice(text, 3, text.len);
	else if (bytes_starts_nocase(text, "=EF=BB=BF"))
		text = bytes_slice(text, 9, text.len);
	return bytes_starts(text, "<");
}

static const char *text_misfit(const struct look *look)
{
	if (!charset_fits(&look->type))
		return "Content-Type, which is not signed, names a "
		       "charset that makes another text of it.";
	if (mime_is(&look->type, "text/plain") ||
	    (mime_is(&look->type, "text/html") && begins_with_tag(look)))
		return NULL;
	return "Content-Type, which is not signed, does not fit the "
	       "text.";
}

static const char *type_misfit(const struct look *look)
{
	if (look->type.name == NULL || look->type.odd)
		return "Content-Type, which is not signed, is read by "
		       "programs in different ways.";
	if (mime_is_kind(&look->type, "multipart/"))
		return parts_misfit(look);
	if (mime_is_kind(&look->type, "text/"))
		return text_misfit(look);
	if (mime_is_kind(&look->type, "message/") ||
	    !holds(look->encoding, "base64") || !is_base64(look->body->start))
		return "Content-Type, which is not signed, does not fit "
		       "the text.";
	return NULL;
}

const char *mime_misfit(struct arena *arena, const struct message *message,
			struct mime_unsigned what,
			const struct mime_body *body)
{
	const struct field *type = message_find(message, "Content-Type", 0);
	const struct field *encoding =
		message_find(message, "Content-Transfer-Encoding", 0);
	struct look look = { body, { NULL, 0 }, { NULL, NULL, 0, false } };
	const char *why = NULL;

	if (type != NULL &&
	    mime_type_parse(arena, field_unfold(arena, type), &look.type) < 0)
		return "Content-Type is too long to be read.";
	if (encoding != NULL)
		look.encoding = field_unfold(arena, encoding);
	if (what.encoding && encoding != NULL)
		why = encoding_misfit(&look);
	if (why == NULL && what.type && type != NULL)
		why = type_misfit(&look);
	return why;
}
