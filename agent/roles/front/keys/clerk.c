/* clerk.c - a process for one job with keys' and certificates' files */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/helper.h"
#include "agent/roles/roles.h"

#define REPORT_ARENA	(1024 * 1024)

struct clerk {
	struct helper *helper;		/* NULL: it ended */
	int fd;
	void (*said)(struct front *front, void *ctx,
		     const struct value *report, struct frame *frame,
		     const char *name, const char *sentence);
	void *ctx;
};

static void clerk_free(struct front *front, struct clerk *clerk)
{
	helper_stop(front, clerk->helper);
	front_unwatch(front, clerk->fd);
	(void)close(clerk->fd);
	free(clerk);
}

void clerk_stop(struct front *front, struct clerk *clerk)
{
	if (clerk != NULL)
		clerk_free(front, clerk);
}

static void clerk_ended(struct front *front, void *ctx, int status)
{
	struct clerk *clerk = ctx;

	(void)front;
	(void)status;
	clerk->helper = NULL;		/* its channel says the rest */
}

/* Its last word; the clerk is gone then. */
static void finish(struct front *front, struct clerk *clerk,
		   const struct value *report, struct frame *frame,
		   const char *name, const char *sentence)
{
	void (*said)(struct front *, void *, const struct value *,
		     struct frame *, const char *, const char *) = clerk->said;
	void *ctx = clerk->ctx;

	clerk_free(front, clerk);
	said(front, ctx, report, frame, name, sentence);
}

static void clerk_says(struct front *front, struct clerk *clerk,
		       struct frame *frame)
{
	struct arena *arena = arena_new(REPORT_ARENA);
	const char *name = NULL, *sentence = NULL;
	struct value *dict = NULL;

	if (arena == NULL ||
	    value_decode(arena, frame->payload, &dict) < 0) {
		name = "Failed";
		sentence = "What a process of mailseal said could not be "
			   "read; try again.";
		dict = NULL;
	} else if (frame->type == FRAME_FAILURE) {
		name = value_text(dict, "name");
		sentence = value_text(dict, "sentence");
		dict = NULL;
	}
	if (dict == NULL && (name == NULL || sentence == NULL)) {
		name = "Failed";
		sentence = "It failed without a reason.";
	}
	finish(front, clerk, dict, frame, name, sentence);
	arena_free(arena);
}

static void clerk_readable(struct front *front, void *ctx, short events)
{
	struct clerk *clerk = ctx;
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct frame frame;
	int r = ERR_MEMORY;

	(void)events;
	if (room != NULL)
		r = channel_receive(clerk->fd, room, &frame);
	if (r == 1 && frame.type == FRAME_READY) {
		frame_close(&frame);	/* what locks it in is no news */
	} else if (r == 1 && (frame.type == FRAME_REPORT ||
			      frame.type == FRAME_FAILURE)) {
		clerk_says(front, clerk, &frame);
		frame_close(&frame);
	} else if (r != ERR_TIMEOUT) {
		if (r == 1)
			frame_close(&frame);
		finish(front, clerk, NULL, NULL, "Unreadable", "The process "
		       "that reads such files ended over this one: it is "
		       "damaged, or made to do harm.");
	}
	free(room);
}

static int clerk_say(const struct clerk *clerk, enum channel_type type,
		     const struct value *payload, const int *fds,
		     size_t fd_count)
{
	struct frame frame;
	struct buf wire;
	int r;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)type;
	frame.id = 1;
	frame.fd_count = fd_count;
	memcpy(frame.fds, fds, sizeof(*fds) * fd_count);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	r = value_encode(payload, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = channel_send(clerk->fd, &frame);
	buf_free(&wire);
	return r;
}

struct clerk *clerk_start(struct front *front, enum channel_type type,
			  const struct value *payload, const int *fds,
			  size_t fd_count,
			  void (*said)(struct front *front, void *ctx,
				       const struct value *report,
				       struct frame *frame, const char *name,
				       const char *sentence),
			  void *ctx)
{
	static const int to[] = { ROLE_CHANNEL };
	char *argv[] = { (char *)(uintptr_t)"mailseald",
			 (char *)(uintptr_t)"--role=clerk", NULL };
	char *environment[] = { NULL };
	struct clerk *clerk = calloc(1, sizeof(*clerk));
	struct helper_plan plan;
	int ends[2];

	if (clerk == NULL || channel_pair(ends) < 0) {
		free(clerk);
		return NULL;
	}
	clerk->fd = ends[0];
	clerk->said = said;
	clerk->ctx = ctx;
	plan.path = "/proc/self/exe";
	plan.argv = argv;
	plan.environment = environment;
	plan.from = &ends[1];
	plan.to = to;
	plan.fds = 1;
	clerk->helper = helper_start(front, &plan, clerk_ended, clerk);
	(void)close(ends[1]);
	if (clerk->helper != NULL &&
	    clerk_say(clerk, type, payload, fds, fd_count) == 0 &&
	    front_watch(front, clerk->fd, POLLIN, clerk_readable, clerk) == 0)
		return clerk;
	clerk_free(front, clerk);
	return NULL;
}
