/* remark.c - the reasons behind the deciding one
 *
 * Remarks change no verdict.  The signatures' come last, as a sender decides
 * how many there are. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/verdict/sentence.h"
#include "agent/verdict/verdict.h"

#define SECONDS_A_DAY	86400

struct remarks {
	struct arena *arena;
	const struct facts *facts;
	const struct dkim_finding *best;
	struct judgement *out;
};

static void say(const struct remarks *remarks, const char *code,
		const char *text)
{
	if (!sentence_has(remarks->out, code))
		sentence_add(remarks->out, code, text);
}

/* Whether the best signature says itself what it leaves open. */
static bool has_gap(const struct remarks *remarks)
{
	return remarks->best != NULL && remarks->best->integrity_text != NULL;
}

/* A proved sender whose name is not shown. */
static void remark_hidden(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;
	const struct judgement *out = remarks->out;

	if (out->verdict != VERDICT_AUTHENTICATED)
		return;
	if (!facts->known)
		say(remarks, "unknown-sender", "The address is not among your "
		    "contacts, so its display name is not shown.");
	else if (out->proof == PROOF_SPF)
		say(remarks, "spf-only", "Only the sending server proves it "
		    "(SPF), which others may share; without a signature the "
		    "name is not shown.");
	else if (out->proof == PROOF_SERVER)
		say(remarks, "server-only", "Only a server that you trust "
		    "says so; the name is not shown.");
	else if (out->integrity != INTEGRITY_WHOLE && !has_gap(remarks))
		say(remarks, "partly-signed", "The signature does not cover "
		    "all that is shown, so the name is not shown.");
}

/* What the name must not be shown for, whoever sent it. */
static void remark_name(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;

	if (facts->name_unreadable)
		say(remarks, "name-unreadable", "Programs read the display "
		    "name in different ways, or it holds an \"@\" that "
		    "belongs to no address, so it is not shown.");
	if (facts->odd_route || facts->odd_local)
		say(remarks, "odd-address", "The address is written in an "
		    "unusual way, so no name is shown beside it.");
}

static void tell(const struct remarks *remarks, const char *code)
{
	say(remarks, code, sentence_tell(remarks->arena, remarks->facts,
					 remarks->best, code));
}

/* Signs of a forgery that another row came before. */
static void remark_signs(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;
	const struct judgement *out = remarks->out;

	if (facts->from != FROM_ONE)
		tell(remarks, "from-unusable");
	if (facts->foreign_count > 0 &&
	    !sentence_has(out, "forged-address-in-name"))
		tell(remarks, "address-in-name");
	if (facts->name_owner != NULL &&
	    !sentence_has(out, "contact-name-forged") &&
	    !sentence_has(out, "contact-name-unproved"))
		tell(remarks, "name-of-another");
	if (facts->looks_like != NULL)
		tell(remarks, "looks-like-contact");
}

static void remark_dns(const struct remarks *remarks,
		       const struct verdict_policy *policy)
{
	const struct facts *facts = remarks->facts;
	const struct dkim_finding *best = remarks->best;
	enum dns_security least = facts->dmarc.dnssec;

	if (least == DNS_SECURITY_BOGUS ||
	    facts->spf.dnssec == DNS_SECURITY_BOGUS)
		say(remarks, "dns-bogus", "DNS answers for the sender fail "
		    "DNSSEC validation (bogus): an attack, or a fault of the "
		    "domain's servers. They are not used.");
	if (remarks->out->proof == PROOF_SPF)
		least = dns_security_least(least, facts->spf.dnssec);
	else if (best != NULL)
		least = dns_security_least(least, best->dnssec);
	if (remarks->out->verdict < VERDICT_GENUINE || least == DNS_SECURE ||
	    remarks->out->proof == PROOF_SERVER)
		return;
	if (policy->require_dnssec && facts->known)
		say(remarks, "not-secure", "Not every DNS record behind the "
		    "proof is secured by DNSSEC, which your configuration "
		    "asks for before a name is shown.");
	else
		say(remarks, "dns-insecure", "DNS records behind the proof "
		    "are not secured by DNSSEC.");
}

static void remark_spf(const struct remarks *remarks)
{
	const struct spf_finding *spf = &remarks->facts->spf;
	const char *client = sentence_safe(remarks->arena, spf->client_ip);
	const char *text = spf->text;

	if (spf->client_ip == NULL) {
		if (text == NULL)
			text = "SPF could not be checked here: the sending "
			       "server's address is not known.";
		say(remarks, "spf-not-checked",
		    sentence_safe(remarks->arena, text));
		return;
	}
	if (spf->result == RESULT_PASS || spf->result == RESULT_NONE ||
	    spf->result == RESULT_NEUTRAL)
		return;
	if (text == NULL)
		text = arena_print(remarks->arena, "SPF: %s does not name %s "
			"among the servers that send its mail (%s).",
			sentence_safe(remarks->arena, spf->domain), client,
			result_word(spf->result));
	else
		text = arena_print(remarks->arena, "SPF for %s: %s", client,
				   sentence_safe(remarks->arena, text));
	say(remarks, "spf-failed", text);
}

