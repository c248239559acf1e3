/* find_openpgp.c - OpenPGP keys of a correspondent: the ring's, and others */
#include "agent/flow/find_inside.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/crypto/openpgp.h"
#include "agent/mail/address.h"

#define REASON_MAX 1024

static bool has_address(const struct seal_signer *owner, const char *address)
{
	size_t i;

	for (i = 0; i < owner->address_count; i++)
		if (address_same(owner->addresses[i], address))
			return true;
	return false;
}

/* Whether it can be encrypted to, and why not. */
static void judge(struct find *find, struct found_key *found,
		  const struct openpgp_key *key)
{
	found->owner = key->owner;
	found->key.fingerprint = key->owner.fingerprint;
	if (key->revoked)
		found->reason = "Its owner has revoked it.";
	else if (key->expired)
		found->reason = "It has expired; ask its owner for a newer "
			"one.";
	else if (key->disabled || key->owner.trust == SEAL_TRUST_REFUSED)
		found->reason = "You said that it is not to be used.";
	else if (!key->can_encrypt)
		found->reason = "It can sign, but nothing can be encrypted "
			"to it.";
	else if (!has_address(&key->owner, find->question->address))
		found->reason = "It does not name this address.";
	else
		found->usable = true;
}

static const char *reason_of(struct find *find, struct buf *why, int r)
{
	return arena_text(find->job->arena, bytes_of(why->len > 0 ?
						     buf_string(why) :
						     err_sentence(r)));
}

void find_openpgp_ring(struct find *find)
{
	struct openpgp_key *keys = arena_array(find->job->arena,
					       OPENPGP_FOUND_MAX,
					       sizeof(*keys));
	struct buf why, *before = find->job->why;
	struct found_key *found;
	int count, i;

	if (keys == NULL || find->job->world->openpgp == NULL)
		return;
	buf_init(&why, REASON_MAX);
	find->job->why = &why;
	count = openpgp_keys_find(find->job, find->question->address, NULL,
				  OPENPGP_ANY, keys, OPENPGP_FOUND_MAX);
	find->job->why = before;
	if (count < 0) {
		found = find_add(find, &scheme_openpgp, FIND_KEYRING);
		if (found != NULL)
			found->reason = reason_of(find, &why, count);
		if (found != NULL)
			found->silent = count != ERR_UNSUPPORTED;
	}
	buf_free(&why);
	for (i = 0; i < count; i++) {
		found = find_add(find, &scheme_openpgp, FIND_KEYRING);
		if (found != NULL)
			judge(find, found, &keys[i]);
	}
}

/* What the place that it comes from makes of it. */
static enum seal_trust trust_of(enum find_source source)
{
	switch (source) {
	case FIND_CONTACT:
		return SEAL_TRUST_OWN;
	case FIND_OPENPGPKEY:
		return SEAL_TRUST_DANE;
	case FIND_SEEN:
	case FIND_AUTOCRYPT:
		return SEAL_TRUST_SEEN;
	default:
		return SEAL_TRUST_NONE;
	}
}

void find_openpgp_blob(struct find *find, enum find_source source,
		       struct bytes blob, int64_t first_seen,
		       enum dns_security dnssec)
{
	struct found_key *found = find_add(find, &scheme_openpgp, source);
	struct openpgp_key key;
	struct bytes binary;
	struct buf why, *before = find->job->why;
	int r;

	if (found == NULL)
		return;
	found->first_seen = first_seen;
	found->dnssec = dnssec;
	buf_init(&why, REASON_MAX);
	find->job->why = &why;
	r = openpgp_key_read(find->job, blob, find->question->address,
			     &binary, &key);
	find->job->why = before;
	if (r < 0) {
		found->reason = reason_of(find, &why, r);
		found->silent = r == ERR_GONE || r == ERR_TIMEOUT;
	} else {
		judge(find, found, &key);
		found->owner.trust = trust_of(source);
		found->key.blob = binary;
	}
	buf_free(&why);
}
