/* warn.c - dates and keys, looked at ahead */
#include "agent/dane/warn.h"

#include "agent/base/arena.h"

#define HOUR	3600
#define DAY	86400

struct warnings {
	struct arena *arena;
	struct dane_warning *out;
	size_t count;
};

static void warn(struct warnings *warnings, const char *code, const char *text)
{
	if (warnings->count == WARN_MAX || text == NULL)
		return;
	warnings->out[warnings->count].code = code;
	warnings->out[warnings->count++].text = text;
}

/* "3 days", "5 hours". */
static const char *span(struct arena *arena, int64_t seconds)
{
	const char *text;

	if (seconds >= 2 * DAY)
		text = arena_print(arena, "%lld days",
				   (long long)(seconds / DAY));
	else
		text = arena_print(arena, "%lld hours",
				   (long long)(seconds / HOUR));
	return text == NULL ? "a while" : text;
}

/* Whether dates of the certificate at that depth count for this server. */
static bool dates_count(const struct dane_report *report)
{
	size_t i;

	for (i = 0; i < report->record_count; i++)
		if (report->records[i].verified &&
		    report->records[i].tlsa.usage == TLSA_DANE_EE)
			return false;	/* RFC 7671 section 5.1 */
	return true;
}

static void certificate_warn(struct warnings *warnings,
			     const struct dane_report *report,
			     const struct dane_certificate *certificate,
			     int64_t now)
{
	int64_t left = certificate->until - now;
	int64_t early = (certificate->until - certificate->from) / 4;
	const char *note = dates_count(report) ? "" : "; DANE does not mind, "
			   "clients without it do";

	if (early > WARN_CERTIFICATE_DAYS * DAY)
		early = WARN_CERTIFICATE_DAYS * DAY;
	if (certificate->until == 0 || left >= early)
		return;
	if (left < 0)
		warn(warnings, "certificate-expired",
		     arena_print(warnings->arena, "The certificate of %s "
				 "expired %s ago%s.", report->host,
				 span(warnings->arena, -left), note));
	else
		warn(warnings, "certificate-expires",
		     arena_print(warnings->arena, "The certificate of %s "
				 "expires in %s%s.", report->host,
				 span(warnings->arena, left), note));
}

static void signatures_warn(struct warnings *warnings,
			    const struct dane_report *report, int64_t now)
{
	int64_t left = report->signed_until - now;
	int64_t life = report->signed_until - report->signed_from;

	if (report->signed_until == 0 || left >= life / WARN_SIGNATURE_PART)
		return;
	warn(warnings, "signatures-expire",
	     arena_print(warnings->arena, "A DNSSEC signature that %s depends "
			 "on ends in %s, and should have been renewed by now; "
			 "after that nobody who validates reaches it.",
			 report->host,
			 span(warnings->arena, left > 0 ? left : 0)));
}

/* A record of a trust anchor lets the server's own key change at any time. */
static void key_warn(struct warnings *warnings,
		     const struct dane_report *report)
{
	const struct dane_record *record;
	size_t i;

	if (report->reason != DANE_MATCHED || report->next_key)
		return;
	for (i = 0; i < report->record_count; i++) {
		record = &report->records[i];
		if ((record->matches || record->verified) &&
		    (record->tlsa.usage == TLSA_DANE_TA ||
		     record->tlsa.usage == TLSA_PKIX_TA))
			return;
	}
	warn(warnings, "no-next-key",
	     arena_print(warnings->arena, "%s publishes no TLSA record for its "
			 "next key: it must, a TTL before the key changes, or "
			 "mail stops.", report->host));
}

static void records_warn(struct warnings *warnings,
			 const struct dane_report *report)
{
	char text[TLSA_TEXT_MAX];
	const char *why;
	size_t i;

	for (i = 0; i < report->record_count; i++) {
		why = tlsa_use_why(report->records[i].use);
		if (why == NULL)
			continue;
		tlsa_print(&report->records[i].tlsa, text);
		warn(warnings, "unusable-record",
		     arena_print(warnings->arena, "A TLSA record of %s cannot "
				 "be used (%.40s): %s.", report->host, text,
				 why));
		return;			/* one of them is enough */
	}
}

size_t dane_warn(struct arena *arena, const struct dane_report *report,
		 int64_t now, struct dane_warning out[WARN_MAX])
{
	struct warnings warnings = { arena, out, 0 };

	if (report->chain_count > 0)
		certificate_warn(&warnings, report, &report->chain[0], now);
	signatures_warn(&warnings, report, now);
	key_warn(&warnings, report);
	records_warn(&warnings, report);
	return warnings.count;
}
