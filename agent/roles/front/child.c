/* child.c - starting, losing and restarting the other roles */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/notices.h"
#include "agent/roles/roles.h"

#define STOP_WAIT_MS	2000	/* then SIGKILL */

enum start { START_AT_ONCE, START_WHEN_NEEDED };

static const struct role_row {
	const char *name;
	enum start start;
} role_rows[] = {
	{ "reader",	START_AT_ONCE },
	{ "resolver",	START_AT_ONCE },
	{ "sender",	START_WHEN_NEEDED },
	{ "keeper",	START_WHEN_NEEDED },
	{ "pgp",	START_WHEN_NEEDED },
};
_Static_assert(sizeof(role_rows) / sizeof(role_rows[0]) == CHILD_KINDS,
	       "a role has no row");

/* Between whom there is a channel: the asker gets `to_asker` with one end, the
 * server FRAME_CLIENT with the other. */
static const struct link_row {
	enum child_kind asker, server;
	enum channel_type to_asker;
} link_rows[] = {
	{ CHILD_READER, CHILD_RESOLVER, FRAME_DNS },
	{ CHILD_SENDER, CHILD_RESOLVER, FRAME_DNS },
	{ CHILD_READER, CHILD_KEEPER, FRAME_KEYS },
	{ CHILD_SENDER, CHILD_KEEPER, FRAME_KEYS },
	{ CHILD_READER, CHILD_PGP, FRAME_PGP },
	{ CHILD_SENDER, CHILD_PGP, FRAME_PGP },
};

const char *child_name(enum child_kind kind)
{
	return role_rows[kind].name;
}

/* In the new process, until exec: async-signal-safe calls only. */
static void child_exec(int channel, const char *argument)
{
	char *const argv[] = { (char *)(uintptr_t)"mailseald",
			       (char *)(uintptr_t)argument, NULL };
	char *const environment[] = { NULL };
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (channel == ROLE_CHANNEL) {
		if (fcntl(channel, F_SETFD, 0) < 0)
			_exit(127);
	} else if (dup2(channel, ROLE_CHANNEL) < 0) {
		_exit(127);
	}
	/* Nothing else of the front's may be open in a role. */
	if (close_range(ROLE_CHANNEL + 1, ~0U, 0) < 0)
		_exit(127);
	(void)execve("/proc/self/exe", argv, environment);
	_exit(127);
}

static int introduce(struct front *front, const struct link_row *row)
{
	struct frame to_asker, to_server;
	int ends[2];
	int r;

	if (channel_pair(ends) < 0)
		return ERR_IO;
	memset(&to_asker, 0, sizeof(to_asker));
	memset(&to_server, 0, sizeof(to_server));
	to_asker.type = (uint8_t)row->to_asker;
	to_server.type = FRAME_CLIENT;
	to_asker.fd_count = to_server.fd_count = 1;
	to_asker.fds[0] = ends[0];
	to_server.fds[0] = ends[1];
	r = child_tell(front, row->server, &to_server);
	if (r == 0)
		r = child_tell(front, row->asker, &to_asker);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return r;
}

/* Channels of their own between a new role and those that run. */
static int introduce_all(struct front *front, enum child_kind kind)
{
	const struct link_row *row;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(link_rows) / sizeof(link_rows[0]);
	     i++) {
		row = &link_rows[i];
		if ((row->asker == kind || row->server == kind) &&
		    child_is_up(front, row->asker) &&
		    child_is_up(front, row->server))
			r = introduce(front, row);
	}
	return r;
}

static int child_start(struct front *front, enum child_kind kind)
{
	struct child *child = &front->children[kind];
	char argument[64];
	int ends[2];
	pid_t pid;
	int r;

	(void)snprintf(argument, sizeof(argument), "--role=%s",
		       child_name(kind));
	child->fd = -1;
	child->ready = false;
	child->life++;
	if (channel_pair(ends) < 0)
		return ERR_IO;
	pid = fork();
	if (pid == 0)
		child_exec(ends[1], argument);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return ERR_IO;
	}
	child->pid = pid;
	child->fd = ends[0];
	r = front_greet(front, kind);
	if (r == 0)
		front_greeted(front, kind);	/* it knows its keys before
						 * anybody asks for them */
	if (r == 0)
		r = introduce_all(front, kind);
	return r;
}

void children_prepare(struct front *front)
{
	int kind;

	for (kind = 0; kind < CHILD_KINDS; kind++)
		front->children[kind].fd = -1;
}

int children_start(struct front *front)
{
	int kind, r = 0;

	for (kind = 0; kind < CHILD_KINDS && r == 0; kind++)
		if (role_rows[kind].start == START_AT_ONCE)
			r = child_start(front, (enum child_kind)kind);
	return r;
}

