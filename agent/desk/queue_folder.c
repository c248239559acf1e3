/* queue_folder.c - folders, names and renames of the queue */
#include "agent/desk/queue_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/desk/queue_job.h"

static const char *const place_names[QUEUE_PLACES] = {
	"new", "jobs", "failed", "done", "drafts"
};
_Static_assert(QUEUE_PLACES == 5, "a place has no name");

static int folder_at(int parent, const char *name)
{
	if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
		return -1;
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		      O_NOFOLLOW);
}

struct sweep {
	struct queue_folder *folder;
	enum queue_place place;
	int64_t before;
};

static int sweep_one(void *ctx, const char *id)
{
	const struct sweep *sweep = ctx;

	return queue_folder_remove(sweep->folder, id, sweep->place);
}

static int sweep_all(struct queue_folder *folder, enum queue_place place)
{
	struct sweep sweep = { folder, place, 0 };

	return queue_folder_each(folder, place, sweep_one, &sweep);
}

int queue_folder_open(struct queue_folder *folder, const char *state)
{
	int top, queue = -1, i, r = ERR_IO;

	for (i = 0; i < QUEUE_PLACES; i++)
		folder->places[i] = -1;
	top = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top >= 0)
		queue = folder_at(top, "queue");
	if (queue < 0)
		goto out;
	for (i = 0; i < QUEUE_PLACES; i++) {
		folder->places[i] = folder_at(queue, place_names[i]);
		if (folder->places[i] < 0)
			goto out;
	}
	/* So that the folders themselves survive. */
	(void)fsync(queue);
	(void)fsync(top);
	r = sweep_all(folder, QUEUE_NEW);
	if (r == 0)
		r = sweep_all(folder, QUEUE_DRAFTS);
out:
	if (queue >= 0)
		(void)close(queue);
	if (top >= 0)
		(void)close(top);
	if (r < 0)
		queue_folder_close(folder);
	return r;
}

void queue_folder_close(struct queue_folder *folder)
{
	int i;

	for (i = 0; i < QUEUE_PLACES; i++) {
		if (folder->places[i] >= 0)
			(void)close(folder->places[i]);
		folder->places[i] = -1;
	}
}

static int file_make(int place, const char *id)
{
	(void)unlinkat(place, id, 0);
	return openat(place, id, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
		      O_NOFOLLOW, 0600);
}

int queue_folder_make(struct queue_folder *folder, const char *id)
{
	return file_make(folder->places[QUEUE_NEW], id);
}

int queue_folder_move(struct queue_folder *folder, const char *id,
		      enum queue_place from, enum queue_place to)
{
	if (renameat(folder->places[from], id, folder->places[to], id) < 0 ||
	    fsync(folder->places[to]) < 0)
		return ERR_IO;
	/* What is found in "new" after a crash is removed anyhow. */
	if (from != QUEUE_NEW)
		(void)fsync(folder->places[from]);
	return 0;
}

int queue_folder_remove(struct queue_folder *folder, const char *id,
			enum queue_place place)
{
	if (unlinkat(folder->places[place], id, 0) < 0 && errno != ENOENT)
		return ERR_IO;
	return 0;
}

int queue_folder_sync(struct queue_folder *folder, enum queue_place place)
{
	return fsync(folder->places[place]) < 0 ? ERR_IO : 0;
}

/* A file and nothing else, without waiting for anybody: a pipe would.
 * -1 with errno; EINVAL: it is none. */
static int file_open(int place, const char *id, int flags)
{
	int fd = openat(place, id, flags | O_NONBLOCK | O_CLOEXEC |
			O_NOFOLLOW);
	struct stat about;

	if (fd < 0 || (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)))
		return fd;
	(void)close(fd);
	errno = EINVAL;
	return -1;
}

int queue_folder_file(struct queue_folder *folder, const char *id,
		      enum queue_place place)
{
	return file_open(folder->places[place], id, O_RDWR | O_APPEND);
}

int queue_receipt_write(struct queue_folder *folder, const char *id,
			struct bytes text)
{
	int fd = file_make(folder->places[QUEUE_DRAFTS], id);
	int r = fd < 0 ? ERR_IO : 0, error;

	if (r == 0)
		r = descriptor_write(fd, text);
	/* A crash may not leave an empty one under its name. */
	if (r == 0 && fdatasync(fd) < 0)
		r = ERR_IO;
	if (r == 0 && (renameat(folder->places[QUEUE_DRAFTS], id,
				folder->places[QUEUE_DONE], id) < 0 ||
		       fsync(folder->places[QUEUE_DONE]) < 0))
		r = ERR_IO;
	error = errno;
	if (fd >= 0)
		(void)close(fd);
	if (r < 0)
		(void)unlinkat(folder->places[QUEUE_DRAFTS], id, 0);
	errno = error;
	return r;
}

int queue_receipt_read(struct queue_folder *folder, const char *id,
		       struct buf *to)
{
	unsigned char room[4096];
	struct bytes piece = { room, 0 };
	int fd = file_open(folder->places[QUEUE_DONE], id, O_RDONLY);
	int r = 0, error;
	ssize_t got;

	if (fd < 0)
		return errno == EINVAL || errno == ELOOP ? ERR_SYNTAX :
							   ERR_IO;
	while (r == 0 && (got = read(fd, room, sizeof(room))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			r = ERR_IO;
			break;
		}
		piece.len = (size_t)got;
		buf_add(to, piece);
		if (to->full)
			r = ERR_LIMIT;
	}
	error = errno;
	(void)close(fd);
	errno = error;
	return r;
}

static int receipt_sweep(void *ctx, const char *id)
{
	const struct sweep *sweep = ctx;
	int folder = sweep->folder->places[QUEUE_DONE];
	struct stat about;

	if (fstatat(folder, id, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
	    about.st_mtime < sweep->before)
		(void)unlinkat(folder, id, 0);
	return 0;
}

void queue_receipts_sweep(struct queue_folder *folder, int64_t before)
{
	struct sweep sweep = { folder, QUEUE_DONE, before };

	(void)queue_folder_each(folder, QUEUE_DONE, receipt_sweep, &sweep);
}

int queue_folder_each(struct queue_folder *folder, enum queue_place place,
		      int (*found)(void *ctx, const char *id), void *ctx)
{
	int fd = openat(folder->places[place], ".", O_RDONLY | O_DIRECTORY |
			O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return ERR_IO;
	}
	while (r == 0 && (entry = readdir(dir)) != NULL)
		if (queue_id_is_valid(entry->d_name))
			r = found(ctx, entry->d_name);
	(void)closedir(dir);
	return r;
}
