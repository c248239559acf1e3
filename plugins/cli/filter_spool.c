/* filter_spool.c - a message of any size, kept until its verdict is known */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plugins/cli/filter.h"
#include "proto/mailseal.h"

/* Bytes; 0: the end; -1: an error. */
static ssize_t read_some(int from, void *room, size_t size)
{
	ssize_t got;

	do
		got = read(from, room, size);
	while (got < 0 && errno == EINTR);
	return got;
}

/* A file without a name, on a disk. */
static int disk_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd, len;

	if (folder == NULL || folder[0] != '/')
		folder = "/var/tmp";
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	len = snprintf(path, sizeof(path), "%s/mailseal.XXXXXX", folder);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

/* What is in memory goes to the disk.  False: it stays where it is. */
static bool move_to_disk(struct spool *spool)
{
	int disk = disk_file();
	char room[65536];
	uint64_t at = 0;
	ssize_t got = 0;

	while (disk >= 0 && at < spool->size) {
		got = pread(spool->fd, room, sizeof(room), (off_t)at);
		if (got <= 0 || mailseal_write(disk, room, (size_t)got) < 0) {
			(void)close(disk);
			disk = -1;
			break;
		}
		at += (uint64_t)got;
	}
	if (disk < 0)
		return false;
	(void)close(spool->fd);
	spool->fd = disk;
	return true;
}

bool spool_fill(struct spool *spool, int from)
{
	bool in_memory = true;
	ssize_t got;

	memset(spool, 0, sizeof(*spool));
	spool->fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	for (;;) {
		got = read_some(from, spool->piece, sizeof(spool->piece));
		if (got <= 0)
			return got == 0;
		if (in_memory &&
		    spool->size + (uint64_t)got > FILTER_MEMORY_MAX)
			in_memory = !move_to_disk(spool);
		if (spool->fd < 0 ||
		    (in_memory &&
		     spool->size + (uint64_t)got > FILTER_MEMORY_MAX) ||
		    mailseal_write(spool->fd, spool->piece, (size_t)got) < 0) {
			spool->held = (size_t)got;
			spool->more = true;
			return true;
		}
		spool->size += (uint64_t)got;
	}
}

bool spool_pass(struct spool *spool, int from, int to)
{
	char room[65536];
	uint64_t at = 0;
	ssize_t got;

	/* A write that failed in the middle may have left a part. */
	while (at < spool->size) {
		got = pread(spool->fd, room, sizeof(room), (off_t)at);
		if (got <= 0)
			return false;
		if ((uint64_t)got > spool->size - at)
			got = (ssize_t)(spool->size - at);
		if (mailseal_write(to, room, (size_t)got) < 0)
			return false;
		at += (uint64_t)got;
	}
	if (!spool->more)
		return true;
	if (mailseal_write(to, spool->piece, spool->held) < 0)
		return false;
	while ((got = read_some(from, room, sizeof(room))) > 0)
		if (mailseal_write(to, room, (size_t)got) < 0)
			return false;
	return got == 0;
}

void spool_free(struct spool *spool)
{
	if (spool->fd >= 0)
		(void)close(spool->fd);
	spool->fd = -1;
}
