/* file.h - a small file of the user's, read whole by its name
 *
 * Waits for nobody who may never come: a pipe is read while somebody writes
 * into it (a shell's "<(...)"), for FILE_WAIT_MS in all; one without a writer
 * is an error at once.  A file that everybody can write into is not read: what
 * is read here decides who is believed and what is executed.
 * Does not do: follow what is appended. */
#ifndef MAILSEAL_BASE_FILE_H
#define MAILSEAL_BASE_FILE_H

#include <stddef.h>

struct buf;

#define FILE_WAIT_MS	5000

/* Adds it to `to`.  0; ERR_LIMIT: it is larger than there is room; ERR_IO
 * with errno, and the reason, "Is a directory", in `why`. */
int file_read(const char *path, struct buf *to, char *why, size_t why_size);

#endif
