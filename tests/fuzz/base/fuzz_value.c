/* fuzz_value.c - any payload of a frame; what is taken can be sent again */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct arena *arena = arena_new(1024 * 1024);
	struct value *value;
	struct buf wire;

	buf_init(&wire, 1024 * 1024);
	if (value_decode(arena, bytes, &value) == 0 &&
	    (value_encode(value, &wire) < 0 ||
	     !bytes_equal(bytes, buf_bytes(&wire))))
		abort();
	buf_free(&wire);
	arena_free(arena);
	return 0;
}
