/* compose.c - walking the parts, planning to encode those that need it */
#include "agent/mail/compose.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/mail/compose_plan.h"
#include "agent/mail/compose_type.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"

#define TEXT_MAX	(8 * 1024 * 1024)	/* octets of all headers */
#define LINE_MAX_SENT	998	/* octets, RFC 5322 section 2.1.1 */
#define CRLF		"\r\n"
#define SHOWS		";" CRLF " hp-legacy-display=\"1\""

/* A plan on its way. */
struct writing {
	const struct compose *compose;
	const struct mime_part *root;
	struct compose_plan *plan;
	struct buf text;		/* not in the plan yet */
};

static int add(struct writing *writing, const struct compose_piece *like)
{
	struct compose_piece *piece = arena_alloc(writing->compose->arena,
						  sizeof(*piece));

	if (piece == NULL)
		return ERR_LIMIT;
	*piece = *like;
	if (writing->plan->last == NULL)
		writing->plan->first = piece;
	else
		writing->plan->last->next = piece;
	writing->plan->last = piece;
	return 0;
}

/* The text so far becomes a piece of the plan. */
static int settle(struct writing *writing)
{
	struct compose_piece piece;

	if (writing->text.full)
		return ERR_LIMIT;
	if (writing->text.len == 0)
		return 0;
	memset(&piece, 0, sizeof(piece));
	piece.text = arena_bytes(writing->compose->arena,
				 buf_bytes(&writing->text));
	buf_clear(&writing->text);
	return piece.text.data == NULL ? ERR_LIMIT : add(writing, &piece);
}

static void put_text(struct writing *writing, const char *text)
{
	buf_text(&writing->text, text);
}

/* The octets from..to of the message through two steps. */
static int copy_coded(struct writing *writing, uint64_t from, uint64_t to,
		      enum mime_step in, enum mime_step out)
{
	const struct compose_piece piece = { { NULL, 0 }, from, to, in, out,
					     NULL };
	int r = settle(writing);

	return r < 0 || from >= to ? r : add(writing, &piece);
}

static int copy(struct writing *writing, uint64_t from, uint64_t to)
{
	return copy_coded(writing, from, to, MIME_AS_IS, MIME_TO_CRLF);
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
static enum mime_encoding encoding_for(struct writing *writing,
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

static void put_field(struct writing *writing, struct bytes whole)
{
	compose_lines(&writing->text, whole);
	put_text(writing, CRLF);
}

/* The Content-Type with what is added to it: the root's, and the part's that
 * shows protected fields. */
static int put_type(struct writing *writing, const struct mime_part *part)
{
	const struct compose *compose = writing->compose;
	const char *added = "";
	struct bytes field;

	if (part == writing->root && compose->parameters != NULL)
		added = compose->parameters;
	if (part == compose->shown_in)
		added = arena_print(compose->arena, "%s" SHOWS, added);
	field = added == NULL ? (struct bytes){ NULL, 0 } :
				compose_type(compose->arena, part, added);
	if (field.data == NULL)
		return ERR_LIMIT;
	buf_add(&writing->text, field);
	return 0;
}

static bool is_content_field(const struct field *field)
{
	return !field->odd_name &&
	       bytes_starts_nocase(field->name, "Content-");
}

static void put_encoding(struct writing *writing,
			 const struct mime_part *part)
{
	enum mime_encoding encoding = encoding_for(writing, part);

	/* 7 bits are said by nothing, whatever it was before. */
	if (encoding == MIME_QUOTED)
		put_text(writing, "Content-Transfer-Encoding: "
			 "quoted-printable" CRLF);
	else if (encoding == MIME_BASE64)
		put_text(writing, "Content-Transfer-Encoding: base64" CRLF);
}

/* Of the root the Content- fields alone, of others all; the encoding as it is
 * going to be. */
static int write_header(struct writing *writing,
			const struct mime_part *part)
{
	bool is_root = part == writing->root;
	bool adds = is_root || part == writing->compose->shown_in;
	bool known = part->encoding != MIME_UNKNOWN;
	const struct field *field;
	size_t i, count = part->header == NULL ? 0 :
					part->header->field_count;

	if (adds && put_type(writing, part) < 0)
		return ERR_LIMIT;
	for (i = 0; i < count; i++) {
		field = &part->header->fields[i];
		if (known && field_is(field, "Content-Transfer-Encoding"))
			continue;
		if (adds && field_is(field, "Content-Type"))
			continue;
		if (is_root && !is_content_field(field))
			continue;
		put_field(writing, field->whole);
	}
	if (known)
		put_encoding(writing, part);
	if (is_root)
		buf_add(&writing->text, writing->compose->fields);
	put_text(writing, CRLF);
	return 0;
}

/* The display stands in front of the text, coded as the text is. */
static int put_shown(struct writing *writing)
{
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader,
					     writing->compose->shown);
	struct mime_reader *coded = mime_reader_new(&from, MIME_TO_QUOTED);
	struct sink to = sink_of_buf(&writing->text);
	struct source source;
	int r = ERR_MEMORY;

	if (coded != NULL) {
		source = mime_reader_source(coded);
		r = stream_copy(&source, &to);
	}
	mime_reader_free(coded);
	return r;
}

static int write_leaf(struct writing *writing, const struct mime_part *part)
{
	enum mime_step in = MIME_AS_IS, out = MIME_TO_QUOTED;
	int r = 0;

	if (part == writing->compose->shown_in)
		r = put_shown(writing);
	else if (!compose_changes(part))
		return copy(writing, part->body, part->end);
	if (part->encoding == MIME_QUOTED)
		in = MIME_FROM_QUOTED;
	else if (part->encoding == MIME_BASE64)
		in = MIME_FROM_BASE64;
	if (encoding_for(writing, part) == MIME_BASE64)
		out = MIME_TO_BASE64;
	return r < 0 ? r : copy_coded(writing, part->body, part->end, in,
				      out);
}

static int write_part(struct writing *writing, const struct mime_part *part);

/* The children, and what stands between them. */
static int write_children(struct writing *writing,
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
static int write_part(struct writing *writing, const struct mime_part *part)
{
	if (is_sealed(part) && part != writing->root)
		return copy(writing, part->start, part->end);
	if (write_header(writing, part) < 0)
		return ERR_LIMIT;
	if (part->first == NULL)
		return write_leaf(writing, part);
	return is_sealed(part) ? copy(writing, part->body, part->end) :
				 write_children(writing, part);
}

int compose_plan_make(const struct compose *compose,
		      const struct mime_part *root,
		      const struct compose_plan **out)
{
	struct writing writing = { compose, root, NULL, { NULL, 0, 0, 0,
				   false } };
	int r = ERR_LIMIT;

	buf_init(&writing.text, TEXT_MAX);
	writing.plan = arena_alloc(compose->arena, sizeof(*writing.plan));
	if (writing.plan != NULL)
		r = write_part(&writing, root);
	if (r == 0)
		r = settle(&writing);
	buf_free(&writing.text);
	*out = writing.plan;
	return r;
}

/* What is saved, and not read, stays as it is. */
static bool is_file(const struct mime_part *part)
{
	const struct field *field = part->header == NULL ? NULL :
		message_find(part->header, "Content-Disposition", 0);

	return field != NULL &&
	       !bytes_is_nocase(bytes_trim(field->value), "inline");
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
	    root->encoding == MIME_UNKNOWN || is_file(root))
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
