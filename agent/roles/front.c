/* front.c - the role that owns the bus name: its loop */
#include "agent/roles/front.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/anchors.h"
#include "agent/roles/roles.h"

#define STATE_ARENA	65536
#define BOOKS_EVERY_MS	2000	/* how often address books are looked at */
#define BOOKS_FIRST_MS	3000	/* so long the first calls wait for them */
#define FRAMES_A_TURN	256

/* What the roles say, and who listens. */
static void on_ready(struct front *front, enum child_kind kind,
		     struct frame *frame)
{
	struct child *child = &front->children[kind];

	arena_free(child->arena);
	child->cage = NULL;
	child->arena = arena_new(STATE_ARENA);
	if (child->arena != NULL)
		(void)value_decode(child->arena, frame->payload, &child->cage);
	child->ready = true;
}

static void on_state(struct front *front, struct frame *frame)
{
	arena_free(front->state_arena);
	front->state = NULL;
	front->state_arena = arena_new(STATE_ARENA);
	if (front->state_arena != NULL)
		(void)value_decode(front->state_arena, frame->payload,
				   &front->state);
}

/* False: the role may not say that. */
static bool child_says(struct front *front, enum child_kind kind,
		       struct frame *frame)
{
	switch (frame->type) {
	case FRAME_READY:
		on_ready(front, kind, frame);
		return true;
	case FRAME_STATE:
		on_state(front, frame);
		return kind == CHILD_RESOLVER;
	case FRAME_REPORT:
		front_report(front, frame);
		return kind == CHILD_READER;
	case FRAME_FAILURE:
		front_failure(front, frame);
		return kind == CHILD_READER;
	case FRAME_PARSED:
		books_parsed(front, frame);
		return kind == CHILD_READER;
	default:
		return false;
	}
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
		if (!child_says(front, kind, &frame))
			r = ERR_PROTOCOL;
		frame_close(&frame);
		if (r < 0 || front->children[kind].fd < 0)
			break;
	}
	if (r <= 0 && r != ERR_TIMEOUT)
		child_lost(front, kind);
}

static void signal_readable(struct front *front)
{
	struct signalfd_siginfo info;

	if (read(front->signal_fd, &info, sizeof(info)) == sizeof(info) &&
	    info.ssi_signo != SIGCHLD)
		front->stop = true;
}

enum { POLL_SIGNAL, POLL_NETWORK, POLL_ROUTES, POLL_CHILDREN,
       POLL_BUS = POLL_CHILDREN + CHILD_KINDS, POLL_COUNT };

static int wait_of(struct front *front, int64_t now, int64_t books_at)
{
	int64_t until = books_at, next = pending_next(front);
	int kind;

	if (service_has_more(front->service))
		return 0;
	if (next >= 0 && next < until)
		until = next;
	if (front->network_changed != 0 && front->network_changed < until)
		until = front->network_changed;
	for (kind = 0; kind < CHILD_KINDS; kind++)
		if (front->children[kind].down_until != 0 &&
		    front->children[kind].down_until < until)
			until = front->children[kind].down_until;
	if (until <= now)
		return 0;
	return (int)(until - now);
}

static void timers(struct front *front, int64_t now, int64_t *books_at)
{
	if (front->network_changed != 0 && now >= front->network_changed) {
		front->network_changed = 0;
		if (front_send_network(front) < 0)
			child_lost(front, CHILD_RESOLVER);
	}
	if (now >= *books_at) {
		(void)books_changed(front);
		*books_at = now + BOOKS_EVERY_MS;
	}
	pending_expire(front, now);
	child_revive(front, now);
}

/* `calls`: whether the bus is listened to. */
static void watch(struct front *front, struct pollfd *fds, bool calls)
{
	int kind;

	memset(fds, 0, sizeof(*fds) * POLL_COUNT);
	fds[POLL_SIGNAL].fd = front->signal_fd;
	fds[POLL_NETWORK].fd = front->network_fd;
	fds[POLL_ROUTES].fd = front->routes_fd;
	for (kind = 0; kind < CHILD_KINDS; kind++)
		fds[POLL_CHILDREN + kind].fd = front->children[kind].fd;
	for (kind = 0; kind < POLL_BUS; kind++)
		fds[kind].events = POLLIN;
	fds[POLL_BUS].fd = -1;
	if (calls)
		(void)service_poll(front->service, &fds[POLL_BUS], 1);
}

