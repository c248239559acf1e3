/* fuzz_dkim_signature.c - any bytes as the value of a DKIM-Signature, an
 * ARC-Message-Signature and an ARC-Seal */
#include <stdint.h>

#include "agent/auth/dkim_signature.h"
#include "agent/base/arena.h"
#include "agent/mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct field field = { { NULL, 0 }, { data, size }, { data, size },
			       false };
	struct dkim_signature out;
	const char *code, *text;

	(void)dkim_signature_parse(arena, DKIM_SIGNATURE, &field, &out, &code,
				   &text);
	(void)dkim_signature_parse(arena, DKIM_ARC_SIGNATURE, &field, &out,
				   &code, &text);
	(void)dkim_signature_parse(arena, DKIM_ARC_SEAL, &field, &out, &code,
				   &text);
	arena_free(arena);
	return 0;
}
