/* fuzz_message.c - any bytes as a message */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(16 * 1024 * 1024);
	struct message *message;
	size_t i;

	if (message_parse(arena, (struct bytes){ data, size }, &message) == 0)
		for (i = 0; i < message->field_count; i++)
			(void)field_unfold(arena, &message->fields[i]);
	arena_free(arena);
	return 0;
}
