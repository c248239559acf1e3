/* sentence.c - what a person reads */
#include "agent/verdict/sentence.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/name.h"
#include "agent/verdict/verdict.h"

const char *const sentence_codes[] = {
	"could-not-read", "altered-on-the-way", "policy-violated",
	"forged-address-in-name", "contact-name-forged",
	"contact-name-unproved", "from-unusable", "tampered", "dmarc-failed",
	"dmarc-record-unusable", "address-in-name", "name-of-another",
	"looks-like-contact", "temporary-error", "no-policy",
	"known-and-proved", "authenticated",
	/* remarks */
	"unknown-sender", "spf-only", "server-only", "partly-signed",
	"not-secure", "name-unreadable", "dns-bogus", "dns-silent",
	"spf-not-checked", "key-unavailable", "signature-failed",
	"signatures-ignored", "forged-results", "reply-to-elsewhere",
	"testing-policy", NULL
};

static void add(struct judgement *out, const char *code, const char *text)
{
	if (text == NULL || out->reason_count == REASONS_MAX)
		return;
	out->reasons[out->reason_count].code = code;
	out->reasons[out->reason_count++].text = text;
}

/* Text of a stranger's, harmless, in a sentence. */
static const char *safe(struct arena *arena, const char *text)
{
	const char *shown = text == NULL ? NULL : name_shown(arena, text);

	return shown == NULL ? "?" : shown;
}

static const char *decide_fail(struct arena *arena, const struct facts *facts)
{
	return arena_print(arena, "%s did not send this: nothing proves it, "
		"and the domain asks to %s such mail. Do not trust the "
		"sender; ask by another way.", safe(arena, facts->domain),
		facts->dmarc.policy == POLICY_REJECT ? "reject" :
						       "quarantine");
}

static const char *decide_foreign(struct arena *arena,
				  const struct facts *facts)
{
	return arena_print(arena, "The display name holds the address %s, but "
		"the message comes from %s. Look at the address, not at the "
		"name.", facts->foreign_count == 0 ? "?" :
		safe(arena, facts->foreign[0].text),
		safe(arena, facts->address));
}

static const char *decide_name(struct arena *arena, const struct facts *facts)
{
	return arena_print(arena, "The display name is that of your contact "
		"%s, but the message comes from %s. Ask your contact before "
		"you answer or pay.", safe(arena, facts->name_owner),
		safe(arena, facts->address));
}

static const char *decide_temporary(struct arena *arena,
				    const struct facts *facts)
{
	const char *why = facts->dmarc.text;

	return arena_print(arena, "The sender could not be verified now: %s "
		"Look again later.", why == NULL ? "DNS did not answer." :
		safe(arena, why));
}

static const char *decide(struct arena *arena, const struct facts *facts,
			  const char *code)
{
	const char *domain = safe(arena, facts->domain);

	if (strcmp(code, "could-not-read") == 0)
		return facts->could_not_read;
	if (strcmp(code, "policy-violated") == 0)
		return decide_fail(arena, facts);
	if (strcmp(code, "altered-on-the-way") == 0)
		return arena_print(arena, "%s sent a message with these header "
			"fields, but the text was changed on the way. Mailing "
			"lists do this, and so can a forger.", domain);
	if (strcmp(code, "forged-address-in-name") == 0 ||
	    strcmp(code, "address-in-name") == 0)
		return decide_foreign(arena, facts);
	if (strncmp(code, "contact-name", 12) == 0 ||
	    strcmp(code, "name-of-another") == 0)
		return decide_name(arena, facts);
	if (strcmp(code, "from-unusable") == 0)
		return facts->from_text != NULL ? facts->from_text :
			"The From field does not name one sender.";
	if (strcmp(code, "tampered") == 0)
		return arena_print(arena, "%s signed this message, but "
			"something was added that the signature does not "
			"cover. Do not trust what it shows.", domain);
	if (strcmp(code, "dmarc-failed") == 0)
		return arena_print(arena, "Nothing proves that %s sent this, "
			"and the domain does not say what to do with such "
			"mail. Take the sender as unproved.", domain);
	if (strcmp(code, "dmarc-record-unusable") == 0)
		return arena_print(arena, "The DMARC record of %s is broken, "
			"so the sender cannot be verified.", domain);
	if (strcmp(code, "looks-like-contact") == 0)
		return arena_print(arena, "The address looks like that of your "
			"contact %s, but is another one. Compare it letter by "
			"letter.", safe(arena, facts->looks_like));
	if (strcmp(code, "temporary-error") == 0)
		return decide_temporary(arena, facts);
	if (strcmp(code, "no-policy") == 0)
		return arena_print(arena, "%s publishes no DMARC policy, so "
			"nothing says how its mail is proved. The sender is "
			"not verified.", domain);
	if (strcmp(code, "known-and-proved") == 0)
		return arena_print(arena, "You know this address, and %s "
			"proves that it sent this message.", domain);
	return arena_print(arena, "%s proves that it sent this message.",
			   domain);
}

