/* test_queue_plan.c - what follows from an attempt, as a table */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/desk/queue_log.h"
#include "agent/desk/queue_plan.h"

#define DAY (24 * 3600)

static void test_table(void **state)
{
	static const struct {
		struct queue_state state;
		enum queue_cause cause;
		unsigned failures;
		int64_t age;
		struct queue_next next;
	} cases[] = {
		{ { .taken = 2 }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_SENT, 0, false, NULL } },
		{ { .taken = 1, .refused = 1 }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_GIVEN_UP, 0, false, NULL } },
		{ { .open = 1, .failed = true }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_GIVEN_UP, 0, false, NULL } },
		/* One recipient later: the others are not waited with. */
		{ { .open = 1, .taken = 3, .attempts = 1 }, QUEUE_CAUSE_MAIL,
		  0, 0, { QUEUE_WAITING, 60, false, NULL } },
		{ { .open = 1, .attempts = 3 }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_WAITING, 300, false, NULL } },
		{ { .open = 1, .attempts = 99 }, QUEUE_CAUSE_MAIL, 0, DAY,
		  { QUEUE_WAITING, 3600, false, NULL } },
		{ { .open = 1, .attempts = 1 }, QUEUE_CAUSE_SERVER, 4, 0,
		  { QUEUE_WAITING, 600, true, NULL } },
		{ { .open = 1, .attempts = 1, .unknowns = 1 },
		  QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_WAITING, 600, false, NULL } },
		{ { .open = 1, .unknowns = 3 }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_HELD, 0, false, "unknown" } },
		{ { .open = 1, .deaths = 2 }, QUEUE_CAUSE_MAIL, 0, 0,
		  { QUEUE_HELD, 0, false, "crash" } },
		{ { .open = 1, .attempts = 1 }, QUEUE_CAUSE_LOGIN, 1, 0,
		  { QUEUE_HELD, 0, true, "login" } },
		{ { .open = 1, .attempts = 1 }, QUEUE_CAUSE_TRUST, 1, 0,
		  { QUEUE_HELD, 3600, true, "trust" } },
		{ { .open = 1, .attempts = 40 }, QUEUE_CAUSE_SERVER, 40,
		  5 * DAY, { QUEUE_GIVEN_UP, 0, false, NULL } },
		{ { .open = 1, .attempts = 40 }, QUEUE_CAUSE_SERVER, 40,
		  5 * DAY - 1, { QUEUE_WAITING, 3600, true, NULL } },
	};
	struct queue_next next;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		next = queue_plan(&cases[i].state, cases[i].cause,
				  cases[i].failures, 1000,
				  1000 + cases[i].age);
		if (next.phase != cases[i].next.phase ||
		    next.pause != cases[i].next.pause ||
		    next.of_account != cases[i].next.of_account)
			fail_msg("case %zu: %s, %lld", i,
				 queue_phase_name[next.phase],
				 (long long)next.pause);
		if (cases[i].next.held_for != NULL)
			assert_string_equal(next.held_for,
					    cases[i].next.held_for);
		else
			assert_null(next.held_for);
	}
}

static void test_pauses(void **state)
{
	unsigned nth;

	(void)state;
	for (nth = 0; nth < 100; nth++)
		assert_true(queue_pause(nth) <= queue_pause(nth + 1));
	assert_int_equal(queue_pause(0), 0);
	assert_int_equal(queue_pause(1), 60);
	assert_int_equal(queue_pause(UINT32_MAX), 3600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
