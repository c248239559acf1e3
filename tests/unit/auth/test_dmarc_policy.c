/* test_dmarc_policy.c - np, t, PSDs, and whom reports go to */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/auth/dmarc_zone.h"

static void what_does_not_exist(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=none; np=reject; sp=quarantine");
	script_a(zone.script, "there.example.org", "192.0.2.1");
	script_cname(zone.script, "alias.example.org", "gone.example.com");
	(void)zone_run(&zone, "ghost.example.org");
	assert_int_equal(zone.out.policy, POLICY_REJECT);
	assert_true(zone.out.nonexistent);
	(void)zone_run(&zone, "there.example.org");
	assert_int_equal(zone.out.policy, POLICY_QUARANTINE);
	assert_false(zone.out.nonexistent);
	(void)zone_run(&zone, "alias.example.org");
	assert_int_equal(zone.out.policy, POLICY_QUARANTINE);
	(void)zone_run(&zone, "example.org");
	assert_int_equal(zone.out.policy, POLICY_NONE);
	zone_close(&zone);
}

static void existence_may_be_unknown(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=none; np=reject");
	script_state(zone.script, "late.example.org", DNS_SILENT);
	assert_int_equal(zone_run(&zone, "late.example.org"),
			 RESULT_TEMPERROR);
	zone_dkim(&zone, "example.org", RESULT_PASS);
	assert_int_equal(zone_run(&zone, "late.example.org"), RESULT_PASS);
	zone_close(&zone);

	zone_open(&zone);	/* where it changes nothing */
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none");
	script_state(zone.script, "late.example.org", DNS_SILENT);
	assert_int_equal(zone_run(&zone, "late.example.org"), RESULT_FAIL);
	zone_close(&zone);
}

static void testing_takes_one_level(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=none; sp=reject; t=y");
	(void)zone_run(&zone, "a.example.org");
	assert_int_equal(zone.out.published, POLICY_REJECT);
	assert_int_equal(zone.out.policy, POLICY_QUARANTINE);
	(void)zone_run(&zone, "example.org");
	assert_int_equal(zone.out.published, POLICY_NONE);
	assert_int_equal(zone.out.policy, POLICY_NONE);
	zone_close(&zone);
}

static void a_wish_to_watch(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=rejekt;"
		   " sp=reject; rua=mailto:a@example.org");
	assert_int_equal(zone_run(&zone, "example.org"), RESULT_FAIL);
	assert_int_equal(zone.out.policy, POLICY_NONE);
	(void)zone_run(&zone, "a.example.org");
	assert_int_equal(zone.out.policy, POLICY_NONE);
	zone_close(&zone);
}

static void reports(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none;"
		   " rua=mailto:a@Reports.Example.ORG!1m,"
		   "mailto:b@example.com?cc=x@example.org,"
		   "https://example.org:443/a@example.com,mailto:c@not-"
		   "example.org,foo:bar@example.org,mailto:d@; "
		   "ruf=mailto:f@example.org");
	(void)zone_run(&zone, "mail.example.org");
	assert_int_equal(zone.out.rua_count, 6);
	assert_string_equal(zone.out.rua[0].uri,
			    "mailto:a@Reports.Example.ORG");
	assert_false(zone.out.rua[0].external);
	assert_true(zone.out.rua[1].external);
	assert_false(zone.out.rua[2].external);
	assert_true(zone.out.rua[3].external);
	assert_true(zone.out.rua[4].external);	/* no host can be told */
	assert_true(zone.out.rua[5].external);
	assert_int_equal(zone.out.ruf_count, 1);
	assert_string_equal(zone.out.domain, "example.org");
	assert_non_null(strstr(zone.out.record, "p=none"));
	zone_close(&zone);
}

static void a_public_suffix_decides(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.bank.example", "v=DMARC1; psd=y;"
		   " p=reject; rua=mailto:a@bank.example; "
		   "ruf=mailto:f@bank.example");
	assert_int_equal(zone_run(&zone, "a.b.bank.example"), RESULT_FAIL);
	assert_string_equal(zone.out.domain, "bank.example");
	assert_string_equal(zone.out.organizational_domain, "b.bank.example");
	assert_int_equal(zone.out.policy, POLICY_REJECT);
	assert_int_equal(zone.out.rua_count, 1);
	assert_false(zone.out.rua[0].external);
	assert_int_equal(zone.out.ruf_count, 0);
	zone_close(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_exist),
		cmocka_unit_test(existence_may_be_unknown),
		cmocka_unit_test(testing_takes_one_level),
		cmocka_unit_test(a_wish_to_watch),
		cmocka_unit_test(reports),
		cmocka_unit_test(a_public_suffix_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
