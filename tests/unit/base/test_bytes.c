/* test_bytes.c - slices never leave what they point into */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/bytes.h"

static void slices_are_cut_to_what_is_there(void **state)
{
	struct bytes whole = bytes_of("0123456789");

	(void)state;
	assert_true(bytes_is(bytes_slice(whole, 2, 4), "23"));
	assert_true(bytes_is(bytes_slice(whole, 8, 100), "89"));
	assert_int_equal(bytes_slice(whole, 100, 200).len, 0);
	assert_int_equal(bytes_slice(whole, 5, 3).len, 0);
	assert_int_equal(bytes_slice(whole, SIZE_MAX, SIZE_MAX).len, 0);
	assert_int_equal(bytes_of(NULL).len, 0);
}

static void comparing_is_ascii(void **state)
{
	(void)state;
	assert_true(bytes_is_nocase(bytes_of("FROM"), "from"));
	assert_false(bytes_is(bytes_of("FROM"), "from"));
	assert_false(bytes_is_nocase(bytes_of("\xC3\x84"), "\xC3\xA4"));
	assert_true(bytes_starts_nocase(bytes_of("X-Mail"), "x-"));
	assert_false(bytes_starts(bytes_of("X"), "X-"));
	assert_true(bytes_equal(bytes_of(""), bytes_of(NULL)));
	assert_false(bytes_equal_nocase(bytes_of("a"), bytes_of("ab")));
}

static void cutting_and_trimming(void **state)
{
	struct bytes before, after, whole = bytes_of("a=b=c");

	(void)state;
	assert_true(bytes_cut(whole, '=', &before, &after));
	assert_true(bytes_is(before, "a") && bytes_is(after, "b=c"));
	assert_true(bytes_cut(whole, '=', &before, &whole));
	assert_true(bytes_is(whole, "b=c"));
	assert_false(bytes_cut(bytes_of("none"), '=', &before, &after));
	assert_true(bytes_is(before, "none") && after.len == 0);
	assert_true(bytes_is(bytes_trim(bytes_of(" \t\r\nx y\n ")), "x y"));
	assert_int_equal(bytes_trim(bytes_of(" \r\n")).len, 0);
	assert_int_equal(bytes_find(bytes_of("abc"), 'c'), 2);
	assert_int_equal(bytes_find(bytes_of("abc"), 'x'), 3);
}

static void numbers_are_digits_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(bytes_number(bytes_of("0")), 0);
	assert_int_equal(bytes_number(bytes_of("999999999999999999")),
			 999999999999999999);
	assert_int_equal(bytes_number(bytes_of("1000000000000000000")), -1);
	assert_int_equal(bytes_number(bytes_of("")), -1);
	assert_int_equal(bytes_number(bytes_of("-1")), -1);
	assert_int_equal(bytes_number(bytes_of("+1")), -1);
	assert_int_equal(bytes_number(bytes_of("1 ")), -1);
	assert_int_equal(bytes_number(bytes_of("0x1")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_cut_to_what_is_there),
		cmocka_unit_test(comparing_is_ascii),
		cmocka_unit_test(cutting_and_trimming),
		cmocka_unit_test(numbers_are_digits_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
