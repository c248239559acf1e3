/* contacts.c - the map: writing it, checking it, indexing it
 *
 * An entry is u32 source, u32 person, u16 length and address, u16 length and
 * name; a map is entries one after the other. */
#include "agent/contacts/contacts.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts_map.h"
#include "agent/contacts/contacts_person.h"
#include "agent/mail/address.h"
#include "agent/mail/name.h"

#define ENTRY_LEAST	12	/* bytes of an entry without its texts */
#define SCRATCH		(1024 * 1024)	/* bytes, for normal forms */
#define MEMORY_MAX	(128 * 1024 * 1024)	/* normal forms may be longer */

void contact_encode(struct buf *to, const struct contact *contact,
		    uint32_t source)
{
	struct bytes address = bytes_of(contact->address);
	struct bytes name = bytes_of(contact->name);

	if (address.len > ADDRESS_MAX || name.len > CONTACTS_NAME_MAX ||
	    to->len > to->max ||
	    to->max - to->len < ENTRY_LEAST + address.len + name.len) {
		to->full = true;	/* never half an entry */
		return;
	}
	buf_u32(to, source);
	buf_u32(to, contact->person);
	buf_u16(to, (uint16_t)address.len);
	buf_add(to, address);
	buf_u16(to, (uint16_t)name.len);
	buf_add(to, name);
}

struct wire_entry {
	uint32_t source, person;
	struct bytes address, name;
};

static bool entry_take(struct bytes *map, struct wire_entry *out)
{
	uint16_t len;

	return take_u32(map, &out->source) && take_u32(map, &out->person) &&
	       take_u16(map, &len) && len <= ADDRESS_MAX &&
	       take_bytes(map, len, &out->address) &&
	       take_u16(map, &len) && len <= CONTACTS_NAME_MAX &&
	       take_bytes(map, len, &out->name) &&
	       utf8_is_valid(out->address) && utf8_is_valid(out->name);
}

/* Whether this is the one form in which addresses are compared. */
static int address_check(struct arena *scratch, struct bytes address)
{
	struct mailbox mailbox;
	const char *normal;

	if (address_parse(scratch, address, &mailbox) < 0)
		return ERR_SYNTAX;
	normal = address_normal(scratch, &mailbox);
	if (normal == NULL || !bytes_is(address, normal))
		return ERR_SYNTAX;
	return 0;
}

static const char *kept(struct arena *arena, const char *text)
{
	return text == NULL || text[0] == 0 ? "" :
	       arena_text(arena, bytes_of(text));
}

static int entry_fill(struct contacts *contacts, struct arena *scratch,
		      const struct wire_entry *wire)
{
	struct entry *entry = &contacts->entries[contacts->count];
	struct arena *arena = contacts->arena;
	const char *address, *name, *normal, *skeleton;

	if (address_check(scratch, wire->address) < 0)
		return ERR_SYNTAX;
	address = arena_text(arena, wire->address);
	name = arena_text(arena, wire->name);
	if (address == NULL || name == NULL)
		return ERR_LIMIT;
	normal = name[0] == 0 ? "" : name_normal(scratch, name);
	if (normal == NULL)
		return ERR_LIMIT;
	skeleton = contacts_skeleton(scratch, address);
	if (skeleton == NULL)
		return ERR_LIMIT;
	entry->contact.address = address;
	entry->contact.name = name;
	entry->contact.person = wire->person;
	entry->source = wire->source;
	entry->name_normal = kept(arena, normal);
	entry->skeleton = kept(arena, skeleton);
	if (entry->name_normal == NULL || entry->skeleton == NULL)
		return ERR_LIMIT;
	contacts->count++;
	return 0;
}

