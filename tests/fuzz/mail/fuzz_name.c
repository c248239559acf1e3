/* fuzz_name.c - any text as a display name
 *
 * What is shown is UTF-8 that no terminal or markup acts on. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/mail/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct bytes text = { data, size };
	struct name_found found;
	const char *name, *shown;

	name = arena_text(arena, bytes_slice(text, 0, bytes_find(text, 0)));
	shown = name == NULL ? NULL : name_shown(arena, name);
	if (shown != NULL && (!utf8_is_valid(bytes_of(shown)) ||
			      name_has_control(bytes_of(shown)) ||
			      strpbrk(shown, "<>&") != NULL))
		abort();
	if (name != NULL) {
		(void)name_normal(arena, name);
		(void)name_skeleton(arena, name);
		(void)name_shown_from(arena, name, name);
		name_find_addresses(arena, name, &found);
	}
	arena_free(arena);
	return 0;
}
