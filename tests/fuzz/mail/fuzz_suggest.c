/* fuzz_suggest.c - a folder of one message, many times over, and its lines */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/suggest.h"

#define ARENA	(8 * 1024 * 1024)
#define TIMES	6			/* enough to bear a proposal */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct arena *arena = arena_new(ARENA);
	struct suggest *suggest = suggest_new();
	struct suggest_lines lines;
	struct message *message;
	size_t i;

	domain_prepare();
	if (message_parse(arena, text, &message) == 0) {
		for (i = 0; i < TIMES; i++)
			(void)suggest_add(suggest, message);
		if (suggest_conclude(suggest, arena, &lines) == 0 &&
		    lines.count > SUGGEST_LINES_MAX)
			abort();
	}
	suggest_free(suggest);
	arena_free(arena);
	return 0;
}
