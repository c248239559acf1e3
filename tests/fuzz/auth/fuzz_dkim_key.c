/* fuzz_dkim_key.c - any bytes as a key record, for both algorithms */
#include <stdint.h>

#include "agent/auth/dkim_key.h"
#include "agent/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct bytes record = { data, size };
	const char *code, *text;
	struct dkim_key key;

	(void)dkim_key_is_one(arena, record);
	(void)dkim_key_parse(arena, record, DKIM_RSA_SHA256, &key, &code,
			     &text);
	dkim_key_clear(&key);
	(void)dkim_key_parse(arena, record, DKIM_ED25519_SHA256, &key, &code,
			     &text);
	dkim_key_clear(&key);
	arena_free(arena);
	return 0;
}
