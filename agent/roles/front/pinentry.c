/* pinentry.c - starting the user's pinentry
 *
 * Its standard input and output are one socket; the other end goes to who
 * asks, and the front keeps neither. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/helper.h"

#define ENVIRONMENT_MAX	512		/* variables */

static void pinentry_ended(struct front *front, void *ctx, int status)
{
	struct helper **helper = ctx;

	(void)front;
	(void)status;
	*helper = NULL;
}

/* The program's path: as it stands, or found in PATH.  False: not there. */
static bool path_find(const char *program, char *path, size_t size)
{
	const char *folders = getenv("PATH");
	struct bytes rest, folder;

	if (strchr(program, '/') != NULL) {
		(void)snprintf(path, size, "%s", program);
		return access(path, X_OK) == 0;
	}
	if (folders == NULL)
		folders = "/usr/local/bin:/usr/bin:/bin";
	for (rest = bytes_of(folders); rest.len > 0;) {
		(void)bytes_cut(rest, ':', &folder, &rest);
		if (folder.len == 0 || folder.data[0] != '/')
			continue;
		(void)snprintf(path, size, "%.*s/%s", (int)folder.len,
			       (const char *)folder.data, program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* The front's own environment, with the caller's terminal and display. */
struct environment {
	char *list[ENVIRONMENT_MAX + 8];
	size_t count;
	char tty[TASK_TEXT + 16], term[TASK_TEXT + 16];
	char display[TASK_TEXT + 16];
};

static void put(struct environment *to, char *room, size_t size,
		const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	(void)snprintf(room, size, "%s%s", name, value);
	to->list[to->count++] = room;
}

static void environment_make(struct environment *to,
			     const struct key_task *task)
{
	char **from;

	to->count = 0;
	for (from = environ; *from != NULL && to->count < ENVIRONMENT_MAX;
	     from++) {
		if ((task->tty[0] != '\0' &&
		     strncmp(*from, "GPG_TTY=", 8) == 0) ||
		    (task->term[0] != '\0' &&
		     strncmp(*from, "TERM=", 5) == 0) ||
		    (task->display[0] != '\0' &&
		     strncmp(*from, "DISPLAY=", 8) == 0))
			continue;
		to->list[to->count++] = *from;
	}
	put(to, to->tty, sizeof(to->tty), "GPG_TTY=", task->tty);
	put(to, to->term, sizeof(to->term), "TERM=", task->term);
	put(to, to->display, sizeof(to->display), "DISPLAY=", task->display);
	to->list[to->count] = NULL;
}

int pinentry_spawn(struct front *front, const struct key_task *task,
		   struct helper **helper, char *why, size_t size)
{
	const char *program = front->config->pinentry;
	static const int to[] = { STDIN_FILENO, STDOUT_FILENO };
	char *argv[] = { (char *)(uintptr_t)"pinentry", NULL };
	struct environment environment;
	struct helper_plan plan;
	char path[PATH_MAX];
	int ends[2], from[2];

	if (!path_find(program, path, sizeof(path))) {
		(void)snprintf(why, size, "The program \"%.200s\", which asks "
			       "for passphrases, is not there; install a "
			       "pinentry (pinentry-gtk2, pinentry-gnome3, "
			       "pinentry-curses), or name one as \"pinentry\" "
			       "in the section [keys].", program);
		return ERR_REFUSED;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		(void)snprintf(why, size, "The pinentry could not be started: "
			       "%s.", strerror(errno));
		return ERR_IO;
	}
	environment_make(&environment, task);
	from[0] = from[1] = ends[1];
	plan.path = path;
	plan.argv = argv;
	plan.environment = environment.list;
	plan.from = from;
	plan.to = to;
	plan.fds = 2;
	*helper = helper_start(front, &plan, pinentry_ended, helper);
	(void)close(ends[1]);
	if (*helper != NULL)
		return ends[0];
	(void)close(ends[0]);
	(void)snprintf(why, size, "The pinentry could not be started: %s.",
		       strerror(errno));
	return ERR_IO;
}
