/* fuzz_mime.c - any bytes as parts; pieces must not matter */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/mail/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int scanned(struct arena *arena, struct bytes text, size_t step,
		   struct mime_part **root)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_LINES);
	size_t at;
	int r;

	*root = NULL;
	if (scan == NULL)
		return -1;
	for (at = 0; at < text.len; at += step)
		mime_scan_push(scan, bytes_slice(text, at, at + step));
	r = mime_scan_end(scan, root);
	mime_scan_free(scan);
	return r;
}

static void compare(const struct mime_part *a, const struct mime_part *b,
		    size_t size)
{
	if (a->start != b->start || a->body != b->body || a->end != b->end ||
	    a->odd != b->odd || a->lines.bare_cr != b->lines.bare_cr ||
	    a->lines.longest != b->lines.longest ||
	    a->start > a->body || a->body > a->end || a->end > size)
		abort();
	for (a = a->first, b = b->first; a != NULL && b != NULL;
	     a = a->next, b = b->next)
		compare(a, b, size);
	if (a != NULL || b != NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(64 * 1024 * 1024);
	struct bytes text = { data, size };
	struct mime_part *whole, *pieces;

	if (scanned(arena, text, size + 1, &whole) == 0 &&
	    scanned(arena, text, 3, &pieces) == 0)
		compare(whole, pieces, size);
	arena_free(arena);
	return 0;
}
