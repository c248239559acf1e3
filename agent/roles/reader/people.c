/* people.c - PEOPLE: which entries of the contacts are one person's
 *
 * Answered by the polling thread: it was found out when the map came. */
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define PEOPLE_ARENA	4096

/* A number for each entry of the map, in its order: the same is one person. */
int reader_people(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct book *book = book_hold(reader);
	struct arena *arena = arena_new(PEOPLE_ARENA);
	struct value *report = arena == NULL ? NULL : value_dict(arena);
	struct buf numbers;
	size_t count = book == NULL ? 0 : contacts_count(book->contacts), i;
	int fd = -1;

	buf_init(&numbers, CONTACTS_MAX * sizeof(uint32_t));
	for (i = 0; i < count; i++)
		buf_u32(&numbers, contacts_person(book->contacts, i));
	if (!numbers.full)
		fd = memfile_make("people", buf_bytes(&numbers));
	value_put_number(arena, report, "entries", (int64_t)count);
	if (fd < 0 || report == NULL)
		role_fail(frame->id, "Failed", err_sentence(ERR_MEMORY));
	else
		role_report(frame->id, report, &fd, 1);
	if (fd >= 0)
		(void)close(fd);
	buf_free(&numbers);
	arena_free(arena);
	book_let_go(reader, book);
	return 0;
}
