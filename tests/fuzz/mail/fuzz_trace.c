/* fuzz_trace.c - any bytes as Received, Authentication-Results, and both
 * inside a message */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"mx.example.net", "*.example.org", "none:outlook.com"
	};
	const struct patterns trusted = { names, 3 };
	struct arena *arena = arena_new(16 * 1024 * 1024);
	struct bytes text = { data, size };
	struct authres_believed believed;
	struct message *message;
	struct received received;
	struct authres results;
	struct trace trace;

	(void)received_parse(arena, text, &received);
	(void)authres_parse(arena, text, &results);
	if (message_parse(arena, text, &message) == 0 &&
	    trace_read(arena, message, &trusted, &trace) == 0)
		(void)authres_believe(arena, message, &trace, &trusted,
				      &believed);
	arena_free(arena);
	return 0;
}
