/* memfile.h - descriptors that hold bytes
 *
 * A message travels as a descriptor (design 1).  Only a memfd sealed against
 * write and shrink is mapped; any other regular file is copied once into
 * private memory, up to a limit, and so is what is small: where many threads
 * share their memory, a map costs more than a copy. */
#ifndef MAILSEAL_BASE_MEMFILE_H
#define MAILSEAL_BASE_MEMFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct memfile {
	struct bytes bytes;	/* all of it, or its first part */
	uint64_t size;		/* of all of it */
	bool mapped;
	int fd;			/* kept for the rest by pread; -1: none */
};

/* A sealed memfd of these bytes; ERR_IO, ERR_MEMORY. */
int memfile_make(const char *name, struct bytes bytes);

/* Whether `fd` may be a message: 0; or ERR_REFUSED, with *why a constant
 * sentence ("it is a directory"). */
int memfile_acceptable(int fd, const char **why);

#define MEMFILE_SMALL	(64 * 1024)		/* is never mapped */
#define MEMFILE_FIRST	(4 * 1024 * 1024)	/* of a file over the limit */

/* Takes the descriptor over, whatever it answers.  At most `limit` bytes are
 * held in memory, mapped or private; of a larger file only the first part is
 * (MEMFILE_FIRST at most), and the rest is read piece by piece.  0;
 * ERR_REFUSED; ERR_IO; ERR_MEMORY. */
int memfile_open(int fd, size_t limit, struct memfile *out);
void memfile_close(struct memfile *file);

/* A piece of the file at `offset`, good until the next call: out of memory
 * where it is there, else read into `room`.  1; 0 at the end; ERR_IO. */
int memfile_piece(const struct memfile *file, uint64_t offset,
		  unsigned char *room, size_t room_size, struct bytes *piece);

#endif
