/* test_dmarc_psl.c - where RFC 7489 would say something else */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/auth/dmarc_zone.h"

static void is(struct zone *zone, const char *domain, enum result now,
	       enum result then, enum policy policy)
{
	assert_int_equal(zone_run(zone, domain), now);
	assert_int_equal(zone->out.psl_result, then);
	assert_int_equal(zone->out.psl_policy, policy);
}

static void mostly_they_agree(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=reject; sp=quarantine");
	is(&zone, "example.org", RESULT_FAIL, RESULT_FAIL, POLICY_REJECT);
	is(&zone, "a.b.example.org", RESULT_FAIL, RESULT_FAIL,
	   POLICY_QUARANTINE);
	assert_string_equal(zone.out.psl_domain, "example.org");
	zone_dkim(&zone, "c.example.org", RESULT_PASS);
	is(&zone, "a.b.example.org", RESULT_PASS, RESULT_PASS,
	   POLICY_QUARANTINE);
	is(&zone, "example.net", RESULT_NONE, RESULT_NONE, POLICY_UNSET);
	zone_close(&zone);
}

/* Records at mail.example.org alone: it is its own organization now. */
static void a_record_below_cuts_off(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.mail.example.org",
		   "v=DMARC1; p=reject");
	zone_dkim(&zone, "example.org", RESULT_PASS);
	is(&zone, "mail.example.org", RESULT_FAIL, RESULT_PASS,
	   POLICY_REJECT);
	zone_close(&zone);

	zone_open(&zone);		/* and by psd=n */
	script_txt(zone.script, "_dmarc.mail.example.org",
		   "v=DMARC1; p=none; psd=n");
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=reject");
	is(&zone, "a.mail.example.org", RESULT_FAIL, RESULT_FAIL,
	   POLICY_REJECT);
	assert_int_equal(zone.out.policy, POLICY_NONE);
	zone_close(&zone);
}

static void tags_of_one_alone(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);		/* p= was not optional */
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; adkim=s; p=reject");
	is(&zone, "example.org", RESULT_FAIL, RESULT_NONE, POLICY_UNSET);
	script_txt(zone.script, "_dmarc.example.com",
		   "v=DMARC1; p=none; np=x");
	is(&zone, "example.com", RESULT_PERMERROR, RESULT_FAIL, POLICY_NONE);
	script_txt(zone.script, "_dmarc.example.net",
		   "v=DMARC1; p=x; rua=mailto:a@example.net");
	is(&zone, "example.net", RESULT_FAIL, RESULT_FAIL, POLICY_NONE);
	script_txt(zone.script, "_dmarc.a.example.org", "v=DMARC1; p=none");
	script_txt(zone.script, "_dmarc.a.example.org", "v=DMARC1; p=none");
	is(&zone, "a.example.org", RESULT_FAIL, RESULT_NONE, POLICY_UNSET);
	zone_close(&zone);
}

static void strict_and_temporary(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=none; adkim=s; aspf=s");
	zone_dkim(&zone, "a.example.org", RESULT_PASS);
	zone_spf(&zone, "a.example.org", RESULT_PASS);
	is(&zone, "example.org", RESULT_FAIL, RESULT_FAIL, POLICY_NONE);
	zone_spf(&zone, "EXAMPLE.org", RESULT_TEMPERROR);
	is(&zone, "example.org", RESULT_TEMPERROR, RESULT_TEMPERROR,
	   POLICY_NONE);
	zone_dkim(&zone, "example.org", RESULT_TEMPERROR);
	is(&zone, "example.org", RESULT_TEMPERROR, RESULT_TEMPERROR,
	   POLICY_NONE);
	zone_spf(&zone, "example.org", RESULT_PASS);
	is(&zone, "example.org", RESULT_PASS, RESULT_PASS, POLICY_NONE);
	script_state(zone.script, "_dmarc.example.net", DNS_SILENT);
	is(&zone, "example.net", RESULT_TEMPERROR, RESULT_TEMPERROR,
	   POLICY_UNSET);
	zone_close(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mostly_they_agree),
		cmocka_unit_test(a_record_below_cuts_off),
		cmocka_unit_test(tags_of_one_alone),
		cmocka_unit_test(strict_and_temporary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
