/* test_opened.c - which encrypted mail was opened, for its answers */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/store/opened.h"
#include "tests/unit/store/store_desk.h"

static unsigned char sum[OPENED_SUM];

static void put_and_found(void **test)
{
	(void)test;
	memset(sum, 7, sizeof(sum));
	assert_int_equal(opened_has(store, sum), 0);
	assert_int_equal(opened_put(store, sum, 100), 0);
	assert_int_equal(opened_put(store, sum, 50), 0);
	assert_int_equal(opened_has(store, sum), 1);
	sum[31] = 8;
	assert_int_equal(opened_has(store, sum), 0);
}

/* Opened again is as new. */
static void forgotten_in_time(void **test)
{
	(void)test;
	memset(sum, 7, sizeof(sum));
	assert_int_equal(opened_put(store, sum, 100), 0);
	assert_int_equal(opened_put(store, sum, 300), 0);
	(void)store_expire(store, 200, 0);
	assert_int_equal(opened_has(store, sum), 1);
	(void)store_expire(store, 301, 0);
	assert_int_equal(opened_has(store, sum), 0);
}

static void not_without_end(void **test)
{
	unsigned i;

	(void)test;
	memset(sum, 0, sizeof(sum));
	for (i = 0; i < OPENED_MAX + 3; i++) {
		memcpy(sum, &i, sizeof(i));
		assert_int_equal(opened_put(store, sum, 1000 + i), 0);
	}
	(void)store_expire(store, 1, 0);
	for (i = 0; i < 5; i++) {
		memcpy(sum, &i, sizeof(i));
		assert_int_equal(opened_has(store, sum), i >= 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(put_and_found),
		DESK_TEST(forgotten_in_time),
		DESK_TEST(not_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
