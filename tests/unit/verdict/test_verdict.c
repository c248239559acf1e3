/* test_verdict.c - every row of the table, and every edge between rows */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "tests/unit/verdict/facts.h"

static void is(const struct facts *facts, enum verdict verdict,
	       enum display display, const char *code)
{
	struct verdict_policy policy = policy_default();
	struct outcome outcome = judge(facts, &policy);

	assert_string_equal(outcome.code, code);
	assert_int_equal(outcome.verdict, verdict);
	assert_int_equal(outcome.display, display);
	if (display == DISPLAY_NAME)
		assert_string_equal(outcome.shown, "Alice <alice@example.org>");
	else
		assert_string_equal(outcome.shown, "alice@example.org");
}

static void dmarc_fails(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);

	(void)state;
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING, "policy-violated");
	facts.altered_on_the_way = true;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING, "altered-on-the-way");
	facts = facts_failing(POLICY_QUARANTINE);
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING, "policy-violated");
	facts = facts_failing(POLICY_NONE);
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "dmarc-failed");
	facts.altered_on_the_way = true;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING, "altered-on-the-way");
	facts = facts_failing(POLICY_UNSET);
	facts.dmarc.result = RESULT_PERMERROR;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS,
	   "dmarc-record-unusable");
	facts.altered_on_the_way = true;	/* only beside a failure */
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS,
	   "dmarc-record-unusable");
}

/* A trusted sealer's word lifts a failure to "authenticated", never more, and
 * no other sign of a forgery. */
static void a_sealer_vouches(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_failing(POLICY_REJECT);

	(void)state;
	facts.arc.result = RESULT_PASS;
	facts.arc.sealer = "lists.example";
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING, "policy-violated");
	assert_int_equal(judge(&facts, &policy).proof, PROOF_NONE);
	facts.arc.believed = "dmarc=pass for example.org";
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
	assert_int_equal(judge(&facts, &policy).proof, PROOF_SERVER);
	facts.altered_on_the_way = true;
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
	facts.name_owner = "bob@example.com";
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "name-of-another");
	facts_add_foreign(&facts, "ceo@bank.example", &bank_reject);
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING,
	   "forged-address-in-name");
	/* it lifts nothing but a failure */
	facts = facts_failing(POLICY_REJECT);
	facts.arc.believed = "dmarc=pass for example.org";
	facts.dmarc.result = RESULT_TEMPERROR;
	is(&facts, VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "temporary-error");
	facts.dmarc.result = RESULT_NONE;
	is(&facts, VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "no-policy");
	facts.dmarc.result = RESULT_PERMERROR;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS,
	   "dmarc-record-unusable");
	facts = facts_of_alice();
	facts.arc.believed = "dmarc=pass for example.org";
	is(&facts, VERDICT_GENUINE, DISPLAY_NAME, "known-and-proved");
	assert_int_equal(judge(&facts, &policy).proof, PROOF_DKIM);
}

static void the_proof_is_told(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_of_alice();

	(void)state;
	facts.dmarc.result = RESULT_NONE;
	facts.dmarc.proof = PROOF_NONE;
	assert_int_equal(judge(&facts, &policy).proof, PROOF_NONE);
	policy.require_policy = false;
	assert_int_equal(judge(&facts, &policy).proof, PROOF_DKIM);
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_GENUINE);
}

static void an_address_stands_in_the_name(void **state)
{
	struct facts facts = facts_of_alice();
	struct foreign *foreign = &facts.foreign[0];

	(void)state;
	facts_add_foreign(&facts, "ceo@bank.example", &bank_reject);
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING,
	   "forged-address-in-name");
	foreign->dmarc = &bank_open;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name");
	foreign->dmarc = &bank_none;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name");
	foreign->is_contact = true;
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING,
	   "forged-address-in-name");
	foreign->dmarc = &bank_open;
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING,
	   "forged-address-in-name");
	foreign->dmarc = &bank_passes;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name");
	foreign->dmarc = &bank_late;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name");
	foreign->dmarc = NULL;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "address-in-name");
	/* the second of two decides as well */
	facts_add_foreign(&facts, "cfo@bank.example", &bank_reject);
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING,
	   "forged-address-in-name");
}

