/* known.h - what the contacts say of an author
 *
 * The one part of the facts that is made anew at every look: whom the user
 * knows may be another one tomorrow, what the domain proved is not. */
#ifndef MAILSEAL_FLOW_KNOWN_H
#define MAILSEAL_FLOW_KNOWN_H

struct arena;
struct contacts;
struct facts;

/* From `address` and `name`: known, contact_name, name_owner, looks_like.
 * contacts NULL: nobody is known.  Strings are the contacts'. */
void known_find(struct arena *arena, const struct contacts *contacts,
		struct facts *facts);

/* Design 7, "address in name": fills in `foreign`, without its dmarc, when
 * there is one author. */
void known_foreign(struct arena *arena, const struct contacts *contacts,
		   struct facts *facts);

#endif
