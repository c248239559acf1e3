/* open_report.c - one function a key of the report (mailseal-bus(7)) */
#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/flow/open_inside.h"
#include "agent/flow/open_known.h"
#include "agent/mail/address.h"

#define CLOCKS_DIFFER	86400	/* seconds; nothing is said of so few */

static void put_seconds(struct arena *arena, struct value *to,
			const char *key, int64_t seconds)
{
	if (seconds > 0)
		value_put_number(arena, to, key, seconds);
}

/* "rsa-sha256", "ecdsa-p256-sha256" */
static const char *algorithm_word(struct arena *arena,
				  const struct seal_signer *signer)
{
	if (signer->algorithm == NULL || signer->digest == NULL)
		return signer->algorithm == NULL ? signer->digest :
						   signer->algorithm;
	return arena_print(arena, "%s-%s", signer->algorithm,
			   signer->digest);
}

static void put_signer(struct arena *arena, struct value *to,
		       const struct seal_signer *signer)
{
	struct value *list = value_put_list(arena, to, "addresses");
	size_t i;

	for (i = 0; i < signer->address_count; i++)
		value_put_text(arena, list, NULL, signer->addresses[i]);
	value_put_text(arena, to, "name", signer->name);
	value_put_text(arena, to, "fingerprint", signer->fingerprint);
	value_put_text(arena, to, "algorithm", algorithm_word(arena, signer));
	if (signer->key_bits > 0)
		value_put_number(arena, to, "key_bits", signer->key_bits);
	value_put_text(arena, to, "trust", seal_trust_name[signer->trust]);
	put_seconds(arena, to, "signed_at", signer->signed_at);
	put_seconds(arena, to, "expires_at", signer->expires_at);
}

static void put_signature(struct opening *opening, struct value *report,
			  const struct open_summary *summary)
{
	struct arena *arena = opening->job->arena;
	struct value *to = value_put_dict(arena, report, "signature");
	const struct seal_facts *facts;

	if (summary->signature == NULL) {
		value_put_text(arena, to, "status",
			       seal_state_name[SEAL_UNSIGNED]);
		return;
	}
	facts = &summary->signature->facts;
	value_put_text(arena, to, "status", seal_state_name[facts->state]);
	value_put_text(arena, to, "scheme", summary->signature->scheme->word);
	if (opening->order->whole == OPEN_MESSAGE)
		value_put_text(arena, to, "from_match",
			       open_match_name[summary->match]);
	if (facts->signer_count > 0)
		put_signer(arena, to, &facts->signers[0]);
	value_put_text(arena, to, "reason", facts->reason);
}

static void put_encryption(struct opening *opening, struct value *report,
			   const struct open_summary *summary)
{
	struct arena *arena = opening->job->arena;
	struct value *to = value_put_dict(arena, report, "encryption");
	const struct seal_facts *facts;

	if (summary->encryption == NULL) {
		value_put_text(arena, to, "status",
			       seal_opening_name[SEAL_NOT_ENCRYPTED]);
		return;
	}
	facts = &summary->encryption->facts;
	value_put_text(arena, to, "status",
		       seal_opening_name[facts->opening]);
	value_put_text(arena, to, "scheme",
		       summary->encryption->scheme->word);
	value_put_text(arena, to, "algorithm", facts->cipher);
	value_put_text(arena, to, "integrity", summary->integrity);
	if (facts->recipient_count > 0)
		value_put_number(arena, to, "recipients",
				 (int64_t)facts->recipient_count);
	value_put_text(arena, to, "key", facts->opened_with);
	if (facts->opening != SEAL_OPENED)
		value_put_text(arena, to, "reason", facts->reason);
}

static void put_names(struct arena *arena, struct value *to, const char *key,
		      const char *const *names, size_t count)
{
	struct value *list;
	size_t i;

	if (count == 0)
		return;
	list = value_put_list(arena, to, key);
	for (i = 0; i < count; i++)
		value_put_text(arena, list, NULL, names[i]);
}

