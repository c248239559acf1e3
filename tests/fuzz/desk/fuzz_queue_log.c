/* fuzz_queue_log.c - replaying any log */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/desk/queue_log.h"
#include "agent/desk/queue_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 << 20);
	struct queue_state state;
	struct queue_next next;

	if (arena == NULL)
		return 0;
	if (queue_log_read(arena, (struct bytes){ data, size }, 5,
			   &state) == 0) {
		if (state.open + state.taken + state.refused != 5)
			abort();
		next = queue_plan(&state, QUEUE_CAUSE_MAIL, 0, 0, 1);
		if (next.phase == QUEUE_SENT && state.taken != 5)
			abort();
	}
	arena_free(arena);
	return 0;
}
