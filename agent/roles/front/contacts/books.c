/* books.c - address books: when they are looked at, what is told of them
 *
 * One broken file does not empty the list. */
#include "agent/roles/front/contacts/books.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#include "agent/store/learned.h"

#define LOOK_EVERY_MS	60000	/* where nothing tells of changes */
#define FIRST_MS	3000	/* so long the first calls wait */

static void books_look(struct front *front, void *ctx)
{
	struct books *books = front->books;

	(void)ctx;
	books_watch(front);
	if (books_find(books))
		books->unsent = true;
	books->look.at = clock_now_ms() + LOOK_EVERY_MS;
	books_read(front);
	if (books->unsent && books->in_hand == 0)
		books_send(front);
}

static void books_send_late(struct front *front, void *ctx)
{
	(void)ctx;
	books_send(front);
}

static void books_give_up(struct front *front, void *ctx)
{
	(void)ctx;
	front->books->waited = true;
}

int books_load(struct front *front)
{
	const struct config_list *list = &front->config->contact_sources;
	struct books *books = calloc(1, sizeof(*books));
	size_t i;

	if (books != NULL)
		books->origins = calloc(list->count + 1,
					sizeof(*books->origins));
	if (books == NULL || books->origins == NULL) {
		free(books);
		return ERR_MEMORY;
	}
	for (i = 0; i < list->count; i++)
		books->origins[i].path = list->items[i];
	books->origin_count = list->count;
	books->wanted_last = &books->wanted;
	books->fd = -1;
	books->look.due = books_look;
	books->send.due = books_send_late;
	books->first.due = books_give_up;
	books->first.at = clock_now_ms() + FIRST_MS;
	front_timer(front, &books->look);
	front_timer(front, &books->send);
	front_timer(front, &books->first);
	front->books = books;
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

	contact_encode(learning->map, &contact, BOOKS_LEARNED);
	return 0;
}

/* Every book, and behind them whom no book holds: added, or written to. */
static void map_make(struct front *front, struct buf *map)
{
	struct learning learning = { map, 0 };
	const struct source *source;
	struct bytes part;

	for (source = front->books->sources; source != NULL;
	     source = source->next) {
		part.data = source->map;
		part.len = source->map_len;
		buf_add(map, part);
	}
	if (front->store != NULL)
		(void)learned_each(front->store, learned_take, &learning);
	if (map->full)
		log_line(LOG_LEVEL_ERROR, "contacts: more than 32 MB; the last "
			 "sources are left out");
}

void books_send(struct front *front)
{
	struct frame frame = { FRAME_CONTACTS, 0, { NULL, 0 }, { 0 }, 1 };
	struct buf map;

	fresh_changed(front);
	if (front->books == NULL || !child_is_up(front, CHILD_READER))
		return;
	front->books->unsent = false;
	front->books->send.at = 0;
	buf_init(&map, CONTACTS_MAP_MAX);
	map_make(front, &map);
	frame.fds[0] = memfile_make("contacts", buf_bytes(&map));
	if (frame.fds[0] >= 0) {
		(void)child_tell(front, CHILD_READER, &frame);
		(void)close(frame.fds[0]);
	}
	buf_free(&map);
}

bool books_unsent(const struct front *front)
{
	return front->books != NULL && front->books->unsent;
}

/* What is wrong in it, in one sentence; "": nothing. */
static void origin_sentence(const struct books *books,
			    const struct origin *origin, char *out,
			    size_t size)
{
	const struct source *source, *first = NULL;
	unsigned more = 0;

	(void)snprintf(out, size, "%s", origin->problem);
	for (source = books->sources; source != NULL; source = source->next) {
		if (source->origin != origin || source->problem[0] == 0)
			continue;
		if (first == NULL)
			first = source;
		else
			more++;
	}
	if (first == NULL || out[0] != 0)
		return;
	if (!origin->folder)
		(void)snprintf(out, size, "%s", first->problem);
	else if (more == 0)
		(void)snprintf(out, size, "%s: %s", first->path,
			       first->problem);
	else
		(void)snprintf(out, size, "%s: %s; and %u more files",
			       first->path, first->problem, more);
}

void books_describe(struct front *front, struct arena *arena,
		    struct value *into)
{
	struct value *dict = value_put_dict(arena, into, "Contacts");
	const struct books *books = front->books;
	const struct source *source;
	char sentence[2 * BOOKS_SENTENCE + 4096];
	struct value *list, *entry;
	int64_t all = 0, entries, files;
	size_t i;

	for (source = books == NULL ? NULL : books->sources; source != NULL;
	     source = source->next)
		all += source->entries;
	value_put_number(arena, dict, "addresses", all);
	list = value_put_list(arena, dict, "sources");
	for (i = 0; books != NULL && i < books->origin_count; i++) {
		entries = files = 0;
		for (source = books->sources; source != NULL;
		     source = source->next) {
			if (source->origin != &books->origins[i])
				continue;
			entries += source->entries;
			files++;
		}
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "path", books->origins[i].path);
		value_put_number(arena, entry, "addresses", entries);
		if (books->origins[i].folder)
			value_put_number(arena, entry, "files", files);
		origin_sentence(books, &books->origins[i], sentence,
				sizeof(sentence));
		if (sentence[0] != 0)
			value_put_text(arena, entry, "problem", sentence);
	}
}

void books_each(struct front *front,
		void (*take)(void *ctx, const char *path, struct bytes map),
		void *ctx)
{
	const struct source *source;
	struct bytes map;

	for (source = front->books == NULL ? NULL : front->books->sources;
	     source != NULL; source = source->next) {
		map.data = source->map;
		map.len = source->map_len;
		take(ctx, source->path, map);
	}
}

bool books_settled(const struct front *front)
{
	const struct books *books = front->books;

	return books == NULL || books->waited ||
	       (books->in_hand == 0 && books->wanted == NULL);
}

static void nothing(void *node)
{
	(void)node;
}

void books_free(struct front *front)
{
	struct books *books = front->books;
	struct source *source;

	if (books == NULL)
		return;
	tdestroy(books->by_path, nothing);
	while ((source = books->sources) != NULL) {
		books->sources = source->next;
		source_free(source);
	}
	if (books->fd >= 0)
		(void)close(books->fd);
	free(books->origins);
	free(books);
	front->books = NULL;
}
