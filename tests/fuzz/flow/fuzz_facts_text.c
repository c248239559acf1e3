/* fuzz_facts_text.c - any bytes as kept facts; what is read is printed the
 * same, and read again */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/flow/facts_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct bytes text = { data, size };
	const char *once, *twice = NULL;
	struct facts *facts;

	if (facts_parse(arena, text, &facts) == 0) {
		once = facts_print(arena, facts);
		if (once != NULL &&
		    facts_parse(arena, bytes_of(once), &facts) != 0)
			abort();
		if (once != NULL)
			twice = facts_print(arena, facts);
		if (once != NULL &&
		    (twice == NULL || strcmp(once, twice) != 0))
			abort();
	}
	arena_free(arena);
	return 0;
}
