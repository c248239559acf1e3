/* fuzz_queue_job.c - what was parsed prints, and parses the same */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/desk/queue_job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 << 20);
	struct queue_job job, again;
	struct buf text;

	if (arena == NULL)
		return 0;
	buf_init(&text, QUEUE_TEXT_MAX);
	if (queue_job_parse(arena, (struct bytes){ data, size }, 1000,
			    &job) == 0 &&
	    (queue_job_print(&job, &text) < 0 ||
	     queue_job_parse(arena, buf_bytes(&text), 1000, &again) < 0 ||
	     again.recipient_count != job.recipient_count))
		abort();
	buf_free(&text);
	arena_free(arena);
	return 0;
}
