/* book.c - address books: parsing them, and the map that is in use */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/contacts/contacts.h"
#include "agent/contacts/parse.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define ANSWER_ARENA	16384

struct parse_job {
	uint32_t id;
	int fd;
};

struct taken {
	struct buf map;
	uint32_t source;
};

static void take(void *ctx, const struct contact *contact)
{
	struct taken *taken = ctx;

	contact_encode(&taken->map, contact, taken->source);
}

static void parsed_send(uint32_t id, const struct contacts_parsed *parsed,
			const struct buf *map)
{
	struct arena *arena = arena_new(ANSWER_ARENA);
	struct value *dict = value_dict(arena);
	int fd = memfile_make("contacts", buf_bytes(map));

	value_put_text(arena, dict, "format", parsed->format);
	value_put_number(arena, dict, "entries", (int64_t)parsed->entries);
	value_put_number(arena, dict, "broken", (int64_t)parsed->broken);
	value_put_number(arena, dict, "first_broken",
			 (int64_t)parsed->first_broken);
	if (fd < 0 || dict == NULL)
		role_fail(id, "Failed", "out of memory");
	else
		role_report(id, dict, &fd, 1);
	if (fd >= 0)
		(void)close(fd);
	arena_free(arena);
}

static void parse_work(void *ctx)		/* in a worker thread */
{
	struct parse_job *job = ctx;
	struct contacts_parsed parsed;
	struct memfile file;
	struct taken taken;
	int r;

	memset(&parsed, 0, sizeof(parsed));
	taken.source = job->id;
	buf_init(&taken.map, CONTACTS_MAP_MAX);
	r = memfile_open(job->fd, CONTACTS_FILE_MAX, &file);
	if (r == 0) {
		if (file.size > CONTACTS_FILE_MAX)
			r = ERR_LIMIT;
		else
			r = contacts_parse(file.bytes, take, &taken, &parsed);
		memfile_close(&file);
	}
	if (r == 0 && taken.map.full)
		r = ERR_LIMIT;
	if (r < 0)
		role_fail(job->id, r == ERR_SYNTAX ? "NoBook" : "Failed",
			  r == ERR_SYNTAX ?
			    "it is no mutt alias file, vCard, abook file or "
			    "address book of Claws Mail" :
			    err_sentence(r));
	else
		parsed_send(job->id, &parsed, &taken.map);
	buf_free(&taken.map);
	free(job);
}

int reader_parse(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct parse_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return ERR_MEMORY;
	job->id = frame->id;
	job->fd = frame_take(frame, 0);
	if (workers_add(reader->workers, FRONT_CALLER, parse_work, job) == 0)
		return 0;
	role_fail(job->id, "Failed", "too much to do");
	(void)close(job->fd);
	free(job);
	return 0;
}

struct book *book_hold(struct reader *reader)
{
	struct book *book;

	(void)pthread_mutex_lock(&reader->lock);
	book = reader->book;
	if (book != NULL)
		book->users++;
	(void)pthread_mutex_unlock(&reader->lock);
	return book;
}

void book_let_go(struct reader *reader, struct book *book)
{
	unsigned left;

	if (book == NULL)
		return;
	(void)pthread_mutex_lock(&reader->lock);
	left = --book->users;
	(void)pthread_mutex_unlock(&reader->lock);
	if (left > 0)
		return;
	contacts_free(book->contacts);
	free(book);
}

int reader_contacts(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct book *book = calloc(1, sizeof(*book)), *before;
	struct memfile file;
	int r = ERR_MEMORY;

	if (book == NULL)
		return r;
	r = memfile_open(frame_take(frame, 0), CONTACTS_MAP_MAX, &file);
	if (r == 0) {
		r = contacts_open(file.bytes, &book->contacts);
		memfile_close(&file);
	}
	if (r < 0) {
		free(book);
		role_fail(frame->id, "Failed", err_sentence(r));
		return 0;
	}
	book->users = 1;
	(void)pthread_mutex_lock(&reader->lock);
	before = reader->book;
	reader->book = book;
	(void)pthread_mutex_unlock(&reader->lock);
	book_let_go(reader, before);
	return 0;
}
