/* report.c - one function a key of the report */
#include "agent/flow/report.h"

#include <stdio.h>

#include "agent/base/value.h"
#include "agent/verdict/verdict.h"

#define SHORTENED "..."

void report_text(struct arena *arena, struct value *dict, const char *key,
		 const char *text)
{
	char cut[REPORT_TEXT_MAX + sizeof(SHORTENED)];
	size_t end = REPORT_TEXT_MAX;

	if (text != NULL && strlen(text) > REPORT_TEXT_MAX) {
		while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
			end--;		/* not inside of a character */
		(void)snprintf(cut, sizeof(cut), "%.*s" SHORTENED, (int)end,
			       text);
		text = cut;
	}
	value_put_text(arena, dict, key, text);
}

/* Bytes on the wire, as value.h counts them. */
static size_t size_of(const struct value *value, unsigned depth)
{
	size_t size = 16;		/* more than any head */
	const struct value *member;

	if (value->key != NULL)
		size += strlen(value->key);
	if (value->kind == VALUE_TEXT)
		return size + strlen(value->text);
	for (member = value->first; member != NULL && depth > 0;
	     member = member->next)
		size += size_of(member, depth - 1);
	return size;
}

bool report_fits(const struct value *report)
{
	return size_of(report, VALUE_DEPTH_MAX) <= REPORT_MAX;
}

void report_drop_last(struct value *report)
{
	struct value *before = report->first;

	if (before == report->last) {
		report->first = report->last = NULL;
	} else {
		while (before->next != report->last)
			before = before->next;
		before->next = NULL;
		report->last = before;
	}
	report->count -= report->count > 0;
}

static void report_from(struct arena *arena, struct value *report,
			const struct facts *facts)
{
	struct value *from = value_put_dict(arena, report, "from");

	report_text(arena, from, "address", facts->address);
	report_text(arena, from, "domain", facts->domain);
	report_text(arena, from, "display_name", facts->name);
}

static void report_dkim(struct arena *arena, struct value *report,
			const struct dkim_findings *findings,
			enum report_detail detail)
{
	struct value *list = value_put_list(arena, report, "dkim");
	const struct dkim_finding *one;
	struct value *entry;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		one = &findings->list[i];
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "result",
			       result_word(one->result));
		value_put_text(arena, entry, "domain", one->domain);
		value_put_text(arena, entry, "selector", one->selector);
		value_put_text(arena, entry, "algorithm", one->algorithm);
		if (one->key_bits > 0)
			value_put_number(arena, entry, "key_bits",
					 one->key_bits);
		value_put_truth(arena, entry, "aligned", one->aligned);
		value_put_text(arena, entry, "dnssec",
			       dns_security_word(one->dnssec));
		report_text(arena, entry, "reason", one->text);
		if (detail == REPORT_DETAIL)
			report_detail_dkim(arena, entry, one);
	}
}

static void report_spf(struct arena *arena, struct value *report,
		       const struct spf_finding *spf,
		       enum report_detail detail)
{
	struct value *entry = value_put_dict(arena, report, "spf");
	const char *scope = NULL;

	if (spf->scope == SPF_MFROM)
		scope = "mfrom";
	else if (spf->scope == SPF_HELO)
		scope = "helo";
	value_put_text(arena, entry, "result", result_word(spf->result));
	value_put_text(arena, entry, "domain", spf->domain);
	value_put_text(arena, entry, "scope", scope);
	value_put_text(arena, entry, "client_ip", spf->client_ip);
	value_put_truth(arena, entry, "aligned", spf->aligned);
	value_put_text(arena, entry, "dnssec",
		       dns_security_word(spf->dnssec));
	report_text(arena, entry, "reason", spf->text);
	if (detail == REPORT_DETAIL)
		report_detail_spf(arena, entry, spf);
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* RFC 7489's answer, where it is another one.  A failure that a server's word
 * lifted is no difference of the two. */
static void report_rfc7489(struct arena *arena, struct value *entry,
			const struct dmarc_finding *finding)
{
	bool same_result = finding->psl_result == finding->result ||
			   finding->proof == PROOF_SERVER;
	struct value *other;

	if (finding->psl_domain == NULL ||
	    (same_result && finding->psl_policy == finding->published &&
	     same(finding->psl_domain, finding->organizational_domain)))
		return;
	other = value_put_dict(arena, entry, "rfc7489");
	value_put_text(arena, other, "result",
		       result_word(finding->psl_result));
	value_put_text(arena, other, "policy",
		       policy_word(finding->psl_policy));
	value_put_text(arena, other, "organizational_domain",
		       finding->psl_domain);
}

static void report_dmarc(struct arena *arena, struct value *report,
			 const struct dmarc_finding *dmarc,
			 enum report_detail detail)
{
	struct value *entry = value_put_dict(arena, report, "dmarc");