void sentence_decide(struct arena *arena, const struct facts *facts,
		     const char *code, struct judgement *out)
{
	const char *text = decide(arena, facts, code);

	add(out, code, text == NULL ? "Out of memory." : text);
	if (strcmp(code, "authenticated") != 0)
		return;
	if (!facts->known)
		add(out, "unknown-sender", "The address is not among your "
		    "contacts, so its display name is not shown.");
	else if (facts->dmarc.proof == PROOF_SPF)
		add(out, "spf-only", "Only the sending server proves it (SPF); "
		    "without a signature the name is not shown.");
	else if (facts->dmarc.proof == PROOF_SERVER)
		add(out, "server-only", "Only your mail server says so; the "
		    "name is not shown.");
	else if (out->integrity != INTEGRITY_WHOLE)
		add(out, "partly-signed", "The signature does not cover all "
		    "that is shown, so the name is not shown.");
	else
		add(out, "not-secure", "Not every DNS record behind the proof "
		    "is secured by DNSSEC, as your configuration asks.");
}

static void remark_dkim(struct arena *arena, const struct facts *facts,
			struct judgement *out)
{
	const struct dkim_finding *one;
	const char *code;
	size_t i;

	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result == RESULT_PASS || one->text == NULL)
			continue;
		code = "signature-failed";
		if (one->key_unavailable)
			code = "key-unavailable";
		else if (one->dnssec == DNS_SECURITY_BOGUS)
			code = "dns-bogus";
		add(out, code, arena_print(arena, "The signature of %s: %s",
					   safe(arena, one->domain),
					   safe(arena, one->text)));
	}
	if (facts->dkim.ignored > 0)
		add(out, "signatures-ignored", "The message has more "
		    "signatures than are looked at.");
}

void sentence_remark(struct arena *arena, const struct facts *facts,
		     const struct dkim_finding *best, struct judgement *out)
{
	if (facts->could_not_read != NULL)
		return;
	if (facts->name_unreadable)
		add(out, "name-unreadable", "Programs disagree about the "
		    "display name, so it is not shown.");
	if (facts->dmarc.dnssec == DNS_SECURITY_BOGUS)
		add(out, "dns-bogus", "DNS answers for the sender's domain "
		    "fail DNSSEC validation: an attack, or a fault of the "
		    "domain's servers.");
	remark_dkim(arena, facts, out);
	if (best != NULL && best->integrity_text != NULL)
		add(out, "partly-signed", best->integrity_text);
	if (facts->spf.client_ip == NULL)
		add(out, "spf-not-checked", facts->spf.text);
	if (facts->forged_authres > 0)
		add(out, "forged-results", "The message brought "
		    "Authentication-Results in your server's name; they are "
		    "not believed.");
	if (facts->reply_to_elsewhere)
		add(out, "reply-to-elsewhere", "An answer would go to another "
		    "domain than the sender's (Reply-To).");
	if (facts->dmarc.policy != facts->dmarc.published)
		add(out, "testing-policy", "The domain only tests its DMARC "
		    "policy (t=y), so one level less is in force.");
}
