/* server_send.c - answers to askers, states to the front (docs/channel.md) */
#include "agent/dns/server_send.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/dns/wire.h"

#define STATE_ARENA	8192

int server_answer_send(int client, uint32_t id,
		       const struct dns_answer *answer)
{
	struct frame frame = { FRAME_ANSWER, 0, { NULL, 0 }, { 0 }, 0 };
	struct buf wire;
	int r = ERR_LIMIT;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_answer(&wire, id, answer);
	frame.payload = buf_bytes(&wire);
	if (!wire.full)
		r = channel_send(client, &frame);
	buf_free(&wire);
	return r;
}

void server_state_send(int front, const char *mode, bool works,
		       const char *sentence)
{
	struct frame frame = { FRAME_STATE, 0, { NULL, 0 }, { 0 }, 0 };
	struct arena *arena = arena_new(STATE_ARENA);
	struct value *dict;
	struct buf wire;

	if (arena == NULL)
		return;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	dict = value_dict(arena);
	value_put_text(arena, dict, "mode", mode);
	value_put_truth(arena, dict, "works", works);
	value_put_text(arena, dict, "sentence", sentence);
	if (value_encode(dict, &wire) == 0) {
		frame.payload = buf_bytes(&wire);
		(void)channel_send(front, &frame);
	}
	buf_free(&wire);
	arena_free(arena);
}
