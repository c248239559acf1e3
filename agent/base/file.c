/* file.c - reading without waiting for a writer to come */
#include "agent/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"

#define PIECE	4096

/* Whether there may be something to read before `deadline`. */
static bool more_comes(int fd, long long deadline)
{
	long long left = deadline - clock_now_ms();
	struct pollfd wait = { fd, POLLIN, 0 };
	int r;

	if (left <= 0)
		return false;
	r = poll(&wait, 1, (int)left);
	return r > 0 || (r < 0 && errno == EINTR);
}

/* 0; ERR_LIMIT; ERR_IO with errno, ETIMEDOUT when no more came. */
static int read_all(int fd, struct buf *to)
{
	long long deadline = clock_now_ms() + FILE_WAIT_MS;
	unsigned char room[PIECE];
	struct bytes piece = { room, 0 };
	ssize_t got;

	while ((got = read(fd, room, sizeof(room))) != 0) {
		if (got > 0) {
			piece.len = (size_t)got;
			buf_add(to, piece);
		} else if (errno == EAGAIN && !more_comes(fd, deadline)) {
			errno = ETIMEDOUT;
			return ERR_IO;
		} else if (errno != EINTR && errno != EAGAIN) {
			return ERR_IO;
		}
		if (to->full)
			return ERR_LIMIT;
	}
	return 0;
}

/* 0; ERR_LIMIT; ERR_IO with errno. */
static int read_open(int fd, struct buf *to)
{
	size_t before = to->len;
	struct stat about;
	int r;

	if (fstat(fd, &about) < 0)
		return ERR_IO;
	if (S_ISREG(about.st_mode) && (about.st_mode & S_IWOTH) != 0) {
		errno = EPERM;
		return ERR_IO;
	}
	r = read_all(fd, to);
	if (r == 0 && to->len == before && S_ISFIFO(about.st_mode)) {
		errno = EPIPE;
		return ERR_IO;
	}
	return r;
}

static const char *reason_of(int error)
{
	switch (error) {
	case EPERM:
		return "everybody can write into it; if nobody else did, make "
		       "it yours with \"chmod o-w\"";
	case EPIPE:
		return "it is a pipe that nobody writes into";
	case ETIMEDOUT:
		return "it is no file, and what it is did not end in time";
	default:
		return strerror(error);
	}
}

int file_read(const char *path, struct buf *to, char *why, size_t why_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int r = fd < 0 ? ERR_IO : read_open(fd, to), error = errno;

	if (r == ERR_IO)
		(void)snprintf(why, why_size, "%s", reason_of(error));
	if (fd >= 0)
		(void)close(fd);
	errno = error;
	return r;
}
