/* sentence.c - the deciding reason, as a person reads it
 *
 * A sentence names the thing, says what was found and what the reader can do.
 * The domain's owner, the sender and DNS are strangers: what they wrote goes
 * through sentence_safe(). */
#include "agent/verdict/sentence.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/name.h"
#include "agent/verdict/verdict.h"

const char *const sentence_codes[] = {
	/* the rows of the table */
	"could-not-read", "altered-on-the-way", "policy-violated",
	"forged-address-in-name", "contact-name-forged",
	"contact-name-unproved", "from-unusable", "tampered", "dmarc-failed",
	"dmarc-record-unusable", "address-in-name", "name-of-another",
	"looks-like-contact", "temporary-error", "no-policy",
	"known-and-proved", "authenticated",
	/* why a proved sender's name stays hidden */
	"unknown-sender", "spf-only", "server-only", "partly-signed",
	"not-secure", "name-unreadable", "odd-address",
	/* remarks */
	"dns-bogus", "dns-silent", "dns-insecure", "not-asked",
	"spf-not-checked",
	"spf-failed", "forged-results", "reply-to-elsewhere", "not-addressed",
	"signed-long-ago",
	"testing-policy", "fields-unsigned", "signatures-ignored",
	"arc-believed", "arc-failed", "signature-replayed", "altered-copy",
	/* of one signature */
	"signature-failed", "signature-syntax", "signature-mismatch",
	"body-hash-mismatch", "length-beyond-body", "from-not-signed",
	"identity-outside", "expired", "from-the-future", "weak-algorithm",
	"unknown-algorithm", "weak-key", "key-unavailable", "key-archived",
	"key-revoked", "key-mismatch", "key-syntax", "several-keys", NULL
};

bool sentence_knows(const char *code)
{
	size_t i;

	for (i = 0; code != NULL && sentence_codes[i] != NULL; i++)
		if (strcmp(sentence_codes[i], code) == 0)
			return true;
	return false;
}

void sentence_add(struct judgement *out, const char *code, const char *text)
{
	if (text == NULL || out->reason_count == REASONS_MAX)
		return;
	out->reasons[out->reason_count].code = code;
	out->reasons[out->reason_count++].text = text;
}

bool sentence_has(const struct judgement *out, const char *code)
{
	size_t i;

	for (i = 0; i < out->reason_count; i++)
		if (strcmp(out->reasons[i].code, code) == 0)
			return true;
	return false;
}

const char *sentence_safe(struct arena *arena, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	const char *shown;

	if (text == NULL)
		return "?";
	while (*at >= ' ' && *at < 127 && strchr("<>&", *at) == NULL)
		at++;
	if (*at == 0)
		return text;
	shown = name_shown(arena, text);
	return shown == NULL ? "?" : shown;
}

/* What the teller of a row may need. */
struct telling {
	struct arena *arena;
	const struct facts *facts;
	const struct dkim_finding *best;
	const char *domain, *address;		/* From's, safe */
};

static const char *tell_unreadable(const struct telling *telling)
{
	return sentence_safe(telling->arena, telling->facts->could_not_read);
}

static const char *tell_altered(const struct telling *telling)
{
	return arena_print(telling->arena, "%s sent a message with these "
		"header fields, but its text was changed on the way. Mailing "
		"lists do this, and so can a forger: do not act on it before "
		"you asked the sender by another way.", telling->domain);
}

/* Why the proof of a genuine message might be missing. */
static const char *excuse(const struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->dkim.count; i++)
		if (facts->dkim.list[i].aligned &&
		    facts->dkim.list[i].key_unavailable)
			return " The key of its signature is no longer "
			       "published.";
	if (facts->spf.client_ip == NULL)
		return " SPF could not be checked here.";
	return "";
}

static const char *tell_policy(const struct telling *telling)
{
	const struct facts *facts = telling->facts;
	const char *wish = "quarantine";

	if (facts->dmarc.policy == POLICY_REJECT)
		wish = "reject";
	return arena_print(telling->arena, "Nothing proves that %s sent this "
		"message, and the domain asks to %s such mail.%s Do not trust "
		"the sender; ask by another way.", telling->domain, wish,
		excuse(facts));
}

static const char *tell_forged_address(const struct telling *telling)
{
	const struct facts *facts = telling->facts;
	const char *text = NULL;
	size_t i;

	for (i = 0; i < facts->foreign_count && text == NULL; i++)
		if (foreign_is_forged(&facts->foreign[i]))
			text = facts->foreign[i].text;
	text = sentence_safe(telling->arena, text);
	return arena_print(telling->arena, "The display name claims %s, but "
		"the message comes from %s, and nothing proves that %s has to "
		"do with it. Do not trust it; ask by another way.", text,
		telling->address, text);
}

static const char *tell_contact_forged(const struct telling *telling)
{
	return arena_print(telling->arena, "The display name is that of your "
		"contact %s, but the message says that it comes from %s, and "
		"even that is not proved. Ask your contact by another way.",
		sentence_safe(telling->arena, telling->facts->name_owner),
		telling->address);
}

static const char *tell_contact(const struct telling *telling)
{
	return arena_print(telling->arena, "The display name is that of your "
		"contact %s, but the message comes from %s. Ask your contact "
		"by another way before you answer or pay.",
		sentence_safe(telling->arena, telling->facts->name_owner),
		telling->address);
}

