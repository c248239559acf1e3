/* descriptor.c - reading and writing whole pieces */
#include "agent/base/descriptor.h"

#include <errno.h>
#include <unistd.h>

#include "agent/base/err.h"

void descriptor_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int descriptor_write(int fd, struct bytes bytes)
{
	ssize_t wrote;

	while (bytes.len > 0) {
		wrote = write(fd, bytes.data, bytes.len);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return ERR_IO;
		bytes = bytes_slice(bytes, (size_t)wrote, bytes.len);
	}
	return 0;
}

ssize_t descriptor_read(int fd, unsigned char *room, size_t size,
			uint64_t offset)
{
	size_t have = 0;
	ssize_t got;

	while (have < size) {
		got = pread(fd, room + have, size - have,
			    (off_t)(offset + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_IO;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}
