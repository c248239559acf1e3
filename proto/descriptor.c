/* descriptor.c - what descriptors the agent takes, and filling one */
#include "proto/mailseal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

int mailseal_write(int fd, const void *data, size_t len)
{
	const unsigned char *at = data;
	ssize_t put;

	while (len > 0) {
		put = write(fd, at, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return -1;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

/* The whole of `from` into `to`; -1 and errno. */
static int copy_all(int from, int to)
{
	char piece[PIECE];
	size_t total = 0;
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		total += (size_t)got;
		if (total > MAILSEAL_STDIN_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (mailseal_write(to, piece, (size_t)got) < 0)
			return -1;
	}
	return 0;
}

int mailseal_descriptor(int fd, char *why, size_t why_size)
{
	struct stat about;
	int copy;

	if (fstat(fd, &about) < 0) {
		(void)snprintf(why, why_size, "%s", strerror(errno));
		return -1;
	}
	if (S_ISDIR(about.st_mode)) {
		(void)snprintf(why, why_size, "it is a directory; name a "
			       "file in it");
		return -1;
	}
	if (S_ISREG(about.st_mode) && lseek(fd, 0, SEEK_CUR) == 0)
		return fd;
	copy = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy >= 0 && copy_all(fd, copy) == 0 &&
	    fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
		  F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return copy;
	if (errno == EFBIG)
		(void)snprintf(why, why_size, "it is larger than %d MB; save "
			       "it to a file and name that",
			       MAILSEAL_STDIN_MAX / 1024 / 1024);
	else
		(void)snprintf(why, why_size, "%s", strerror(errno));
	if (copy >= 0)
		(void)close(copy);
	return -1;
}

/* Opened without waiting for a writer to come, read with waiting for what the
 * one that is there writes. */
static int open_waiting(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && fcntl(fd, F_SETFL, O_RDONLY) < 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

int mailseal_file_open(const char *path, enum mailseal_file what, char *why,
		       size_t why_size)
{
	struct stat about, copied;
	int fd, out;

	if (strcmp(path, "-") == 0 && what == MAILSEAL_FILE_ANY)
		return mailseal_descriptor(STDIN_FILENO, why, why_size);
	fd = open_waiting(path);
	if (fd < 0 || fstat(fd, &about) < 0) {
		(void)snprintf(why, why_size, "%s", strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	if (what == MAILSEAL_FILE_REGULAR && !S_ISREG(about.st_mode)) {
		(void)snprintf(why, why_size, "it is no file");
		(void)close(fd);
		return -1;
	}
	out = mailseal_descriptor(fd, why, why_size);
	if (out == fd)
		return out;
	(void)close(fd);
	if (out >= 0 && S_ISFIFO(about.st_mode) && fstat(out, &copied) == 0 &&
	    copied.st_size == 0) {
		(void)snprintf(why, why_size, "it is a pipe that nobody "
			       "writes into");
		(void)close(out);
		return -1;
	}
	return out;
}
