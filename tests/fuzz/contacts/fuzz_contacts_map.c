/* fuzz_contacts_map.c - any bytes as a map, and questions to what opens */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/contacts/contacts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes map = { data, size };
	struct arena *arena = arena_new(1024 * 1024);
	const char *asked = "alice@xn--pple-43d.example";
	struct contacts *contacts;

	if (arena != NULL && contacts_open(map, &contacts) == 0) {
		(void)contacts_name_owner(arena, contacts, "Alice", asked);
		(void)contacts_look_alike(arena, contacts, asked);
		(void)contacts_same_person(contacts, asked,
					   "alice@example.org");
		contacts_free(contacts);
	}
	arena_free(arena);
	return 0;
}