static const char *tell_from(const struct telling *telling)
{
	const char *what = telling->facts->from_text;

	if (what == NULL)
		what = "The From field does not name one sender.";
	return arena_print(telling->arena, "%s Do not trust what is shown as "
		"its sender.", sentence_safe(telling->arena, what));
}

static const char *tell_tampered(const struct telling *telling)
{
	const char *what = "Something was added that its signature does not "
			   "cover.";

	if (telling->best != NULL && telling->best->integrity_text != NULL)
		what = telling->best->integrity_text;
	return arena_print(telling->arena, "%s signed this message, but it is "
		"not as it was sent. %s Do not trust what it shows.",
		telling->domain, sentence_safe(telling->arena, what));
}

static const char *tell_fails(const struct telling *telling)
{
	return arena_print(telling->arena, "Nothing proves that %s sent this "
		"message; the domain lets such mail pass.%s Take the sender "
		"as unproved.", telling->domain, excuse(telling->facts));
}

static const char *tell_permerror(const struct telling *telling)
{
	const char *where = telling->facts->dmarc.domain;

	if (where == NULL)
		where = telling->facts->domain;
	return arena_print(telling->arena, "The DMARC record of %s is broken, "
		"so nothing proves that %s sent this message. Take the sender "
		"as unproved, and tell the domain's owner if you can.",
		sentence_safe(telling->arena, where), telling->domain);
}

static const char *tell_foreign(const struct telling *telling)
{
	const struct facts *facts = telling->facts;
	const char *text = NULL;

	if (facts->foreign_count > 0)
		text = facts->foreign[0].text;
	return arena_print(telling->arena, "The display name holds %s, but "
		"the message comes from %s. Look at the address, not at the "
		"name.", sentence_safe(telling->arena, text),
		telling->address);
}

static const char *tell_look_alike(const struct telling *telling)
{
	return arena_print(telling->arena, "The address %s looks like that of "
		"your contact %s, but it is another one. Compare them letter "
		"by letter.", telling->address,
		sentence_safe(telling->arena, telling->facts->looks_like));
}

static const char *tell_temporary(const struct telling *telling)
{
	const char *why = telling->facts->dmarc.text;

	if (why == NULL)
		why = "DNS did not answer.";
	return arena_print(telling->arena, "The sender %s could not be "
		"verified now. %s Look at the message again later.",
		telling->address, sentence_safe(telling->arena, why));
}

static const char *tell_none(const struct telling *telling)
{
	if (telling->best != NULL)
		return arena_print(telling->arena, "A signature of %s is "
			"valid, but the domain publishes no DMARC policy, and "
			"your configuration asks for one (require-policy).",
			telling->domain);
	return arena_print(telling->arena, "%s publishes no DMARC policy, so "
		"nothing tells whether it sent this message. Take the sender "
		"as unproved.", telling->domain);
}

static const char *tell_genuine(const struct telling *telling)
{
	return arena_print(telling->arena, "You know %s, and it is proved "
		"that %s sent this message.", telling->address,
		telling->domain);
}

/* Nothing here proves it; somebody else says so, whom the user trusts. */
static const char *tell_vouched(const struct telling *telling)
{
	const struct facts *facts = telling->facts;

	if (facts->dmarc.proof == PROOF_SERVER)
		return arena_print(telling->arena, "Your mail server says "
			"that %s sent this message. Look at the address; the "
			"name proves nothing.", telling->domain);
	return arena_print(telling->arena, "This message was changed on its "
		"way by %s, whom you trust, and who says that %s sent it. "
		"Look at the address; the name proves nothing.",
		sentence_safe(telling->arena, facts->arc.sealer),
		telling->domain);
}

static const char *tell_authenticated(const struct telling *telling)
{
	const struct facts *facts = telling->facts;

	if (facts->dmarc.proof == PROOF_SERVER ||
	    (facts->dmarc.result == RESULT_FAIL &&
	     facts->arc.believed != NULL))
		return tell_vouched(telling);
	return arena_print(telling->arena, "It is proved that %s sent this "
		"message. Look at the address; the name proves nothing.",
		telling->domain);
}

static const struct {
	const char *code;
	const char *(*tell)(const struct telling *telling);
} tellers[] = {
	{ "could-not-read", tell_unreadable },
	{ "altered-on-the-way", tell_altered },
	{ "policy-violated", tell_policy },
	{ "forged-address-in-name", tell_forged_address },
	{ "contact-name-forged", tell_contact_forged },
	{ "contact-name-unproved", tell_contact_forged },
	{ "from-unusable", tell_from },
	{ "tampered", tell_tampered },
	{ "dmarc-failed", tell_fails },
	{ "dmarc-record-unusable", tell_permerror },
	{ "address-in-name", tell_foreign },
	{ "name-of-another", tell_contact },
	{ "looks-like-contact", tell_look_alike },
	{ "temporary-error", tell_temporary },
	{ "no-policy", tell_none },
	{ "known-and-proved", tell_genuine },
	{ "authenticated", tell_authenticated },
};

const char *sentence_tell(struct arena *arena, const struct facts *facts,
			  const struct dkim_finding *best, const char *code)
{
	struct telling telling = { arena, facts, best, NULL, NULL };
	const char *text = NULL;
	size_t i;

	telling.domain = sentence_safe(arena, facts->domain);
	telling.address = sentence_safe(arena, facts->address);
	for (i = 0; i < sizeof(tellers) / sizeof(tellers[0]); i++)
		if (strcmp(tellers[i].code, code) == 0)
			text = tellers[i].tell(&telling);
	return text == NULL ? "There was no memory to say more." : text;
}
