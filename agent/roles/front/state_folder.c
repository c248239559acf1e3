/* state_folder.c - one agent a user: a lock on the state folder
 *
 * An agent that is about to end says so in the lock's file before it gives its
 * bus name back: the one that the bus starts for the next call waits for it,
 * where else it refuses at once. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/roles/front/front.h"

#define ENDING		"\nending\n"	/* behind its number */
#define ENDING_MS	10000	/* longest wait for an agent that ends */
#define LOOK_MS		5

/* $XDG_STATE_HOME/mailseal, or ~/.local/state/mailseal, with its parents. */
int state_folder_path(char *path, unsigned size)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *slash;
	int len;

	if (state != NULL && state[0] == '/')
		len = snprintf(path, size, "%s/mailseal", state);
	else if (home != NULL && home[0] == '/')
		len = snprintf(path, size, "%s/.local/state/mailseal", home);
	else
		return ERR_CONFIG;
	if (len < 0 || (unsigned)len >= size)
		return ERR_LIMIT;
	for (slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return ERR_IO;
		*slash = '/';
	}
	return mkdir(path, 0700) < 0 && errno != EEXIST ? ERR_IO : 0;
}

static void name_the_first(int fd, const char *path, char *why, unsigned size)
{
	char pid[32];
	ssize_t got = pread(fd, pid, sizeof(pid) - 1, 0);

	if (got < 0)
		got = 0;
	pid[got] = 0;
	pid[strcspn(pid, "\n")] = 0;
	(void)snprintf(why, size, "another mailseald (process %s) serves this "
		       "user and holds %s; end it first, or use it", pid,
		       path);
}

void state_folder_ending(int fd)
{
	const char *word = ENDING + 1;

	if (fd >= 0 && lseek(fd, 0, SEEK_END) > 0)
		(void)!write(fd, word, strlen(word));
}

static bool holder_is_ending(int fd)
{
	char text[64];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	text[got < 0 ? 0 : got] = 0;
	return strstr(text, ENDING) != NULL;
}

/* False: somebody has it, and does not end. */
static bool lock_take(int fd)
{
	int left = ENDING_MS / LOOK_MS;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (left-- == 0 || !holder_is_ending(fd))
			return false;
		(void)poll(NULL, 0, LOOK_MS);
	}
	return true;
}

/* Whoever can write into it decides whom the user knows. */
static int is_mine(const char *path, char *why, unsigned size)
{
	struct stat about;
	int r = stat(path, &about);

	if (r == 0 && about.st_uid == geteuid() &&
	    (about.st_mode & S_IWOTH) == 0)
		return 0;
	(void)snprintf(why, size, "the state folder %.3500s %s", path, r < 0 ?
		       "cannot be looked at" : about.st_uid != geteuid() ?
		       "belongs to another user" :
		       "can be written by everybody; if nobody else did, make "
		       "it yours with \"chmod o-w\"");
	return ERR_REFUSED;
}

int state_folder_lock(char *why, unsigned why_size)
{
	char path[3500], file[3600], pid[32];
	int fd, len;
	int r = state_folder_path(path, sizeof(path));

	if (r < 0) {
		(void)snprintf(why, why_size, "the state folder cannot be "
			       "made: %s; set HOME or XDG_STATE_HOME to a "
			       "folder of yours", r == ERR_IO ?
			       strerror(errno) : err_sentence(r));
		return r;
	}
	if (is_mine(path, why, why_size) < 0)
		return ERR_CONFIG;
	(void)snprintf(file, sizeof(file), "%s/lock", path);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		(void)snprintf(why, why_size, "%.3500s: %s", file,
			       strerror(errno));
		return ERR_IO;
	}
	if (!lock_take(fd)) {
		name_the_first(fd, path, why, why_size);
		(void)close(fd);
		return ERR_REFUSED;
	}
	len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	/* Over what stands there: that has its room on a full disk.  Without
	 * room it is a lock all the same. */
	errno = 0;
	if ((pwrite(fd, pid, (size_t)len, 0) != len ||
	     ftruncate(fd, len) < 0) && errno != ENOSPC && errno != EDQUOT) {
		(void)snprintf(why, why_size, "%.3500s: %s", file,
			       strerror(errno));
		(void)close(fd);
		return ERR_IO;
	}
	return fd;
}
