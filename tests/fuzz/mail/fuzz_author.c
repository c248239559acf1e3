/* fuzz_author.c - any bytes as a From field
 *
 * One author has an address and a name that can be shown. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/author.h"
#include "agent/mail/message.h"
#include "agent/mail/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct message *message;
	struct author author;
	struct buf text;

	buf_init(&text, size + 16);
	buf_text(&text, "From: ");
	buf_add(&text, (struct bytes){ data, size });
	buf_text(&text, "\n\n");
	if (message_parse(arena, buf_bytes(&text), &message) == 0 &&
	    author_read(arena, message, &author) == 0 &&
	    author.state == AUTHOR_ONE) {
		if (author.address == NULL || author.domain == NULL ||
		    !utf8_is_valid(bytes_of(author.address)))
			abort();
		if (author.name != NULL && !author.name_unreadable &&
		    name_has_control(bytes_of(author.name)))
			abort();
	}
	buf_free(&text);
	arena_free(arena);
	return 0;
}
