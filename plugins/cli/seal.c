/* seal.c - messages in, content out, and something to look at meanwhile */
#include "plugins/cli/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "plugins/cli/cli.h"

#define PIECE		65536
#define MOVED		(1024 * 1024)	/* at most, between two looks */
#define QUIET_MS	700	/* what is done by then needs no word */
#define MOVE_MS		250
#define ERASE		"\r\033[K"

int seal_message(const char *path, bool *close_it)
{
	int message;
	char why[256];

	if (path == NULL)
		path = "-";
	message = mailseal_file_open(path, MAILSEAL_FILE_ANY, why,
				     sizeof(why));
	if (message < 0)
		complain("%s: %s.", path, why);
	*close_it = message >= 0 && message != STDIN_FILENO;
	return message;
}

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void seal_wait(struct mailseal *mailseal, struct mailseal_pending *pending,
	       const char *doing)
{
	static const char wheel[4] = { '|', '/', '-', '\\' };
	double began = seconds();
	unsigned turn = 0;

	if (!isatty(STDERR_FILENO))
		return;			/* the end waits */
	if (mailseal_wait(mailseal, pending, QUIET_MS))
		return;
	while (!mailseal_wait(mailseal, pending, MOVE_MS)) {
		(void)fprintf(stderr, ERASE "%c %s, %.0f s", wheel[turn++ % 4],
			      doing, seconds() - began);
		(void)fflush(stderr);
	}
	(void)fputs(ERASE, stderr);
}

static void show(int64_t done, int64_t size, double *shown)
{
	double now = seconds();

	if (now - *shown < MOVE_MS / 1000.0)
		return;
	*shown = now;
	(void)fprintf(stderr, ERASE "%lld of %lld MB",
		      (long long)(done / 1000000),
		      (long long)(size / 1000000));
	(void)fflush(stderr);
}

/* What comes through a pipe is faster read and written. */
static bool is_file(int content)
{
	struct stat about;

	return fstat(content, &about) == 0 && S_ISREG(about.st_mode);
}

/* A file's pages reach standard output without a copy of ours; where either
 * end cannot do that, or fails, who reads and writes says which of the two.
 * Octets copied; 0: no more.  Negative: it cannot be read; or, *status set and
 * said why, not be written. */
static ssize_t piece_copy(int content, char *room, bool *moves, int *status)
{
	ssize_t got = !*moves ? -1 :
		sendfile(STDOUT_FILENO, content, NULL, MOVED);

	if (got >= 0)
		return got;
	*moves = false;
	do
		got = read(content, room, PIECE);
	while (got < 0 && errno == EINTR);
	if (got > 0 && mailseal_write(STDOUT_FILENO, room, (size_t)got) < 0) {
		complain("standard output: %s.", strerror(errno));
		*status = EX_IOERR;
		return -1;
	}
	return got;
}

int seal_copy(int content, int64_t size)
{
	char *room = malloc(PIECE);
	bool bar = size > 8 * PIECE && isatty(STDERR_FILENO) &&
		   !isatty(STDOUT_FILENO);
	bool moves = is_file(content);
	double shown = seconds() + QUIET_MS / 1000.0;
	int64_t done = 0;
	ssize_t got = room == NULL ? -1 : 1;
	int status = EX_OK;

	while (got > 0) {
		got = piece_copy(content, room, &moves, &status);
		done += got > 0 ? got : 0;
		if (bar)
			show(done, size, &shown);
	}
	if (bar)
		(void)fputs(ERASE, stderr);
	if (status == EX_OK && (got < 0 || (size >= 0 && done != size))) {
		complain("the content was cut off after %lld of %lld bytes; "
			 "do not use it, and try again.", (long long)done,
			 (long long)size);
		status = EX_IOERR;
	}
	free(room);
	(void)close(content);
	return status;
}

void seal_places(struct mailseal_option options[SEAL_PLACES])
{
	const char *tty = getenv("GPG_TTY");
	const struct mailseal_option places[SEAL_PLACES] = {
		{ "tty", tty != NULL && tty[0] != 0 ? tty :
			 ttyname(STDERR_FILENO), MAILSEAL_TEXT, 0 },
		{ "term", getenv("TERM"), MAILSEAL_TEXT, 0 },
		{ "display", getenv("DISPLAY"), MAILSEAL_TEXT, 0 },
	};

	memcpy(options, places, sizeof(places));
}
