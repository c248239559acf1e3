/* test_reader_memory.c - how often an open judgement is made anew: whoever
 * wrote the mail learns of few looks at it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/roles/reader/memory.h"

#define DAY 86400

static void not_at_every_look(void **state)
{
	(void)state;
	assert_false(reader_memory_is_due(1000, 1000, 1000));
	assert_false(reader_memory_is_due(1059, 1000, 1000));
	assert_true(reader_memory_is_due(1060, 1000, 1000));
	/* Each time only after as long again. */
	assert_false(reader_memory_is_due(1700, 1000, 1400));
	assert_true(reader_memory_is_due(1800, 1000, 1400));
}

/* Looked at every second for a month. */
static void a_month_of_looking(void **state)
{
	int64_t now, judged = 0;
	unsigned times = 0;

	(void)state;
	for (now = 0; now < 30 * DAY; now++)
		if (reader_memory_is_due(now, 0, judged)) {
			judged = now;
			times++;
		}
	assert_in_range(times, 10, 20);
}

static void a_clock_that_went_back(void **state)
{
	(void)state;
	assert_true(reader_memory_is_due(1000, 1000, 5000));
	assert_true(reader_memory_is_due(1000, 9000, 900));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_at_every_look),
		cmocka_unit_test(a_month_of_looking),
		cmocka_unit_test(a_clock_that_went_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
