/* contacts.h - whom the user knows
 *
 * Address books are read by the reader (parse.h), kept by the front as they
 * came out, and handed back as one map that everybody can search.  A name or
 * address in received mail never gets in here. */
#ifndef MAILSEAL_CONTACTS_CONTACTS_H
#define MAILSEAL_CONTACTS_CONTACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct buf;

#define CONTACTS_MAX		100000	/* entries in one map */
#define CONTACTS_MAP_MAX	(32 * 1024 * 1024)	/* bytes */

/* One address of one person.  `person` joins the addresses of one card. */
struct contact {
	const char *address;	/* normal form, mail/address.h */
	const char *name;	/* UTF-8, as the user wrote it; "" none */
	uint32_t person;	/* one card's; unique within its source */
};

/* The map's wire form, described in docs/channel.md: an entry is added, and
 * a map is the entries of all sources one after the other. */
void contact_encode(struct buf *to, const struct contact *contact,
		    uint32_t source);

struct contacts;

/* Checks every byte of `map` (the front is trusted, a parser was between)
 * and builds the index.  Copies what it needs.  0, ERR_SYNTAX, ERR_LIMIT,
 * ERR_MEMORY. */
int contacts_open(struct bytes map, struct contacts **out);
void contacts_free(struct contacts *contacts);	/* NULL is allowed */

/* Calls `take` for every entry of a map; the strings live as long as the
 * call.  0; ERR_SYNTAX: it is no map; ERR_MEMORY. */
int contacts_each(struct bytes map,
		  void (*take)(void *ctx, const struct contact *contact),
		  void *ctx);

size_t contacts_count(const struct contacts *contacts);

/* The contact with that address (normal form); NULL: not known. */
const struct contact *contacts_find(const struct contacts *contacts,
				    const char *address);

/* A contact whose name reads as `name` (mail/name.h, name_normal) and who
 * has no address equal to `address`; NULL: none.  When some contact of that
 * name does have `address`, it is nobody else's: NULL. */
const struct contact *contacts_name_owner(struct arena *arena,
					  const struct contacts *contacts,
					  const char *name,
					  const char *address);

/* A known address that `address` differs from only by confusable characters;
 * NULL: none, or it is known itself. */
const struct contact *contacts_look_alike(struct arena *arena,
					  const struct contacts *contacts,
					  const char *address);

/* Whose the `number`th entry of the map is: entries of the same number are one
 * person's (contacts_person.h says how that is known). */
uint32_t contacts_person(const struct contacts *contacts, size_t number);

/* Whether both addresses are of one person. */
bool contacts_same_person(const struct contacts *contacts, const char *a,
			  const char *b);

#endif
