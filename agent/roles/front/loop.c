/* loop.c - the front's loop: channels, the bus, watches and timers */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sysexits.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/outgoing/queue.h"
#include "agent/roles/front/gpg.h"

#define FRAMES_A_TURN	256
#define WATCHES_MAX	1024
#define SLEEP_MAX_MS	60000
#define SETTLE_MS	100	/* until the address books are known */

struct watch {
	struct watch *next;		/* front::watches */
	int fd;				/* -1: let go */
	short events;
	short found;			/* of this turn */
	void (*ready)(struct front *front, void *ctx, short events);
	void *ctx;
};

int front_watch(struct front *front, int fd, short events,
		void (*ready)(struct front *front, void *ctx, short events),
		void *ctx)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return ERR_MEMORY;
	watch->fd = fd;
	watch->events = events;
	watch->ready = ready;
	watch->ctx = ctx;
	watch->next = front->watches;
	front->watches = watch;
	return 0;
}

void front_unwatch(struct front *front, int fd)
{
	struct watch *watch;

	for (watch = front->watches; watch != NULL; watch = watch->next)
		if (watch->fd == fd && fd >= 0)
			watch->fd = -1;
}

static void watches_sweep(struct front *front)
{
	struct watch **at = &front->watches, *gone;

	while (*at != NULL) {
		gone = *at;
		if (gone->fd >= 0) {
			at = &gone->next;
			continue;
		}
		*at = gone->next;
		free(gone);
	}
}

void front_timer(struct front *front, struct timer *timer)
{
	timer->next = front->timers;
	front->timers = timer;
}

void front_timer_drop(struct front *front, struct timer *timer)
{
	struct timer **at = &front->timers;

	while (*at != NULL && *at != timer)
		at = &(*at)->next;
	if (*at != NULL)
		*at = timer->next;
}

static void child_readable(struct front *front, enum child_kind kind,
			   void *room)
{
	struct frame frame;
	int turn, r = 0;

	for (turn = 0; turn < FRAMES_A_TURN; turn++) {
		r = channel_receive(front->children[kind].fd, room, &frame);
		if (r <= 0)
			break;
		if (!front_hear(front, kind, &frame))
			r = ERR_PROTOCOL;
		frame_close(&frame);
		if (r < 0 || front->children[kind].fd < 0)
			break;
	}
	if (r <= 0 && r != ERR_TIMEOUT)
		child_lost(front, kind);
}

/* --- one turn */

enum { POLL_BUS, POLL_CHILDREN, POLL_WATCHES = POLL_CHILDREN + CHILD_KINDS,
       POLL_COUNT = POLL_WATCHES + WATCHES_MAX };

static int wait_of(const struct front *front, int64_t now)
{
	int64_t until = now + SLEEP_MAX_MS, next = errands_next(front);
	const struct child *child;
	const struct timer *timer;
	int kind;

	if (service_has_more(front->service))
		return 0;
	if (next >= 0 && next < until)
		until = next;
	for (timer = front->timers; timer != NULL; timer = timer->next)
		if (timer->at != 0 && timer->at < until)
			until = timer->at;
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		child = &front->children[kind];
		if (child->down_until != 0 && child->down_until < until)
			until = child->down_until;
		if (child_is_behind(child) && child->untold_until < until)
			until = child->untold_until;
	}
	return until <= now ? 0 : (int)(until - now);
}

static void timers_run(struct front *front, int64_t now)
{
	struct timer *timer = front->timers;
	int kind;

	while (timer != NULL) {
		if (timer->at == 0 || timer->at > now) {
			timer = timer->next;
			continue;
		}
		timer->at = 0;
		timer->due(front, timer->ctx);
		timer = front->timers;	/* the list may be another one */
	}
	errands_expire(front, now);
	for (kind = 0; kind < CHILD_KINDS; kind++)
		child_takes(front, (enum child_kind)kind, now);
	children_revive(front, now);
}

/* Fills in what to poll; how many. */
static nfds_t look_at(struct front *front, struct pollfd *fds, bool calls)
{
	struct watch *watch;
	nfds_t count = POLL_WATCHES;
	int kind;

	memset(fds, 0, sizeof(*fds) * POLL_WATCHES);
	fds[POLL_BUS].fd = -1;
	if (calls)
		(void)service_poll(front->service, &fds[POLL_BUS], 1);
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		fds[POLL_CHILDREN + kind].fd = front->children[kind].fd;
		fds[POLL_CHILDREN + kind].events =
			child_is_behind(&front->children[kind]) ?
			POLLIN | POLLOUT : POLLIN;
	}
	for (watch = front->watches; watch != NULL; watch = watch->next) {
		watch->found = 0;
		if (count == POLL_COUNT)
			break;
		fds[count].fd = watch->fd;
		fds[count].events = watch->events;
		fds[count++].revents = 0;
	}
	return count;
}

static void watches_run(struct front *front, const struct pollfd *fds,
			nfds_t count)
{
	struct watch *watch = front->watches;
	nfds_t i;

	for (i = POLL_WATCHES; i < count && watch != NULL;
	     i++, watch = watch->next)
		watch->found = fds[i].revents;
	/* A ready() may add watches in front and let go of any. */
	for (watch = front->watches; watch != NULL; watch = watch->next)
		if (watch->fd >= 0 && watch->found != 0)
			watch->ready(front, watch->ctx, watch->found);
	watches_sweep(front);
}

int front_loop(struct front *front)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd *fds = calloc(POLL_COUNT, sizeof(*fds));
	nfds_t count;
	int kind, wait, status = EX_OK;
	bool calls = false;

	if (room == NULL || fds == NULL) {
		status = EX_OSERR;
		front->stop = true;
	}
	while (!front->stop) {
		/* Nobody is judged before the contacts are known. */
		calls = calls || books_settled(front);
		count = look_at(front, fds, calls);
		wait = wait_of(front, clock_now_ms());
		if (!calls && wait > SETTLE_MS)
			wait = SETTLE_MS;
		if (poll(fds, count, wait) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		for (kind = 0; kind < CHILD_KINDS; kind++)
			if ((fds[POLL_CHILDREN + kind].revents & ~POLLOUT) != 0)
				child_readable(front, (enum child_kind)kind,
					       room);
		watches_run(front, fds, count);
		if (calls && !service_work(front->service, &fds[POLL_BUS],
					   1)) {
			log_line(LOG_LEVEL_INFO, "the session bus is gone");
			break;
		}
		timers_run(front, clock_now_ms());
	}
	free(fds);
	free(room);
	return status;
}

void front_loop_free(struct front *front)
{
	struct watch *watch;

	while ((watch = front->watches) != NULL) {
		front->watches = watch->next;
		free(watch);
	}
	front->timers = NULL;
}
