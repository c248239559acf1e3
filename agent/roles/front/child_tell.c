/* child_tell.c - what a role is told, in order, also while it takes nothing
 *
 * Its socket holds about a thousand small frames.  What does not fit stays
 * here until it does, so that the calls of others go on; a role that takes
 * none of it for UNTAKEN_MS is dead. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/roles/front/front.h"

#define UNTAKEN_MS	5000
#define UNTAKEN_MAX	4000	/* frames; then the front waits with them */

struct untold {
	struct untold *next;
	struct frame frame;		/* with descriptors of its own */
	unsigned char payload[];
};

static struct untold *untold_copy(const struct frame *frame)
{
	struct untold *untold = malloc(sizeof(*untold) + frame->payload.len);
	size_t i;

	if (untold == NULL)
		return NULL;
	memset(untold, 0, sizeof(*untold));
	untold->frame.type = frame->type;
	untold->frame.id = frame->id;
	untold->frame.payload.len = frame->payload.len;
	untold->frame.payload.data = untold->payload;
	if (frame->payload.len > 0)
		memcpy(untold->payload, frame->payload.data,
		       frame->payload.len);
	for (i = 0; i < frame->fd_count; i++) {
		untold->frame.fds[i] = fcntl(frame->fds[i], F_DUPFD_CLOEXEC,
					     0);
		untold->frame.fd_count++;
		if (untold->frame.fds[i] < 0) {
			frame_close(&untold->frame);
			free(untold);
			return NULL;
		}
	}
	return untold;
}

static void untold_drop(struct child *child)
{
	struct untold *gone = child->untold;

	child->untold = gone->next;
	child->untold_count--;
	frame_close(&gone->frame);
	explicit_bzero(gone->payload, gone->frame.payload.len);
	free(gone);
}

void child_untold_free(struct child *child)
{
	while (child->untold != NULL)
		untold_drop(child);
}

/* Until there is nothing more, or it takes no more within `wait_ms`. */
static int tell_rest(struct child *child, int wait_ms)
{
	int r = 0;

	while (child->untold != NULL) {
		r = channel_send_within(child->fd, &child->untold->frame,
					wait_ms);
		if (r < 0)
			break;
		untold_drop(child);
		child->untold_until = clock_now_ms() + UNTAKEN_MS;
	}
	return r;
}

static int put_off(struct child *child, const struct frame *frame)
{
	struct untold *untold = untold_copy(frame);

	if (untold == NULL)
		return ERR_MEMORY;
	if (child->untold == NULL) {
		child->untold = untold;
		child->untold_until = clock_now_ms() + UNTAKEN_MS;
	} else {
		child->untold_last->next = untold;
	}
	child->untold_last = untold;
	child->untold_count++;
	return 0;
}

int child_tell(struct front *front, enum child_kind kind,
	       const struct frame *frame)
{
	struct child *child = &front->children[kind];
	int64_t left = child->untold_until - clock_now_ms();
	int r = 0;

	if (child->untold_count >= UNTAKEN_MAX)
		r = tell_rest(child, left < 0 ? 0 : (int)left);
	if (r < 0)
		return r;
	if (child->untold == NULL)
		r = channel_send_within(child->fd, frame, 0);
	return child->untold != NULL || r == ERR_TIMEOUT ?
		put_off(child, frame) : r;
}

bool child_is_behind(const struct child *child)
{
	return child->untold != NULL;
}

void child_takes(struct front *front, enum child_kind kind, int64_t now)
{
	struct child *child = &front->children[kind];
	int r = child_is_behind(child) ? tell_rest(child, 0) : 0;

	if (r == 0 || (r == ERR_TIMEOUT && now < child->untold_until))
		return;
	if (r == ERR_TIMEOUT)
		log_line(LOG_LEVEL_WARNING, "the %s takes nothing any more",
			 child_name(kind));
	child_lost(front, kind);
}