/* Below the border's own line a server's results look like a sender's. */
static void remark_results(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;
	const char *server = "your server";

	if (facts->forged_authres == 0)
		return;
	if (facts->forged_server != NULL)
		server = sentence_safe(remarks->arena, facts->forged_server);
	if (facts->forged_below)
		say(remarks, "forged-results",
		    arena_print(remarks->arena, "Authentication-Results in "
				"the name of %s stand below its Received "
				"field, where the sender can write, too; they "
				"are not believed.", server));
	else
		say(remarks, "forged-results",
		    arena_print(remarks->arena, "The message brought "
				"Authentication-Results in the name of %s; "
				"they are not believed.", server));
}

static void remark_header(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;

	remark_results(remarks);
	if (facts->reply_to_elsewhere)
		say(remarks, "reply-to-elsewhere", "An answer would go to "
		    "another domain than the sender's (Reply-To). Look at "
		    "the address before you send it.");
	if (facts->not_addressed && remarks->best != NULL)
		say(remarks, "not-addressed", "None of your addresses stands "
		    "in To or Cc: you got a hidden copy, or somebody sent you "
		    "a message that was signed for others.");
	if (facts->signed_before > 0)
		say(remarks, "signed-long-ago",
		    arena_print(remarks->arena, "It was signed %llu days "
				"before it arrived here: somebody may have "
				"sent an old message again.",
				(unsigned long long)(facts->signed_before /
						     SECONDS_A_DAY)));
	if (facts->dmarc.policy != facts->dmarc.published)
		say(remarks, "testing-policy", "The domain only tests its "
		    "DMARC policy (t=y), so one level less is in force.");
}

static void remark_forwarder(const struct remarks *remarks)
{
	const struct facts *facts = remarks->facts;
	const char *sealer = sentence_safe(remarks->arena, facts->arc.sealer);

	if (facts->dmarc.result != RESULT_FAIL)
		return;
	if (facts->replayed)
		say(remarks, "signature-replayed", "Its header is that of "
		    "another message, which you have: somebody put another "
		    "text below it.");
	if (facts->copied_by != NULL)
		say(remarks, "altered-copy",
		    arena_print(remarks->arena, "You have this message as its "
				"sender signed it; this is a copy with "
				"another text, which came through %s, to "
				"whom it was addressed.",
				sentence_safe(remarks->arena,
					      facts->copied_by)));
	if (facts->arc.believed != NULL)
		say(remarks, "arc-believed",
		    arena_print(remarks->arena, "%s sealed it on the way and "
				"says: %s.", sealer,
				sentence_safe(remarks->arena,
					      facts->arc.believed)));
	else if (facts->arc.result == RESULT_FAIL ||
		 facts->arc.result == RESULT_TEMPERROR)
		say(remarks, "arc-failed",
		    arena_print(remarks->arena, "The seal of %s does not "
				"count: %s", sealer,
				sentence_safe(remarks->arena,
					      facts->arc.text)));
}

/* It passed, but not as any other. */
static void remark_archived(const struct remarks *remarks,
			    const struct dkim_finding *one)
{
	say(remarks, "key-archived",
	    arena_print(remarks->arena, "The key of the signature of %s is no "
			"longer in DNS; it was verified with the one that "
			"stood there when the message came.",
			sentence_safe(remarks->arena, one->domain)));
}

static void remark_signature(const struct remarks *remarks,
			     const struct dkim_finding *one)
{
	const char *code = one->code, *why = one->text;

	if (one->key_unavailable)
		code = "key-unavailable";
	else if (!sentence_knows(code) || strcmp(code, "could-not-read") == 0)
		code = "signature-failed";
	if (why == NULL)
		why = result_word(one->result);
	sentence_add(remarks->out, code,
		     arena_print(remarks->arena, "A signature of %s does not "
				 "count: %s",
				 sentence_safe(remarks->arena, one->domain),
				 sentence_safe(remarks->arena, why)));
}

static void remark_signatures(const struct remarks *remarks)
{
	const struct dkim_findings *dkim = &remarks->facts->dkim;
	const struct dkim_finding *best = remarks->best;
	const char *code = "fields-unsigned";
	size_t i;

	if (has_gap(remarks) && best->integrity != INTEGRITY_TAMPERED) {
		if (best->integrity == INTEGRITY_PARTLY)
			code = "partly-signed";
		say(remarks, code, sentence_safe(remarks->arena,
						 best->integrity_text));
	}
	if (dkim->ignored > 0)
		say(remarks, "signatures-ignored",
		    arena_print(remarks->arena, "The message has %zu more "
				"signatures than are looked at.",
				dkim->ignored));
	for (i = 0; i < dkim->count; i++)
		if (dkim->list[i].result != RESULT_PASS)
			remark_signature(remarks, &dkim->list[i]);
		else if (dkim->list[i].key_archived != 0)
			remark_archived(remarks, &dkim->list[i]);
}

void sentence_remark(struct arena *arena, const struct facts *facts,
		     const struct verdict_policy *policy,
		     const struct dkim_finding *best, struct judgement *out)
{
	const struct remarks remarks = { arena, facts, best, out };

	if (facts->could_not_read != NULL)
		return;
	remark_hidden(&remarks);
	remark_name(&remarks);
	remark_signs(&remarks);
	remark_dns(&remarks, policy);
	remark_spf(&remarks);
	remark_header(&remarks);
	remark_forwarder(&remarks);
	remark_signatures(&remarks);
}
