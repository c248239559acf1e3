/* fuzz_srv.c - SRV answers of a stranger: u16 length and rdata, many */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/dane/discover.h"
#include "tests/lab/script_resolver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t any(void)
{
	return 0x7fffffff;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script_resolver *script = script_resolver_new();
	struct arena *arena = arena_new(1024 * 1024);
	struct bytes rest = { data, size }, rdata;
	struct dns_request *request;
	struct dane_found found;
	uint16_t length;
	unsigned count;

	for (count = 0; count < 40 && take_u16(&rest, &length); count++) {
		length = (uint16_t)(length % 300);
		if (!take_bytes(&rest, length, &rdata))
			break;
		script_raw(script, count % 2 == 0 ?
			   "_submissions._tcp.example.lab" :
			   "_submission._tcp.example.lab", DNS_SRV, rdata);
	}
	request = dns_request_new(script_resolver_door(script),
				  clock_now_ms() + 1000);
	if (dane_discover(arena, request, "example.lab", any, &found) == 0 &&
	    found.count > DISCOVER_TARGETS_MAX)
		abort();
	dns_request_free(request);
	script_resolver_free(script);
	arena_free(arena);
	return 0;
}