	value_put_text(arena, entry, "result", result_word(dmarc->result));
	value_put_text(arena, entry, "policy", policy_word(dmarc->policy));
	value_put_text(arena, entry, "domain", dmarc->domain);
	value_put_text(arena, entry, "organizational_domain",
		       dmarc->organizational_domain);
	value_put_text(arena, entry, "dnssec",
		       dns_security_word(dmarc->dnssec));
	report_text(arena, entry, "reason", dmarc->text);
	report_rfc7489(arena, entry, dmarc);
	if (detail == REPORT_DETAIL)
		report_detail_dmarc(arena, entry, dmarc);
}

static void report_verdict(struct arena *arena, struct value *report,
			   const struct judgement *judgement)
{
	struct value *list, *entry;
	size_t i;

	value_put_text(arena, report, "verdict",
		       verdict_word(judgement->verdict));
	value_put_text(arena, report, "display",
		       display_word(judgement->display));
	value_put_text(arena, report, "shown_from", judgement->shown_from);
	list = value_put_list(arena, report, "reasons");
	for (i = 0; i < judgement->reason_count; i++) {
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "code",
			       judgement->reasons[i].code);
		report_text(arena, entry, "text",
			    judgement->reasons[i].text);
	}
}

/* What lifts a failure; without anything sealed the key is absent. */
static void report_arc(struct arena *arena, struct value *report,
		       const struct arc_finding *arc)
{
	struct value *entry;

	if (arc->sealer == NULL && arc->result == RESULT_NONE)
		return;
	entry = value_put_dict(arena, report, "arc");
	value_put_text(arena, entry, "result", result_word(arc->result));
	value_put_text(arena, entry, "sealer", arc->sealer);
	value_put_number(arena, entry, "sets", arc->sets);
	value_put_text(arena, entry, "dnssec",
		       dns_security_word(arc->dnssec));
	report_text(arena, entry, "believed", arc->believed);
	report_text(arena, entry, "reason", arc->text);
}

static void report_evidence(struct arena *arena, struct value *report,
			    const struct facts *facts,
			    const struct judgement *judgement,
			    enum report_detail detail)
{
	struct value *contact;

	report_from(arena, report, facts);
	report_text(arena, report, "subject", facts->subject);
	report_text(arena, report, "date", facts->date);
	report_dkim(arena, report, &facts->dkim, detail);
	report_spf(arena, report, &facts->spf, detail);
	report_dmarc(arena, report, &facts->dmarc, detail);
	report_arc(arena, report, &facts->arc);
	value_put_text(arena, report, "proof",
		       dmarc_proof_word(judgement->proof));
	value_put_text(arena, report, "integrity",
		       integrity_word(judgement->integrity));
	contact = value_put_dict(arena, report, "contact");
	value_put_truth(arena, contact, "known", facts->known);
	report_text(arena, contact, "name", facts->contact_name);
	if (detail == REPORT_DETAIL)
		report_detail_rest(arena, report, facts);
}

struct value *report_make_as(struct arena *arena, const struct facts *facts,
			     const struct judgement *judgement,
			     const char *id, enum report_detail detail)
{
	struct value *report = value_dict(arena);

	value_put_text(arena, report, "id", id);
	if (facts->could_not_read == NULL)
		report_evidence(arena, report, facts, judgement, detail);
	else
		report_text(arena, report, "error", facts->could_not_read);
	report_verdict(arena, report, judgement);
	return report;
}

struct value *report_make(struct arena *arena, const struct facts *facts,
			  const struct judgement *judgement, const char *id)
{
	return report_make_as(arena, facts, judgement, id, REPORT_BRIEF);
}
