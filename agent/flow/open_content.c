/* open_content.c - what leaves: a header, and the payload's own octets */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/flow/open_inside.h"
#include "agent/mail/message.h"

#define HEADER_MAX	(2 * 1024 * 1024)	/* octets */

/* What failed a check stays here: any signature that is bad, once something
 * was taken out of a blob; anything that did not open. */
static bool is_withheld(const struct opening *opening)
{
	size_t i;

	if (opening->no_such_part)
		return true;
	for (i = 0; i < opening->layer_count; i++) {
		if (opening->layers[i].facts.state == SEAL_BAD &&
		    (opening->spool != NULL ||
		     opening->layers[i].kind != SEAL_KIND_DETACHED) &&
		    opening->order->force != OPEN_FORCED)
			return true;
		if (opening->layers[i].facts.opening != SEAL_NOT_ENCRYPTED &&
		    opening->layers[i].facts.opening != SEAL_OPENED)
			return true;
	}
	return opening->stopped && opening->spool != NULL;
}

/* As the payload's lines end. */
static const char *line_end(const struct range *range)
{
	unsigned char room[4096];
	struct bytes start = { room, 0 };
	int got = range_read(range, 0, room, sizeof(room));
	size_t at;

	if (got <= 0)
		return "\r\n";
	start.len = (size_t)got;
	at = bytes_find(start, '\n');
	return at < start.len && (at == 0 || room[at - 1] != '\r') ? "\n" :
								     "\r\n";
}

static void add_field(struct buf *to, const struct field *field,
		      const char *end)
{
	struct bytes whole = field->whole, line;

	while (whole.len > 0) {
		(void)bytes_cut(whole, '\n', &line, &whole);
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		buf_add(to, line);
		buf_text(to, end);
	}
}

static void add_fields(struct buf *to, const struct message *header,
		       const char *end, bool (*wanted)(const struct field *))
{
	size_t i;

	for (i = 0; header != NULL && i < header->field_count; i++)
		if (wanted(&header->fields[i]))
			add_field(to, &header->fields[i], end);
}

/* For others a header ends at a line that is no field, or at a bare CR, and
 * what follows is text: no such line goes on. */
static bool is_field(const struct field *field)
{
	struct bytes rest = field->whole, before;

	while (bytes_cut(rest, '\r', &before, &rest))
		if (rest.len == 0 || rest.data[0] != '\n')
			return false;
	return !field->odd_name && !bytes_has(field->whole, 0);
}

static bool is_structural(const struct field *field)
{
	return is_field(field) && hp_is_structural(field);
}

static bool is_content(const struct field *field)
{
	return is_field(field) &&
	       bytes_starts_nocase(field->name, "Content-");
}

static bool is_no_structure(const struct field *field)
{
	return is_field(field) && !hp_is_structural(field);
}

static bool is_protected(const struct field *field)
{
	return is_field(field) && !hp_is_structural(field) &&
	       !hp_is_trace(field);
}

static bool is_from(const struct field *field)
{
	return is_field(field) && bytes_is_nocase(field->name, "From");
}

static bool is_protected_but_from(const struct field *field)
{
	return is_protected(field) && !is_from(field);
}

static bool is_any(const struct field *field)
{
	(void)field;
	return true;
}

/* The header in `to`, with its end; frees it. */
static int header_end(struct opening *opening, struct buf *to,
		      const char *end, struct bytes *out)
{
	buf_text(to, end);
	*out = to->full ? bytes_slice(buf_bytes(to), 0, 0) :
			  arena_bytes(opening->job->arena, buf_bytes(to));
	buf_free(to);
	return out->len == 0 ? ERR_LIMIT : 0;
}

/* The protected fields alone where there are such (RFC 9788 section 4.2), but
 * for a From that nobody signed: DKIM and its like are about the one outside.
 * Else those that came with the message. */
