/* range.c - reading at an offset, and one behind the other */
#include "agent/base/range.h"

#include <limits.h>

#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/spool.h"

/* From memory or by pread: what memfile_piece gives may be either. */
static int file_read(const struct memfile *file, uint64_t offset,
		     unsigned char *room, size_t size)
{
	struct bytes piece;
	int r = memfile_piece(file, offset, room, size, &piece);

	if (r <= 0)
		return r;
	if (piece.len > size)
		piece.len = size;
	if (piece.data != room)
		memcpy(room, piece.data, piece.len);
	return (int)piece.len;
}

int range_read(const struct range *range, uint64_t offset,
	       unsigned char *room, size_t size)
{
	uint64_t left;
	int r;

	if (offset >= range_size(range))
		return 0;
	left = range_size(range) - offset;
	if (size > left)
		size = (size_t)left;
	if (size > INT_MAX)
		size = INT_MAX;
	offset += range->from;
	if (range->spool != NULL)
		r = (int)spool_read(range->spool, offset, room, size);
	else
		r = file_read(range->file, offset, room, size);
	return r == 0 ? ERR_IO : r;
}

static int reader_read(void *ctx, unsigned char *room, size_t size)
{
	struct range_reader *reader = ctx;
	int r = range_read(&reader->range, reader->at, room, size);

	if (r > 0)
		reader->at += (uint64_t)r;
	return r;
}

static int reader_rewind(void *ctx)
{
	struct range_reader *reader = ctx;

	reader->at = 0;
	return 0;
}

struct source source_of_range(struct range_reader *reader,
			      const struct range *range)
{
	struct source source = { reader_read, reader_rewind, reader };

	reader->range = *range;
	reader->at = 0;
	return source;
}

static int spool_take(void *ctx, struct bytes piece)
{
	return spool_write(ctx, piece);
}

struct sink sink_of_spool(struct spool *spool)
{
	struct sink sink = { spool_take, spool };

	return sink;
}

struct range range_within(const struct range *whole, uint64_t from,
			  uint64_t to)
{
	struct range out = *whole;

	if (to > range_size(whole))
		to = range_size(whole);
	if (from > to)
		from = to;
	out.from = whole->from + from;
	out.to = whole->from + to;
	return out;
}
