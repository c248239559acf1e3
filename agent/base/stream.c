/* stream.c - sources and sinks in memory, and from one to the other */
#include "agent/base/stream.h"

#include <limits.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"

static int reader_read(void *ctx, unsigned char *room, size_t size)
{
	struct bytes_reader *reader = ctx;
	size_t left = reader->all.len - reader->at;

	if (size > left)
		size = left;
	if (size > INT_MAX)
		size = INT_MAX;
	if (size > 0)
		memcpy(room, reader->all.data + reader->at, size);
	reader->at += size;
	return (int)size;
}

static int reader_rewind(void *ctx)
{
	struct bytes_reader *reader = ctx;

	reader->at = 0;
	return 0;
}

struct source source_of_bytes(struct bytes_reader *reader, struct bytes all)
{
	struct source source = { reader_read, reader_rewind, reader };

	reader->all = all;
	reader->at = 0;
	return source;
}

static int buf_write(void *ctx, struct bytes piece)
{
	struct buf *buf = ctx;

	buf_add(buf, piece);
	return buf->full ? ERR_LIMIT : 0;
}

struct sink sink_of_buf(struct buf *buf)
{
	struct sink sink = { buf_write, buf };

	return sink;
}

int stream_copy(const struct source *from, const struct sink *to)
{
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece;
	int got = 0, r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0 && (got = from->read(from->ctx, room,
					   STREAM_PIECE)) > 0) {
		piece.data = room;
		piece.len = (size_t)got;
		r = to->write(to->ctx, piece);
	}
	free(room);
	return r < 0 ? r : got;
}
