/* test_dmarc_consent.c - foreign destinations, asked when a report is due */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/auth/dmarc_consent.h"
#include "tests/unit/auth/dmarc_zone.h"

static void nobody_is_asked_by_a_check(void **state)
{
	struct zone zone;
	size_t i;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org",
		   "v=DMARC1; p=none; rua=mailto:a@reports.example");
	(void)zone_run(&zone, "example.org");
	assert_int_equal(zone.out.rua_count, 1);
	assert_true(zone.out.rua[0].external);
	assert_int_equal(zone.out.rua[0].consent, DMARC_CONSENT_NOT_ASKED);
	for (i = 0; i < script_asked(zone.script); i++)
		assert_null(strstr(script_asked_nth(zone.script, i),
				   "_report"));
	zone_close(&zone);
}

static void each_of_the_foreign_is_asked(void **state)
{
	struct dmarc_report_uri *rua;
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none; "
		   "rua=mailto:in@example.org,mailto:yes@yes.example,"
		   "mailto:no@no.example,mailto:junk@junk.example,"
		   "mailto:late@late.example,mailto:bogus@bogus.example,"
		   "https://[::1]/,mailto:two@two.example; "
		   "ruf=mailto:f@yes.example");
	script_txt(zone.script, "example.org._report._dmarc.yes.example",
		   "v=DMARC1");
	script_txt(zone.script, "example.org._report._dmarc.junk.example",
		   "v=DMARC2");
	script_state(zone.script, "example.org._report._dmarc.late.example",
		     DNS_SILENT);
	script_state(zone.script, "example.org._report._dmarc.bogus.example",
		     DNS_BOGUS);
	script_txt(zone.script, "example.org._report._dmarc.two.example",
		   "hello");
	script_txt(zone.script, "example.org._report._dmarc.two.example",
		   "v=DMARC1; p=none");
	(void)zone_run(&zone, "mail.example.org");
	dmarc_consent_find(zone.arena, zone.request, &zone.out);
	rua = zone.out.rua;
	assert_int_equal(zone.out.rua_count, 8);
	assert_int_equal(rua[0].consent, DMARC_CONSENT_NOT_ASKED);
	assert_int_equal(rua[1].consent, DMARC_CONSENT_GIVEN);
	assert_null(rua[1].instead);
	assert_int_equal(rua[2].consent, DMARC_CONSENT_DENIED);
	assert_int_equal(rua[3].consent, DMARC_CONSENT_DENIED);
	assert_int_equal(rua[4].consent, DMARC_CONSENT_NOT_TOLD);
	assert_int_equal(rua[5].consent, DMARC_CONSENT_NOT_TOLD);
	assert_int_equal(rua[6].consent, DMARC_CONSENT_DENIED);
	assert_int_equal(rua[7].consent, DMARC_CONSENT_GIVEN);
	assert_int_equal(zone.out.ruf[0].consent, DMARC_CONSENT_GIVEN);
	zone_close(&zone);
}

static void another_address_of_the_same_host(void **state)
{
	struct zone zone;

	(void)state;
	zone_open(&zone);
	script_txt(zone.script, "_dmarc.example.org", "v=DMARC1; p=none; "
		   "rua=mailto:a@r.example; ruf=mailto:a@r.example");
	script_txt(zone.script, "example.org._report._dmarc.r.example",
		   "v=DMARC1; rua=mailto:x@victim.example,"
		   "mailto:big@R.example; ruf=mailto:x@victim.example");
	(void)zone_run(&zone, "example.org");
	dmarc_consent_find(zone.arena, zone.request, &zone.out);
	assert_int_equal(zone.out.rua[0].consent, DMARC_CONSENT_GIVEN);
	assert_string_equal(zone.out.rua[0].instead, "mailto:big@R.example");
	assert_int_equal(zone.out.ruf[0].consent, DMARC_CONSENT_GIVEN);
	assert_null(zone.out.ruf[0].instead);
	zone_close(&zone);

	zone_open(&zone);		/* there is no policy */
	(void)zone_run(&zone, "example.org");
	dmarc_consent_find(zone.arena, zone.request, &zone.out);
	assert_null(dmarc_consent_word(DMARC_CONSENT_NOT_ASKED));
	assert_string_equal(dmarc_consent_word(DMARC_CONSENT_GIVEN), "given");
	zone_close(&zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_asked_by_a_check),
		cmocka_unit_test(each_of_the_foreign_is_asked),
		cmocka_unit_test(another_address_of_the_same_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
