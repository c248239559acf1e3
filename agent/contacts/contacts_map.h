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
};

struct contacts {
	struct arena *arena;		/* entries and their texts */
	struct entry *entries;
	uint32_t count;
	struct index by_address, by_name, by_skeleton;
};

/* The skeleton of an address as people see it: U-labels, and the local part
 * without case.  NULL: no memory, or it has none. */
const char *contacts_skeleton(struct arena *arena, const char *address);

#endif
