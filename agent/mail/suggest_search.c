/* suggest_search.c - counting names, and joining those of one owner */
#include "agent/mail/suggest_search.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/suggest_facts.h"

const char *name_owner(const char *name)
{
	return domain_registrable(name);
}

bool names_same_owner(const char *a, const char *b)
{
	return bytes_equal_nocase(bytes_of(name_owner(a)),
				  bytes_of(name_owner(b)));
}

bool names_owner_is_done(const char *const *names, size_t before)
{
	size_t i;

	for (i = 0; i < before; i++)
		if (names_same_owner(names[i], names[before]))
			return true;
	return false;
}

int tally_start(struct search *search, struct tally *tally)
{
	tally->room = search->suggest->count * SUGGEST_RESULTS + 1;
	tally->count = 0;
	tally->list = arena_array(search->arena, tally->room,
				  sizeof(*tally->list));
	return tally->list == NULL ? ERR_LIMIT : 0;
}

static void sender_add(const char *list[TALLY_SENDERS], size_t *count,
		       const char *sender)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (list[i] == sender)
			return;
	if (*count < TALLY_SENDERS && sender[0] != 0)
		list[(*count)++] = sender;
}

void tally_add(struct tally *tally, const char *name, const char *sender)
{
	struct tally_row *row = NULL;
	size_t i;

	if (name == NULL)
		return;
	for (i = 0; i < tally->count && row == NULL; i++)
		if (strcmp(tally->list[i].name, name) == 0)
			row = &tally->list[i];
	if (row == NULL) {
		if (tally->count == tally->room)
			return;
		row = &tally->list[tally->count++];
		row->name = name;
	}
	row->messages++;
	sender_add(row->senders, &row->sender_count, sender);
}

bool tally_bears(const struct search *search, const struct tally *tally,
		 const char *name, size_t *messages)
{
	const char *senders[TALLY_SENDERS];
	const struct tally_row *row;
	size_t count = 0, i, j;

	*messages = 0;
	for (i = 0; i < tally->count; i++) {
		row = &tally->list[i];
		if (!names_same_owner(row->name, name))
			continue;
		*messages += row->messages;
		for (j = 0; j < row->sender_count; j++)
			sender_add(senders, &count, row->senders[j]);
	}
	return *messages >= SUGGEST_MESSAGES_MIN &&
	       count >= SUGGEST_SENDERS_MIN &&
	       *messages * 100 >= search->suggest->count * SUGGEST_SHARE;
}

bool tally_row_bears(const struct tally_row *row)
{
	return row->messages >= SUGGEST_MESSAGES_MIN &&
	       row->sender_count >= SUGGEST_SENDERS_MIN;
}

static void line_add(struct search *search, enum suggest_kind kind,
		     const char *value, size_t messages, const char *doubt)
{
	struct suggest_lines *out = search->out;
	struct suggest_line *line;

	if (value == NULL || out->count == SUGGEST_LINES_MAX)
		return;
	line = &out->list[out->count++];
	line->kind = kind;
	line->value = value;
	line->messages = messages;
	line->doubt = doubt;
}

/* What all of them have in common, from the end, is at least the owner. */
void search_tell(struct search *search, enum suggest_kind kind,
		 const char *const *names, size_t count, const char *owner,
		 size_t messages, const char *doubt)
{
	const char *common = NULL, *first = NULL;
	bool several = false, itself = false;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!names_same_owner(names[i], owner))
			continue;
		if (first == NULL)
			first = common = names[i];
		several = several || strcmp(first, names[i]) != 0;
		while (common[0] != 0 && !domain_is_within(names[i], common))
			common = domain_parent(common, 1);
	}
	for (i = 0; several && i < count; i++)
		itself = itself || strcmp(names[i], common) == 0;
	/* "*." of a name is not the name itself */
	if (itself || !several)
		line_add(search, kind, common, messages, doubt);
	if (several)
		line_add(search, kind, arena_print(search->arena, "*.%s",
						   common), messages, doubt);
}
