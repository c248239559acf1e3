/* fresh.c - a file that tells a running Mutt, at no cost, that nothing changed
 *
 * $XDG_RUNTIME_DIR/mailseal/fresh is empty.  Each Mutt that was told what holds
 * now has a link to it, and sources that before it shows a message.  With the
 * first change thereafter the line that asks anew goes into the file, and a new
 * one takes its place: one write, however many Mutts there are.
 * plugins/mutt/fresh.c is the other side. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/log.h"
#include "agent/roles/front/front.h"

#define PATH_ROOM	512

static const char ask_anew[] = "source \"exec mailseal mutt-rules|\"\n";

static bool path_make(char path[PATH_ROOM])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char folder[PATH_ROOM];
	struct stat about;

	if (runtime == NULL || runtime[0] != '/')
		return false;
	(void)snprintf(folder, sizeof(folder), "%.400s/mailseal", runtime);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return false;
	(void)snprintf(path, PATH_ROOM, "%.400s/mailseal/fresh", runtime);
	return lstat(folder, &about) == 0 && S_ISDIR(about.st_mode) &&
	       about.st_uid == geteuid() && (about.st_mode & 022) == 0;
}

/* What was told holds no more; the file is let go. */
static void spoil(struct front *front)
{
	if (front->fresh_fd < 0)
		return;
	if (pwrite(front->fresh_fd, ask_anew, sizeof(ask_anew) - 1, 0) < 0)
		log_line(LOG_LEVEL_WARNING, "a running Mutt is not told that "
			 "something changed: %s; Esc r there asks anew",
			 strerror(errno));
	(void)close(front->fresh_fd);
	front->fresh_fd = -1;
}

/* A new file; what another agent left is spoilt. */
static void renew(struct front *front)
{
	char path[PATH_ROOM];
	struct stat about;

	if (!path_make(path))
		return;
	front->fresh_fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW |
			       O_NONBLOCK);
	if (front->fresh_fd >= 0 && fstat(front->fresh_fd, &about) == 0 &&
	    S_ISREG(about.st_mode))
		spoil(front);
	else if (front->fresh_fd >= 0)
		(void)close(front->fresh_fd);
	(void)unlink(path);
	front->fresh_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
			       O_NOFOLLOW, 0600);
}

void fresh_open(struct front *front)
{
	/* No number that an agent before this one may have told. */
	front->changes = (uint64_t)clock_wall() * 1000;
	renew(front);
}

void fresh_changed(struct front *front)
{
	struct stat about;

	front->changes++;
	if (front->fresh_fd < 0 || fstat(front->fresh_fd, &about) < 0 ||
	    about.st_nlink == 1)
		return;			/* nobody holds it */
	spoil(front);
	renew(front);
}

void fresh_close(struct front *front)
{
	spoil(front);
}
