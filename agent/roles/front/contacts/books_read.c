/* books_read.c - the reader is handed the files, and its answers kept
 *
 * A few at a time: a folder of thousands of cards keeps nobody waiting. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/contacts/books.h"

#define IN_HAND_MAX	8
#define AGAIN_MS	1000
#define SEND_MS		500	/* while more is read */

void books_problem(char *problem, const char *path, const char *sentence,
		   bool kept)
{
	if (strcmp(problem, sentence) == 0)
		return;			/* said already */
	(void)snprintf(problem, BOOKS_SENTENCE, "%s", sentence);
	log_line(LOG_LEVEL_WARNING, "contacts: %s: %s%s", path, sentence,
		 kept ? "; its last good content stays in use" : "");
}

static void source_problem(struct source *source, const char *sentence)
{
	books_problem(source->problem, source->path, sentence,
		      source->map != NULL);
}

/* What the reader made of the file, checked before it is kept. */
static int map_keep(struct source *source, int fd)
{
	struct contacts *check = NULL;
	struct memfile file;
	unsigned char *copy = NULL;
	int r = memfile_open(fd, CONTACTS_MAP_MAX, &file);

	if (r < 0)
		return r;
	r = contacts_open(file.bytes, &check);
	contacts_free(check);
	if (r == 0)
		copy = malloc(file.bytes.len + 1);
	if (r == 0 && copy == NULL)
		r = ERR_MEMORY;
	if (r == 0) {
		if (file.bytes.len > 0)
			memcpy(copy, file.bytes.data, file.bytes.len);
		free(source->map);
		source->map = copy;
		source->map_len = file.bytes.len;
	}
	memfile_close(&file);
	return r;
}

/* The next ones; when there are none, the reader gets the new map. */
static void answered(struct front *front)
{
	struct books *books = front->books;

	books_read(front);
	if (!books->unsent)
		return;
	if (books->in_hand == 0 && books->wanted == NULL)
		books_send(front);
	else if (books->send.at == 0)
		books->send.at = clock_now_ms() + SEND_MS;
}

/* What lies in a folder beside the books and never was one. */
static bool is_beside(const struct source *source)
{
	const char *dot = strrchr(source->path, '.');

	return source->origin->folder && source->map == NULL &&
	       (dot == NULL || (strcasecmp(dot, ".vcf") != 0 &&
				strcasecmp(dot, ".xml") != 0));
}

static void books_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	struct source *source = errand->ctx;

	source->asked = false;
	front->books->in_hand--;
	if (strcmp(name, "RoleDied") == 0 || strcmp(name, "RoleDown") == 0) {
		/* A reader that died is asked again. */
		source->size = -1;
		front->books->look.at = clock_now_ms() + AGAIN_MS;
		return;
	}
	if (strcmp(name, "NoBook") != 0 || !is_beside(source))
		source_problem(source, sentence);
	answered(front);
}

static void books_parsed(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	struct source *source = errand->ctx;
	char sentence[BOOKS_SENTENCE];
	int64_t broken = value_number(report, "broken");
	int64_t entries = value_number(report, "entries");
	/* A file that is broken all over is read as if it were not there. */
	bool kept = broken > 0 && entries == 0 && source->map != NULL;

	source->asked = false;
	front->books->in_hand--;
	source->problem[0] = 0;
	if (frame->fd_count != 1 ||
	    (!kept && map_keep(source, frame_take(frame, 0)) < 0)) {
		source_problem(source, "the reader's answer was damaged");
	} else if (!kept) {
		source->entries = entries;
		front->books->unsent = true;
	}
	if (broken > 0) {
		(void)snprintf(sentence, sizeof(sentence),
			       "%lld %s could not be read, the first in line "
			       "%lld", (long long)broken,
			       broken == 1 ? "entry" : "entries",
			       (long long)value_number(report, "first_broken"));
		books_problem(source->problem, source->path, sentence, kept);
	}
	answered(front);
}

static const struct errand_kind books_kind = {
	"read an address book", books_parsed, books_failed
};

static void source_ask(struct front *front, struct source *source)
{
	const struct errand errand = {
		.kind = &books_kind, .role = CHILD_READER, .message = -1,
		.ctx = source
	};
	struct stat about;
	int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &about) < 0) {
		/* Gone since it was found is no fault. */
		if (errno != ENOENT)
			source_problem(source, strerror(errno));
		source->size = -1;
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	source->changed = about.st_mtim;
	source->size = about.st_size;
	source->asked = true;
	front->books->in_hand++;
	(void)errand_start(front, &errand, FRAME_PARSE, NULL, &fd, 1);
	(void)close(fd);
}

void books_read(struct front *front)
{
	struct books *books = front->books;
	struct source *source;

	/* An answer may come while it is asked for. */
	if (books->reading)
		return;
	books->reading = true;
	while (books->in_hand < IN_HAND_MAX &&
	       (source = books->wanted) != NULL) {
		books->wanted = source->wanted_next;
		if (books->wanted == NULL)
			books->wanted_last = &books->wanted;
		source->wanted = false;
		source_ask(front, source);
	}
	books->reading = false;
}
