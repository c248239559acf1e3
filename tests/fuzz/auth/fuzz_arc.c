/* fuzz_arc.c - any header as a chain, whose sealer would be trusted
 *
 * Nobody answers for the keys: what is tried is reading, ordering and the
 * refusal. */
#include <stdint.h>

#include "agent/auth/arc.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"
#include "tests/lab/script_resolver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "example.org", "*.example.org" };
	static const struct patterns sealers = { names, 2 };
	struct script_resolver *script = script_resolver_new();
	struct dns_request *request =
		dns_request_new(script_resolver_door(script),
				clock_now_ms() + 1000);
	struct arena *arena = arena_new(8 * 1024 * 1024);
	struct message *message = NULL;
	struct arc_finding found;
	struct arc_check *check;
	struct dkim_input input;

	memset(&input, 0, sizeof(input));
	input.now = input.arrived = 1767225600;
	if (message_parse(arena, (struct bytes){ data, size },
			  &message) == 0) {
		input.message = message;
		check = arc_start(arena, request, &input, &sealers);
		if (check != NULL)
			arc_finish(check, &found);
	}
	dns_request_free(request);
	script_resolver_free(script);
	arena_free(arena);
	return 0;
}
