/* server_report.c - dane's plain values into dictionaries and lists */
#include "agent/flow/server_report.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/dane/warn.h"

#define STEP_RECORDS_MAX 32	/* of one answer that are shown */

static const char *type_word(enum dns_type type)
{
	switch (type) {
	case DNS_A:		return "A";
	case DNS_AAAA:		return "AAAA";
	case DNS_CNAME:		return "CNAME";
	case DNS_MX:		return "MX";
	case DNS_SRV:		return "SRV";
	case DNS_TLSA:		return "TLSA";
	case DNS_PTR:
	case DNS_TXT:
	case DNS_SMIMEA:
	case DNS_OPENPGPKEY:
	default:		return "other";
	}
}

static const char *state_word(enum dns_state state)
{
	static const char *const words[] = {
		"records", "none", "nxdomain", "bogus", "silent"
	};

	return words[state];
}

/* A name in rdata as text; "?" when it is broken. */
static void name_print(struct buf *to, struct bytes rdata)
{
	struct bytes label;
	unsigned char len;
	size_t i;

	for (;;) {
		if (!take_byte(&rdata, &len) ||
		    !take_bytes(&rdata, len, &label)) {
			buf_text(to, "?");
			return;
		}
		if (len == 0)
			return;
		for (i = 0; i < label.len; i++)
			buf_byte(to, label.data[i] <= 32 ||
				 label.data[i] >= 127 ? '?' : label.data[i]);
		buf_text(to, ".");
	}
}

static const char *record_text(struct arena *arena, enum dns_type type,
			       struct bytes rdata)
{
	char address[INET6_ADDRSTRLEN], tlsa_text[TLSA_TEXT_MAX];
	uint16_t one = 0, two = 0, three = 0;
	struct tlsa tlsa;
	struct buf text;
	char *out;

	if (type == DNS_A || type == DNS_AAAA) {
		if (rdata.len != (type == DNS_A ? 4 : 16) ||
		    inet_ntop(type == DNS_A ? AF_INET : AF_INET6, rdata.data,
			      address, sizeof(address)) == NULL)
			return "?";
		return arena_print(arena, "%s", address);
	}
	if (type == DNS_TLSA) {
		(void)tlsa_read(rdata, &tlsa);
		tlsa_print(&tlsa, tlsa_text);
		return arena_print(arena, "%s", tlsa_text);
	}
	buf_init(&text, 1024);
	if (type == DNS_MX && take_u16(&rdata, &one))
		buf_print(&text, "%u ", one);
	if (type == DNS_SRV && take_u16(&rdata, &one) &&
	    take_u16(&rdata, &two) && take_u16(&rdata, &three))
		buf_print(&text, "%u %u %u ", one, two, three);
	name_print(&text, rdata);
	out = arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

static void step_put(struct arena *arena, struct value *into,
		     const struct dane_step *step)
{
	const struct dns_answer *answer = step->answer;
	struct value *list;
	size_t i;

	value_put_text(arena, into, "name", step->name);
	value_put_text(arena, into, "type", type_word(step->type));
	value_put_text(arena, into, "state", state_word(answer->state));
	value_put_text(arena, into, "dnssec",
		       dns_security_word(answer->security));
	value_put_truth(arena, into, "fresh", step->fresh);
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT) {
		value_put_text(arena, into, "why", answer->why);
		return;
	}
	value_put_number(arena, into, "ttl", answer->ttl);
	if (answer->signed_until != 0)
		value_put_number(arena, into, "signed_until",
				 answer->signed_until);
	if (bytes_is_nocase(bytes_of(step->name), answer->canonical) == false)
		value_put_text(arena, into, "canonical", answer->canonical);
	if (answer->state != DNS_HAVE)
		return;
	list = value_put_list(arena, into, "records");
	for (i = 0; i < answer->record_count && i < STEP_RECORDS_MAX; i++)
		value_put_text(arena, list, NULL,
			       record_text(arena, step->type,
					   answer->records[i]));
}

void server_report_steps(struct arena *arena, struct value *list,
			 const struct dane_step *steps)
{
	for (; steps != NULL; steps = steps->next)
		step_put(arena, value_put_dict(arena, list, NULL), steps);
}

/* What became of a record, in a word or two. */
static const char *record_fate(const struct dane_report *report,
			       const struct dane_record *record)
{
	if (record->use != TLSA_USABLE)
		return "unusable";
	if (record->verified)
		return "verified";
	if (record->agile_out)
		return "passed-over";
	if (report->chain_count == 0)
		return "usable";
	return record->matches ? "matches" : "no-match";
}

