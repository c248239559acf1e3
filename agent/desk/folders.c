/* folders.c - inotify events and sweeps, as one stream of files */
#include "agent/desk/folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/err.h"

#define EVENTS	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | \
		 IN_ONLYDIR)
#define ROOM	16384	/* of events read at once */
#define SLACK_S	2	/* coarse time stamps of file systems */

/* One directory: a Maildir's cur or new, or an MH folder. */
struct place {
	char *folder;			/* as given; shared by cur and new */
	char *path;
	int watch;			/* inotify's number */
	int64_t since;			/* of the sweep to come */
	bool sweep;			/* it is to come */
	bool by_number;			/* MH */
};

struct arrival {
	struct arrival *next;		/* folders::first */
	struct place *place;
	bool made;			/* perhaps not whole yet */
	char name[];
};

struct folders {
	int fd;
	struct place *places[FOLDERS_MAX * 2];
	size_t place_count;
	struct arrival *first, **last, *newest;
	size_t queued;
	uint32_t moved;			/* the cookie of the last MOVED_FROM */
	DIR *dir;			/* the sweep under way */
	struct place *swept;		/* in this place */
};

struct folders *folders_new(void)
{
	struct folders *folders = calloc(1, sizeof(*folders));

	if (folders == NULL)
		return NULL;
	folders->last = &folders->first;
	folders->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (folders->fd < 0) {
		free(folders);
		return NULL;
	}
	return folders;
}

static void place_free(struct place *place)
{
	if (place == NULL)
		return;
	free(place->folder);
	free(place->path);
	free(place);
}

void folders_free(struct folders *folders)
{
	struct arrival *arrival;
	size_t i;

	if (folders == NULL)
		return;
	while ((arrival = folders->first) != NULL) {
		folders->first = arrival->next;
		free(arrival);
	}
	if (folders->dir != NULL)
		(void)closedir(folders->dir);
	for (i = 0; i < folders->place_count; i++)
		place_free(folders->places[i]);
	(void)close(folders->fd);
	free(folders);
}

static int place_add(struct folders *folders, const char *folder,
		     const char *below, int64_t since)
{
	struct place *place;
	int error;

	if (folders->place_count == sizeof(folders->places) /
				    sizeof(folders->places[0]))
		return ERR_LIMIT;
	place = calloc(1, sizeof(*place));
	if (place == NULL)
		return ERR_MEMORY;
	place->folder = strdup(folder);
	if (place->folder == NULL ||
	    asprintf(&place->path, "%s%s", folder, below) < 0) {
		place->path = NULL;
		place_free(place);
		return ERR_MEMORY;
	}
	place->by_number = below[0] == 0;
	place->since = since;
	place->sweep = since >= 0;
	place->watch = inotify_add_watch(folders->fd, place->path, EVENTS);
	if (place->watch < 0) {
		error = errno;
		place_free(place);
		errno = error;
		return ERR_IO;
	}
	folders->places[folders->place_count++] = place;
	return 0;
}

static bool has_folder(const char *path, const char *below)
{
	struct stat about;
	char *whole = NULL;
	bool found;

	if (asprintf(&whole, "%s%s", path, below) < 0)
		return false;
	found = stat(whole, &about) == 0 && S_ISDIR(about.st_mode);
	free(whole);
	return found;
}

static bool is_number(const char *name)
{
	return name[0] != 0 && strspn(name, "0123456789") == strlen(name);
}

/* MH: a sequence file, or a message, or it is empty. */
static bool is_mh(const char *path)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	bool found = false, empty = true;
	size_t looked = 0;

	if (dir == NULL)
		return false;
	while (!found && looked++ < FOLDERS_STEP &&
	       (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		empty = false;
		found = is_number(entry->d_name) ||
			strcmp(entry->d_name, ".mh_sequences") == 0 ||
			strncmp(entry->d_name, ".claws_", 7) == 0;
	}
	(void)closedir(dir);
	return found || empty;
}

int folders_add(struct folders *folders, const char *path, int64_t since)
{
	int r;

	if (has_folder(path, "/cur") && has_folder(path, "/new")) {
		r = place_add(folders, path, "/new", since);
		return r < 0 ? r : place_add(folders, path, "/cur", since);
	}
	if (!has_folder(path, "")) {
		if (errno == 0)
			errno = ENOTDIR;
		return ERR_IO;
	}
	return is_mh(path) ? place_add(folders, path, "", since) :
			     ERR_REFUSED;
}

int folders_fd(const struct folders *folders)
{
	return folders->fd;
}

static struct place *place_of(const struct folders *folders, int watch)
{
	size_t i;

	for (i = 0; i < folders->place_count; i++)
		if (folders->places[i]->watch == watch)
			return folders->places[i];
	return NULL;
}

/* Too much to remember: what came lately is swept. */
static void sweep_again(struct place *place)
{
	int64_t now = (int64_t)time(NULL) - 60;

	if (!place->sweep || now < place->since)
		place->since = now;
	place->sweep = true;
}