static int header_make(struct opening *opening,
		       const struct open_summary *summary, struct bytes *out)
{
	const struct message *inside = opening->root->header;
	const struct message *outside = opening->outside->header;
	const char *end = line_end(&opening->range);
	struct buf to;

	buf_init(&to, HEADER_MAX);
	if (opening->order->whole == OPEN_MESSAGE && !opening->of_part) {
		if (opening->headers.kind == HP_NONE) {
			add_fields(&to, outside, end, is_no_structure);
		} else if (summary->inner_from_holds) {
			add_fields(&to, inside, end, is_protected);
		} else {
			add_fields(&to, outside, end, is_from);
			add_fields(&to, inside, end, is_protected_but_from);
		}
		buf_text(&to, "MIME-Version: 1.0");
		buf_text(&to, end);
		add_fields(&to, inside, end, is_content);
	} else {
		add_fields(&to, inside, end, is_structural);
	}
	return header_end(opening, &to, end, out);
}

/* Of the part whose text was changed. */
static int part_header(struct opening *opening, const struct mime_part *part,
		       struct bytes *out)
{
	const char *end = line_end(&opening->range);
	struct buf to;

	buf_init(&to, HEADER_MAX);
	add_fields(&to, part->header, end, is_any);
	return header_end(opening, &to, end, out);
}

static void piece_add(struct open_result *out, struct bytes text,
		      uint64_t from, uint64_t to)
{
	struct spool_piece *piece = &out->pieces[out->piece_count];

	if (text.len == 0 && from >= to)
		return;
	piece->text = text;
	piece->from = from;
	piece->to = to;
	out->piece_count++;
}

/* Out of the spool that it was taken out into. */
static int from_spool(struct opening *opening,
		      const struct open_summary *summary,
		      struct open_result *out)
{
	uint64_t base = opening->range.from, at = opening->root->body;
	const struct bytes nothing = { NULL, 0 };
	const struct mime_part *shows;
	struct bytes header;
	uint64_t behind = at;
	int r;

	shows = open_display_take(opening, &behind);
	r = header_make(opening, summary, &header);
	if (r < 0)
		return r;
	piece_add(out, header, 0, 0);
	if (shows != NULL && shows != opening->root) {
		r = part_header(opening, shows, &header);
		if (r < 0)
			return r;
		piece_add(out, nothing, base + at, base + shows->start);
		piece_add(out, header, 0, 0);
	}
	piece_add(out, nothing, base + behind, opening->range.to);
	out->content = opening->spool;
	opening->spool = NULL;		/* handed over */
	return 0;
}

enum place { AS_IT_CAME, INSIDE };

/* Out of the message itself, into a spool of its own: nobody's secret. */
static int from_message(struct opening *opening,
			const struct open_summary *summary, enum place place,
			struct open_result *out)
{
	struct range range = opening->range;
	struct range_reader reader;
	struct source source;
	struct bytes header = { NULL, 0 };
	struct sink sink;
	size_t i;
	int file = -1, r = 0;

	if (place == INSIDE)
		r = header_make(opening, summary, &header);
	if (r < 0)
		return r;
	for (i = 0; file < 0 && i < OPEN_FILES_MAX; i++) {
		file = opening->order->files[i];
		opening->order->files[i] = -1;
	}
	out->content = spool_new(file, NULL);
	if (out->content == NULL)
		return ERR_MEMORY;
	if (place == INSIDE)
		range = range_within(&range, opening->root->body,
				     range_size(&range));
	source = source_of_range(&reader, &range);
	sink = sink_of_spool(out->content);
	r = spool_write(out->content, header);
	if (r == 0)
		r = stream_copy(&source, &sink);
	return r;
}

int open_content(struct opening *opening, const struct open_summary *summary,
		 struct open_result *out)
{
	bool inside = opening->layer_count > 0 && !opening->stopped &&
		      (summary->signature == NULL ||
		       summary->signature->facts.state != SEAL_BAD);

	if (is_withheld(opening))
		return 0;
	if (opening->spool != NULL)
		return from_spool(opening, summary, out);
	if (!inside && !opening->of_part) {
		opening->range.from = 0;
		opening->range.to = opening->message->size;
	}
	return from_message(opening, summary, inside || opening->of_part ?
			    INSIDE : AS_IT_CAME, out);
}