static void records_put(struct arena *arena, struct value *into,
			const struct dane_report *report)
{
	struct value *list = value_put_list(arena, into, "records");
	const struct dane_record *record;
	char text[TLSA_TEXT_MAX];
	struct value *dict;
	size_t i;

	for (i = 0; i < report->record_count; i++) {
		record = &report->records[i];
		dict = value_put_dict(arena, list, NULL);
		tlsa_print(&record->tlsa, text);
		value_put_text(arena, dict, "record", text);
		value_put_text(arena, dict, "fate",
			       record_fate(report, record));
		if (record->depth >= 0)
			value_put_number(arena, dict, "depth", record->depth);
		value_put_text(arena, dict, "why", tlsa_use_why(record->use));
	}
}

static const char *hex(struct arena *arena, const unsigned char *data,
		       size_t len)
{
	struct buf text;
	char *out;
	size_t i;

	buf_init(&text, 2 * len + 1);
	for (i = 0; i < len; i++)
		buf_print(&text, "%02x", data[i]);
	out = arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

static void chain_put(struct arena *arena, struct value *into,
		      const struct dane_report *report)
{
	struct value *list = value_put_list(arena, into, "chain");
	const struct dane_certificate *certificate;
	struct value *dict, *names;
	size_t i, j;

	for (i = 0; i < report->chain_count; i++) {
		certificate = &report->chain[i];
		dict = value_put_dict(arena, list, NULL);
		value_put_text(arena, dict, "subject", certificate->subject);
		value_put_text(arena, dict, "issuer", certificate->issuer);
		names = value_put_list(arena, dict, "names");
		for (j = 0; j < certificate->name_count; j++)
			value_put_text(arena, names, NULL,
				       certificate->names[j]);
		value_put_number(arena, dict, "from", certificate->from);
		value_put_number(arena, dict, "until", certificate->until);
		value_put_text(arena, dict, "certificate_sha256",
			       hex(arena, certificate->digests.
				   sha256[TLSA_CERT], 32));
		value_put_text(arena, dict, "key_sha256",
			       hex(arena, certificate->digests.
				   sha256[TLSA_SPKI], 32));
	}
}

static void warnings_put(struct arena *arena, struct value *into,
			 const struct dane_report *report, int64_t now)
{
	struct value *list = value_put_list(arena, into, "warnings");
	struct dane_warning warnings[WARN_MAX];
	size_t i, count = dane_warn(arena, report, now, warnings);
	struct value *dict;

	for (i = 0; i < count; i++) {
		dict = value_put_dict(arena, list, NULL);
		value_put_text(arena, dict, "code", warnings[i].code);
		value_put_text(arena, dict, "text", warnings[i].text);
	}
}

static void verified_put(struct arena *arena, struct value *into,
			 const struct dane_report *report)
{
	char text[TLSA_TEXT_MAX];
	size_t i;

	for (i = 0; i < report->record_count; i++) {
		if (!report->records[i].verified)
			continue;
		tlsa_print(&report->records[i].tlsa, text);
		value_put_text(arena, into, "matched", text);
		value_put_number(arena, into, "depth",
				 report->records[i].depth);
		return;
	}
}

void server_report_brief(struct arena *arena, struct value *into,
			 const struct dane_report *report)
{
	value_put_text(arena, into, "host", report->host);
	value_put_number(arena, into, "port", report->port);
	value_put_text(arena, into, "result",
		       dane_verdict_word(report->verdict));
	value_put_text(arena, into, "reason",
		       dane_reason_word(report->reason));
	value_put_text(arena, into, "text", report->sentence);
	value_put_text(arena, into, "base", report->base);
	value_put_text(arena, into, "address", report->address);
	verified_put(arena, into, report);
	if (report->record_count > 0)
		value_put_number(arena, into, "ttl", report->ttl);
	if (report->signed_until != 0)
		value_put_number(arena, into, "signatures_until",
				 report->signed_until);
	if (report->chain_count > 0) {
		value_put_number(arena, into, "certificate_until",
				 report->chain[0].until);
		value_put_truth(arena, into, "next_key", report->next_key);
	}
}

void server_report_full(struct arena *arena, struct value *into,
			const struct dane_report *report, int64_t now)
{
	server_report_brief(arena, into, report);
	value_put_text(arena, into, "tls", report->protocol);
	value_put_text(arena, into, "cipher", report->cipher);
	value_put_text(arena, into, "peer_name", report->peer_name);
	if (report->pkix_passes)
		value_put_text(arena, into, "pkix", "pass");
	else if (report->pkix_why != NULL)
		value_put_text(arena, into, "pkix", "fail");
	value_put_text(arena, into, "pkix_why", report->pkix_why);
	value_put_truth(arena, into, "again", report->again);
	records_put(arena, into, report);
	chain_put(arena, into, report);
	warnings_put(arena, into, report, now);
	server_report_steps(arena, value_put_list(arena, into, "dns"),
			    report->steps);
}
