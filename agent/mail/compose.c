/* compose.c - walking the parts, encoding those that need it */
#include "agent/mail/compose.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/range.h"
#include "agent/base/stream.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"
#include "agent/mail/mime_code.h"

#define LINE_MAX_SENT	998	/* octets, RFC 5322 section 2.1.1 */
#define CRLF		"\r\n"
#define SHOWS		";" CRLF " hp-legacy-display=\"1\""

/* One part on its way out. */
struct writing {
	const struct compose *compose;
	const struct sink *to;
	const struct mime_part *root;
};

static int put(const struct writing *writing, struct bytes bytes)
{
	return bytes.len == 0 ? 0 :
		writing->to->write(writing->to->ctx, bytes);
}

static int put_text(const struct writing *writing, const char *text)
{
	return put(writing, bytes_of(text));
}

/* The octets from..to of the message through two steps. */
static int copy_coded(const struct writing *writing, uint64_t from,
		      uint64_t to, enum mime_step reading,
		      enum mime_step writing_step, struct bytes before)
{
	struct range part = range_within(writing->compose->message, from, to);
	struct range_reader reader;
	struct source source = source_of_range(&reader, &part), decoded;
	struct mime_reader *in = mime_reader_new(&source, reading);
	struct mime_writer *out = mime_writer_new(writing->to, writing_step);
	struct sink encoded;
	int r = ERR_MEMORY;

	if (in != NULL && out != NULL) {
		decoded = mime_reader_source(in);
		encoded = mime_writer_sink(out);
		r = before.len == 0 ? 0 : encoded.write(encoded.ctx, before);
		if (r == 0)
			r = stream_copy(&decoded, &encoded);
		if (r == 0)
			r = mime_writer_end(out);
	}
	mime_reader_free(in);
	mime_writer_free(out);
	return r;
}

static int copy(const struct writing *writing, uint64_t from, uint64_t to)
{
	const struct bytes nothing = { NULL, 0 };

	return from >= to ? 0 : copy_coded(writing, from, to, MIME_AS_IS,
					   MIME_TO_CRLF, nothing);
}

/* What somebody else signed or encrypted must stay as it is. */
static bool is_sealed(const struct mime_part *part)
{
	return mime_is(&part->type, "multipart/signed") ||
	       mime_is(&part->type, "multipart/encrypted");
}

static bool is_troubled(const struct mime_lines *lines)
{
	return lines->eight_bit || lines->nul || lines->bare_cr ||
	       lines->blank_end || lines->from_line ||
	       lines->longest > LINE_MAX_SENT;
}

bool compose_changes(const struct mime_part *part)
{
	/* RFC 2046 section 5.2.1: no encoding for a message; RFC 6532 section
	 * 3.7 allows it for message/global alone. */
	if (part->first != NULL || part->boundary.len > 0 ||
	    part->encoding == MIME_UNKNOWN ||
	    (mime_is_kind(&part->type, "message/") &&
	     !mime_is(&part->type, "message/global")))
		return false;
	return is_troubled(&part->lines);
}

static bool is_text(const struct mime_part *part)
{
	return mime_is_kind(&part->type, "text/") ||
	       mime_is(&part->type, "message/global");
}

/* How a part that changes goes out. */
static enum mime_encoding encoding_for(const struct writing *writing,
				       const struct mime_part *part)
{
	if (part == writing->compose->shown_in)
		return MIME_QUOTED;
	if (!compose_changes(part))
		return part->encoding;
	if (part->encoding == MIME_BASE64 || part->encoding == MIME_QUOTED)
		return part->encoding;
	return is_text(part) ? MIME_QUOTED : MIME_BASE64;
}

static bool field_is(const struct field *field, const char *name)
{
	return bytes_is_nocase(field->name, name);
}

static int put_field(const struct writing *writing, struct bytes whole)
{
	struct bytes line;
	int r = 0;

	while (r == 0 && whole.len > 0) {
		(void)bytes_cut(whole, '\n', &line, &whole);
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		r = put(writing, line);
		if (r == 0)
			r = put_text(writing, CRLF);
	}
	return r;
}

/* The Content-Type with what is added to it: the root's, and the part's that
 * shows protected fields. */
static int put_type(const struct writing *writing,
		    const struct mime_part *part)
{
	const struct compose *compose = writing->compose;
	const char *add = "", *shows = "";
	const struct field *field = NULL;
	struct bytes whole = bytes_of("Content-Type: text/plain");
	char *text;

	if (part == writing->root && compose->parameters != NULL)
		add = compose->parameters;
	if (part == compose->shown_in)
		shows = SHOWS;
	if (part->header != NULL)
		field = message_find(part->header, "Content-Type", 0);
	if (field != NULL)
		whole = bytes_trim(field->whole);
	else if (part->lines.eight_bit)
		whole = bytes_of("Content-Type: text/plain; charset=utf-8");
	else if (add[0] == 0 && shows[0] == 0)
		return 0;
	if (whole.len > 0 && whole.data[whole.len - 1] == ';')
		whole.len--;
	text = arena_print(compose->arena, "%.*s%s%s", (int)whole.len,
			   (const char *)whole.data, add, shows);
	return text == NULL ? ERR_LIMIT :
			      put_field(writing, bytes_of(text));
}

