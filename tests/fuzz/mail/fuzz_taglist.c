/* fuzz_taglist.c - any bytes as a tag list */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/mail/taglist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct taglist list;
	size_t i;

	if (taglist_parse(arena, (struct bytes){ data, size }, &list) == 0)
		for (i = 0; i < list.count; i++)
			(void)tag_packed(arena, list.tags[i].value);
	arena_free(arena);
	return 0;
}
