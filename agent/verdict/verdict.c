/* verdict.c - the table of the design, section 7: the first row that holds */
#include "agent/verdict/verdict.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/name.h"
#include "agent/verdict/sentence.h"

/* What a row may look at. */
struct view {
	const struct facts *facts;
	const struct verdict_policy *policy;
	enum result dmarc;		/* DMARC(From), lifted perhaps */
	bool passes;			/* it does, or what require-policy
					 * unset lets count as that */
	enum dmarc_proof proof;
	enum integrity integrity;
	bool all_secure;		/* every record behind the pass */
};

static bool is_strict(enum policy policy)
{
	return policy == POLICY_QUARANTINE || policy == POLICY_REJECT;
}

bool foreign_is_forged(const struct foreign *foreign)
{
	if (foreign->dmarc == NULL ||
	    (foreign->dmarc->result != RESULT_FAIL &&
	     foreign->dmarc->result != RESULT_NONE))
		return false;
	return foreign->is_contact || is_strict(foreign->dmarc->policy);
}

static bool row_unreadable(const struct view *view)
{
	return view->facts->could_not_read != NULL;
}

static bool row_altered(const struct view *view)
{
	return view->dmarc == RESULT_FAIL && view->facts->altered_on_the_way;
}

static bool row_policy_fails(const struct view *view)
{
	return view->dmarc == RESULT_FAIL &&
	       is_strict(view->facts->dmarc.policy);
}

static bool row_foreign_forged(const struct view *view)
{
	size_t i;

	for (i = 0; i < view->facts->foreign_count; i++)
		if (foreign_is_forged(&view->facts->foreign[i]))
			return true;
	return false;
}

static bool row_name_fails(const struct view *view)
{
	return view->facts->name_owner != NULL && view->dmarc == RESULT_FAIL;
}

static bool row_name_none(const struct view *view)
{
	return view->facts->name_owner != NULL && view->dmarc == RESULT_NONE;
}

static bool row_from(const struct view *view)
{
	return view->facts->from != FROM_ONE;
}

static bool row_tampered(const struct view *view)
{
	return view->passes && view->integrity == INTEGRITY_TAMPERED;
}

static bool row_fails(const struct view *view)
{
	return view->dmarc == RESULT_FAIL;
}

static bool row_permerror(const struct view *view)
{
	return view->dmarc == RESULT_PERMERROR;
}

static bool row_foreign(const struct view *view)
{
	return view->facts->foreign_count > 0;
}

static bool row_name_of_another(const struct view *view)
{
	return view->facts->name_owner != NULL && view->passes;
}

static bool row_look_alike(const struct view *view)
{
	return view->facts->looks_like != NULL;
}

static bool row_temporary(const struct view *view)
{
	return view->dmarc == RESULT_TEMPERROR;
}

static bool row_none(const struct view *view)
{
	return !view->passes;
}

static bool row_genuine(const struct view *view)
{
	bool proved = false;

	if (view->proof == PROOF_DKIM)
		proved = view->integrity == INTEGRITY_WHOLE;
	else if (view->proof == PROOF_SPF)
		proved = view->policy->accept_spf_only;
	return view->facts->known && view->passes && proved &&
	       (!view->policy->require_dnssec || view->all_secure);
}

static bool row_authenticated(const struct view *view)
{
	return view->passes;
}

static const struct row {
	enum verdict verdict;
	enum display display;
	const char *code;
	bool (*holds)(const struct view *view);
} rows[] = {
	{ VERDICT_SUSPICIOUS, DISPLAY_WARNING, "could-not-read",
	  row_unreadable },
	{ VERDICT_SUSPICIOUS, DISPLAY_WARNING, "altered-on-the-way",
	  row_altered },
	{ VERDICT_SPOOFED, DISPLAY_WARNING, "policy-violated",
	  row_policy_fails },
	{ VERDICT_SPOOFED, DISPLAY_WARNING, "forged-address-in-name",
	  row_foreign_forged },
	{ VERDICT_SPOOFED, DISPLAY_WARNING, "contact-name-forged",
	  row_name_fails },
	{ VERDICT_SUSPICIOUS, DISPLAY_WARNING, "contact-name-unproved",
	  row_name_none },
	{ VERDICT_SUSPICIOUS, DISPLAY_WARNING, "from-unusable", row_from },
	{ VERDICT_SUSPICIOUS, DISPLAY_WARNING, "tampered", row_tampered },
	{ VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "dmarc-failed", row_fails },
	{ VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "dmarc-record-unusable",
	  row_permerror },
	{ VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name",
	  row_foreign },
	{ VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "name-of-another",
	  row_name_of_another },
	{ VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "looks-like-contact",
	  row_look_alike },
	{ VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "temporary-error",
	  row_temporary },
	{ VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "no-policy", row_none },
	{ VERDICT_GENUINE, DISPLAY_NAME, "known-and-proved", row_genuine },
	{ VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated",
	  row_authenticated },
};

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		"suspicious", "spoofed", "unverified", "genuine",
		"authenticated"
	};

	return words[verdict];
}