int child_need(struct front *front, enum child_kind kind)
{
	struct child *child = &front->children[kind];

	if (child->fd >= 0)
		return 0;
	if (child->down_until != 0 || child_start(front, kind) < 0)
		return ERR_GONE;
	return 0;
}

const char *child_state(const struct front *front, enum child_kind kind)
{
	const struct child *child = &front->children[kind];

	if (child->fd >= 0)
		return child->ready ? "running" : "starting";
	if (child->down_until == 0 &&
	    role_rows[kind].start == START_WHEN_NEEDED)
		return "idle";
	return "down";
}

static bool has_hung_up(const struct front *front, enum child_kind kind)
{
	struct pollfd look = { front->children[kind].fd, 0, 0 };

	return look.fd >= 0 && poll(&look, 1, 0) > 0 &&
	       (look.revents & (POLLHUP | POLLERR)) != 0;
}

bool child_wanted(struct front *front, enum child_kind asker,
		  const struct frame *frame)
{
	const struct link_row *row = NULL;
	size_t i;

	for (i = 0; i < sizeof(link_rows) / sizeof(link_rows[0]); i++)
		if (link_rows[i].asker == asker && frame->payload.len == 1 &&
		    frame->payload.data[0] == link_rows[i].to_asker)
			row = &link_rows[i];
	if (row == NULL)
		return false;
	/* One that runs was introduced when it was started: it is gone, and
	 * perhaps that was not seen here yet. */
	if (has_hung_up(front, row->server))
		child_lost(front, row->server);
	if (child_is_up(front, row->server) ?
	    introduce(front, row) < 0 : child_need(front, row->server) < 0)
		(void)child_tell(front, asker, frame);
	return true;
}

bool child_is_up(const struct front *front, enum child_kind kind)
{
	return front->children[kind].fd >= 0;
}

static void child_end(struct child *child)
{
	if (child->fd >= 0)
		(void)close(child->fd);
	child->fd = -1;
	child->ready = false;
	child_untold_free(child);
	arena_free(child->arena);
	child->arena = NULL;
	child->cage = NULL;
	if (child->pid <= 0)
		return;
	(void)kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}

/* True: this was one death too many within the minute. */
static bool child_count_death(struct child *child, int64_t now)
{
	size_t last = CHILD_DEATHS_MAX - 1;
	bool many = child->deaths[1] != 0 &&
		    now - child->deaths[1] < CHILD_DEATHS_MS;
	size_t i;

	for (i = 0; i < last; i++)
		child->deaths[i] = child->deaths[i + 1];
	child->deaths[last] = now;
	return many;
}

void child_lost(struct front *front, enum child_kind kind)
{
	struct child *child = &front->children[kind];
	int64_t now = clock_now_ms();
	char sentence[160];
	bool many;

	if (child->fd < 0)
		return;
	child_end(child);
	many = child_count_death(child, now);
	if (many)
		child->down_until = now + CHILD_DOWN_MS;
	errands_lost(front, kind, child->life);	/* some are sent again */
	if (many) {
		(void)snprintf(sentence, sizeof(sentence), "The %s ended %d "
			       "times within a minute; it stays down for %d "
			       "seconds.", child_name(kind), CHILD_DEATHS_MAX,
			       CHILD_DOWN_MS / 1000);
		log_line(LOG_LEVEL_ERROR, "%s", sentence);
		notices_tell(front, NOTICE_AGENT, NULL, NULL, sentence);
		return;
	}
	log_line(LOG_LEVEL_WARNING, "the %s ended; it is started again",
		 child_name(kind));
	if (role_rows[kind].start == START_AT_ONCE && child->fd < 0 &&
	    child_start(front, kind) < 0)
		child->down_until = now + CHILD_DOWN_MS;
}

void children_revive(struct front *front, int64_t now)
{
	struct child *child;
	int kind;

	for (kind = 0; kind < CHILD_KINDS; kind++) {
		child = &front->children[kind];
		if (child->down_until == 0 || now < child->down_until)
			continue;
		child->down_until = 0;
		memset(child->deaths, 0, sizeof(child->deaths));
		if (role_rows[kind].start == START_AT_ONCE &&
		    child_start(front, (enum child_kind)kind) < 0)
			child->down_until = now + CHILD_DOWN_MS;
	}
}

void children_stop(struct front *front)
{
	int64_t until = clock_now_ms() + STOP_WAIT_MS;
	struct child *child;
	int kind;

	/* A role ends by itself when its channel closes. */
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		child = &front->children[kind];
		if (child->fd >= 0)
			(void)close(child->fd);
		child->fd = -1;
	}
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		child = &front->children[kind];
		while (child->pid > 0 && clock_now_ms() < until) {
			if (waitpid(child->pid, NULL, WNOHANG) != 0)
				child->pid = 0;
			else
				(void)usleep(2000);
		}
		child_end(child);
	}
}
