/* contacts_map.h - what an opened map holds (contacts.c builds it,
 * contacts_match.c asks it)
 *
 * Never changed once it is open: any number of threads may ask. */
#ifndef MAILSEAL_CONTACTS_CONTACTS_MAP_H
#define MAILSEAL_CONTACTS_CONTACTS_MAP_H

#include <stdint.h>

#include "agent/contacts/contacts.h"
#include "agent/contacts/contacts_index.h"

#define CONTACTS_NAME_MAX	512	/* bytes of one name */

struct arena;

struct entry {
	struct contact contact;
	const char *name_normal;	/* "" none */
	const char *skeleton;		/* of the address; "" none */
	uint32_t source;
	uint32_t owner;			/* the same: one person
					 * (contacts_person.h) */
};

struct contacts {
	struct arena *arena;		/* entries and their texts */
	struct entry *entries;
	uint32_t count;
	struct index by_address, by_name, by_skeleton;
};

/* The entries of an address in their order; NULL: no (more). */
const struct entry *contacts_first(const struct contacts *contacts,
				   const char *address);
const struct entry *contacts_next(const struct contacts *contacts,
				  const struct entry *entry,
				  const char *address);

/* The skeleton of an address as people see it: U-labels, and the local part
 * without case.  NULL: no memory, or it has none. */
const char *contacts_skeleton(struct arena *arena, const char *address);

#endif