const char *display_word(enum display display)
{
	static const char *const words[] = { "warning", "address", "name" };

	return words[display];
}

/* Whether `one` covers more than `other`; among equals, whether its key is
 * the safer one. */
static bool is_better(const struct dkim_finding *one,
		      const struct dkim_finding *other)
{
	if (one->integrity == other->integrity)
		return one->dnssec != other->dnssec &&
		       dns_security_least(one->dnssec, other->dnssec) ==
		       other->dnssec;
	if (one->integrity == INTEGRITY_UNKNOWN)
		return false;
	return other->integrity == INTEGRITY_UNKNOWN ||
	       one->integrity < other->integrity;
}

/* Of the aligned passing signatures, the one that covers most. */
static const struct dkim_finding *best_signature(const struct facts *facts)
{
	const struct dkim_finding *best = NULL, *one;
	size_t i;

	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result == RESULT_PASS && one->aligned &&
		    (best == NULL || is_better(one, best)))
			best = one;
	}
	return best;
}

static struct view view_of(const struct facts *facts,
			   const struct verdict_policy *policy,
			   const struct dkim_finding *best)
{
	struct view view = { facts, policy, facts->dmarc.result,
			     facts->dmarc.result == RESULT_PASS,
			     facts->dmarc.proof, INTEGRITY_UNKNOWN, false };
	enum dns_security least = facts->dmarc.dnssec;

	/* A forwarder whom the user trusts says what it was before. */
	if (view.dmarc == RESULT_FAIL && facts->arc.believed != NULL) {
		view.dmarc = RESULT_PASS;
		view.passes = true;
		view.proof = PROOF_SERVER;
	}
	/* Without require-policy an aligned signature is enough. */
	if (!policy->require_policy && view.dmarc == RESULT_NONE &&
	    best != NULL) {
		view.passes = true;
		view.proof = PROOF_DKIM;
	}
	if (best != NULL)
		view.integrity = best->integrity;
	if (view.proof == PROOF_DKIM && best != NULL)
		least = dns_security_least(least, best->dnssec);
	else if (view.proof == PROOF_SPF)
		least = dns_security_least(least, facts->spf.dnssec);
	view.all_secure = least == DNS_SECURE;
	return view;
}

/* What a known and proved sender's name may still fail.  A From without a name
 * may be shown as it is. */
static bool name_may_be_shown(const struct facts *facts)
{
	return !facts->name_unreadable && !facts->odd_route &&
	       !facts->odd_local && facts->address != NULL &&
	       (facts->name == NULL ||
		!name_has_control(bytes_of(facts->name)));
}

static void judge_display(struct arena *arena, const struct facts *facts,
			  enum display allowed, struct judgement *out)
{
	const char *name = NULL;

	out->display = allowed;
	if (allowed == DISPLAY_NAME && !name_may_be_shown(facts))
		out->display = DISPLAY_ADDRESS;
	if (out->display == DISPLAY_NAME)
		name = facts->name;
	out->shown_from = name_shown_from(arena, name, facts->address);
	if (out->shown_from == NULL)
		out->shown_from = "";	/* no memory: rather nothing */
}

void verdict_judge(struct arena *arena, const struct facts *facts,
		   const struct verdict_policy *policy,
		   struct judgement *out)
{
	const struct dkim_finding *best = best_signature(facts);
	struct view view = view_of(facts, policy, best);
	const struct row *row = rows;

	memset(out, 0, sizeof(*out));
	while (!row->holds(&view))
		row++;		/* one of no-policy and authenticated does */
	out->verdict = row->verdict;
	if (view.passes)
		out->proof = view.proof;
	out->integrity = view.integrity;
	judge_display(arena, facts, row->display, out);
	sentence_add(out, row->code,
		     sentence_tell(arena, facts, best, row->code));
	sentence_remark(arena, facts, policy, best, out);
}

const char *const *verdict_codes(void)
{
	return sentence_codes;
}