static int entries_read(struct contacts *contacts, struct bytes map)
{
	struct arena *scratch = NULL;
	struct wire_entry wire;
	int r = 0;

	while (r == 0 && map.len > 0) {
		if (scratch == NULL)
			scratch = arena_new(SCRATCH);
		if (scratch == NULL)
			return ERR_MEMORY;
		r = entry_take(&map, &wire) ?
		    entry_fill(contacts, scratch, &wire) : ERR_SYNTAX;
		if (arena_used(scratch) > SCRATCH / 2) {
			arena_free(scratch);
			scratch = NULL;
		}
	}
	arena_free(scratch);
	return r;
}

static int indexes_build(struct contacts *contacts)
{
	const struct entry *entry;
	uint32_t i;
	int r;

	if ((r = index_init(&contacts->by_address, contacts->count)) < 0 ||
	    (r = index_init(&contacts->by_name, contacts->count)) < 0 ||
	    (r = index_init(&contacts->by_skeleton, contacts->count)) < 0)
		return r;
	/* From the last to the first: a chain then has the first in front. */
	for (i = contacts->count; i > 0; i--) {
		entry = &contacts->entries[i - 1];
		index_add(&contacts->by_address,
			  bytes_of(entry->contact.address), i - 1);
		if (entry->name_normal[0] != 0)
			index_add(&contacts->by_name,
				  bytes_of(entry->name_normal), i - 1);
		if (entry->skeleton[0] != 0)
			index_add(&contacts->by_skeleton,
				  bytes_of(entry->skeleton), i - 1);
	}
	return 0;
}

/* Its entries, counted before any memory is taken for them. */
static int map_count(struct bytes map, size_t *out)
{
	struct wire_entry wire;

	*out = 0;
	if (map.len > CONTACTS_MAP_MAX)
		return ERR_LIMIT;
	while (map.len > 0) {
		if (!entry_take(&map, &wire))
			return ERR_SYNTAX;
		if (++*out > CONTACTS_MAX)
			return ERR_LIMIT;
	}
	return 0;
}

int contacts_open(struct bytes map, struct contacts **out)
{
	struct contacts *contacts = NULL;
	size_t count;
	int r = map_count(map, &count);

	*out = NULL;
	if (r < 0)
		return r;
	r = ERR_MEMORY;
	contacts = calloc(1, sizeof(*contacts));
	if (contacts == NULL)
		goto out;
	contacts->arena = arena_new(MEMORY_MAX);
	if (contacts->arena == NULL)
		goto out;
	contacts->entries = arena_array(contacts->arena, count + 1,
					sizeof(*contacts->entries));
	if (contacts->entries == NULL)
		goto out;
	if ((r = entries_read(contacts, map)) < 0 ||
	    (r = indexes_build(contacts)) < 0 ||
	    (r = contacts_join(contacts)) < 0)
		goto out;
	*out = contacts;
	contacts = NULL;
out:
	contacts_free(contacts);
	return r;
}

int contacts_each(struct bytes map,
		  void (*take)(void *ctx, const struct contact *contact),
		  void *ctx)
{
	char *texts = malloc(ADDRESS_MAX + CONTACTS_NAME_MAX + 2);
	char *name = texts == NULL ? NULL : texts + ADDRESS_MAX + 1;
	struct contact contact;
	struct wire_entry wire;
	int r = texts == NULL ? ERR_MEMORY : 0;

	while (r == 0 && map.len > 0) {
		if (!entry_take(&map, &wire)) {
			r = ERR_SYNTAX;
			break;
		}
		memcpy(texts, wire.address.data, wire.address.len);
		texts[wire.address.len] = 0;
		memset(name, 0, CONTACTS_NAME_MAX + 1);
		if (wire.name.len > 0)
			memcpy(name, wire.name.data, wire.name.len);
		contact.address = texts;
		contact.name = name;
		contact.person = wire.person;
		take(ctx, &contact);
	}
	free(texts);
	return r;
}

void contacts_free(struct contacts *contacts)
{
	if (contacts == NULL)
		return;
	index_free(&contacts->by_address);
	index_free(&contacts->by_name);
	index_free(&contacts->by_skeleton);
	arena_free(contacts->arena);
	free(contacts);
}

size_t contacts_count(const struct contacts *contacts)
{
	return contacts->count;
}
