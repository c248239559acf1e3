/* open_scan.c - the parts of a range of octets */
#include <stdlib.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/flow/open_inside.h"

/* Whoever waited no longer does may take the time away. */
static int in_time(const int64_t *until)
{
	return until == NULL || clock_now_ms() < __atomic_load_n(until,
					__ATOMIC_RELAXED) ? 0 : ERR_TIMEOUT;
}

int open_scan(struct arena *arena, const struct range *range,
	      const int64_t *until, struct mime_part **root)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_PARTS);
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	uint64_t at = 0;
	int got = 0, r = ERR_MEMORY;

	*root = NULL;
	if (scan == NULL || room == NULL)
		goto out;
	r = 0;
	while (r == 0 &&
	       (got = range_read(range, at, room, STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		mime_scan_push(scan, piece);
		at += piece.len;
		r = in_time(until);
	}
	if (r == 0)
		r = got < 0 ? got : mime_scan_end(scan, root);
out:
	if (room != NULL)
		explicit_bzero(room, STREAM_PIECE);
	free(room);
	mime_scan_free(scan);
	return r;
}
