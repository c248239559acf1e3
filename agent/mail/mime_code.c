/* mime_code.c - the codes as sources and sinks */
#include "agent/mail/mime_code.h"

#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/mail/mime_base64.h"
#include "agent/mail/mime_crlf.h"
#include "agent/mail/mime_quoted.h"

#define ROOM	65536		/* octets read, or written, at once */

struct code {
	enum mime_step step;
	struct base64_state base64;
	struct quoted_state quoted;
	bool last_cr;
};

struct mime_reader {
	struct source from;
	struct code code;
	struct bytes in;		/* of `room`, not taken yet */
	bool ended;			/* the source is at its end */
	bool closed;			/* and what was held back is out */
	size_t extra_len, extra_at;
	unsigned char extra[QUOTED_BLANKS_MAX + 8];
	size_t most;			/* that was in `room` */
	unsigned char room[ROOM];	/* not cleared at first */
};

struct mime_writer {
	struct sink to;
	struct code code;
	size_t used, most;
	unsigned char room[ROOM];	/* not cleared at first */
};

static size_t as_is(struct bytes *from, unsigned char *to, size_t room)
{
	size_t len = from->len < room ? from->len : room;

	memcpy(to, from->data, len);
	*from = bytes_slice(*from, len, from->len);
	return len;
}

static size_t code_step(struct code *code, struct bytes *from,
			unsigned char *to, size_t room)
{
	switch (code->step) {
	case MIME_FROM_BASE64:
		return base64_decode(&code->base64, from, to, room);
	case MIME_FROM_QUOTED:
		return quoted_decode(&code->quoted, from, to, room);
	case MIME_TO_CRLF:
		return crlf_copy(from, &code->last_cr, to, room);
	case MIME_TO_BASE64:
		return base64_encode(&code->base64, from, to, room);
	case MIME_TO_QUOTED:
		return quoted_encode(&code->quoted, from, to, room);
	case MIME_AS_IS:
	default:
		return as_is(from, to, room);
	}
}

static size_t code_end(struct code *code, unsigned char *to)
{
	if (code->step == MIME_FROM_QUOTED)
		return quoted_decode_end(&code->quoted, to);
	if (code->step == MIME_TO_QUOTED)
		return quoted_encode_end(&code->quoted, to);
	if (code->step == MIME_TO_BASE64)
		return base64_encode_end(&code->base64, to);
	return 0;
}

struct mime_reader *mime_reader_new(const struct source *from,
				    enum mime_step step)
{
	struct mime_reader *reader = malloc(sizeof(*reader));

	if (reader == NULL)
		return NULL;
	memset(reader, 0, offsetof(struct mime_reader, room));
	reader->from = *from;
	reader->code.step = step;
	return reader;
}

void mime_reader_free(struct mime_reader *reader)
{
	if (reader == NULL)
		return;
	explicit_bzero(reader, offsetof(struct mime_reader, room) +
			       reader->most);
	free(reader);
}

static int reader_fill(struct mime_reader *reader)
{
	int got;

	if (reader->in.len > 0 || reader->ended)
		return 0;
	got = reader->from.read(reader->from.ctx, reader->room, ROOM);
	if (got < 0)
		return got;
	reader->ended = got == 0;
	reader->in.data = reader->room;
	reader->in.len = (size_t)got;
	if (reader->in.len > reader->most)
		reader->most = reader->in.len;
	return 0;
}

static size_t take_extra(struct mime_reader *reader, unsigned char *to,
			 size_t room)
{
	size_t len = reader->extra_len - reader->extra_at;

	if (len > room)
		len = room;
	memcpy(to, reader->extra + reader->extra_at, len);
	reader->extra_at += len;
	return len;
}

/* A step needs some room at once: small wishes are served from `extra`. */
static int reader_read(void *ctx, unsigned char *room, size_t size)
{
	struct mime_reader *reader = ctx;
	size_t got = take_extra(reader, room, size);
	int r = 0;

	if (size > ROOM)
		size = ROOM;
	while (got == 0 && !reader->closed) {
		r = reader_fill(reader);
		if (r < 0)
			return r;
		if (reader->in.len == 0) {
			reader->closed = true;
			reader->extra_len = code_end(&reader->code,
						     reader->extra);
			reader->extra_at = 0;
			got = take_extra(reader, room, size);
		} else if (size >= sizeof(reader->extra)) {
			got = code_step(&reader->code, &reader->in, room,
					size);
		} else {
			reader->extra_len = code_step(&reader->code,
				&reader->in, reader->extra,
				sizeof(reader->extra));
			reader->extra_at = 0;
			got = take_extra(reader, room, size);
		}
	}
	return (int)got;
}

static int reader_rewind(void *ctx)
{
	struct mime_reader *reader = ctx;
	enum mime_step step = reader->code.step;

	memset(&reader->code, 0, sizeof(reader->code));
	reader->code.step = step;
	reader->in.len = 0;
	reader->ended = reader->closed = false;
	reader->extra_len = reader->extra_at = 0;
	return reader->from.rewind(reader->from.ctx);
}

struct source mime_reader_source(struct mime_reader *reader)
{
	struct source source = { reader_read, reader_rewind, reader };

	return source;
}

struct mime_writer *mime_writer_new(const struct sink *to,
				    enum mime_step step)
{
	struct mime_writer *writer = malloc(sizeof(*writer));

	if (writer == NULL)
		return NULL;
	memset(writer, 0, offsetof(struct mime_writer, room));
	writer->to = *to;
	writer->code.step = step;
	return writer;
}

void mime_writer_free(struct mime_writer *writer)
{
	if (writer == NULL)
		return;
	explicit_bzero(writer, offsetof(struct mime_writer, room) +
			       (writer->used > writer->most ? writer->used :
							      writer->most));
	free(writer);
}

static int writer_flush(struct mime_writer *writer)
{
	struct bytes piece = { writer->room, writer->used };

	if (writer->used > writer->most)
		writer->most = writer->used;
	writer->used = 0;
	return piece.len == 0 ? 0 :
		writer->to.write(writer->to.ctx, piece);
}

static int writer_write(void *ctx, struct bytes piece)
{
	struct mime_writer *writer = ctx;
	int r = 0;

	while (r == 0 && piece.len > 0) {
		writer->used += code_step(&writer->code, &piece,
					  writer->room + writer->used,
					  ROOM - writer->used);
		if (ROOM - writer->used < QUOTED_BLANKS_MAX + 8)
			r = writer_flush(writer);
	}
	return r;
}

struct sink mime_writer_sink(struct mime_writer *writer)
{
	struct sink sink = { writer_write, writer };

	return sink;
}

int mime_writer_end(struct mime_writer *writer)
{
	int r = writer_flush(writer);

	if (r < 0)
		return r;
	writer->used = code_end(&writer->code, writer->room);
	return writer_flush(writer);
}
