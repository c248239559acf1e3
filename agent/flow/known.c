/* known.c - known or not, another's name, another's address in the name */
#include "agent/flow/known.h"

#include <string.h>

#include "agent/contacts/contacts.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"
#include "agent/verdict/verdict.h"

void known_find(struct arena *arena, const struct contacts *contacts,
		struct facts *facts)
{
	const struct contact *contact;

	facts->known = false;
	facts->contact_name = facts->name_owner = facts->looks_like = NULL;
	if (contacts == NULL || facts->address == NULL)
		return;
	contact = contacts_find(contacts, facts->address);
	facts->known = contact != NULL;
	if (contact != NULL && contact->name[0] != 0)
		facts->contact_name = contact->name;
	if (facts->name != NULL) {
		contact = contacts_name_owner(arena, contacts, facts->name,
					      facts->address);
		if (contact != NULL)
			facts->name_owner = contact->address;
	}
	contact = contacts_look_alike(arena, contacts, facts->address);
	if (contact != NULL)
		facts->looks_like = contact->address;
}

/* What counts as the From address itself. */
static bool is_own(const struct contacts *contacts, const struct facts *facts,
		   const char *text)
{
	const char *at = strrchr(text, '@');

	if (at == NULL)
		return strcmp(text, facts->domain) == 0 ||
		       strcmp(text, domain_registrable(facts->domain)) == 0;
	return address_same(text, facts->address) ||
	       (contacts != NULL &&
		contacts_same_person(contacts, text, facts->address));
}

static bool is_contact(const struct contacts *contacts, const char *text)
{
	return strchr(text, '@') != NULL && contacts != NULL &&
	       contacts_find(contacts, text) != NULL;
}

static void foreign_add(struct facts *facts, const char *text, bool contact)
{
	const char *at = strrchr(text, '@');
	struct foreign *foreign;

	if (facts->foreign_count == FOREIGN_MAX)
		return;
	foreign = &facts->foreign[facts->foreign_count++];
	foreign->text = text;
	foreign->domain = at == NULL ? text : at + 1;
	foreign->is_contact = contact;
}

void known_foreign(struct arena *arena, const struct contacts *contacts,
		   struct facts *facts)
{
	struct name_found found;
	bool own, contact;
	size_t i, round;

	facts->foreign_count = 0;
	memset(facts->foreign, 0, sizeof(facts->foreign));
	if (facts->from != FROM_ONE || facts->name == NULL ||
	    facts->address == NULL || facts->domain == NULL)
		return;
	name_find_addresses(arena, facts->name, &found);
	/* Many others do not hide a contact's. */
	for (round = 0; round < 2; round++)
		for (i = 0; i < found.count; i++) {
			own = is_own(contacts, facts, found.text[i]);
			contact = is_contact(contacts, found.text[i]);
			if (!own && contact == (round == 0))
				foreign_add(facts, found.text[i], contact);
		}
}
