/* contacts_match.c - is this a contact, or does it only look like one?
 *
 * Design 7: "known", "name of another", "differs only by confusables". */
#include "agent/contacts/contacts.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/contacts/contacts_map.h"
#include "agent/contacts/ulabel.h"
#include "agent/mail/address.h"
#include "agent/mail/name.h"

#define SHAPE_MAX	2048	/* bytes of an address in U-labels */

/* What people take `address` for, before confusables are joined. */
enum sight { SIGHT_AS_IS, SIGHT_CAPITAL_I };

static const char *skeleton_seen(struct arena *arena, const char *address,
				 enum sight sight)
{
	const char *at = strrchr(address, '@'), *c, *out = NULL;
	struct buf shape;

	if (at == NULL)
		return NULL;
	buf_init(&shape, SHAPE_MAX);
	for (c = address; c < at; c++)
		if (*c == 'I' && sight == SIGHT_CAPITAL_I)
			buf_byte(&shape, 'l');	/* case folding hides it */
		else
			buf_byte(&shape, (unsigned char)*c);
	buf_byte(&shape, '@');
	ulabels_add(&shape, at + 1);
	if (!shape.full)
		out = name_skeleton(arena, buf_string(&shape));
	buf_free(&shape);
	return out;
}

const char *contacts_skeleton(struct arena *arena, const char *address)
{
	return skeleton_seen(arena, address, SIGHT_AS_IS);
}

/* The next entry of that address from `at` on; NULL: no more. */
static const struct entry *same_address(const struct contacts *contacts,
					uint32_t at, const char *address)
{
	while (at != INDEX_NONE &&
	       !address_same(contacts->entries[at].contact.address, address))
		at = index_next(&contacts->by_address, at);
	return at == INDEX_NONE ? NULL : &contacts->entries[at];
}

const struct entry *contacts_first(const struct contacts *contacts,
				   const char *address)
{
	return same_address(contacts, index_first(&contacts->by_address,
						  bytes_of(address)),
			    address);
}

const struct entry *contacts_next(const struct contacts *contacts,
				  const struct entry *entry,
				  const char *address)
{
	uint32_t at = (uint32_t)(entry - contacts->entries);

	return same_address(contacts, index_next(&contacts->by_address, at),
			    address);
}

const struct contact *contacts_find(const struct contacts *contacts,
				    const char *address)
{
	const struct entry *first = contacts_first(contacts, address), *entry;

	/* One source may know the name that another left out. */
	for (entry = first; entry != NULL;
	     entry = contacts_next(contacts, entry, address))
		if (entry->contact.name[0] != 0)
			return &entry->contact;
	return first == NULL ? NULL : &first->contact;
}

static bool person_has(const struct contacts *contacts,
		       const struct entry *person, const char *address)
{
	const struct entry *entry;

	for (entry = contacts_first(contacts, address); entry != NULL;
	     entry = contacts_next(contacts, entry, address))
		if (entry->owner == person->owner)
			return true;
	return false;
}

const struct contact *contacts_name_owner(struct arena *arena,
					  const struct contacts *contacts,
					  const char *name,
					  const char *address)
{
	const char *normal = name_normal(arena, name);
	const struct contact *owner = NULL;
	const struct entry *entry;
	uint32_t at;

	if (normal == NULL || normal[0] == 0)
		return NULL;
	for (at = index_first(&contacts->by_name, bytes_of(normal));
	     at != INDEX_NONE; at = index_next(&contacts->by_name, at)) {
		entry = &contacts->entries[at];
		if (strcmp(entry->name_normal, normal) != 0)
			continue;
		if (person_has(contacts, entry, address))
			return NULL;
		if (owner == NULL)
			owner = &entry->contact;
	}
	return owner;
}

static const struct contact *by_skeleton(const struct contacts *contacts,
					 const char *skeleton)
{
	uint32_t at;

	if (skeleton == NULL || skeleton[0] == 0)
		return NULL;
	at = index_first(&contacts->by_skeleton, bytes_of(skeleton));
	while (at != INDEX_NONE &&
	       strcmp(contacts->entries[at].skeleton, skeleton) != 0)
		at = index_next(&contacts->by_skeleton, at);
	return at == INDEX_NONE ? NULL : &contacts->entries[at].contact;
}

const struct contact *contacts_look_alike(struct arena *arena,
					  const struct contacts *contacts,
					  const char *address)
{
	const struct contact *found;

	if (contacts_first(contacts, address) != NULL)
		return NULL;
	found = by_skeleton(contacts, skeleton_seen(arena, address,
						    SIGHT_AS_IS));
	if (found == NULL && strchr(address, 'I') != NULL)
		found = by_skeleton(contacts,
				    skeleton_seen(arena, address,
						  SIGHT_CAPITAL_I));
	return found;
}

uint32_t contacts_person(const struct contacts *contacts, size_t number)
{
	return contacts->entries[number].owner;
}

bool contacts_same_person(const struct contacts *contacts, const char *a,
			  const char *b)
{
	const struct entry *entry;

	for (entry = contacts_first(contacts, a); entry != NULL;
	     entry = contacts_next(contacts, entry, a))
		if (person_has(contacts, entry, b))
			return true;
	return false;
}
