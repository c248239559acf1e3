/* fuzz_compose.c - any message as an entity: canonical, and stable
 *
 * What was composed is composed once more: nothing may change any more, but
 * where another's signature is not to be touched. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/mail/compose.h"
#include "agent/mail/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int composed(struct arena *arena, struct bytes text, struct buf *out)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_LINES);
	struct memfile file = { text, text.len, false, -1 };
	struct range range = { &file, NULL, 0, text.len };
	struct compose compose = { arena, { NULL, 0 }, "", NULL,
				   { NULL, 0 } };
	struct sink to = sink_of_buf(out);
	const struct compose_plan *plan;
	struct compose_reader *reader;
	struct mime_part *root;
	struct source source;
	int r;

	mime_scan_push(scan, text);
	r = mime_scan_end(scan, &root);
	mime_scan_free(scan);
	if (r == 0)
		r = compose_plan_make(&compose, root, &plan);
	if (r < 0)
		return r;
	reader = compose_reader_new(plan, &range);
	source = compose_reader_source(reader);
	r = stream_copy(&source, &to);
	compose_reader_free(reader);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(64 * 1024 * 1024);
	struct bytes text = { data, size };
	struct buf once, twice;
	size_t i;

	buf_init(&once, 16 * 1024 * 1024);
	buf_init(&twice, 64 * 1024 * 1024);
	if (composed(arena, text, &once) == 0) {
		for (i = 0; i < once.len; i++)
			if (once.data[i] == '\n' &&
			    (i == 0 || once.data[i - 1] != '\r'))
				abort();
		(void)composed(arena, buf_bytes(&once), &twice);
	}
	buf_free(&once);
	buf_free(&twice);
	arena_free(arena);
	return 0;
}
