/* folders.h - mail folders in which mail arrives
 *
 * Maildirs (cur and new) and MH folders (files named by numbers), watched by
 * inotify(7), with a sweep for what came while nobody looked.  A message that
 * is renamed (read, flagged, moved from new to cur) does not arrive again.
 * Holds no list of files: a folder of 50,000 costs what one of ten does.
 * Does not do: read a message, block for long: one call, one step. */
#ifndef MAILSEAL_DESK_FOLDERS_H
#define MAILSEAL_DESK_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOLDERS_MAX	256	/* watched at once */
#define FOLDERS_QUEUE	4096	/* arrivals not taken yet; more: a sweep */
#define FOLDERS_STEP	512	/* directory entries looked at in one call */

struct folders;

enum folder_arrival {
	FOLDER_SWEPT,		/* was there already: no notification */
	FOLDER_ARRIVED		/* came while it was watched */
};

struct folder_file {
	int fd;			/* the caller's */
	const char *folder;	/* as it was given; good as long as the
				 * folders */
	enum folder_arrival arrival;
};

struct folders *folders_new(void);	/* NULL: no memory, no inotify */
void folders_free(struct folders *folders);	/* NULL is allowed */

/* `since`: files changed from that time on (seconds since 1970) are swept; -1:
 * none.  0; ERR_REFUSED: no Maildir and no MH folder; ERR_IO: errno tells;
 * ERR_LIMIT. */
int folders_add(struct folders *folders, const char *path, int64_t since);

/* For poll(2), and what to do then. */
int folders_fd(const struct folders *folders);
void folders_readable(struct folders *folders);

/* The next message.  1: *out is filled in; 0: nothing more for now. */
int folders_next(struct folders *folders, struct folder_file *out);

/* Whether folders_next() has more to do: do not sleep. */
bool folders_busy(const struct folders *folders);

#endif