static void put_headers(struct opening *opening, struct value *report)
{
	const struct hp_read *read = &opening->headers;
	struct arena *arena = opening->job->arena;
	struct value *to = value_put_dict(arena, report, "headers");

	value_put_text(arena, to, "protection", hp_kind_name[read->kind]);
	put_names(arena, to, "protected", read->signed_fields,
		  read->signed_count);
	put_names(arena, to, "confidential", read->hidden_fields,
		  read->hidden_count);
	put_names(arena, to, "changed", read->changed_fields,
		  read->changed_count);
}

static void put_layers(struct opening *opening, struct value *report)
{
	struct arena *arena = opening->job->arena;
	struct value *list = value_put_list(arena, report, "layers");
	const struct open_layer *layer;
	struct value *to;
	size_t i;

	for (i = 0; i < opening->layer_count; i++) {
		layer = &opening->layers[i];
		to = value_put_dict(arena, list, NULL);
		value_put_text(arena, to, "scheme", layer->scheme->word);
		value_put_text(arena, to, "signature",
			       seal_state_name[layer->facts.state]);
		value_put_text(arena, to, "encryption",
			       seal_opening_name[layer->facts.opening]);
		value_put_text(arena, to, "reason", layer->facts.reason);
	}
}

/* Sealed parts that the envelope does not hold, by their numbers. */
static size_t put_parts(struct opening *opening, struct value *list,
			const struct mime_part *part)
{
	struct arena *arena = opening->job->arena;
	const struct mime_part *child;
	const struct scheme *scheme;
	struct value *to;
	enum seal_kind kind;
	size_t count = 0;

	for (child = part->first; child != NULL &&
	     list != NULL && list->count < OPEN_PARTS_MAX;
	     child = child->next) {
		scheme = open_scheme_of(opening, child, &kind);
		if (scheme == NULL) {	/* depth: MIME_DEPTH_MAX */
			count += put_parts(opening, list, child);
			continue;
		}
		to = value_put_dict(arena, list, NULL);
		value_put_text(arena, to, "part",
			       mime_part_path(arena, child));
		value_put_text(arena, to, "scheme", scheme->word);
		value_put_text(arena, to, "kind",
			       kind == SEAL_KIND_DETACHED ? "signed" :
							    "sealed");
		count++;
	}
	return count;
}

/* What a right signature claims, or leaves open, beside who made it. */
static void claim_reasons(struct opening *opening, struct value *list,
			  const struct seal_facts *facts)
{
	const struct seal_signer *signer = &facts->signers[0];
	struct arena *arena = opening->job->arena;

	if (facts->signer_count == 0 || !open_is_right(facts))
		return;
	if (signer->signed_at > opening->job->world->now() + CLOCKS_DIFFER)
		open_reason(arena, list, "signed-ahead", "It says that it was "
			    "signed at a time that has not come yet.");
	if (signer->address_in_subject)
		open_reason(arena, list, "address-in-subject", "The signer's "
			    "address stands only in the certificate's subject, "
			    "as in old ones.");
}

static void signature_reasons(struct opening *opening, struct value *list,
			      const struct open_summary *summary)
{
	const struct seal_facts *facts = &summary->signature->facts;
	struct arena *arena = opening->job->arena;
	const char *code = arena_print(arena, "signature-%s",
				       seal_state_name[facts->state]);

	if (facts->state != SEAL_GOOD)
		open_reason(arena, list, code, facts->reason);
	if (opening->order->whole == OPEN_MESSAGE &&
	    summary->match != OPEN_MATCH_YES && open_is_right(facts))
		open_reason(arena, list, summary->match == OPEN_MATCH_NO ?
		       "signer-not-author" : "author-ambiguous",
		       summary->match_text);
	if (!summary->signed_inside)
		open_reason(arena, list, "signed-outside", "The signature is "
			    "around the encryption: who signed need not know "
			    "what is inside.");
	if (summary->signed_around)
		open_reason(arena, list, "signed-around", "It was signed once "
			    "more around that signature, which says nothing "
			    "of who wrote it.");
	if (facts->signer_count > 0 && facts->signers[0].algorithm != NULL &&
	    strncmp(facts->signers[0].algorithm, "rsa", 3) == 0 &&
	    facts->signers[0].key_bits < TRUST_STRONG_BITS)
		open_reason(arena, list, "short-key", arena_print(arena,
		       "The signer's key has only %u bits.",
		       facts->signers[0].key_bits));
	claim_reasons(opening, list, facts);
}

