/* fuzz_openpgp_armor.c - armor and packets of a stranger */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/stream.h"
#include "agent/crypto/openpgp_armor.h"
#include "agent/crypto/openpgp_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int walk_write(void *ctx, struct bytes piece)
{
	return packet_push(ctx, piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct armor armor;
	struct packet_walk walk;
	struct sink sink = { walk_write, &walk };
	struct bytes all = { data, size };
	unsigned kind;

	for (kind = 0; kind < 3; kind++) {
		armor_start(&armor, (enum armor_kind)kind);
		packet_start(&walk, (enum packet_shape)kind);
		if (armor_push(&armor, bytes_slice(all, 0, size / 2),
			       &sink) == 0 &&
		    armor_push(&armor, bytes_slice(all, size / 2, size),
			       &sink) == 0 &&
		    armor_end(&armor, &sink) == 0)
			(void)packet_end(&walk);
	}
	return 0;
}
