/* answers.c - Message-IDs as sums: a mail's own, and those that it answers */
#include "agent/flow/answers.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/identity.h"
#include "agent/flow/outgoing.h"
#include "agent/flow/shown.h"

#define LABEL "mailseal: Message-ID "	/* these sums are of nothing else */

struct sums {
	struct arena *arena;
	struct answers_sum *all;
	size_t count;
	int error;
};

static void add(struct sums *sums, const char *id)
{
	const char *text = arena_print(sums->arena, LABEL "%s", id);

	if (sums->count == ANSWERS_MAX)
		return;
	if (text == NULL ||
	    identity_sum((const unsigned char *)text, strlen(text),
			 sums->all[sums->count].octets) < 0)
		sums->error = ERR_LIMIT;
	else
		sums->count++;
}

static void add_field(struct sums *sums, const struct outgoing *mail,
		      const char *name)
{
	const char *ids[SHOWN_IDS_MAX];
	const struct outgoing_field *field;
	size_t nth, count, i;

	for (nth = 0; (field = outgoing_find(mail, name, nth)) != NULL &&
	     sums->count < ANSWERS_MAX; nth++) {
		count = shown_ids_in(sums->arena,
				     outgoing_value(sums->arena, field), ids);
		for (i = 0; i < count; i++)
			add(sums, ids[i]);
	}
}

int answers_encrypted(struct arena *arena, const struct memfile *mail,
		      const struct answers_memory *memory, struct buf *why)
{
	struct answers_sum all[ANSWERS_MAX];
	struct sums sums = { arena, all, 0, 0 };
	struct outgoing outgoing;
	int r = 0;

	/* Who reads it next says what is wrong with it. */
	if (outgoing_read(arena, mail, &outgoing) < 0)
		return 0;
	add_field(&sums, &outgoing, "In-Reply-To");
	add_field(&sums, &outgoing, "References");
	if (sums.error < 0)
		r = sums.error;
	else if (sums.count > 0)
		r = memory->opened(memory->ctx, all, sums.count);
	if (r < 0)
		buf_text(why, "Whether this mail answers an encrypted one "
			 "cannot be told now: what the agent remembers cannot "
			 "be read (mailseal status says more). It was not "
			 "sent; try again.");
	return r;
}

size_t answers_sums(struct arena *arena, const struct message *message,
		    struct answers_sum all[ANSWERS_MAX])
{
	const char *ids[SHOWN_IDS_MAX];
	struct sums sums = { arena, all, 0, 0 };
	size_t count = shown_ids(arena, message, ids), i;

	for (i = 0; i < count; i++)
		add(&sums, ids[i]);
	return sums.count;
}

const char *answers_id(struct arena *arena, const char *text)
{
	struct bytes id = bytes_of(text);
	size_t i;

	if (id.len > 2 && id.data[0] == '<' && id.data[id.len - 1] == '>')
		id = bytes_slice(id, 1, id.len - 1);
	if (id.len == 0 || id.len > SHOWN_ID_BYTES || !utf8_is_valid(id))
		return NULL;
	for (i = 0; i < id.len; i++)
		if (id.data[i] <= ' ' || id.data[i] == 0x7f ||
		    id.data[i] == '<' || id.data[i] == '>')
			return NULL;
	return arena_text(arena, id);
}

bool answers_sum(struct arena *arena, const char *id, struct answers_sum *sum)
{
	struct sums sums = { arena, sum, 0, 0 };

	if (id != NULL)
		add(&sums, id);
	return sums.count == 1;
}