/* Who it is from inside was not signed, and is another than outside. */
static void author_reason(struct opening *opening, struct value *list,
			  const struct open_summary *summary)
{
	const struct author *inner = &opening->inner_author;
	const struct author *outer = &opening->author;

	if (summary->signature != NULL &&
	    open_is_right(&summary->signature->facts))
		return;			/* that compares them as well */
	if (opening->headers.kind == HP_NONE || inner->state != AUTHOR_ONE ||
	    (outer->state == AUTHOR_ONE &&
	     address_same(inner->address, outer->address)))
		return;
	open_reason(opening->job->arena, list, "author-inside",
		    arena_print(opening->job->arena, "Inside it says that it "
				"is from %s, which nobody signed.",
				inner->address));
}

static void encryption_reasons(struct opening *opening, struct value *list,
			       const struct open_summary *summary)
{
	const struct seal_facts *facts = &summary->encryption->facts;
	struct arena *arena = opening->job->arena;

	if (facts->opening != SEAL_OPENED) {
		open_reason(arena, list, "not-opened", facts->reason);
		return;
	}
	if (strcmp(summary->integrity, "none") == 0)
		open_reason(arena, list, "content-unprotected", "Neither the "
		       "encryption nor a signature shows whether the content "
		       "was changed on the way; trust nothing in it, and load "
		       "nothing that it names.");
	if (facts->cipher != NULL && strcmp(facts->cipher, "3des-cbc") == 0)
		open_reason(arena, list, "old-cipher", "It is encrypted with "
			    "an old cipher (triple DES).");
}

static void put_reasons(struct opening *opening, struct value *report,
			const struct open_summary *summary, size_t parts)
{
	struct arena *arena = opening->job->arena;
	struct value *list = value_put_list(arena, report, "seal_reasons");

	if (opening->no_such_part)
		open_reason(arena, list, "no-such-part", "The message has "
			    "no part of that number.");
	open_reason(arena, list, "not-sealed", opening->unsealed);
	if (opening->too_deep)
		open_reason(arena, list, "too-many-layers", "It is sealed more "
		       "often than any mail needs; not all of it was opened.");
	if (summary->signature != NULL)
		signature_reasons(opening, list, summary);
	if (summary->encryption != NULL)
		encryption_reasons(opening, list, summary);
	author_reason(opening, list, summary);
	if (opening->headers.changed_count > 0)
		open_reason(arena, list, "headers-changed", "Header fields "
			    "were changed on the way; what was sealed inside "
			    "is what the sender wrote.");
	open_known_reasons(opening, summary, list);
	if (parts > 0 && opening->layer_count == 0)
		open_reason(arena, list, "partly-sealed", "Only a part of this "
		       "message is signed or encrypted: the rest may come "
		       "from anybody. A mailing list may have added it.");
	else if (parts > 0)
		open_reason(arena, list, "sealed-within", "Something inside is "
		       "signed or encrypted by itself; it says nothing of the "
		       "message around it.");
	if (!opening->stopped && opening->root != NULL &&
	    open_has_inline(opening, opening->root))
		open_reason(arena, list, "inline-openpgp", "There is text in "
		       "it that is signed or encrypted by itself (inline "
		       "PGP). That was neither checked nor opened, and says "
		       "nothing of the message around it.");
}

struct value *open_report(struct opening *opening,
			  const struct open_summary *summary)
{
	struct arena *arena = opening->job->arena;
	struct value *report = value_dict(arena), *list;
	size_t parts = 0;

	value_put_text(arena, report, "security",
		       open_security_name[summary->security]);
	value_put_text(arena, report, "line", open_line(opening, summary));
	value_put_text(arena, report, "covers", summary->covers);
	put_signature(opening, report, summary);
	put_encryption(opening, report, summary);
	put_headers(opening, report);
	put_layers(opening, report);
	list = value_put_list(arena, report, "parts");
	if (!opening->stopped && opening->root != NULL && !opening->of_part)
		parts = put_parts(opening, list, opening->root);
	put_reasons(opening, report, summary, parts);
	return report;
}
