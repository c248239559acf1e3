/* test_hex.c - ids as they are written, and nothing else */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/roles/hex.h"

static void both_ways(void **state)
{
	unsigned char bytes[4] = { 0x00, 0x7F, 0xA5, 0xFF }, back[4];
	char text[9];

	(void)state;
	hex_write(bytes, sizeof(bytes), text);
	assert_string_equal(text, "007fa5ff");
	assert_true(hex_read(text, back, sizeof(back)));
	assert_memory_equal(bytes, back, sizeof(bytes));
	assert_true(hex_read_some(text, back, 2));
	assert_int_equal(back[1], 0x7F);
}

static void what_is_none(void **state)
{
	unsigned char bytes[4];

	(void)state;
	assert_false(hex_read(NULL, bytes, 4));
	assert_false(hex_read("", bytes, 4));
	assert_false(hex_read("007fa5f", bytes, 4));
	assert_false(hex_read("007fa5fff", bytes, 4));
	assert_false(hex_read("007FA5FF", bytes, 4));
	assert_false(hex_read("007fa5fg", bytes, 4));
	assert_false(hex_read(" 07fa5ff", bytes, 4));
	assert_false(hex_read_some("007", bytes, 2));
	assert_false(hex_read_some("0", bytes, 2));
	assert_false(hex_read_some(NULL, bytes, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
