/* outgoing_address.c - whom a message is from, and to whom it goes */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/flow/outgoing.h"
#include "agent/mail/address.h"

#define LIST_FIRST 16

int outgoing_list_add(struct arena *arena, struct outgoing_list *list,
		      const char *normal)
{
	size_t room = list->room == 0 ? LIST_FIRST : list->room * 2;
	const char **all;

	if (outgoing_list_has(list, normal))
		return 0;
	if (list->count == OUTGOING_RECIPIENTS_MAX)
		return ERR_LIMIT;
	if (list->count == list->room) {
		all = arena_array(arena, room, sizeof(*all));
		if (all == NULL)
			return ERR_LIMIT;
		if (list->count > 0)
			memcpy(all, list->all, list->count * sizeof(*all));
		list->all = all;
		list->room = room;
	}
	list->all[list->count++] = normal;
	return 0;
}

bool outgoing_list_has(const struct outgoing_list *list, const char *normal)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->all[i], normal) == 0)
			return true;
	return false;
}

int outgoing_addresses(struct arena *arena, struct bytes text,
		       struct outgoing_list *list, const char **bad)
{
	struct mailbox_list found;
	const char *normal;
	size_t i;
	int r = address_list_parse(arena, text, &found);

	*bad = arena_text(arena, bytes_slice(bytes_trim(text), 0, 200));
	for (i = 0; r == 0 && i < found.count; i++) {
		normal = address_normal(arena, &found.mailboxes[i]);
		if (normal == NULL) {
			*bad = arena_print(arena, "%.*s",
				(int)found.mailboxes[i].local.len,
				(const char *)found.mailboxes[i].local.data);
			r = ERR_SYNTAX;
		} else {
			r = outgoing_list_add(arena, list, normal);
		}
	}
	return r;
}

/* The newest block of Resent- fields (RFC 5322 section 3.6.6): from the first
 * one down to the first that stood in it already. */
static size_t resent_end(const struct outgoing *message, size_t from)
{
	size_t i, j;

	for (i = from; i < message->count; i++) {
		if (!bytes_starts_nocase(message->fields[i].name, "Resent-"))
			return i;
		for (j = from; j < i; j++)
			if (bytes_equal_nocase(message->fields[i].name,
					       message->fields[j].name))
				return i;
	}
	return i;
}

static void block_of(const struct outgoing *message, size_t *from, size_t *to)
{
	*from = 0;
	*to = message->count;
	if (!message->resent)
		return;
	while (!bytes_starts_nocase(message->fields[*from].name, "Resent-"))
		++*from;
	*to = resent_end(message, *from);
}

/* The name without "Resent-". */
static struct bytes plain_name(const struct outgoing *message, size_t nth)
{
	struct bytes name = message->fields[nth].name;

	return message->resent ? bytes_slice(name, 7, name.len) : name;
}

int outgoing_recipients(struct arena *arena, const struct outgoing *message,
			struct outgoing_list *shown,
			struct outgoing_list *hidden, const char **bad)
{
	struct bytes name, value;
	size_t i, to;
	int r = 0;

	block_of(message, &i, &to);
	for (; r == 0 && i < to; i++) {
		name = plain_name(message, i);
		value = outgoing_value(arena, &message->fields[i]);
		if (bytes_trim(value).len == 0)
			continue;
		if (bytes_is_nocase(name, "To") || bytes_is_nocase(name, "Cc"))
			r = outgoing_addresses(arena, value, shown, bad);
		else if (bytes_is_nocase(name, "Bcc"))
			r = outgoing_addresses(arena, value, hidden, bad);
	}
	return r;
}

const char *outgoing_author(struct arena *arena,
			    const struct outgoing *message, bool *qualified)
{
	struct mailbox_list found;
	const char *normal = NULL;
	size_t i, to;

	*qualified = true;
	block_of(message, &i, &to);
	for (; i < to; i++) {
		if (!bytes_is_nocase(plain_name(message, i), "From"))
			continue;
		if (address_list_parse(arena, outgoing_value(arena,
						&message->fields[i]),
				       &found) == 0 && found.count > 0)
			normal = address_normal(arena, &found.mailboxes[0]);
		*qualified = normal != NULL;
		return normal == NULL ? "" : normal;
	}
	return NULL;
}
