/* fuzz_dmarc_record.c - any bytes as a DMARC record */
#include <stdint.h>

#include "agent/auth/dmarc_record.h"
#include "agent/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(65536);
	struct dmarc_record record;

	if (dmarc_record_parse(arena, (struct bytes){ data, size }, &record))
		(void)dmarc_record_is_unusable(&record);
	arena_free(arena);
	return 0;
}
