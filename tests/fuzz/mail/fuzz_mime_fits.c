/* fuzz_mime_fits.c - any bytes as a message whose fields nobody signed */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_fits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct bytes raw = { data, size };
	struct mime_unsigned what = { true, true };
	struct message *message;
	struct mime_body body;

	if (message_parse(arena, raw, &message) == 0) {
		body.start = body.end = message->body;
		body.whole = true;
		(void)mime_misfit(arena, message, what, &body);
		body.end = bytes_slice(body.start, body.start.len / 2,
				       body.start.len);
		body.whole = false;
		(void)mime_misfit(arena, message, what, &body);
	}
	arena_free(arena);
	return 0;
}