static void the_name_is_anothers(void **state)
{
	struct facts facts = facts_of_alice();

	(void)state;
	facts.name_owner = "bob@example.com";
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "name-of-another");
	facts.dmarc.result = RESULT_TEMPERROR;
	is(&facts, VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "temporary-error");
	facts.dmarc.result = RESULT_NONE;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING,
	   "contact-name-unproved");
	facts = facts_failing(POLICY_NONE);
	facts.name_owner = "bob@example.com";
	is(&facts, VERDICT_SPOOFED, DISPLAY_WARNING, "contact-name-forged");
	facts = facts_of_alice();
	facts.looks_like = "a1ice@example.org";
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "looks-like-contact");
	facts.dmarc.result = RESULT_TEMPERROR;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_ADDRESS, "looks-like-contact");
}

static void from_is_unusable(void **state)
{
	struct facts facts = facts_of_alice();
	int from;

	(void)state;
	for (from = FROM_MISSING; from <= FROM_CONTROL; from++) {
		facts.from = (enum from_fact)from;
		is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING,
		   "from-unusable");
	}
}

static void integrity_counts(void **state)
{
	struct facts facts = facts_of_alice();
	struct verdict_policy policy = policy_default();

	(void)state;
	is(&facts, VERDICT_GENUINE, DISPLAY_NAME, "known-and-proved");
	facts.dkim.list[0].integrity = INTEGRITY_PARTLY;
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
	facts.dkim.list[0].integrity = INTEGRITY_UNKNOWN;
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
	facts.dkim.list[0].integrity = INTEGRITY_TAMPERED;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING, "tampered");
	/* the one that covers most is what counts */
	facts.dkim.list[1] = facts.dkim.list[0];
	facts.dkim.list[1].integrity = INTEGRITY_WHOLE;
	facts.dkim.count = 2;
	is(&facts, VERDICT_GENUINE, DISPLAY_NAME, "known-and-proved");
	assert_int_equal(judge(&facts, &policy).integrity, INTEGRITY_WHOLE);
	/* but not one that fails, nor another domain's */
	facts.dkim.list[1].aligned = false;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING, "tampered");
	facts.dkim.list[1].aligned = true;
	facts.dkim.list[1].result = RESULT_FAIL;
	is(&facts, VERDICT_SUSPICIOUS, DISPLAY_WARNING, "tampered");
}

static void unverified(void **state)
{
	struct facts facts = facts_of_alice();

	(void)state;
	facts.dmarc.result = RESULT_TEMPERROR;
	is(&facts, VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "temporary-error");
	facts.dmarc.result = RESULT_NONE;
	facts.dmarc.proof = PROOF_NONE;
	is(&facts, VERDICT_UNVERIFIED, DISPLAY_ADDRESS, "no-policy");
}

static void a_policy_may_be_missing(void **state)
{
	struct verdict_policy policy = { false, false, false };
	struct facts facts = facts_of_alice();

	(void)state;
	facts.dmarc.result = RESULT_NONE;
	facts.dmarc.proof = PROOF_NONE;
	facts.dmarc.policy = facts.dmarc.published = POLICY_UNSET;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_GENUINE);
	facts.known = false;
	assert_int_equal(judge(&facts, &policy).verdict,
			 VERDICT_AUTHENTICATED);
	/* above that row, none stays none */
	facts.name_owner = "bob@example.com";
	assert_string_equal(judge(&facts, &policy).code,
			    "contact-name-unproved");
	facts.name_owner = NULL;
	facts.dkim.list[0].integrity = INTEGRITY_TAMPERED;
	assert_string_equal(judge(&facts, &policy).code, "tampered");
	facts.dkim.list[0].aligned = false;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_UNVERIFIED);
	facts.dkim.list[0].aligned = true;
	facts.dmarc.result = RESULT_TEMPERROR;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_UNVERIFIED);
}

static void proofs_differ(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_of_alice();

	(void)state;
	facts.dkim.count = 0;
	facts.dmarc.proof = PROOF_SPF;
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
	policy.accept_spf_only = true;
	assert_int_equal(judge(&facts, &policy).display, DISPLAY_NAME);
	facts.dmarc.proof = PROOF_SERVER;
	assert_int_equal(judge(&facts, &policy).verdict,
			 VERDICT_AUTHENTICATED);
	facts = facts_of_alice();
	facts.known = false;
	is(&facts, VERDICT_AUTHENTICATED, DISPLAY_ADDRESS, "authenticated");
}

