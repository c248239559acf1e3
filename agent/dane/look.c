/* look.c - DNS alone, as a relay would see a mail exchanger
 *
 * RFC 7672 section 3.1.3: between relays usages 0 and 1 cannot be used. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/dane/locate.h"
#include "agent/dane/sentence.h"
#include "agent/dane/server.h"

static bool relay_can_use(const struct dane_place *place)
{
	const struct dane_record *record;
	size_t i;

	for (i = 0; i < place->record_count; i++) {
		record = &place->records[i];
		if (record->use == TLSA_USABLE &&
		    record->tlsa.usage >= TLSA_DANE_TA)
			return true;
	}
	return false;
}

static void conclude(struct dane_report *report,
		     const struct dane_place *place)
{
	struct decide_facts facts;
	struct decision decision;

	memset(&facts, 0, sizeof(facts));
	facts.dns = place->dns;
	facts.need = DANE_IF_PUBLISHED;
	decision = dane_decide(&facts);
	report->verdict = decision.verdict;
	report->reason = decision.reason;
	if (decision.act != DECIDE_CONNECT)
		return;
	report->verdict = DANE_PKIX_ONLY;
	if (place->dns == DECIDE_NO_TLSA) {
		report->reason = DANE_NO_RECORDS;
	} else if (place->dns == DECIDE_UNSIGNED) {
		report->reason = DANE_UNSIGNED;
	} else if (place->dns == DECIDE_LITERAL) {
		report->reason = DANE_LITERAL;
	} else if (relay_can_use(place)) {
		report->verdict = DANE_VERIFIED;
		report->reason = DANE_PUBLISHED;
	} else {
		report->reason = DANE_NO_USABLE;
	}
}

struct dane_report *dane_server_look(struct arena *arena,
				     struct dns_request *request,
				     const struct dane_question *question)
{
	struct dane_report *report = arena_alloc(arena, sizeof(*report));
	struct dane_place *place = arena_alloc(arena, sizeof(*place));
	struct dane_cause cause = { NULL, NULL };

	if (report == NULL || place == NULL)
		return NULL;
	report->host = arena_text(arena, bytes_of(question->host));
	report->port = question->port;
	if (report->host == NULL ||
	    dane_locate(arena, request, question->host, question->port,
			LOCATE_CACHED, place) < 0)
		return NULL;
	report->steps = place->steps;
	report->base = place->base;
	report->records = place->records;
	report->record_count = place->record_count;
	report->ttl = place->ttl;
	report->signed_from = place->signed_from;
	report->signed_until = place->signed_until;
	conclude(report, place);
	cause.name = place->failed;
	cause.why = place->why;
	report->sentence = dane_sentence(arena, report, &cause);
	return report;
}
