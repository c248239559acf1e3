/* range.h - a range of a file or of a spool, as a source
 *
 * What is signed, and what is encrypted, is a range of bytes of a message or
 * of what came out of the layer above.  Constant memory: STREAM_PIECE.
 * Does not do: look at the bytes. */
#ifndef MAILSEAL_BASE_RANGE_H
#define MAILSEAL_BASE_RANGE_H

#include <stdint.h>

#include "agent/base/stream.h"

struct memfile;
struct spool;

/* One of the two; they outlive the reader. */
struct range {
	const struct memfile *file;
	struct spool *spool;
	uint64_t from, to;		/* up to but without `to` */
};

struct range_reader {
	struct range range;
	uint64_t at;			/* the next byte */
};

/* `reader` lives as long as the source.  A file that became shorter ends
 * early, as ERR_IO. */
struct source source_of_range(struct range_reader *reader,
			      const struct range *range);

/* Writing into a spool. */
struct sink sink_of_spool(struct spool *spool);

/* Up to `size` bytes of the range at `offset` from its beginning; how many,
 * 0 at its end, or ERR_*. */
int range_read(const struct range *range, uint64_t offset,
	       unsigned char *room, size_t size);

/* The range within, counted from the beginning of `whole`; cut to it. */
struct range range_within(const struct range *whole, uint64_t from,
			  uint64_t to);

static inline uint64_t range_size(const struct range *range)
{
	return range->to - range->from;
}

#endif
