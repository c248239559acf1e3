/* fuzz_autocrypt.c - any header with a key in it */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/mail/autocrypt.h"
#include "agent/mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct message *message;
	struct autocrypt out;

	if (message_parse(arena, (struct bytes){ data, size }, &message) == 0)
		(void)autocrypt_read(arena, message, "a@b.example", &out);
	arena_free(arena);
	return 0;
}
