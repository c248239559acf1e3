/* descriptor.h - whole pieces in and out of a file, whatever interrupts
 *
 * For files and memfds; what may block (a socket, a pipe of somebody else) is
 * read where the loop polls it. */
#ifndef MAILSEAL_BASE_DESCRIPTOR_H
#define MAILSEAL_BASE_DESCRIPTOR_H

#include <stdint.h>
#include <sys/types.h>

#include "agent/base/bytes.h"

/* Closes what is open and forgets it: -1. */
void descriptor_close(int *fd);

/* All of them, where the file stands.  0; ERR_IO and errno. */
int descriptor_write(int fd, struct bytes bytes);

/* Up to `size` bytes at `offset`: how many, fewer only at the end of the file;
 * ERR_IO and errno. */
ssize_t descriptor_read(int fd, unsigned char *room, size_t size,
			uint64_t offset);

#endif
