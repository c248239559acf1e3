/* protected_headers.c - which fields stand inside, and what outside */
#include "agent/mail/protected_headers.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/encoded_word.h"
#include "agent/mail/message.h"

#define FIELDS_MAX	(1024 * 1024)	/* octets of all of them */
#define SHOWN_MAX	4096
#define OBSCURED	"[...]"
#define CRLF		"\r\n"

const char *const hp_kind_name[] = { "none", "clear", "cipher" };

bool hp_is_structural(const struct field *field)
{
	return bytes_starts_nocase(field->name, "Content-") ||
	       bytes_is_nocase(field->name, "MIME-Version");
}

bool hp_is_trace(const struct field *field)
{
	static const char *const names[] = {
		"Received", "Return-Path", "Delivered-To", "DKIM-Signature",
		"Authentication-Results", "Received-SPF", "HP-Outer", "Bcc",
		"Autocrypt-Gossip"
	};
	static const char *const kinds[] = {
		"Resent-", "ARC-", "X-Mailseal-"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is_nocase(field->name, names[i]))
			return true;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_starts_nocase(field->name, kinds[i]))
			return true;
	return false;
}

/* A field's lines, each ended by CRLF. */
static void add_lines(struct buf *to, struct bytes whole)
{
	struct bytes line;

	while (whole.len > 0) {
		(void)bytes_cut(whole, '\n', &line, &whole);
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		buf_add(to, line);
		buf_text(to, CRLF);
	}
}

static void add_outer(struct buf *to, const char *name, struct bytes value)
{
	buf_text(to, "HP-Outer: ");
	buf_text(to, name);
	buf_text(to, ":");
	add_lines(to, value);
}

static void add_outer_as_is(struct buf *to, const struct field *field)
{
	buf_text(to, "HP-Outer: ");
	add_lines(to, field->whole);
}

/* RFC 9788 section 3.2.1. */
static bool is_left_out(const struct field *field)
{
	return bytes_is_nocase(field->name, "Keywords") ||
	       bytes_is_nocase(field->name, "Comments");
}

/* Subject and the like in clear words: what a reader would miss. */
static void add_shown(struct arena *arena, struct buf *to,
		      const struct field *field)
{
	struct buf text;

	buf_init(&text, SHOWN_MAX);
	if (encoded_words_decode(&text, field_unfold(arena, field)) &&
	    !bytes_has(buf_bytes(&text), '\n') &&
	    !bytes_has(buf_bytes(&text), '\r')) {
		buf_add(to, field->name);
		buf_text(to, ": ");
		buf_add(to, buf_bytes(&text));
		buf_text(to, CRLF);
	}
	buf_free(&text);
}

struct writing {
	struct arena *arena;
	enum hp_kind kind;
	struct buf outer, inner, shown;
};

static void write_hidden(struct writing *writing, const struct field *field)
{
	add_shown(writing->arena, &writing->shown, field);
	if (is_left_out(field))
		return;
	buf_text(&writing->outer, "Subject: " OBSCURED CRLF);
	add_outer(&writing->inner, "Subject", bytes_of(" " OBSCURED));
}

static void write_field(struct writing *writing, const struct field *field)
{
	bool hidden = writing->kind == HP_CIPHER &&
		      (is_left_out(field) ||
		       bytes_is_nocase(field->name, "Subject"));

	if (field->odd_name || hp_is_structural(field) ||
	    bytes_is_nocase(field->name, "Bcc") ||
	    bytes_is_nocase(field->name, "Resent-Bcc") ||
	    bytes_is_nocase(field->name, "HP-Outer"))
		return;
	if (!hidden)
		add_lines(&writing->outer, field->whole);
	if (writing->kind == HP_NONE || hp_is_trace(field))
		return;
	if (hidden)
		write_hidden(writing, field);
	else if (writing->kind == HP_CIPHER)
		add_outer_as_is(&writing->inner, field);
	add_lines(&writing->inner, field->whole);
}

static struct bytes kept(struct arena *arena, const struct buf *buf)
{
	return buf->len == 0 ? bytes_of("") :
			       arena_bytes(arena, buf_bytes(buf));
}

int hp_write(struct arena *arena, const struct message *header,
	     enum hp_kind kind, struct hp_written *out)
{
	struct writing writing;
	size_t i;
	int r = 0;

	memset(&writing, 0, sizeof(writing));
	writing.arena = arena;
	writing.kind = kind;
	buf_init(&writing.outer, FIELDS_MAX);
	buf_init(&writing.inner, FIELDS_MAX);
	buf_init(&writing.shown, SHOWN_MAX);
	for (i = 0; i < header->field_count; i++)
		write_field(&writing, &header->fields[i]);
	if (writing.shown.len > 0)
		buf_text(&writing.shown, CRLF);
	if (writing.shown.full)
		buf_clear(&writing.shown);
	out->outer = kept(arena, &writing.outer);
	out->inner = kept(arena, &writing.inner);
	out->shown = kept(arena, &writing.shown);
	out->parameters = "";
	if (kind == HP_CLEAR)
		out->parameters = ";" CRLF " hp=\"clear\"; "
				  "protected-headers=\"v1\"";
	else if (kind == HP_CIPHER)
		out->parameters = ";" CRLF " hp=\"cipher\"; "
				  "protected-headers=\"v1\"";
	if (writing.outer.full || writing.inner.full ||
	    out->outer.data == NULL || out->inner.data == NULL ||
	    out->shown.data == NULL)
		r = ERR_LIMIT;
	buf_free(&writing.outer);
	buf_free(&writing.inner);
	buf_free(&writing.shown);
	return r;
}
