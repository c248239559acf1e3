/* find_found.c - one key that was found, and how it is reported */
#include "agent/flow/find.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/find_inside.h"

const char *const find_source_name[] = {
	"own", "keyring", "contact", "seen", "autocrypt", "smimea",
	"openpgpkey"
};
_Static_assert(sizeof(find_source_name) / sizeof(find_source_name[0]) ==
	       FIND_SOURCES, "a source has no name");

struct found_key *find_add(struct find *find, const struct scheme *scheme,
			   enum find_source source)
{
	struct found_key *found;

	if (find->count == find->room)
		return NULL;
	found = &find->found[find->count++];
	memset(found, 0, sizeof(*found));
	found->scheme = scheme;
	found->source = source;
	found->dnssec = DNS_SECURITY_UNKNOWN;
	found->key.address = find->question->address;
	return found;
}

static void put_found(struct arena *arena, const struct found_key *found,
		      struct value *dict)
{
	const struct seal_signer *owner = &found->owner;
	struct value *list;
	size_t i;

	value_put_text(arena, dict, "scheme", found->scheme->word);
	value_put_text(arena, dict, "source",
		       find_source_name[found->source]);
	value_put_text(arena, dict, "fingerprint", owner->fingerprint);
	value_put_text(arena, dict, "name", owner->name);
	if (owner->address_count > 0) {
		list = value_put_list(arena, dict, "addresses");
		for (i = 0; i < owner->address_count; i++)
			value_put_text(arena, list, NULL,
				       owner->addresses[i]);
	}
	value_put_text(arena, dict, "algorithm", owner->algorithm);
	if (owner->key_bits > 0)
		value_put_number(arena, dict, "bits", owner->key_bits);
	if (owner->expires_at > 0)
		value_put_number(arena, dict, "expires", owner->expires_at);
	if (found->first_seen > 0)
		value_put_number(arena, dict, "first_seen",
				 found->first_seen);
	value_put_text(arena, dict, "trust", seal_trust_name[owner->trust]);
	value_put_text(arena, dict, "dnssec",
		       dns_security_word(found->dnssec));
	value_put_truth(arena, dict, "usable", found->usable);
	value_put_truth(arena, dict, "chosen", found->chosen);
	value_put_text(arena, dict, "reason", found->reason);
}

void find_proven(struct arena *arena, const struct found_key *found,
		 size_t count, struct value *list)
{
	const struct bytes *der;
	struct value *one;
	size_t i, j;
	char *hex;

	for (i = 0; i < count; i++) {
		der = &found[i].key.blob;
		if (found[i].source != FIND_SMIMEA || !found[i].usable ||
		    found[i].dnssec != DNS_SECURE ||
		    found[i].owner.trust != SEAL_TRUST_DANE ||
		    der->len > VALUE_TEXT_MAX / 2 - 1)
			continue;
		hex = arena_alloc(arena, 2 * der->len + 1);
		for (j = 0; hex != NULL && j < der->len; j++)
			(void)snprintf(hex + 2 * j, 3, "%02x", der->data[j]);
		one = value_put_dict(arena, list, NULL);
		value_put_text(arena, one, "certificate", hex);
	}
}

void find_report(struct arena *arena, const struct found_key *found,
		 size_t count, struct value *list)
{
	size_t i;

	for (i = 0; i < count; i++)
		put_found(arena, &found[i],
			  value_put_dict(arena, list, NULL));
}
