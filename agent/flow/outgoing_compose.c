/* outgoing_compose.c - the header anew, the body with CRLF */
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/flow/outgoing.h"
#include "agent/mail/mime_code.h"

/* A field with CRLF at every line's end; what no line may hold is left out. */
static int field_print(struct bytes whole, struct buf *to)
{
	size_t i;

	for (i = 0; i < whole.len; i++) {
		if (whole.data[i] == 0)
			return ERR_SYNTAX;
		if (whole.data[i] == '\r' && i + 1 < whole.len &&
		    whole.data[i + 1] == '\n')
			continue;
		if (whole.data[i] == '\n' || whole.data[i] == '\r')
			buf_text(to, "\r\n");
		else
			buf_byte(to, whole.data[i]);
	}
	if (whole.len > 0 && whole.data[whole.len - 1] != '\n' &&
	    whole.data[whole.len - 1] != '\r')
		buf_text(to, "\r\n");
	return 0;
}

/* No blank stands in front of the colon, where some would see no field; but
 * what is sent on stays as it came. */
static int field_write(const struct outgoing *message,
		       const struct outgoing_field *field, struct buf *to)
{
	if (message->resent)
		return field_print(field->whole, to);
	buf_add(to, field->name);
	buf_byte(to, ':');
	return field_print(field->value, to);
}

/* Fields that do not go out: whom a hidden copy goes to, and what delivery
 * writes. */
static bool is_dropped(const struct outgoing_field *field,
		       const struct outgoing_extra *extra)
{
	static const char *const dropped[] = {
		"Bcc", "Resent-Bcc", "Return-Path", "Content-Length"
	};
	size_t i;

	for (i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (bytes_is_nocase(field->name, dropped[i]))
			return true;
	return extra->quoted && bytes_is_nocase(field->name,
					"Content-Transfer-Encoding");
}

static void add_missing(const struct outgoing *message, const char *name,
			const char *value, struct buf *to)
{
	if (value != NULL && outgoing_find(message, name, 0) == NULL)
		buf_print(to, "%s: %s\r\n", name, value);
}

int outgoing_header(const struct outgoing *message,
		    const struct outgoing_extra *extra, struct buf *to)
{
	size_t i;
	int r = 0;

	if (!message->resent) {
		add_missing(message, "Date", extra->date, to);
		add_missing(message, "From", extra->from, to);
		add_missing(message, "Message-ID", extra->message_id, to);
	}
	for (i = 0; r == 0 && i < message->count; i++)
		if (!is_dropped(&message->fields[i], extra))
			r = field_write(message, &message->fields[i], to);
	if (extra->quoted) {
		add_missing(message, "MIME-Version", "1.0", to);
		add_missing(message, "Content-Type",
			    "text/plain; charset=utf-8", to);
		buf_text(to, "Content-Transfer-Encoding: "
			 "quoted-printable\r\n");
	}
	buf_text(to, "\r\n");
	return r < 0 ? r : to->full ? ERR_LIMIT : 0;
}

struct outgoing_reader {
	const struct outgoing *message;
	struct bytes header;
	size_t header_at;
	uint64_t at;			/* in the file */
	struct bytes piece;		/* of it, not yet read */
	unsigned char room[STREAM_PIECE];
	bool cr;			/* the last byte was one */
	bool lf;			/* an LF is owed */
	bool in_line;			/* the last line has no end yet */
};

static int reader_rewind(void *ctx)
{
	struct outgoing_reader *reader = ctx;

	reader->header_at = 0;
	reader->at = reader->message->body_at;
	reader->piece.len = 0;
	reader->cr = reader->lf = reader->in_line = false;
	return 0;
}

/* 1: there is a next byte; 0: the end. */
static int byte_next(struct outgoing_reader *reader, unsigned char *c)
{
	int got;

	if (reader->piece.len == 0) {
		got = memfile_piece(reader->message->file, reader->at,
				    reader->room, sizeof(reader->room),
				    &reader->piece);
		if (got <= 0)
			return got;
		reader->at += reader->piece.len;
	}
	*c = reader->piece.data[0];
	reader->piece = bytes_slice(reader->piece, 1, reader->piece.len);
	return *c == 0 ? ERR_SYNTAX : 1;
}

/* The body's next byte as it goes out; 0: the end. */
static int body_next(struct outgoing_reader *reader, unsigned char *c)
{
	int r;

	if (reader->lf) {
		reader->lf = false;
		*c = '\n';
		return 1;
	}
	r = byte_next(reader, c);
	if (r == 1 && *c == '\n' && reader->cr) {
		reader->cr = false;	/* CRLF: the CR did it */
		r = byte_next(reader, c);
	}
	if (r < 0)
		return r;
	reader->cr = r == 1 && *c == '\r';
	if (r == 0 && !reader->in_line)
		return 0;
	reader->in_line = r == 1 && *c != '\n' && *c != '\r';
	if (r == 0 || !reader->in_line) {
		*c = '\r';
		reader->lf = true;
	}
	return 1;
}

static int reader_read(void *ctx, unsigned char *room, size_t size)
{
	struct outgoing_reader *reader = ctx;
	size_t have = 0;
	int r = 1;

	while (have < size && reader->header_at < reader->header.len)
		room[have++] = reader->header.data[reader->header_at++];
	while (have < size && have < STREAM_PIECE && r == 1) {
		r = body_next(reader, &room[have]);
		if (r == 1)
			have++;
	}
	return r < 0 ? r : (int)have;
}

struct outgoing_reader *outgoing_reader_new(const struct outgoing *message,
					    const struct buf *header)
{
	struct outgoing_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->message = message;
	reader->header = buf_bytes(header);
	(void)reader_rewind(reader);
	return reader;
}

struct source outgoing_reader_source(struct outgoing_reader *reader)
{
	struct source source = { reader_read, reader_rewind, reader };

	return source;
}

void outgoing_reader_free(struct outgoing_reader *reader)
{
	free(reader);
}
