/* books.c - address books: the front opens them, the reader parses
 *
 * Each source keeps its last good map, so that one broken file does not empty
 * the list.  A source is a file, or a folder of files (vCards). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/store/learned.h"

#define SOURCE_FILES_MAX	5000	/* of one folder */
#define SENTENCE_MAX		256
#define LOOK_EVERY_MS		60000	/* where nothing tells of changes */
#define AGAIN_MS		1000
#define LEARNED_SOURCE		UINT32_MAX
#define FIRST_MS		3000	/* so long the first calls wait */

/* One file. A folder's files are sources of their own. */
struct source {
	struct source *next;
	char *path;
	bool asked;			/* the reader has not answered yet */
	bool found;			/* at the last look */
	const char *folder;		/* the configured one it lies in; or
					 * NULL */
	struct timespec changed;
	off_t size;
	unsigned char *map;		/* the last good one */
	size_t map_len;
	int64_t entries;
	char problem[SENTENCE_MAX];	/* "" : none */
};

static struct source *source_of(struct front *front, const char *path)
{
	struct source *source;

	for (source = front->sources; source != NULL; source = source->next)
		if (strcmp(source->path, path) == 0)
			return source;
	source = calloc(1, sizeof(*source));
	if (source == NULL)
		return NULL;
	source->path = strdup(path);
	if (source->path == NULL) {
		free(source);
		return NULL;
	}
	source->next = front->sources;
	front->sources = source;
	return source;
}

static void source_free(struct source *source)
{
	free(source->path);
	free(source->map);
	free(source);
}

static void source_problem(struct source *source, const char *sentence)
{
	(void)snprintf(source->problem, sizeof(source->problem), "%s",
		       sentence);
	log_line(LOG_LEVEL_WARNING, "contacts: %s: %s%s", source->path,
		 sentence, source->map == NULL ? "" :
		 "; its last good content stays in use");
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

static int64_t number_of(const struct value *dict, const char *key)
{
	const struct value *found = value_find(dict, key, VALUE_NUMBER);

	return found == NULL ? 0 : found->number;
}

static void books_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	struct source *source = errand->ctx;

	source->asked = false;
	if (strcmp(name, "RoleDied") != 0 && strcmp(name, "RoleDown") != 0) {
		source_problem(source, sentence);
		return;
	}
	/* A reader that died is asked again. */
	source->size = -1;
	front->books_timer.at = clock_now_ms() + AGAIN_MS;
}

static void books_parsed(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	struct source *source = errand->ctx;
	char sentence[SENTENCE_MAX];

	source->asked = false;
	if (frame->fd_count != 1 ||
	    map_keep(source, frame_take(frame, 0)) < 0) {
		source_problem(source, "the reader's answer was damaged");
		return;
	}
	source->entries = number_of(report, "entries");
	if (number_of(report, "broken") > 0) {
		(void)snprintf(sentence, sizeof(sentence),
			       "%lld entries could not be read, the first in "
			       "line %lld",
			       (long long)number_of(report, "broken"),
			       (long long)number_of(report, "first_broken"));
		source_problem(source, sentence);
	}
	books_send(front);
}

static const struct errand_kind books_kind = {
	"read an address book", books_parsed, books_failed
};

static void source_ask(struct front *front, struct source *source, int fd)
{
	const struct errand errand = { &books_kind, CHILD_READER, 0, NULL, -1,
				       source, 0, 0, NULL };

	source->asked = true;
	(void)errand_start(front, &errand, FRAME_PARSE, NULL, &fd, 1);
}

static bool source_is_new(const struct source *source,
			  const struct stat *about)
{
	return source->size != about->st_size ||
	       source->changed.tv_sec != about->st_mtim.tv_sec ||
	       source->changed.tv_nsec != about->st_mtim.tv_nsec;
}

static void file_load(struct front *front, const char *path,
		      const char *folder)
{
	struct source *source = source_of(front, path);
	struct stat about;
	int fd;

	if (source == NULL)
		return;
	source->found = true;
	source->folder = folder;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &about) < 0) {
		if (source->problem[0] == 0)
			source_problem(source, strerror(errno));
		goto out;
	}
	if (!source_is_new(source, &about))
		goto out;
	source->changed = about.st_mtim;
	source->size = about.st_size;
	source->problem[0] = 0;
	if (!S_ISREG(about.st_mode))
		source_problem(source, "it is neither a file nor a folder");
	else if (about.st_size > CONTACTS_FILE_MAX)
		source_problem(source, "it is larger than 16 MB");
	else
		source_ask(front, source, fd);
out:
	if (fd >= 0)
		(void)close(fd);
}

static void folder_load(struct front *front, const char *path, DIR *folder)
{
	const struct dirent *entry;
	size_t count = 0;
	char *file;

	while ((entry = readdir(folder)) != NULL &&
	       count < SOURCE_FILES_MAX) {
		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&file, "%s/%s", path, entry->d_name) < 0)
			return;
		file_load(front, file, path);
		free(file);
		count++;
	}
}