static bool is_content_field(const struct field *field)
{
	return !field->odd_name &&
	       bytes_starts_nocase(field->name, "Content-");
}

static int put_encoding(const struct writing *writing,
			const struct mime_part *part)
{
	enum mime_encoding encoding = encoding_for(writing, part);

	if (encoding == MIME_QUOTED)
		return put_text(writing, "Content-Transfer-Encoding: "
				"quoted-printable" CRLF);
	if (encoding == MIME_BASE64)
		return put_text(writing, "Content-Transfer-Encoding: base64"
				CRLF);
	return 0;			/* 7 bits, whatever it was before */
}

/* Of the root the Content- fields alone, of others all; the encoding as it is
 * going to be. */
static int write_header(const struct writing *writing,
			const struct mime_part *part)
{
	bool is_root = part == writing->root;
	bool adds = is_root || part == writing->compose->shown_in;
	bool known = part->encoding != MIME_UNKNOWN;
	const struct field *field;
	size_t i, count = part->header == NULL ? 0 :
					part->header->field_count;
	int r = adds ? put_type(writing, part) : 0;

	for (i = 0; r == 0 && i < count; i++) {
		field = &part->header->fields[i];
		if (known && field_is(field, "Content-Transfer-Encoding"))
			continue;
		if (adds && field_is(field, "Content-Type"))
			continue;
		if (is_root && !is_content_field(field))
			continue;
		r = put_field(writing, field->whole);
	}
	if (r == 0 && known)
		r = put_encoding(writing, part);
	if (r == 0 && is_root)
		r = put(writing, writing->compose->fields);
	return r == 0 ? put_text(writing, CRLF) : r;
}

static int write_leaf(const struct writing *writing,
		      const struct mime_part *part)
{
	struct bytes before = { NULL, 0 };
	enum mime_step in = MIME_AS_IS, out = MIME_TO_QUOTED;

	if (part == writing->compose->shown_in)
		before = writing->compose->shown;
	else if (!compose_changes(part))
		return copy(writing, part->body, part->end);
	if (part->encoding == MIME_QUOTED)
		in = MIME_FROM_QUOTED;
	else if (part->encoding == MIME_BASE64)
		in = MIME_FROM_BASE64;
	if (encoding_for(writing, part) == MIME_BASE64)
		out = MIME_TO_BASE64;
	return copy_coded(writing, part->body, part->end, in, out, before);
}

static int write_part(const struct writing *writing,
		      const struct mime_part *part);

/* The children, and what stands between them. */
static int write_children(const struct writing *writing,
			  const struct mime_part *part)
{
	const struct mime_part *child;
	uint64_t at = part->body;
	int r = 0;

	for (child = part->first; r == 0 && child != NULL;
	     child = child->next) {
		r = copy(writing, at, child->start);
		if (r == 0)
			r = write_part(writing, child);
		at = child->end;
	}
	return r == 0 ? copy(writing, at, part->end) : r;
}

/* Depth: MIME_DEPTH_MAX, by the scan. */
static int write_part(const struct writing *writing,
		      const struct mime_part *part)
{
	int r;

	if (is_sealed(part) && part != writing->root)
		return copy(writing, part->start, part->end);
	r = write_header(writing, part);
	if (r < 0)
		return r;
	if (part->first == NULL)
		return write_leaf(writing, part);
	return is_sealed(part) ? copy(writing, part->body, part->end) :
				 write_children(writing, part);
}

int compose_entity(const struct compose *compose,
		   const struct mime_part *root, const struct sink *to)
{
	const struct writing writing = { compose, to, root };

	return write_part(&writing, root);
}

const struct mime_part *compose_main_text(const struct mime_part *root,
					  struct bytes text)
{
	const char *charset;
	size_t i;

	while (root->first != NULL && !is_sealed(root) &&
	       mime_is_kind(&root->type, "multipart/"))
		root = root->first;
	if (root->first != NULL || !mime_is(&root->type, "text/plain") ||
	    root->encoding == MIME_UNKNOWN)
		return NULL;
	charset = mime_parameter(&root->type, "charset");
	if (charset != NULL && strcasecmp(charset, "utf-8") == 0)
		return root;
	for (i = 0; i < text.len; i++)
		if (text.data[i] > 126)
			return NULL;
	/* ASCII is in every charset but those of 16 bits and escapes. */
	return charset == NULL || strncasecmp(charset, "iso-8859-", 9) == 0 ||
	       strcasecmp(charset, "us-ascii") == 0 ||
	       strncasecmp(charset, "windows-", 8) == 0 ? root : NULL;
}