static void every_record_must_be_secure(void **state)
{
	struct verdict_policy policy = { true, true, true };
	struct facts facts = facts_of_alice();

	(void)state;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_GENUINE);
	facts.dmarc.dnssec = DNS_INSECURE;
	assert_int_equal(judge(&facts, &policy).verdict,
			 VERDICT_AUTHENTICATED);
	facts = facts_of_alice();
	facts.dkim.list[0].dnssec = DNS_INSECURE;
	assert_int_equal(judge(&facts, &policy).verdict,
			 VERDICT_AUTHENTICATED);
	/* two whole signatures: the secure one will do */
	facts.dkim.list[1] = facts.dkim.list[0];
	facts.dkim.list[1].dnssec = DNS_SECURE;
	facts.dkim.count = 2;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_GENUINE);
	facts.dkim.count = 0;
	facts.dmarc.proof = PROOF_SPF;
	assert_int_equal(judge(&facts, &policy).verdict, VERDICT_GENUINE);
	facts.spf.dnssec = DNS_SECURITY_UNKNOWN;
	assert_int_equal(judge(&facts, &policy).verdict,
			 VERDICT_AUTHENTICATED);
}

static void names_that_cannot_be_shown(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_of_alice();

	(void)state;
	facts.name_unreadable = true;
	is(&facts, VERDICT_GENUINE, DISPLAY_ADDRESS, "known-and-proved");
	facts.name_unreadable = false;
	facts.odd_route = true;
	is(&facts, VERDICT_GENUINE, DISPLAY_ADDRESS, "known-and-proved");
	facts.odd_route = false;
	facts.odd_local = true;
	is(&facts, VERDICT_GENUINE, DISPLAY_ADDRESS, "known-and-proved");
	facts.odd_local = false;
	facts.name = "Al\033ice";
	is(&facts, VERDICT_GENUINE, DISPLAY_ADDRESS, "known-and-proved");
	facts.name = NULL;	/* there is none: nothing to hide */
	assert_int_equal(judge(&facts, &policy).display, DISPLAY_NAME);
	assert_string_equal(judge(&facts, &policy).shown,
			    "alice@example.org");
}

static void a_message_could_not_be_read(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_of_alice();
	struct outcome outcome;

	(void)state;
	facts.could_not_read = "It ended the reader twice.";
	facts.address = facts.name = NULL;
	outcome = judge(&facts, &policy);
	assert_int_equal(outcome.verdict, VERDICT_SUSPICIOUS);
	assert_int_equal(outcome.display, DISPLAY_WARNING);
	assert_string_equal(outcome.code, "could-not-read");
	assert_string_equal(outcome.shown, "");
}

static void no_memory_shows_less(void **state)
{
	struct verdict_policy policy = policy_default();
	struct facts facts = facts_of_alice();
	struct judgement out;
	struct arena *arena;
	size_t cap;

	(void)state;
	for (cap = 1; cap < 600; cap++) {
		arena = arena_new(cap);
		if (arena == NULL)
			continue;
		verdict_judge(arena, &facts, &policy, &out);
		assert_int_equal(out.verdict, VERDICT_GENUINE);
		assert_true(out.reason_count >= 1);
		assert_non_null(out.shown_from);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dmarc_fails),
		cmocka_unit_test(a_sealer_vouches),
		cmocka_unit_test(the_proof_is_told),
		cmocka_unit_test(an_address_stands_in_the_name),
		cmocka_unit_test(the_name_is_anothers),
		cmocka_unit_test(from_is_unusable),
		cmocka_unit_test(integrity_counts),
		cmocka_unit_test(unverified),
		cmocka_unit_test(a_policy_may_be_missing),
		cmocka_unit_test(proofs_differ),
		cmocka_unit_test(every_record_must_be_secure),
		cmocka_unit_test(names_that_cannot_be_shown),
		cmocka_unit_test(a_message_could_not_be_read),
		cmocka_unit_test(no_memory_shows_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
