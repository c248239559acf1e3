/* books_watch.c - noticing that an address book changed
 *
 * Folders are watched, because editors replace files by renaming.  Many
 * changes at once are one look.  What cannot be watched (a network's folder
 * that tells nothing) is still looked at now and then. */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/roles/front/contacts/books.h"

#define SETTLE_MS	200	/* after the first change */
#define UP_MAX		16
#define FOLDERS_MAX	256	/* watched in one */
#define CHANGES		(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
			 IN_CREATE | IN_DELETE | IN_ATTRIB)

static void books_readable(struct front *front, void *ctx, short events)
{
	char room[8192];
	int64_t soon;

	(void)ctx;
	(void)events;
	while (read(front->books->fd, room, sizeof(room)) > 0)
		;
	/* Not put off by what goes on changing: somebody may write in a folder
	 * above all the time. */
	soon = clock_now_ms() + SETTLE_MS;
	if (front->books->look.at == 0 || front->books->look.at > soon)
		front->books->look.at = soon;
}

/* The folders in it: each is a book of a mirror. */
static void folders_watch(const struct books *books, const char *path)
{
	const struct dirent *entry;
	DIR *folder = opendir(path);
	unsigned count = 0;
	char *below;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL && count < FOLDERS_MAX) {
		/* Where the kind is not told, the look every minute finds
		 * what changes. */
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    asprintf(&below, "%s/%s", path, entry->d_name) < 0)
			continue;
		(void)inotify_add_watch(books->fd, below, CHANGES);
		free(below);
		count++;
	}
	(void)closedir(folder);
}

static void path_watch(const struct books *books, const char *path)
{
	char *copy, *above;
	int up;

	if (inotify_add_watch(books->fd, path, CHANGES | IN_ONLYDIR) >= 0)
		folders_watch(books, path);
	copy = strdup(path);
	if (copy == NULL)
		return;
	/* The nearest folder that is there: the next may be made in it. */
	above = dirname(copy);
	for (up = 0; up < UP_MAX &&
	     inotify_add_watch(books->fd, above, CHANGES) < 0; up++)
		above = dirname(above);
	free(copy);
}

/* Again and again: a folder that was not there may be now, and watching one
 * twice is watching it once. */
void books_watch(struct front *front)
{
	struct books *books = front->books;
	size_t i;

	if (books->fd < 0 && books->origin_count > 0) {
		books->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
		if (books->fd >= 0 &&
		    front_watch(front, books->fd, POLLIN, books_readable,
				NULL) < 0) {
			(void)close(books->fd);
			books->fd = -1;
		}
	}
	for (i = 0; i < books->origin_count && books->fd >= 0; i++)
		path_watch(books, books->origins[i].path);
}