static void arrival_add(struct folders *folders, struct place *place,
			const char *name, uint32_t mask)
{
	size_t size = strlen(name) + 1;
	struct arrival *arrival = folders->newest;

	/* Made, then closed: one arrival. */
	if (arrival != NULL && arrival->place == place &&
	    strcmp(arrival->name, name) == 0) {
		arrival->made = arrival->made && (mask & IN_CREATE) != 0;
		return;
	}
	arrival = NULL;
	if (folders->queued < FOLDERS_QUEUE)
		arrival = malloc(sizeof(*arrival) + size);
	if (arrival == NULL) {
		sweep_again(place);
		return;
	}
	arrival->next = NULL;
	arrival->place = place;
	arrival->made = (mask & IN_CREATE) != 0;
	folders->newest = arrival;
	memcpy(arrival->name, name, size);
	*folders->last = arrival;
	folders->last = &arrival->next;
	folders->queued++;
}

static bool is_message(const struct place *place, const char *name)
{
	return place->by_number ? is_number(name) : name[0] != '.';
}

static void event_take(struct folders *folders,
		       const struct inotify_event *event, const char *name)
{
	struct place *place = place_of(folders, event->wd);
	size_t i;

	if ((event->mask & IN_Q_OVERFLOW) != 0)
		for (i = 0; i < folders->place_count; i++)
			sweep_again(folders->places[i]);
	if (place == NULL || event->len == 0 || !is_message(place, name) ||
	    (event->mask & IN_ISDIR) != 0)
		return;
	if ((event->mask & IN_MOVED_FROM) != 0) {
		folders->moved = event->cookie;
		return;
	}
	/* A rename comes as two events, one behind the other. */
	if ((event->mask & IN_MOVED_TO) != 0 &&
	    event->cookie == folders->moved)
		return;
	arrival_add(folders, place, name, event->mask);
}

void folders_readable(struct folders *folders)
{
	char room[ROOM];
	struct inotify_event event;
	ssize_t got, at;

	while ((got = read(folders->fd, room, sizeof(room))) > 0)
		for (at = 0; at + (ssize_t)sizeof(event) <= got;
		     at += (ssize_t)sizeof(event) + (ssize_t)event.len) {
			memcpy(&event, room + at, sizeof(event));
			event_take(folders, &event, room + at + sizeof(event));
		}
}

/* Opens it if it is a file, and no older than the place wants.  -1: not. */
static int file_open(const struct place *place, const char *name,
		     int64_t since)
{
	struct stat about;
	char *path = NULL;
	int fd;

	if (asprintf(&path, "%s/%s", place->path, name) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	free(path);
	if (fd < 0)
		return -1;		/* renamed or deleted already */
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    (about.st_ctim.tv_sec >= since - SLACK_S ||
	     about.st_mtim.tv_sec >= since - SLACK_S))
		return fd;
	(void)close(fd);
	return -1;
}

/* A file made in place is not whole before it is closed, and then there is
 * another event; a link to a whole file has no other.  A lease (fcntl(2)) is
 * not given while somebody writes. */
static bool is_written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static int arrival_next(struct folders *folders, struct folder_file *out)
{
	struct arrival *arrival = folders->first;
	int fd;

	folders->first = arrival->next;
	if (folders->first == NULL)
		folders->last = &folders->first;
	folders->queued--;
	if (folders->newest == arrival)
		folders->newest = NULL;
	fd = file_open(arrival->place, arrival->name, INT64_MIN / 2);
	if (fd >= 0 && arrival->made && is_written(fd)) {
		(void)close(fd);
		fd = -1;
	}
	out->fd = fd;
	out->folder = arrival->place->folder;
	out->arrival = FOLDER_ARRIVED;
	free(arrival);
	return fd >= 0;
}

/* The place whose sweep is to begin; NULL: none. */
static struct place *sweep_wanted(const struct folders *folders)
{
	size_t i;

	for (i = 0; i < folders->place_count; i++)
		if (folders->places[i]->sweep)
			return folders->places[i];
	return NULL;
}

static int sweep_next(struct folders *folders, struct folder_file *out)
{
	const struct dirent *entry;
	size_t looked;

	if (folders->dir == NULL) {
		folders->swept = sweep_wanted(folders);
		if (folders->swept == NULL)
			return 0;
		folders->swept->sweep = false;
		folders->dir = opendir(folders->swept->path);
	}
	for (looked = 0; folders->dir != NULL && looked < FOLDERS_STEP;
	     looked++) {
		entry = readdir(folders->dir);
		if (entry == NULL) {
			(void)closedir(folders->dir);
			folders->dir = NULL;
			break;
		}
		if (!is_message(folders->swept, entry->d_name))
			continue;
		out->fd = file_open(folders->swept, entry->d_name,
				    folders->swept->since);
		out->folder = folders->swept->folder;
		out->arrival = FOLDER_SWEPT;
		if (out->fd >= 0)
			return 1;
	}
	return 0;
}

int folders_next(struct folders *folders, struct folder_file *out)
{
	out->fd = -1;
	while (folders->first != NULL)
		if (arrival_next(folders, out) > 0)
			return 1;
	return sweep_next(folders, out);
}

bool folders_busy(const struct folders *folders)
{
	return folders->first != NULL || folders->dir != NULL ||
	       sweep_wanted(folders) != NULL;
}
