/* test_date.c - dates of header fields */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "agent/mail/date.h"

static void dates(void **state)
{
	static const struct {
		const char *text;
		int64_t expected;
	} rows[] = {
		{ "Thu, 1 Jan 1970 00:00:00 +0000", 0 },
		{ "Mon, 02 Mar 2026 10:00:00 +0000", 1772445600 },
		{ " 2 mar 2026 10:00 +0000 ", 1772445600 },
		{ "Mon,  2 Mar 2026 11:00:00 +0100 (CET)", 1772445600 },
		{ "Mon, 2 Mar 26 05:00:00 EST", 1772445600 },
		{ "Mon, 2 Mar 2026 10:00:00 GMT", 1772445600 },
		{ "Mon, 2 Mar 126 10:00:00 UT", 1772445600 },
		{ "Mon (x), 2 (y) Mar 2026 10 : 00 : 00 -0000", 1772445600 },
		{ "Sun, 29 Feb 2032 23:59:60 +0000", 1961712000 },
		{ "Wed, 31 Dec 1969 23:00:00 -0200", -1 },
		{ "", -1 }, { "Mon", -1 }, { "Mon, 2 Mar 2026", -1 },
		{ "Mon, 2 Mar 2026 10:00:00", -1 },
		{ "Mon, 32 Mar 2026 10:00:00 +0000", -1 },
		{ "Mon, 2 Mrz 2026 10:00:00 +0000", -1 },
		{ "Mon, 2 Mar 2026 24:00:00 +0000", -1 },
		{ "Mon, 2 Mar 2026 10:00:00 +00000", -1 },
		{ "Mon, 2 Mar 2026 10:00:00 +0000 more", -1 },
		{ "Mon, 2 Mar 20260 10:00:00 +0000", -1 },
		{ "Mon, 2 Mar 2026 (10:00:00 +0000", -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (date_parse(bytes_of(rows[i].text)) != rows[i].expected)
			fail_msg("\"%s\" is %lld", rows[i].text, (long long)
				 date_parse(bytes_of(rows[i].text)));
}

/* Every day of 130 years, against the C library. */
static void all_days(void **state)
{
	char text[64];
	struct tm when;
	time_t day;

	(void)state;
	for (day = 0; day < (time_t)86400 * 47500; day += 86400) {
		assert_non_null(gmtime_r(&day, &when));
		assert_true(strftime(text, sizeof(text),
				     "%d %b %Y %H:%M:%S +0000", &when) > 0);
		assert_int_equal(date_parse(bytes_of(text)), day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(all_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
