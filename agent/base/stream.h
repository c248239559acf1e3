/* stream.h - bytes that come by the piece, and where they go
 *
 * What is sealed or opened has any size and passes in constant memory: its
 * reader takes pieces, and may begin anew (a container that keeps its check
 * value behind its content is read twice).
 * Does not do: buffer, run ahead, know what the bytes are. */
#ifndef MAILSEAL_BASE_STREAM_H
#define MAILSEAL_BASE_STREAM_H

#include <stddef.h>

#include "agent/base/bytes.h"

#define STREAM_PIECE	65536	/* what stream_copy and its like move at once */

struct buf;

struct source {
	/* At most `size` (not 0) bytes into `room`: how many; 0: the end, and
	 * so again at the next call; ERR_*. */
	int (*read)(void *ctx, unsigned char *room, size_t size);
	/* To the first byte again.  0; ERR_*. */
	int (*rewind)(void *ctx);
	void *ctx;
};

struct sink {
	/* Takes all of `piece`.  0; ERR_*: whoever writes stops. */
	int (*write)(void *ctx, struct bytes piece);
	void *ctx;
};

/* Bytes in memory as a source; `reader` lives as long as the source. */
struct bytes_reader {
	struct bytes all;
	size_t at;
};
struct source source_of_bytes(struct bytes_reader *reader, struct bytes all);

/* Into a buffer; ERR_LIMIT once it is full. */
struct sink sink_of_buf(struct buf *buf);

/* From where `from` stands to its end.  0; what `from` or `to` answered. */
int stream_copy(const struct source *from, const struct sink *to);

#endif
