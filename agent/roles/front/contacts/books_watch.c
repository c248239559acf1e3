/* books_watch.c - noticing that an address book changed
 *
 * Folders are watched, because editors replace files by renaming.  Many
 * changes at once are one look.  What cannot be watched (a network's folder
 * that tells nothing) is still looked at now and then. */
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/roles/front/front.h"

#define SETTLE_MS	200	/* after the first change */
#define UP_MAX		16
#define CHANGES		(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
			 IN_CREATE | IN_DELETE | IN_ATTRIB)

static void books_readable(struct front *front, void *ctx, short events)
{
	char room[8192];
	int64_t soon;

	(void)ctx;
	(void)events;
	while (read(front->books_fd, room, sizeof(room)) > 0)
		;
	/* Not put off by what goes on changing: somebody may write in a folder
	 * above all the time. */
	soon = clock_now_ms() + SETTLE_MS;
	if (front->books_timer.at == 0 || front->books_timer.at > soon)
		front->books_timer.at = soon;
}

static void path_watch(struct front *front, const char *path)
{
	struct stat about;
	char *copy, *above;
	int up;

	if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		(void)inotify_add_watch(front->books_fd, path, CHANGES);
	copy = strdup(path);
	if (copy == NULL)
		return;
	/* The nearest folder that is there: the next may be made in it. */
	above = dirname(copy);
	for (up = 0; up < UP_MAX &&
	     inotify_add_watch(front->books_fd, above, CHANGES) < 0; up++)
		above = dirname(above);
	free(copy);
}

/* Again and again: a folder that was not there may be now, and watching one
 * twice is watching it once. */
void books_watch(struct front *front)
{
	const struct config_list *list = &front->config->contact_sources;
	size_t i;

	if (front->books_fd < 0 && list->count > 0) {
		front->books_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
		if (front->books_fd >= 0 &&
		    front_watch(front, front->books_fd, POLLIN,
				books_readable, NULL) < 0) {
			(void)close(front->books_fd);
			front->books_fd = -1;
		}
	}
	for (i = 0; i < list->count && front->books_fd >= 0; i++)
		path_watch(front, list->items[i]);
}
