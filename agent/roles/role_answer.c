/* role_answer.c - REPORT and FAILURE, a role's answers to the front */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/roles/role.h"
#include "agent/roles/roles.h"

#define FAIL_ARENA 32768

/* False: larger than a frame. */
static int frame_send(enum channel_type type, uint32_t id,
		      const struct value *dict, const int *fds,
		      size_t fd_count)
{
	struct frame frame;
	struct buf wire;
	int r;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)type;
	frame.id = id;
	frame.fd_count = fd_count;
	if (fd_count > 0)
		memcpy(frame.fds, fds, sizeof(*fds) * fd_count);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	r = value_encode(dict, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = channel_send(ROLE_CHANNEL, &frame);
	buf_free(&wire);
	return r;
}

int role_send(enum channel_type type, uint32_t id,
	      const struct value *payload)
{
	return frame_send(type, id, payload, NULL, 0);
}

void role_want(enum channel_type channel)
{
	unsigned char number = (unsigned char)channel;
	struct frame frame = { FRAME_WANT, 0, { &number, 1 }, { 0 }, 0 };

	(void)channel_send(ROLE_CHANNEL, &frame);
}

unsigned role_wanted(const struct frame *frame)
{
	return frame->payload.len == 1 ? frame->payload.data[0] : 0;
}

void role_fail(uint32_t id, const char *name, const char *sentence)
{
	struct arena *arena = arena_new(FAIL_ARENA);
	struct value *dict;

	if (arena == NULL)
		return;
	dict = value_dict(arena);
	value_put_text(arena, dict, "name", name);
	value_put_text(arena, dict, "sentence", sentence);
	(void)frame_send(FRAME_FAILURE, id, dict, NULL, 0);
	arena_free(arena);
}

void role_report(uint32_t id, const struct value *report, const int *fds,
		 size_t fd_count)
{
	if (frame_send(FRAME_REPORT, id, report, fds, fd_count) < 0)
		role_fail(id, "Failed", "The report is larger than a frame.");
}
