/* memfile.c - mapping what is sealed, copying what is not */
#include "agent/base/memfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/descriptor.h"
#include "agent/base/err.h"

#define SEALS_NEEDED (F_SEAL_WRITE | F_SEAL_SHRINK)

int memfile_make(const char *name, struct bytes bytes)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return ERR_IO;
	if (descriptor_write(fd, bytes) < 0 ||
	    fcntl(fd, F_ADD_SEALS, SEALS_NEEDED | F_SEAL_GROW |
		  F_SEAL_SEAL) < 0)
		goto fail;
	return fd;
fail:
	(void)close(fd);
	return ERR_IO;
}

static int examine(int fd, struct stat *about, const char **why)
{
	int flags = fcntl(fd, F_GETFL);

	*why = "it cannot be examined";
	if (flags < 0 || fstat(fd, about) < 0)
		return ERR_REFUSED;
	*why = NULL;
	if (S_ISDIR(about->st_mode))
		*why = "it is a directory; pass the message's file";
	else if (S_ISFIFO(about->st_mode))
		*why = "it is a pipe; copy it into a file or memfd first";
	else if (S_ISSOCK(about->st_mode))
		*why = "it is a socket; copy it into a file or memfd first";
	else if (!S_ISREG(about->st_mode))
		*why = "it is a device; pass a regular file or a memfd";
	else if ((flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_WRONLY)
		*why = "it is not open for reading";
	return *why == NULL ? 0 : ERR_REFUSED;
}

int memfile_acceptable(int fd, const char **why)
{
	struct stat about;

	return examine(fd, &about, why);
}

static bool memfile_map(int fd, struct memfile *out)
{
	void *at;
	int seals;

	if (out->size <= MEMFILE_SMALL || out->size > SIZE_MAX / 2)
		return false;
	seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || (seals & SEALS_NEEDED) != SEALS_NEEDED)
		return false;
	at = mmap(NULL, (size_t)out->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return false;
	out->bytes.data = at;
	out->bytes.len = (size_t)out->size;
	out->mapped = true;
	return true;
}

int memfile_open(int fd, size_t limit, struct memfile *out)
{
	const char *why;
	struct stat about;
	unsigned char *copy = NULL;
	size_t want;
	ssize_t got;
	int r;

	memset(out, 0, sizeof(*out));
	out->fd = -1;
	r = examine(fd, &about, &why);
	if (r < 0)
		goto out;
	r = ERR_IO;
	if (about.st_size < 0)
		goto out;
	out->size = (uint64_t)about.st_size;
	r = 0;
	if (out->size == 0 || (out->size <= limit && memfile_map(fd, out)))
		goto out;
	want = out->size <= limit ? (size_t)out->size : MEMFILE_FIRST;
	if (want > limit)
		want = limit;
	copy = malloc(want);
	r = ERR_MEMORY;
	if (copy == NULL)
		goto out;
	got = descriptor_read(fd, copy, want, 0);
	r = ERR_IO;
	if (got < 0)
		goto out;
	out->bytes.data = copy;
	out->bytes.len = (size_t)got;
	copy = NULL;			/* handed over */
	if ((size_t)got < want || want == out->size) {
		out->size = (uint64_t)got;	/* all that there is */
	} else {
		out->fd = fd;
		fd = -1;		/* handed over */
	}
	r = 0;
out:
	free(copy);
	if (fd >= 0)
		(void)close(fd);
	return r;
}

void memfile_close(struct memfile *file)
{
	void *at;

	memcpy(&at, &file->bytes.data, sizeof(at));
	if (file->mapped)
		(void)munmap(at, file->bytes.len);
	else
		free(at);
	if (file->fd >= 0)
		(void)close(file->fd);
	memset(file, 0, sizeof(*file));
	file->fd = -1;
}

int memfile_piece(const struct memfile *file, uint64_t offset,
		  unsigned char *room, size_t room_size, struct bytes *piece)
{
	ssize_t got;

	if (offset < file->bytes.len) {
		*piece = bytes_slice(file->bytes, (size_t)offset,
				     file->bytes.len);
		return 1;
	}
	if (file->fd < 0 || offset >= file->size)
		return 0;
	if (room_size > file->size - offset)
		room_size = (size_t)(file->size - offset);
	got = descriptor_read(file->fd, room, room_size, offset);
	if (got < 0)
		return ERR_IO;
	piece->data = room;
	piece->len = (size_t)got;
	return got > 0;
}
