/* child.c - starting, losing and restarting the other roles */
#include <errno.h>
#include <fcntl.h>
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
#include "agent/roles/front.h"
#include "agent/roles/roles.h"

#define STOP_WAIT_MS	2000	/* then SIGKILL */

const char *const child_name[CHILD_KINDS] = { "reader", "resolver" };

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

int child_start(struct front *front, enum child_kind kind)
{
	struct child *child = &front->children[kind];
	char argument[64];
	int ends[2];
	pid_t pid;

	(void)snprintf(argument, sizeof(argument), "--role=%s",
		       child_name[kind]);
	child->fd = -1;
	child->ready = false;
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
	return front_greet(front, kind);
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

	if (child->fd < 0)
		return;
	child_end(child);
	if (kind == CHILD_READER)
		pending_lost(front);
	if (child_count_death(child, now)) {
		child->down_until = now + CHILD_DOWN_MS;
		log_line(LOG_LEVEL_ERROR, "the %s ended %d times within a "
			 "minute; it stays down for %d seconds",
			 child_name[kind], CHILD_DEATHS_MAX,
			 CHILD_DOWN_MS / 1000);
		return;
	}
	log_line(LOG_LEVEL_WARNING, "the %s ended; starting it again",
		 child_name[kind]);
	if (child_start(front, kind) < 0)
		child->down_until = now + CHILD_DOWN_MS;
}

void child_revive(struct front *front, int64_t now)
{
	struct child *child;
	int kind;

	for (kind = 0; kind < CHILD_KINDS; kind++) {
		child = &front->children[kind];
		if (child->down_until == 0 || now < child->down_until)
			continue;
		child->down_until = 0;
		memset(child->deaths, 0, sizeof(child->deaths));
		if (child_start(front, (enum child_kind)kind) < 0)
			child->down_until = now + CHILD_DOWN_MS;
	}
}

void child_stop_all(struct front *front)
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