static int loop(struct front *front)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	int64_t books_at = clock_now_ms() + BOOKS_EVERY_MS;
	int64_t books_until = clock_now_ms() + BOOKS_FIRST_MS;
	struct pollfd fds[POLL_COUNT];
	int kind, status = EX_OK;
	bool calls = false;

	if (room == NULL)
		return EX_OSERR;
	while (!front->stop) {
		/* Nobody is judged before the contacts are known. */
		calls = calls || books_settled(front) ||
			clock_now_ms() >= books_until;
		watch(front, fds, calls);
		if (poll(fds, POLL_COUNT, calls ?
			 wait_of(front, clock_now_ms(), books_at) : 100) < 0 &&
		    errno != EINTR)
			break;
		if (fds[POLL_SIGNAL].revents != 0)
			signal_readable(front);
		if (fds[POLL_NETWORK].revents != 0 ||
		    fds[POLL_ROUTES].revents != 0)
			network_readable(front, clock_now_ms());
		for (kind = 0; kind < CHILD_KINDS; kind++)
			if (fds[POLL_CHILDREN + kind].revents != 0)
				child_readable(front, (enum child_kind)kind,
					       room);
		if (calls && !service_work(front->service, &fds[POLL_BUS],
					   1)) {
			log_line(LOG_LEVEL_INFO, "the session bus is gone");
			break;
		}
		timers(front, clock_now_ms(), &books_at);
	}
	free(room);
	return status;
}

/* 500 checks in hand hold 500 descriptors. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int signals_open(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return ERR_IO;
	(void)signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int start(struct front *front, const struct service_owner *owner)
{
	char why[4096];
	bool taken;

	front->lock_fd = state_folder_lock(why, sizeof(why));
	if (front->lock_fd < 0) {
		log_line(LOG_LEVEL_ERROR, "%s", why);
		return front->lock_fd == ERR_REFUSED ? EX_TEMPFAIL :
						       EX_CANTCREAT;
	}
	front->anchors = anchors_read(front->config, why, sizeof(why));
	if (front->anchors == NULL) {
		log_line(LOG_LEVEL_ERROR, "%s", why);
		return EX_CONFIG;
	}
	(void)network_watch(front);
	if (child_start(front, CHILD_RESOLVER) < 0 ||
	    child_start(front, CHILD_READER) < 0) {
		log_line(LOG_LEVEL_ERROR, "a role cannot be started: %s",
			 strerror(errno));
		return EX_OSERR;
	}
	(void)books_load(front);
	front->service = service_new(owner, why, sizeof(why), &taken);
	if (front->service == NULL) {
		log_line(LOG_LEVEL_ERROR, "the session bus cannot be used: %s",
			 why);
		return taken ? EX_TEMPFAIL : EX_UNAVAILABLE;
	}
	return EX_OK;
}

int front_main(struct config *config)
{
	struct front front;
	struct service_owner owner = { front_check, front_gone,
				       front_property, &front };
	int status;

	memset(&front, 0, sizeof(front));
	front.config = config;
	front.next_id = 1;
	front.network_fd = front.routes_fd = front.lock_fd = -1;
	front.children[CHILD_READER].fd = -1;
	front.children[CHILD_RESOLVER].fd = -1;
	raise_limits();
	front.signal_fd = signals_open();
	status = front.signal_fd < 0 ? EX_OSERR : start(&front, &owner);
	if (status == EX_OK)
		status = loop(&front);
	if (front.service != NULL)
		pending_free(&front);
	service_free(front.service);
	child_stop_all(&front);
	books_free(&front);
	poison_free(front.poison);
	arena_free(front.state_arena);
	free(front.anchors);
	config_free(config);
	return status;
}
