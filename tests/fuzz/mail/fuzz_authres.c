/* fuzz_authres.c - any bytes as Authentication-Results, and as ARC's
 *
 * What comes out as a domain is one, and the words are in lower case. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/mail/domain.h"
#include "agent/mail/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_small(const char *word)
{
	for (; *word != 0; word++)
		if (*word >= 'A' && *word <= 'Z')
			abort();
}

static void look_at(const struct authres *results)
{
	const struct authres_result *one;
	size_t i;

	if (results->count > TRACE_RESULTS_MAX)
		abort();
	if (results->authserv_id != NULL)
		must_be_small(results->authserv_id);
	for (i = 0; i < results->count; i++) {
		one = &results->results[i];
		must_be_small(one->method);
		must_be_small(one->result);
		if (one->domain == NULL)
			continue;
		must_be_small(one->domain);
		if (!domain_is_valid(bytes_of(one->domain), DOMAIN_LDH) ||
		    one->property == NULL)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct bytes text = { data, size };
	struct authres results;
	unsigned instance;

	if (authres_parse(arena, text, &results) == 0)
		look_at(&results);
	if (authres_parse_arc(arena, text, &instance, &results) == 0) {
		if (instance == 0 || results.authserv_id == NULL)
			abort();
		look_at(&results);
	}
	arena_free(arena);
	return 0;
}
