/* report_detail.c - what a person wants to see who asks why */
#include "agent/flow/report.h"

#include <string.h>

#include "agent/auth/dmarc_consent.h"
#include "agent/base/value.h"
#include "agent/verdict/verdict.h"

static void put_time(struct arena *arena, struct value *entry,
		     const char *key, int64_t when)
{
	if (when > 0)
		value_put_number(arena, entry, key, when);
}

void report_detail_dkim(struct arena *arena, struct value *entry,
			const struct dkim_finding *finding)
{
	report_text(arena, entry, "identity_domain", finding->identity_domain);
	report_text(arena, entry, "organizational_domain",
		    finding->organizational_domain);
	value_put_text(arena, entry, "code", finding->code);
	put_time(arena, entry, "signed_at", finding->signed_at);
	put_time(arena, entry, "expires", finding->expires);
	put_time(arena, entry, "key_last_seen", finding->key_archived);
	value_put_text(arena, entry, "integrity",
		       integrity_word(finding->integrity));
	report_text(arena, entry, "not_covered", finding->integrity_text);
	if (finding->header_only)
		value_put_truth(arena, entry, "header_only", true);
}

void report_detail_spf(struct arena *arena, struct value *entry,
		       const struct spf_finding *finding)
{
	struct value *list, *step;
	size_t i;

	value_put_text(arena, entry, "code", finding->code);
	report_text(arena, entry, "record", finding->record);
	report_text(arena, entry, "organizational_domain",
		    finding->organizational_domain);
	value_put_number(arena, entry, "lookups", finding->lookups);
	report_text(arena, entry, "explanation", finding->explanation);
	list = value_put_list(arena, entry, "steps");
	for (i = 0; i < finding->step_count; i++) {
		step = value_put_dict(arena, list, NULL);
		report_text(arena, step, "name", finding->steps[i].name);
		value_put_text(arena, step, "type", finding->steps[i].type);
		value_put_text(arena, step, "found", finding->steps[i].found);
		value_put_text(arena, step, "dnssec",
			       dns_security_word(finding->steps[i].dnssec));
	}
}

static void put_walk(struct arena *arena, struct value *entry,
		     const struct dmarc_finding *finding)
{
	struct value *list = value_put_list(arena, entry, "walk"), *step;
	size_t i;

	for (i = 0; i < finding->walk_count; i++) {
		step = value_put_dict(arena, list, NULL);
		report_text(arena, step, "name", finding->walk[i].name);
		value_put_text(arena, step, "found", finding->walk[i].found);
		value_put_text(arena, step, "dnssec",
			       dns_security_word(finding->walk[i].dnssec));
	}
}

static void put_uris(struct arena *arena, struct value *entry,
		     const char *key, const struct dmarc_report_uri *uris,
		     size_t count)
{
	struct value *list, *one;
	size_t i;

	if (count == 0)
		return;
	list = value_put_list(arena, entry, key);
	for (i = 0; i < count; i++) {
		one = value_put_dict(arena, list, NULL);
		report_text(arena, one, "uri", uris[i].uri);
		value_put_truth(arena, one, "external", uris[i].external);
		if (uris[i].limit > 0 && uris[i].limit <= INT64_MAX)
			value_put_number(arena, one, "limit",
					 (int64_t)uris[i].limit);
		if (uris[i].consent != DMARC_CONSENT_NOT_ASKED)
			value_put_truth(arena, one, "verified",
					uris[i].consent ==
					DMARC_CONSENT_GIVEN);
		value_put_text(arena, one, "consent",
			       dmarc_consent_word(uris[i].consent));
		report_text(arena, one, "instead", uris[i].instead);
	}
}

void report_detail_dmarc(struct arena *arena, struct value *entry,
			 const struct dmarc_finding *finding)
{
	value_put_text(arena, entry, "code", finding->code);
	report_text(arena, entry, "record", finding->record);
	value_put_text(arena, entry, "published",
		       policy_word(finding->published));
	value_put_truth(arena, entry, "strict_dkim", finding->strict_dkim);
	value_put_truth(arena, entry, "strict_spf", finding->strict_spf);
	if (finding->nonexistent)
		value_put_truth(arena, entry, "nonexistent", true);
	put_walk(arena, entry, finding);
	put_uris(arena, entry, "rua", finding->rua, finding->rua_count);
	put_uris(arena, entry, "ruf", finding->ruf, finding->ruf_count);
}

static void put_foreign(struct arena *arena, struct value *list,
			const struct foreign *foreign)
{
	struct value *one = value_put_dict(arena, list, NULL), *dmarc;

	report_text(arena, one, "text", foreign->text);
	report_text(arena, one, "domain", foreign->domain);
	value_put_truth(arena, one, "contact", foreign->is_contact);
	if (foreign->dmarc == NULL)
		return;
	dmarc = value_put_dict(arena, one, "dmarc");
	value_put_text(arena, dmarc, "result",
		       result_word(foreign->dmarc->result));
	value_put_text(arena, dmarc, "policy",
		       policy_word(foreign->dmarc->policy));
	value_put_text(arena, dmarc, "dnssec",
		       dns_security_word(foreign->dmarc->dnssec));
}

void report_detail_rest(struct arena *arena, struct value *report,
			const struct facts *facts)
{
	struct value *list;
	size_t i;

	if (facts->dkim.ignored > 0)
		value_put_number(arena, report, "signatures_ignored",
				 (int64_t)facts->dkim.ignored);
	if (facts->altered_on_the_way)
		value_put_truth(arena, report, "altered_on_the_way", true);
	if (facts->foreign_count == 0)
		return;
	list = value_put_list(arena, report, "addresses_in_name");
	for (i = 0; i < facts->foreign_count; i++)
		put_foreign(arena, list, &facts->foreign[i]);
}
