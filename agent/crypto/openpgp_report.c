/* openpgp_report.c - what the role that drives gpg reports, as facts */
#include "agent/crypto/openpgp_report.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/crypto/scheme.h"
#include "agent/mail/address.h"

/* Its place among the names; `count`: it is none of them. */
static size_t word_of(const char *const *names, size_t count,
		      const char *word)
{
	size_t i = 0;

	if (word == NULL)
		return count;
	while (i < count && strcmp(names[i], word) != 0)
		i++;
	return i;
}

static void addresses_take(struct arena *arena, const struct value *list,
			   struct seal_signer *out)
{
	const char **addresses;
	const struct value *text;
	struct mailbox mailbox;
	const char *normal;

	out->addresses = NULL;
	out->address_count = 0;
	if (list == NULL || list->count == 0)
		return;
	addresses = arena_array(arena, SEAL_ADDRESSES_MAX,
				sizeof(*addresses));
	if (addresses == NULL)
		return;
	for (text = list->first; text != NULL &&
	     out->address_count < SEAL_ADDRESSES_MAX; text = text->next) {
		if (text->kind != VALUE_TEXT ||
		    address_parse(arena, bytes_of(text->text), &mailbox) < 0)
			continue;
		normal = address_normal(arena, &mailbox);
		if (normal != NULL)
			addresses[out->address_count++] = normal;
	}
	out->addresses = addresses;
}

void openpgp_report_owner(struct arena *arena, const struct value *dict,
			  struct seal_signer *out)
{
	size_t trust = word_of(seal_trust_name, SEAL_TRUSTS,
			       value_text(dict, "trust"));
	int64_t bits = value_number(dict, "bits");

	memset(out, 0, sizeof(*out));
	out->trust = trust < SEAL_TRUSTS ? (enum seal_trust)trust :
					   SEAL_TRUST_NONE;
	out->fingerprint = value_text(dict, "fingerprint");
	out->name = value_text(dict, "name");
	out->algorithm = value_text(dict, "algorithm");
	out->key_bits = bits > 0 && bits < 100000 ? (unsigned)bits : 0;
	out->expires_at = value_number(dict, "expires_at");
	addresses_take(arena, value_find(dict, "addresses", VALUE_LIST), out);
}

static void signer_take(struct arena *arena, const struct value *dict,
			struct seal_signer *out)
{
	size_t state = word_of(seal_state_name, SEAL_STATES,
			       value_text(dict, "state"));

	openpgp_report_owner(arena, dict, out);
	out->digest = value_text(dict, "digest");
	out->signed_at = value_number(dict, "signed_at");
	out->reason = value_text(dict, "reason");
	out->state = state < SEAL_STATES && state != SEAL_UNSIGNED ?
		     (enum seal_state)state : SEAL_BAD;
	/* Good needs a name: a fingerprint, and somebody who vouches. */
	if (out->state == SEAL_GOOD &&
	    (out->fingerprint == NULL || out->trust == SEAL_TRUST_NONE ||
	     out->trust == SEAL_TRUST_REFUSED))
		out->state = SEAL_BAD;
}

static void bad(struct seal_facts *facts, const char *reason)
{
	facts->state = SEAL_BAD;
	facts->signer_count = 0;
	facts->reason = reason;
}

void openpgp_report_signatures(struct arena *arena,
			       const struct value *report,
			       enum openpgp_wanted wanted,
			       struct seal_facts *facts)
{
	const struct value *list = value_find(report, "signatures",
					      VALUE_LIST);
	size_t count = list == NULL ? 0 : list->count;

	facts->state = SEAL_UNSIGNED;
	facts->signer_count = 0;
	if (count == 0 && wanted == OPENPGP_AT_MOST_ONE)
		return;
	if (count == 0) {
		bad(facts, "GnuPG found no signature where one should be.");
		return;
	}
	if (count > 1 || list->first->kind != VALUE_DICT) {
		bad(facts, "It bears several signatures; only one may speak "
		    "for a message.");
		return;
	}
	signer_take(arena, list->first, &facts->signers[0]);
	facts->signer_count = 1;
	facts->state = facts->signers[0].state;
	facts->reason = facts->signers[0].reason;
}

void openpgp_report_opening(struct arena *arena, const struct value *report,
			    unsigned recipients, struct seal_facts *facts)
{
	size_t opening = word_of(seal_opening_name, SEAL_OPENINGS,
				 value_text(report, "opening"));
	size_t integrity = word_of(seal_integrity_name, SEAL_INTEGRITIES,
				   value_text(report, "integrity"));

	facts->opening = opening < SEAL_OPENINGS &&
			 opening != SEAL_NOT_ENCRYPTED ?
			 (enum seal_opening)opening : SEAL_DAMAGED;
	facts->recipient_count = recipients;
	facts->reason = value_text(report, "reason");
	if (facts->opening != SEAL_OPENED)
		return;
	if (integrity >= SEAL_INTEGRITIES ||
	    integrity == SEAL_INTEGRITY_NONE) {
		facts->opening = SEAL_DAMAGED;
		facts->reason = "It is encrypted without integrity "
			"protection: anybody could have changed it on the "
			"way. It is not opened.";
		return;
	}
	if (value_number(report, "recipients") != (int64_t)recipients) {
		facts->opening = SEAL_DAMAGED;
		facts->reason = "Another encrypted message is hidden inside; "
			"it is not opened, for whoever hid it may want you to "
			"read it out for him.";
		return;
	}
	facts->integrity = (enum seal_integrity)integrity;
	facts->cipher = value_text(report, "cipher");
	facts->opened_with = value_text(report, "opened_with");
	openpgp_report_signatures(arena, report, OPENPGP_AT_MOST_ONE, facts);
}
