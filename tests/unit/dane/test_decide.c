/* test_decide.c - every combination of facts, against the rules in words */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/dane/decide.h"

static void expect(const struct decide_facts *facts, enum decide_act act,
		   enum dane_verdict verdict, enum dane_reason reason)
{
	struct decision decision = dane_decide(facts);

	if (decision.act != act || decision.verdict != verdict ||
	    decision.reason != reason)
		fail_msg("dns %d wire %d match %d pkix %d need %d time %d: "
			 "%d %d %d, wanted %d %d %d", facts->dns, facts->wire,
			 facts->match, facts->pkix, facts->need, facts->time,
			 decision.act, decision.verdict, decision.reason, act,
			 verdict, reason);
}

static enum dane_reason pkix_reason(enum decide_dns dns)
{
	switch (dns) {
	case DECIDE_LITERAL:	return DANE_LITERAL;
	case DECIDE_UNSIGNED:	return DANE_UNSIGNED;
	case DECIDE_UNUSABLE:	return DANE_NO_USABLE;
	default:		return DANE_NO_RECORDS;
	}
}

static void seen(const struct decide_facts *facts)
{
	bool usable = facts->dns == DECIDE_USABLE;

	if (usable && facts->match == DECIDE_MATCH)
		expect(facts, DECIDE_SEND, DANE_VERIFIED, DANE_MATCHED);
	else if (usable && facts->time == DECIDE_FIRST_TIME)
		expect(facts, DECIDE_AGAIN, DANE_UNKNOWN, DANE_MISMATCH);
	else if (usable)
		expect(facts, DECIDE_REFUSE, DANE_REFUSED, DANE_MISMATCH);
	else if (facts->pkix == DECIDE_PKIX_PASSES)
		expect(facts, DECIDE_SEND, DANE_PKIX_ONLY,
		       pkix_reason(facts->dns));
	else
		expect(facts, DECIDE_REFUSE, DANE_REFUSED,
		       DANE_BAD_CERTIFICATE);
}

static void one(const struct decide_facts *facts)
{
	static const struct {
		enum decide_act act;
		enum dane_verdict verdict;
		enum dane_reason reason;
	} stops[DECIDE_WIRE_COUNT] = {
		[DECIDE_NOT_TRIED] = { DECIDE_CONNECT, DANE_UNKNOWN,
				       DANE_TROUBLE },
		[DECIDE_UNREACHABLE] = { DECIDE_LATER, DANE_UNKNOWN,
					 DANE_UNREACHABLE },
		[DECIDE_CUT] = { DECIDE_LATER, DANE_UNKNOWN, DANE_BROKEN },
		[DECIDE_NO_STARTTLS] = { DECIDE_REFUSE, DANE_REFUSED,
					 DANE_NO_STARTTLS },
		[DECIDE_INJECTED] = { DECIDE_REFUSE, DANE_REFUSED,
				      DANE_INJECTED },
		[DECIDE_OLD_TLS] = { DECIDE_REFUSE, DANE_REFUSED,
				     DANE_OLD_TLS },
		[DECIDE_TLS_FAILED] = { DECIDE_REFUSE, DANE_REFUSED,
					DANE_TLS_FAILED },
	};

	if (facts->dns == DECIDE_ADDRESS_BOGUS ||
	    facts->dns == DECIDE_TLSA_BOGUS)
		expect(facts, DECIDE_LATER, DANE_UNKNOWN, DANE_BOGUS);
	else if (facts->dns == DECIDE_ADDRESS_SILENT ||
		 facts->dns == DECIDE_TLSA_SILENT)
		expect(facts, DECIDE_LATER, DANE_UNKNOWN, DANE_DNS_SILENT);
	else if (facts->dns == DECIDE_ADDRESS_NONE)
		expect(facts, DECIDE_REFUSE, DANE_REFUSED, DANE_NO_HOST);
	else if (facts->need == DANE_NEEDED && facts->dns != DECIDE_USABLE)
		expect(facts, DECIDE_REFUSE, DANE_REFUSED, DANE_NOT_DANE);
	else if (facts->wire == DECIDE_SEEN)
		seen(facts);
	else
		expect(facts, stops[facts->wire].act,
		       stops[facts->wire].verdict,
		       stops[facts->wire].reason);
}

static void all_combinations(void **test)
{
	struct decide_facts facts;
	unsigned dns, wire, rest, count = 0;

	(void)test;
	for (dns = 0; dns < DECIDE_DNS_COUNT; dns++)
		for (wire = 0; wire < DECIDE_WIRE_COUNT; wire++)
			for (rest = 0; rest < 16; rest++) {
				facts.dns = (enum decide_dns)dns;
				facts.wire = (enum decide_wire)wire;
				facts.match = (enum decide_match)(rest & 1);
				facts.pkix = (enum decide_pkix)(rest >> 1 & 1);
				facts.need = (enum dane_need)(rest >> 2 & 1);
				facts.time = (enum decide_time)(rest >> 3);
				one(&facts);
				count++;
			}
	assert_int_equal(count, 10 * 8 * 16);
}

/* What must never happen, whatever the table says. */
static void never(void **test)
{
	struct decide_facts facts;
	struct decision decision;
	unsigned dns, wire, rest;

	(void)test;
	for (dns = 0; dns < DECIDE_DNS_COUNT; dns++)
		for (wire = 0; wire < DECIDE_WIRE_COUNT; wire++)
			for (rest = 0; rest < 16; rest++) {
				facts.dns = (enum decide_dns)dns;
				facts.wire = (enum decide_wire)wire;
				facts.match = (enum decide_match)(rest & 1);
				facts.pkix = (enum decide_pkix)(rest >> 1 & 1);
				facts.need = (enum dane_need)(rest >> 2 & 1);
				facts.time = (enum decide_time)(rest >> 3);
				decision = dane_decide(&facts);
				if (decision.act != DECIDE_SEND)
					continue;
				assert_int_equal(wire, DECIDE_SEEN);
				if (dns == DECIDE_USABLE)
					assert_int_equal(facts.match,
							 DECIDE_MATCH);
				else
					assert_int_equal(facts.need,
							 DANE_IF_PUBLISHED);
				if (decision.verdict == DANE_VERIFIED)
					assert_int_equal(dns, DECIDE_USABLE);
			}
}

static void nonsense_is_refused(void **test)
{
	struct decide_facts facts = { (enum decide_dns)99, DECIDE_SEEN,
				      DECIDE_MATCH, (enum decide_pkix)7,
				      DANE_IF_PUBLISHED, DECIDE_FIRST_TIME };

	(void)test;
	expect(&facts, DECIDE_REFUSE, DANE_REFUSED, DANE_TROUBLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_combinations),
		cmocka_unit_test(never),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
