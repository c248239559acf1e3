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
	enum result dmarc;		/* DMARC(From), as the rows count it */
	enum dmarc_proof proof;
	enum integrity integrity;
	bool all_secure;
};

static bool is_strict(enum policy policy)
{
	return policy == POLICY_QUARANTINE || policy == POLICY_REJECT;
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
	const struct foreign *foreign;
	size_t i;

	for (i = 0; i < view->facts->foreign_count; i++) {
		foreign = &view->facts->foreign[i];
		if (foreign->dmarc == NULL ||
		    (foreign->dmarc->result != RESULT_FAIL &&
		     foreign->dmarc->result != RESULT_NONE))
			continue;
		if (foreign->is_contact || is_strict(foreign->dmarc->policy))
			return true;
	}
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
	return view->dmarc == RESULT_PASS &&
	       view->integrity == INTEGRITY_TAMPERED;
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
	return view->facts->name_owner != NULL;
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
	return view->dmarc != RESULT_PASS;
}

static bool proof_suffices(const struct view *view)
{
	if (view->proof == PROOF_DKIM)
		return view->integrity == INTEGRITY_WHOLE;
	return view->proof == PROOF_SPF && view->policy->accept_spf_only;
}

static bool row_genuine(const struct view *view)
{
	return view->facts->known && proof_suffices(view) &&
	       (!view->policy->require_dnssec || view->all_secure);
}

static bool row_authenticated(const struct view *view)
{
	return view->dmarc == RESULT_PASS;
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
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

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

/* Of the aligned passing signatures, the one that covers most. */
static const struct dkim_finding *best_signature(const struct facts *facts)
{
	const struct dkim_finding *best = NULL, *one;
	size_t i;

	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result != RESULT_PASS || !one->aligned)
			continue;
		if (best == NULL || best->integrity == INTEGRITY_UNKNOWN ||
		    (one->integrity != INTEGRITY_UNKNOWN &&
		     one->integrity < best->integrity))
			best = one;
	}
	return best;
}

static struct view view_of(const struct facts *facts,
			   const struct verdict_policy *policy)
{
	struct view view = { facts, policy, facts->dmarc.result,
			     facts->dmarc.proof, INTEGRITY_UNKNOWN, false };
	const struct dkim_finding *best = best_signature(facts);
	enum dns_security least = facts->dmarc.dnssec;

	if (best != NULL)
		view.integrity = best->integrity;
	/* Without require-policy an aligned signature is enough. */
	if (!policy->require_policy && view.dmarc == RESULT_NONE &&
	    best != NULL) {
		view.dmarc = RESULT_PASS;
		view.proof = PROOF_DKIM;
		least = best->dnssec;
	}
	if (view.proof == PROOF_DKIM && best != NULL)
		least = dns_security_least(least, best->dnssec);
	else if (view.proof == PROOF_SPF)
		least = dns_security_least(least, facts->spf.dnssec);
	view.all_secure = least == DNS_SECURE;
	return view;
}

/* A row that shows the name must be able to. */
static bool name_can_be_shown(const struct facts *facts)
{
	return facts->name != NULL && !facts->name_unreadable &&
	       !facts->odd_route && !facts->odd_local &&
	       !name_has_control(bytes_of(facts->name));
}

void verdict_judge(struct arena *arena, const struct facts *facts,
		   const struct verdict_policy *policy,
		   struct judgement *out)
{
	struct view view = view_of(facts, policy);
	const struct row *row = &rows[ROW_COUNT - 1];
	const char *name = NULL;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < ROW_COUNT; i++)
		if (rows[i].holds(&view)) {
			row = &rows[i];
			break;
		}
	out->verdict = row->verdict;
	out->display = row->display;
	out->integrity = view.integrity;
	if (out->display == DISPLAY_NAME && !name_can_be_shown(facts))
		out->display = DISPLAY_ADDRESS;
	if (out->display == DISPLAY_NAME)
		name = facts->name;
	out->shown_from = name_shown_from(arena, name, facts->address);
	sentence_decide(arena, facts, row->code, out);
	sentence_remark(arena, facts, best_signature(facts), out);
}

const char *const *verdict_codes(void)
{
	return sentence_codes;
}
