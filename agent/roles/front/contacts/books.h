/* books.h - what the files of the address books share
 *
 * The front opens the books, the reader parses them, a few at a time, and the
 * map of all entries goes back to it as one.  Every file keeps its last good
 * content. */
#ifndef MAILSEAL_ROLES_FRONT_BOOKS_H
#define MAILSEAL_ROLES_FRONT_BOOKS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "agent/roles/front/front.h"

#define BOOKS_SENTENCE	256
#define BOOKS_LEARNED	UINT32_MAX	/* the source of what no book holds */

/* A path of the configuration. */
struct origin {
	const char *path;
	bool folder;
	char problem[BOOKS_SENTENCE];	/* "": none */
};

/* One file. */
struct source {
	struct source *next;		/* books::sources */
	struct source *wanted_next;	/* books::wanted */
	struct origin *origin;
	char *path;
	bool found;			/* at the last look */
	bool wanted;			/* to be read */
	bool asked;			/* the reader has not answered yet */
	struct timespec changed;	/* of what was read last */
	off_t size;
	unsigned char *map;		/* the last good one */
	size_t map_len;
	int64_t entries;
	char problem[BOOKS_SENTENCE];	/* "": none */
};

struct books {
	struct origin *origins;
	size_t origin_count;
	struct source *sources;
	void *by_path;			/* tsearch(3) */
	struct source *wanted, **wanted_last;
	size_t in_hand;			/* with the reader */
	bool reading;			/* books_read() is at it */
	bool unsent;			/* the reader's map is an older one */
	bool waited;			/* long enough for the first answers */
	struct timer look, send, first;
	int fd;				/* inotify on their folders; -1 */
};

/* --- books_find.c: which files there are */

/* Looks at every path of the configuration; what is new or changed is wanted.
 * True: some are gone. */
bool books_find(struct books *books);
void source_free(struct source *source);

/* --- books_read.c: asking the reader for what is wanted */
void books_read(struct front *front);
void books_problem(char *problem, const char *path, const char *sentence,
		   bool kept);

/* --- books_watch.c: whoever changes a source is noticed. */
void books_watch(struct front *front);

#endif
