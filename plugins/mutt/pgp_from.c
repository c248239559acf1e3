/* pgp_from.c - the author of the message that Mutt is about to show */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plugins/mutt/pgp.h"

#define FRESH_S		60	/* for that long */
#define PATH_LEN	512

/* The runtime folder is the user's alone; the session is this terminal's. */
static bool path_make(char *out, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int len;

	if (runtime == NULL || runtime[0] != '/')
		return false;
	len = snprintf(out, size, "%s/mailseal-mutt", runtime);
	if (len <= 0 || (size_t)len >= size ||
	    (mkdir(out, 0700) < 0 && errno != EEXIST))
		return false;
	len = snprintf(out, size, "%s/mailseal-mutt/from.%ld", runtime,
		       (long)getsid(0));
	return len > 0 && (size_t)len < size;
}

bool pgp_from_put(const char *address)
{
	char path[PATH_LEN];
	size_t len = strlen(address);
	bool done;
	int fd;

	if (!path_make(path, sizeof(path)))
		return false;
	/* A new file each time: its time is when this was said. */
	(void)unlink(path);
	if (len == 0 || len >= PGP_FROM_MAX)
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return false;
	done = write(fd, address, len) == (ssize_t)len;
	if (close(fd) < 0 || !done)
		(void)unlink(path);
	return done;
}

void pgp_from_get(char *out, size_t size)
{
	char path[PATH_LEN];
	struct stat about;
	ssize_t got = -1;
	time_t now = time(NULL);
	int fd;

	out[0] = 0;
	if (!path_make(path, sizeof(path)))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    about.st_mtime <= now && now - about.st_mtime <= FRESH_S)
		got = read(fd, out, size);
	(void)close(fd);
	if (got > 0 && (size_t)got < size)
		out[got] = 0;
	else
		out[0] = 0;
}
