/* ready.c - a role's first word to the front: what locks it in */
#include "agent/roles/roles.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/sandbox.h"
#include "agent/base/value.h"

#define READY_ARENA 16384

int role_ready(const struct sandbox_state *state)
{
	struct arena *arena = arena_new(READY_ARENA);
	struct frame frame = { FRAME_READY, 0, { NULL, 0 }, { 0 }, 0 };
	struct value *dict;
	struct buf wire;
	int r = ERR_MEMORY;

	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	if (arena == NULL)
		return r;
	dict = value_dict(arena);
	value_put_truth(arena, dict, "no_new_privileges",
			state->no_new_privs);
	value_put_truth(arena, dict, "undumpable", state->undumpable);
	value_put_truth(arena, dict, "no_core", state->no_core);
	value_put_truth(arena, dict, "seccomp", state->seccomp);
	value_put_truth(arena, dict, "landlock", state->landlock);
	value_put_number(arena, dict, "landlock_abi", state->landlock_abi);
	if (state->memory_locked)
		value_put_truth(arena, dict, "memory_locked", true);
	r = value_encode(dict, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = channel_send(ROLE_CHANNEL, &frame);
	buf_free(&wire);
	arena_free(arena);
	return r;
}
