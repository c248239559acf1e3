/* fuzz_spf_macro.c - a line of sender and client, then any macro string */
#include <stdint.h>
#include <stdlib.h>

#include "agent/auth/spf_macro.h"
#include "agent/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes spec = { data, size }, line;
	struct arena *arena = arena_new(64 * 1024);
	struct spf_macros macros;
	const char *text;

	memset(&macros, 0, sizeof(macros));
	(void)bytes_cut(spec, '\n', &line, &spec);
	text = arena_text(arena, line);
	macros.local = text == NULL ? "a" : text;
	macros.sender_domain = macros.domain = "example.org";
	macros.ip.v6 = line.len % 2 == 1;
	macros.now = (int64_t)size;
	(void)spf_spec_wants_p(spec);
	text = NULL;
	if (spf_spec_is_valid(spec, SPF_SPEC_DOMAIN))
		text = spf_expand_domain(arena, spec, &macros);
	if (text != NULL && strlen(text) > 253)
		abort();
	text = NULL;
	if (spf_spec_is_valid(spec, SPF_SPEC_EXPLANATION))
		text = spf_expand_text(arena, spec, &macros);
	for (; text != NULL && *text != 0; text++)
		if (*text < ' ' || *text > '~')
			abort();
	arena_free(arena);
	return 0;
}
