/* test_dmarc.c - alignment, proof, errors: what the public cases leave out */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/auth/dmarc_zone.h"

static void dkim_is_preferred(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_spf(&zone, "example.org", RESULT_PASS);
	zone_dkim(&zone, "mail.example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_PASS);
	assert_int_equal(zone.out.proof, PROOF_DKIM);
	assert_true(zone.spf.aligned && zone.dkim.list[0].aligned);
	assert_null(zone.out.code);
	zone_close(&zone);

	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_spf(&zone, "Example.ORG", RESULT_PASS);
	zone_dkim(&zone, "mail.example.org", RESULT_FAIL);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_PASS);
	assert_int_equal(zone.out.proof, PROOF_SPF);
	assert_true(zone.dkim.list[0].aligned);	/* though it failed */
	zone_close(&zone);
}

static void nothing_aligned_fails(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=quarantine");
	zone_dkim(&zone, "evil-example.org", RESULT_PASS);
	zone_dkim(&zone, "example.com", RESULT_PASS);
	zone_dkim(&zone, NULL, RESULT_PERMERROR);
	zone_spf(&zone, "org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_FAIL);
	assert_int_equal(zone.out.policy, POLICY_QUARANTINE);
	assert_int_equal(zone.out.proof, PROOF_NONE);
	assert_string_equal(zone.out.code, "dmarc-failed");
	assert_false(zone.dkim.list[0].aligned || zone.dkim.list[1].aligned);
	assert_false(zone.spf.aligned);
	zone_close(&zone);
}

static void flags_may_be_left_alone(void **state)
{
	struct dmarc_check *check;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_dkim(&zone, "example.org", RESULT_PASS);
	check = dmarc_start(zone.arena, zone.request, "example.org");
	dmarc_finish(check, &zone.dkim, &zone.spf, DMARC_LEAVE_ALIGNED,
		     &zone.out);
	assert_int_equal(zone.out.result, RESULT_PASS);
	assert_false(zone.dkim.list[0].aligned);
	zone_close(&zone);
}

static void strict_is_equality(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=reject; adkim=s; aspf=s");
	zone_dkim(&zone, "mail.example.org", RESULT_PASS);
	zone_spf(&zone, "mail.example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_FAIL);
	zone_close(&zone);
}

static void without_a_policy_signatures_are_still_aligned(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	zone_dkim(&zone, "example.org", RESULT_PASS);
	zone_dkim(&zone, "mail.example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_NONE);
	assert_true(zone.dkim.list[0].aligned);
	assert_false(zone.dkim.list[1].aligned);
	assert_int_equal(zone.out.policy, POLICY_UNSET);
	assert_int_equal(zone.out.proof, PROOF_NONE);
	assert_string_equal(zone.out.code, "no-policy");
	assert_string_equal(zone.out.psl_domain, "example.org");
	zone_close(&zone);
}

static void an_unusable_record_is_a_permanent_error(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.mail.example.org", "v=DMARC1;");
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_dkim(&zone, "mail.example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "mail.example.org"),
			 RESULT_PERMERROR);
	assert_string_equal(zone.out.code, "dmarc-record-unusable");
	assert_int_equal(zone.out.policy, POLICY_UNSET);
	assert_int_equal(zone.out.proof, PROOF_NONE);
	zone_close(&zone);
}

static void several_records_are_none(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_NONE);
	assert_string_equal(zone.out.walk[0].found, "several records");
	assert_non_null(strstr(zone.out.text, "Several"));
	zone_close(&zone);
}

static void errors_of_the_policy(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_state(zone.script, "_dmarc.example.org", DNS_BOGUS);
	zone_dkim(&zone, "example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_TEMPERROR);
	assert_string_equal(zone.out.code, "dns-bogus");
	assert_non_null(strstr(zone.out.text, "_dmarc.example.org"));
	assert_int_equal(zone.out.dnssec, DNS_SECURITY_BOGUS);
	assert_string_equal(zone.out.walk[0].found, "bogus");
	assert_true(zone.dkim.list[0].aligned);
	zone_close(&zone);

	/* an organizational record alone does not decide beside a hole */
	zone_open(&zone);
	script_state(zone.script, "_dmarc.a.example.org", DNS_SILENT);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none");
	assert_int_equal(zone_run(&zone, "a.example.org"), RESULT_TEMPERROR);
	assert_string_equal(zone.out.code, "dns-silent");
	assert_int_equal(zone.out.policy, POLICY_UNSET);
	zone_close(&zone);
}

static void errors_of_the_proof(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_dkim(&zone, "example.org", RESULT_TEMPERROR);
	zone.dkim.list[0].dnssec = DNS_SECURITY_BOGUS;
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_TEMPERROR);
	assert_string_equal(zone.out.code, "dns-bogus");
	assert_int_equal(zone.out.policy, POLICY_REJECT);
	/* a certain pass beside it */
	zone_spf(&zone, "example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_PASS);
	assert_int_equal(zone.out.proof, PROOF_SPF);
	/* an error of another domain has no weight */
	zone_spf(&zone, "example.com", RESULT_TEMPERROR);
	zone.dkim.list[0].domain = "example.net";
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_FAIL);
	zone_spf(&zone, "example.org", RESULT_TEMPERROR);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_TEMPERROR);
	assert_string_equal(zone.out.code, "dns-silent");
	zone_close(&zone);
}

static void an_identifiers_walk_may_fail(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	script_state(zone.script, "_dmarc.mail.example.org", DNS_BOGUS);
	zone_dkim(&zone, "mail.example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_TEMPERROR);
	assert_string_equal(zone.out.code, "dns-bogus");
	zone.dkim.list[0].result = RESULT_FAIL;	/* then it is of no weight */
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_FAIL);
	zone_close(&zone);
}

/* Whoever forges has a domain whose walk does not end: that must not make
 * "not proved" out of "forged". */
static void a_foreign_walk_that_fails_has_no_weight(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	script_state(zone.script, "_dmarc.evil.org", DNS_SILENT);
	zone_dkim(&zone, "evil.org", RESULT_PASS);
	zone_spf(&zone, "a.evil.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "mail.example.org"), RESULT_FAIL);
	assert_int_equal(script_asked(zone.script), 4);	/* none of evil's */
	zone_close(&zone);

	zone_open(&zone);	/* a top level with a record of its own */
	script_txt(zone.script, "_dmarc.corp", "v=DMARC1; p=reject");
	zone_dkim(&zone, "other.corp", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.corp"), RESULT_PASS);
	script_state(zone.script, "_dmarc.third.corp", DNS_SILENT);
	zone.dkim.list[0].domain = "third.corp";
	assert_int_equal(zone_run(&zone, "example.corp"), RESULT_TEMPERROR);
	zone_close(&zone);
}

static void security_is_that_of_the_records_used(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	script_txt(zone.script, "_dmarc.mail.example.org",
		   "v=DMARC1; p=none");
	script_security(zone.script, "_dmarc.mail.example.org",
			DNS_INSECURE);
	script_security(zone.script, "_dmarc.org", DNS_INSECURE);
	zone_dkim(&zone, "example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_PASS);
	/* that _dmarc.org is not there says nothing of the proof */
	assert_int_equal(zone.out.dnssec, DNS_SECURE);
	assert_int_equal(zone.out.walk[1].dnssec, DNS_INSECURE);
	zone.dkim.list[0].domain = "mail.example.org";
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_PASS);
	assert_int_equal(zone.out.dnssec, DNS_INSECURE);
	zone_close(&zone);
}

static void all_is_asked_at_once(void **state)
{
	struct dmarc_check *check;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	check = dmarc_start(zone.arena, zone.request, "a.example.org");
	dmarc_expect(check, "b.example.org");
	dmarc_expect(check, "b.example.org");
	dmarc_expect(check, "A.example.org");
	dmarc_expect(check, "example.com");	/* no top level in common */
	dmarc_expect(check, NULL);
	dns_send(zone.request);
	/* three names, the domain itself, and b's own */
	assert_int_equal(script_asked(zone.script), 5);
	dmarc_finish(check, &zone.dkim, &zone.spf, DMARC_SET_ALIGNED,
		     &zone.out);
	assert_int_equal(script_asked(zone.script), 5);
	zone_close(&zone);
}

static void walks_are_limited(void **state)
{
	struct dmarc_check *check;
	struct zone zone;
	char name[64];
	int i;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	check = dmarc_start(zone.arena, zone.request, "example.org");
	for (i = 0; i < 3 * DMARC_WALKS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "s%d.example.org", i);
		dmarc_expect(check, name);
	}
	assert_int_equal(dns_request_count(zone.request),
			 3 + DMARC_WALKS_MAX - 1);
	assert_int_equal(dmarc_aligned(check, "s0.example.org",
				       DMARC_RELAXED), RESULT_PASS);
	assert_int_equal(dmarc_aligned(check, name, DMARC_RELAXED),
			 RESULT_FAIL);
	assert_int_equal(dmarc_aligned(check, "EXAMPLE.org", DMARC_STRICT),
			 RESULT_PASS);
	assert_int_equal(dmarc_aligned(check, NULL, DMARC_RELAXED),
			 RESULT_FAIL);
	zone_close(&zone);
}

static void no_memory_proves_nothing(void **state)
{
	struct dmarc_finding out;
	struct dmarc_check *check;
	struct zone zone;
	struct arena *arena;
	size_t cap;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	zone_dkim(&zone, "example.com", RESULT_PASS);
	zone_dkim(&zone, "mail.example.org", RESULT_FAIL);
	for (cap = 64; cap < 40000; cap += 64) {
		arena = arena_new(cap);
		if (arena == NULL)
			continue;
		check = dmarc_start(arena, zone.request, "example.org");
		if (check != NULL) {
			dmarc_finish(check, &zone.dkim, &zone.spf,
				     DMARC_SET_ALIGNED, &out);
			assert_int_not_equal(out.result, RESULT_PASS);
			assert_int_not_equal(out.result, RESULT_NONE);
		}
		arena_free(arena);
	}
	zone_close(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dkim_is_preferred),
		cmocka_unit_test(nothing_aligned_fails),
		cmocka_unit_test(flags_may_be_left_alone),
		cmocka_unit_test(strict_is_equality),
		cmocka_unit_test(
			without_a_policy_signatures_are_still_aligned),
		cmocka_unit_test(an_unusable_record_is_a_permanent_error),
		cmocka_unit_test(several_records_are_none),
		cmocka_unit_test(errors_of_the_policy),
		cmocka_unit_test(errors_of_the_proof),
		cmocka_unit_test(an_identifiers_walk_may_fail),
		cmocka_unit_test(a_foreign_walk_that_fails_has_no_weight),
		cmocka_unit_test(security_is_that_of_the_records_used),
		cmocka_unit_test(all_is_asked_at_once),
		cmocka_unit_test(walks_are_limited),
		cmocka_unit_test(no_memory_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
