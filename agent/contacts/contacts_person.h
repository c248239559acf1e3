/* contacts_person.h - which entries are one person's
 *
 * A card's addresses are one person's.  So are those of two cards, whatever
 * their sources, that share an address where the names agree: they are the
 * same, or all words of one stand in the other, and it could be nobody else's.
 * A card without a name is somebody's when all its addresses are.
 * Where names differ nothing is joined: a card that a stranger wrote may hold
 * another's address beside its own, and would take over that name. */
#ifndef MAILSEAL_CONTACTS_CONTACTS_PERSON_H
#define MAILSEAL_CONTACTS_CONTACTS_PERSON_H

struct contacts;

/* Sets entry::owner of each; by_address is there.  0, ERR_MEMORY. */
int contacts_join(struct contacts *contacts);

#endif
