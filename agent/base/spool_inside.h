/* spool_inside.h - what spool.c and spool_release.c share, nobody else */
#ifndef MAILSEAL_BASE_SPOOL_INSIDE_H
#define MAILSEAL_BASE_SPOOL_INSIDE_H

#include "agent/base/spool.h"

#define SPOOL_RECORD	(SPOOL_CHUNK + SPOOL_TAG)	/* in the file */

struct spool {
	int memory;			/* memfd; -1 once all is in the file */
	int file;			/* -1: none */
	int pipe;			/* the end to fill; -1: none */
	bool sealed;			/* there is a cipher */
	bool ended;			/* the last chunk is written */
	int failed;			/* the first error */
	struct spool_cipher cipher;
	uint64_t size;			/* bytes written to the spool */
	uint64_t opened;		/* the chunk in `read`; NO_CHUNK */
	size_t filled;			/* bytes in `chunk` */
	struct spool_piece pieces[SPOOL_PIECES_MAX];
	size_t piece_count;
	bool moved;			/* the other rooms were used, too */
	/* Not cleared at first, and wiped as far as they were used: most
	 * spools are small. */
	unsigned char chunk[SPOOL_CHUNK];	/* the last one, not written */
	unsigned char read[SPOOL_CHUNK];
	unsigned char record[SPOOL_RECORD];	/* sealed, with its tag */
};

/* An empty memfd that can be sealed; -1. */
int spool_memory_new(void);
/* Writes the last, partial chunk. */
int spool_flush(struct spool *spool);

#endif
