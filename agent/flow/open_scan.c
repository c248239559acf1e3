/* open_scan.c - the parts of a range of octets */
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/flow/open_inside.h"

int open_scan(struct arena *arena, const struct range *range,
	      struct mime_part **root)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_PARTS);
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	uint64_t at = 0;
	int got = 0, r = ERR_MEMORY;

	*root = NULL;
	if (scan == NULL || room == NULL)
		goto out;
	while ((got = range_read(range, at, room, STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		mime_scan_push(scan, piece);
		at += piece.len;
	}
	r = got < 0 ? got : mime_scan_end(scan, root);
out:
	if (room != NULL)
		explicit_bzero(room, STREAM_PIECE);
	free(room);
	mime_scan_free(scan);
	return r;
}