/* A file that left its folder leaves the list; a book that is named in the
 * configuration, or whose folder cannot be read, keeps its last content. */
static void folder_sweep(struct front *front, const char *path)
{
	struct source **at = &front->sources, *gone;
	bool any = false;

	while ((gone = *at) != NULL) {
		if (gone->found || gone->asked || gone->folder == NULL ||
		    strcmp(gone->folder, path) != 0) {
			at = &gone->next;
			continue;
		}
		*at = gone->next;
		source_free(gone);
		any = true;
	}
	if (any)
		books_send(front);
}

static void sources_load(struct front *front)
{
	const struct config_list *list = &front->config->contact_sources;
	struct source *source;
	DIR *folder;
	size_t i;

	for (source = front->sources; source != NULL; source = source->next)
		source->found = false;

	for (i = 0; i < list->count; i++) {
		folder = opendir(list->items[i]);
		if (folder == NULL) {
			file_load(front, list->items[i], NULL);
			continue;
		}
		folder_load(front, list->items[i], folder);
		folder_sweep(front, list->items[i]);
		(void)closedir(folder);
	}
}

static void books_look(struct front *front, void *ctx)
{
	(void)ctx;
	books_watch(front);
	sources_load(front);
	front->books_timer.at = clock_now_ms() + LOOK_EVERY_MS;
}

static void books_give_up(struct front *front, void *ctx)
{
	(void)ctx;
	front->books_waited = true;
}

int books_load(struct front *front)
{
	front->books_timer.due = books_look;
	front->books_first.due = books_give_up;
	front->books_first.at = clock_now_ms() + FIRST_MS;
	front_timer(front, &front->books_timer);
	front_timer(front, &front->books_first);
	books_look(front, NULL);
	return 0;
}

struct learning {
	struct buf *map;
	uint32_t person;
};

static int learned_take(void *ctx, const struct learned *learned)
{
	struct learning *learning = ctx;
	struct contact contact = { learned->address, learned->name,
				   ++learning->person };

	contact_encode(learning->map, &contact, LEARNED_SOURCE);
	return 0;
}

/* Whom no address book holds: added by the user, or written to. */
static void learned_encode(struct front *front, struct buf *map)
{
	struct learning learning = { map, 0 };

	if (front->store != NULL)
		(void)learned_each(front->store, learned_take, &learning);
}

void books_send(struct front *front)
{
	struct frame frame = { FRAME_CONTACTS, 0, { NULL, 0 }, { 0 }, 1 };
	const struct source *source;
	struct bytes part;
	struct buf map;

	front->changes++;
	if (!child_is_up(front, CHILD_READER))
		return;
	buf_init(&map, CONTACTS_MAP_MAX);
	for (source = front->sources; source != NULL; source = source->next) {
		part.data = source->map;
		part.len = source->map_len;
		buf_add(&map, part);
	}
	learned_encode(front, &map);
	if (map.full)
		log_line(LOG_LEVEL_ERROR, "contacts: more than 32 MB; the last "
			 "sources are left out");
	frame.fds[0] = memfile_make("contacts", buf_bytes(&map));
	if (frame.fds[0] >= 0) {
		(void)channel_send(front->children[CHILD_READER].fd, &frame);
		(void)close(frame.fds[0]);
	}
	buf_free(&map);
}

void books_describe(struct front *front, struct arena *arena,
		    struct value *into)
{
	struct value *dict = value_put_dict(arena, into, "Contacts");
	const struct source *source;
	struct value *list, *entry;
	int64_t entries = 0;

	for (source = front->sources; source != NULL; source = source->next)
		entries += source->entries;
	value_put_number(arena, dict, "addresses", entries);
	list = value_put_list(arena, dict, "sources");
	for (source = front->sources; source != NULL; source = source->next) {
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "path", source->path);
		value_put_number(arena, entry, "addresses", source->entries);
		if (source->problem[0] != 0)
			value_put_text(arena, entry, "problem",
				       source->problem);
	}
}

void books_each(struct front *front,
		       void (*take)(void *ctx, const char *path,
				    struct bytes map),
		       void *ctx)
{
	const struct source *source;
	struct bytes map;

	for (source = front->sources; source != NULL; source = source->next) {
		map.data = source->map;
		map.len = source->map_len;
		take(ctx, source->path, map);
	}
}

bool books_settled(const struct front *front)
{
	const struct source *source = front->sources;

	while (source != NULL && !source->asked)
		source = source->next;
	return source == NULL || front->books_waited;
}

void books_free(struct front *front)
{
	struct source *source;

	while ((source = front->sources) != NULL) {
		front->sources = source->next;
		source_free(source);
	}
}
