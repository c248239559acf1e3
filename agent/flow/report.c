/* report.c - one function a key of the report */
#include "agent/flow/report.h"

#include "agent/base/value.h"
#include "agent/verdict/verdict.h"

static void report_from(struct arena *arena, struct value *report,
			const struct facts *facts)
{
	struct value *from = value_put_dict(arena, report, "from");

	value_put_text(arena, from, "address", facts->address);
	value_put_text(arena, from, "domain", facts->domain);
	value_put_text(arena, from, "display_name", facts->name);
}

static void report_dkim(struct arena *arena, struct value *report,
			const struct dkim_findings *findings)
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
		value_put_text(arena, entry, "reason", one->text);
	}
}

static void report_spf(struct arena *arena, struct value *report,
		       const struct spf_finding *spf)
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
	value_put_text(arena, entry, "reason", spf->text);
}

static void report_dmarc(struct arena *arena, struct value *report,
			 const struct dmarc_finding *dmarc)
{
	struct value *entry = value_put_dict(arena, report, "dmarc");

	value_put_text(arena, entry, "result", result_word(dmarc->result));
	value_put_text(arena, entry, "policy", policy_word(dmarc->policy));
	value_put_text(arena, entry, "domain", dmarc->domain);
	value_put_text(arena, entry, "organizational_domain",
		       dmarc->organizational_domain);
	value_put_text(arena, entry, "dnssec",
		       dns_security_word(dmarc->dnssec));
	value_put_text(arena, entry, "reason", dmarc->text);
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
		value_put_text(arena, entry, "text",
			       judgement->reasons[i].text);
	}
}

struct value *report_make(struct arena *arena, const struct facts *facts,
			  const struct judgement *judgement, const char *id)
{
	struct value *report = value_dict(arena);
	struct value *contact;

	value_put_text(arena, report, "id", id);
	if (facts->could_not_read == NULL) {
		report_from(arena, report, facts);
		value_put_text(arena, report, "subject", facts->subject);
		value_put_text(arena, report, "date", facts->date);
		report_dkim(arena, report, &facts->dkim);
		report_spf(arena, report, &facts->spf);
		report_dmarc(arena, report, &facts->dmarc);
		value_put_text(arena, report, "proof",
			       dmarc_proof_word(facts->dmarc.proof));
		value_put_text(arena, report, "integrity",
			       integrity_word(judgement->integrity));
		contact = value_put_dict(arena, report, "contact");
		value_put_truth(arena, contact, "known", facts->known);
		value_put_text(arena, contact, "name", facts->contact_name);
	} else {
		value_put_text(arena, report, "error", facts->could_not_read);
	}
	report_verdict(arena, report, judgement);
	return report;
}
