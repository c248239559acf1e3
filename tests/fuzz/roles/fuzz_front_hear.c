/* fuzz_front_hear.c - what roles gone bad could say to the front
 *
 * The input is a script: a byte under 32 makes a call of that number; any
 * other one is a frame: who says it, then bytes for its type, its id, how many
 * descriptors come with it, two for the payload's length, and the payload.
 * The front answers no call twice, and stays as it is. */
#include <stdint.h>

#include "tests/unit/roles/front_stage.h"

#define CALLS_MAX 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *interface, *name;
	size_t messages;
} calls[] = {
	{ "Incoming1", "Check", 1 }, { "Incoming1", "CheckMany", 3 },
	{ "Incoming1", "Suggest", 1 }, { "Incoming1", "Open", 1 },
	{ "Contacts1", "Import", 1 }, { "Contacts1", "Known", 0 },
	{ "Contacts1", "Add", 0 }, { "Entity1", "Decrypt", 1 },
	{ "Entity1", "Verify", 2 }, { "Outgoing1", "CheckServer", 0 },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static bool frame_say(struct bytes *script, unsigned char who)
{
	unsigned char type, id, files, high, low;
	struct bytes payload;
	size_t len;

	if (!take_byte(script, &type) || !take_byte(script, &id) ||
	    !take_byte(script, &files) || !take_byte(script, &high) ||
	    !take_byte(script, &low))
		return false;
	len = (size_t)high << 8 | low;
	payload = bytes_slice(*script, 0, len);
	*script = bytes_slice(*script, payload.len, script->len);
	/* Whoever breaks the rules is hung up on. */
	return stage_say((enum child_kind)(who % CHILD_KINDS), type, id,
			 payload, files % 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes script = { data, size };
	unsigned made = 0;
	unsigned char op;

	if (stage.front.config == NULL)
		stage_open();
	stage_clear();
	while (take_byte(&script, &op)) {
		if (op < 32 && made++ < CALLS_MAX)
			stage_call(calls[op % CALLS].interface,
				   calls[op % CALLS].name,
				   calls[op % CALLS].messages);
		else if (op >= 32 && !frame_say(&script, op))
			break;
	}
	stage_clear();
	return 0;
}
