/* fuzz_message.c - any bytes as a message
 *
 * Fields are slices of it, in order; what is not odd hides nothing. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/mail/message.h"
#include "agent/mail/message_hidden.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(struct arena *arena, const struct message *message)
{
	const unsigned char *end = message->raw.data;
	const struct field *field;
	size_t i;

	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (field->whole.data < end ||
		    field->value.data + field->value.len !=
		    field->whole.data + field->whole.len)
			abort();
		end = field->whole.data + field->whole.len;
		(void)field_unfold(arena, field);
	}
	if (end > message->head.data + message->head.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "From", "Subject", "To",
					     "Content-Type" };
	struct arena *arena = arena_new(16 * 1024 * 1024);
	struct message *message;
	size_t i;

	if (message_parse(arena, (struct bytes){ data, size }, &message) ==
	    0) {
		look_at(arena, message);
		for (i = 0; i < 4; i++)
			if (message_hidden(message, names[i]) > 0 &&
			    !message->odd)
				abort();
		if (message->hidden_from != message_hidden(message, "From"))
			abort();
	}
	arena_free(arena);
	return 0;
}
