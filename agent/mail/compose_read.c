/* compose_read.c - a plan read as a source, piece by piece */
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/base/range.h"
#include "agent/mail/compose_plan.h"

struct compose_reader {
	const struct compose_plan *plan;
	struct range message;
	const struct compose_piece *piece;	/* NULL: the end */
	struct bytes text;			/* of it, not read yet */
	struct range_reader part;
	struct source raw;			/* of the message */
	struct mime_reader *in, *out;		/* NULL: a text */
};

static void piece_close(struct compose_reader *reader)
{
	mime_reader_free(reader->in);
	mime_reader_free(reader->out);
	reader->in = reader->out = NULL;
	reader->text.len = 0;
}

static int piece_open(struct compose_reader *reader,
		      const struct compose_piece *piece)
{
	struct source from;
	struct range part;

	piece_close(reader);
	reader->piece = piece;
	if (piece == NULL)
		return 0;
	reader->text = piece->text;
	if (piece->text.len > 0)
		return 0;
	part = range_within(&reader->message, piece->from, piece->to);
	reader->raw = source_of_range(&reader->part, &part);
	from = reader->raw;
	if (piece->in != MIME_AS_IS) {
		reader->in = mime_reader_new(&from, piece->in);
		if (reader->in == NULL)
			return ERR_MEMORY;
		from = mime_reader_source(reader->in);
	}
	reader->out = mime_reader_new(&from, piece->out);
	return reader->out == NULL ? ERR_MEMORY : 0;
}

static int read_text(struct compose_reader *reader, unsigned char *room,
		     size_t size)
{
	size_t len = reader->text.len < size ? reader->text.len : size;

	if (len > STREAM_PIECE)
		len = STREAM_PIECE;
	memcpy(room, reader->text.data, len);
	reader->text = bytes_slice(reader->text, len, reader->text.len);
	return (int)len;
}

static int reader_read(void *ctx, unsigned char *room, size_t size)
{
	struct compose_reader *reader = ctx;
	struct source from;
	int got = 0;

	while (got == 0 && reader->piece != NULL) {
		if (reader->text.len > 0)
			return read_text(reader, room, size);
		if (reader->out != NULL) {
			from = mime_reader_source(reader->out);
			got = from.read(from.ctx, room, size);
		}
		if (got == 0)
			got = piece_open(reader, reader->piece->next);
	}
	return got;
}

static int reader_rewind(void *ctx)
{
	struct compose_reader *reader = ctx;

	return piece_open(reader, reader->plan->first);
}

struct compose_reader *compose_reader_new(const struct compose_plan *plan,
					  const struct range *message)
{
	struct compose_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return NULL;
	reader->plan = plan;
	reader->message = *message;
	if (reader_rewind(reader) < 0) {
		compose_reader_free(reader);
		return NULL;
	}
	return reader;
}

struct source compose_reader_source(struct compose_reader *reader)
{
	struct source source = { reader_read, reader_rewind, reader };

	return source;
}

void compose_reader_free(struct compose_reader *reader)
{
	if (reader == NULL)
		return;
	piece_close(reader);
	free(reader);
}
