/* fuzz_received.c - any bytes as a Received field
 *
 * What comes out as an address is one, and is not told where the field is
 * unclear about it. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "agent/base/arena.h"
#include "agent/mail/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct received received;
	unsigned char room[16];
	const char *ip;

	if (received_parse(arena, (struct bytes){ data, size }, &received) ==
	    0) {
		ip = received.client_ip;
		if (ip != NULL && (received.unclear ||
				   (inet_pton(AF_INET, ip, room) != 1 &&
				    inet_pton(AF_INET6, ip, room) != 1)))
			abort();
		if (ip != NULL && received.from_helo == NULL)
			abort();
	}
	arena_free(arena);
	return 0;
}
