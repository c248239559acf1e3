/* fuzz_address.c - any bytes as a mailbox list
 *
 * A normal address must read back as itself. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	const char *normal, *again;
	struct mailbox_list list;
	struct mailbox one;
	size_t i;

	if (address_list_parse(arena, (struct bytes){ data, size }, &list) < 0)
		list.count = 0;
	for (i = 0; i < list.count; i++) {
		normal = address_normal(arena, &list.mailboxes[i]);
		if (normal == NULL)
			continue;
		if (address_parse(arena, bytes_of(normal), &one) < 0)
			abort();
		again = address_normal(arena, &one);
		if (again != NULL && strcmp(again, normal) != 0)
			abort();
	}
	arena_free(arena);
	return 0;
}
