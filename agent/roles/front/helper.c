/* helper.c - starting a program, and hearing of its end */
#include "agent/roles/front/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/roles/front/front.h"

#define HIGH_FD		64	/* above every `to` */

struct helper {
	pid_t pid;
	int fd;				/* pidfd_open(2) */
	void (*ended)(struct front *front, void *ctx, int status);
	void *ctx;
	struct helper *next;		/* front::helpers */
};

/* In the new process, until exec, on the memory of this one: async-signal-safe
 * calls only, and nothing is written but its own variables. */
static void helper_exec(const struct helper_plan *plan)
{
	int high[8], first = STDERR_FILENO + 1;
	sigset_t none;
	size_t i;

	if (plan->fds > sizeof(high) / sizeof(high[0]))
		_exit(127);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	/* Out of each other's way first. */
	for (i = 0; i < plan->fds; i++)
		high[i] = fcntl(plan->from[i], F_DUPFD, HIGH_FD);
	for (i = 0; i < plan->fds; i++)
		if (high[i] < 0 || dup2(high[i], plan->to[i]) < 0)
			_exit(127);
	for (i = 0; i < plan->fds; i++)
		if (plan->to[i] >= first)
			first = plan->to[i] + 1;
	if (close_range((unsigned)first, ~0U, 0) < 0)
		_exit(127);
	(void)execve(plan->path, plan->argv, plan->environment);
	_exit(127);
}

/* A fork copies the page tables, which costs as much as a shell. */
static __attribute__((noinline)) pid_t
helper_spawn(const struct helper_plan *plan)
{
	pid_t pid = vfork();

	if (pid == 0)
		helper_exec(plan);
	return pid;
}

static void helper_forget(struct front *front, struct helper *helper)
{
	struct helper **at = &front->helpers;

	while (*at != NULL && *at != helper)
		at = &(*at)->next;
	if (*at != NULL)
		*at = helper->next;
	front_unwatch(front, helper->fd);
	(void)close(helper->fd);
	free(helper);
}

static void helper_ready(struct front *front, void *ctx, short events)
{
	struct helper *helper = ctx;
	void (*ended)(struct front *, void *, int) = helper->ended;
	void *whose = helper->ctx;
	int status = 0;

	(void)events;
	if (waitpid(helper->pid, &status, WNOHANG) == 0)
		return;
	helper_forget(front, helper);
	if (ended != NULL)
		ended(front, whose, status);
}

struct helper *helper_start(struct front *front,
			    const struct helper_plan *plan,
			    void (*ended)(struct front *front, void *ctx,
					  int status),
			    void *ctx)
{
	struct helper *helper = calloc(1, sizeof(*helper));

	if (helper == NULL)
		return NULL;
	helper->pid = helper_spawn(plan);
	if (helper->pid < 0) {
		free(helper);
		return NULL;
	}
	helper->ended = ended;
	helper->ctx = ctx;
	helper->fd = (int)syscall(SYS_pidfd_open, helper->pid, 0);
	if (helper->fd >= 0 &&
	    front_watch(front, helper->fd, POLLIN, helper_ready, helper) ==
	    0) {
		helper->next = front->helpers;
		front->helpers = helper;
		return helper;
	}
	(void)kill(helper->pid, SIGKILL);
	(void)waitpid(helper->pid, NULL, 0);
	if (helper->fd >= 0)
		(void)close(helper->fd);
	free(helper);
	return NULL;
}

void helper_stop(struct front *front, struct helper *helper)
{
	(void)front;
	if (helper == NULL)
		return;
	/* It is reaped when its descriptor says that it ended. */
	helper->ended = NULL;
	(void)kill(helper->pid, SIGTERM);
}

void helpers_stop(struct front *front)
{
	struct helper *helper;

	while ((helper = front->helpers) != NULL) {
		(void)kill(helper->pid, SIGKILL);
		while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
			;
		helper_forget(front, helper);
	}
}
