/* suggest.c - a folder's headers in, proposed lines out */
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/mail/message.h"
#include "agent/mail/suggest.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define HEADERS_MAX	(64 * 1024 * 1024)	/* bytes of all of them */
#define MESSAGE_ARENA	(4 * 1024 * 1024)	/* for one message's fields */
#define CONCLUDE_ARENA	(64 * 1024 * 1024)

struct suggest_job {
	uint32_t id;
	int fd;
};

/* Everything that is a message; 0, ERR_SYNTAX: the lengths are wrong. */
static int add_all(struct suggest *suggest, struct bytes rest)
{
	struct message *message;
	struct arena *arena;
	struct bytes header;
	uint32_t len;
	int r = 0;

	while (r == 0 && rest.len > 0) {
		if (!take_u32(&rest, &len) || !take_bytes(&rest, len, &header))
			return ERR_SYNTAX;
		arena = arena_new(MESSAGE_ARENA);
		if (arena == NULL)
			return ERR_MEMORY;
		if (message_parse(arena, header, &message) == 0)
			r = suggest_add(suggest, message);
		arena_free(arena);
	}
	return r == ERR_LIMIT ? 0 : r;	/* enough was seen */
}

static void lines_send(uint32_t id, struct arena *arena,
		       const struct suggest_lines *lines)
{
	struct value *report = value_dict(arena), *list, *entry;
	size_t i;

	value_put_number(arena, report, "messages", (int64_t)lines->messages);
	list = value_put_list(arena, report, "lines");
	for (i = 0; i < lines->count; i++) {
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "key",
			       lines->list[i].kind == SUGGEST_RELAY ?
			       "trusted-relay" : "trusted-authserv");
		value_put_text(arena, entry, "value", lines->list[i].value);
		value_put_number(arena, entry, "messages",
				 (int64_t)lines->list[i].messages);
		value_put_text(arena, entry, "doubt", lines->list[i].doubt);
	}
	if (report == NULL)
		role_fail(id, "Failed", "out of memory");
	else
		role_report(id, report, NULL, 0);
}

static int conclude(const struct suggest_job *job,
		    const struct suggest *suggest)
{
	struct arena *arena = arena_new(CONCLUDE_ARENA);
	struct suggest_lines lines;
	int r = ERR_MEMORY;

	if (arena != NULL)
		r = suggest_conclude(suggest, arena, &lines);
	if (r == 0)
		lines_send(job->id, arena, &lines);
	arena_free(arena);
	return r;
}

static void suggest_work(void *ctx)		/* in a worker thread */
{
	struct suggest_job *job = ctx;
	struct suggest *suggest = suggest_new();
	struct memfile file;
	int r = memfile_open(job->fd, HEADERS_MAX, &file);

	if (r == 0) {
		r = suggest == NULL ? ERR_MEMORY : ERR_LIMIT;
		if (suggest != NULL && file.size <= HEADERS_MAX)
			r = add_all(suggest, file.bytes);
		memfile_close(&file);
	}
	if (r == 0)
		r = conclude(job, suggest);
	if (r == ERR_SYNTAX)
		role_fail(job->id, "InvalidArgs", "the headers are not one "
			  "behind the other with their lengths in front");
	else if (r < 0)
		role_fail(job->id, "Failed", err_sentence(r));
	suggest_free(suggest);
	free(job);
}

int reader_suggest(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct suggest_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return ERR_MEMORY;
	job->id = frame->id;
	job->fd = frame_take(frame, 0);
	if (workers_add(reader->workers, FRONT_CALLER, suggest_work, job) == 0)
		return 0;
	role_fail(job->id, "Failed", "too much to do");
	(void)close(job->fd);
	free(job);
	return 0;
}
