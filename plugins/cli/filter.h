/* filter.h - what the files of mailseal filter share */
#ifndef MAILSEAL_CLI_FILTER_H
#define MAILSEAL_CLI_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILTER_MEMORY_MAX (32 * 1024 * 1024)	/* larger mail is on a disk */

/* filter_spool.c: the whole input, to be read twice. */
struct spool {
	int fd;				/* a regular file; -1: none */
	uint64_t size;			/* of what is in it */
	bool more;			/* there was no room for the rest, which
					 * is still to come from the input;
					 * `held` comes first */
	size_t held;
	unsigned char piece[65536];
};
/* Reads all of `from`.  False: it could not be read to its end. */
bool spool_fill(struct spool *spool, int from);
/* Writes all of it as it came, what `from` still has too. */
bool spool_pass(struct spool *spool, int from, int to);
void spool_free(struct spool *spool);

/* filter_field.c: writes the message with `line` (a whole field, without line
 * end, folds as LF) on top, and every field of a name like ours renamed.  Else
 * as it is.  False: it cannot be written. */
bool field_put(const struct spool *spool, const char *line, int to);

#endif
