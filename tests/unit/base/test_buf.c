/* test_buf.c - limits, network order, and taking back */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"

static void past_the_limit_it_is_full_and_stays(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	buf_text(&buf, "abc");
	buf_text(&buf, "def");		/* does not fit: nothing of it */
	assert_true(buf.full);
	assert_int_equal(buf.len, 3);
	buf_byte(&buf, 'x');		/* nor what would fit, from now on */
	assert_int_equal(buf.len, 3);
	buf_clear(&buf);
	assert_false(buf.full);
	buf_text(&buf, "12345");
	assert_false(buf.full);
	assert_int_equal(buf.len, 5);
	buf_free(&buf);
	assert_null(buf.data);
}

static void numbers_come_back(void **state)
{
	struct bytes rest, some;
	unsigned char byte;
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_byte(&buf, 0xFE);
	buf_u16(&buf, 0x1234);
	buf_u32(&buf, 0x89ABCDEF);
	buf_u64(&buf, 0xFEDCBA9876543210);
	buf_text(&buf, "rest");
	assert_memory_equal(buf.data, "\xFE\x12\x34\x89\xAB\xCD\xEF\xFE", 8);
	rest = buf_bytes(&buf);
	assert_true(take_byte(&rest, &byte) && byte == 0xFE);
	assert_true(take_u16(&rest, &two) && two == 0x1234);
	assert_true(take_u32(&rest, &four) && four == 0x89ABCDEF);
	assert_true(take_u64(&rest, &eight) && eight == 0xFEDCBA9876543210);
	assert_false(take_u64(&rest, &eight));
	assert_int_equal(rest.len, 4);	/* nothing was taken */
	assert_false(take_bytes(&rest, 5, &some));
	assert_true(take_bytes(&rest, 4, &some));
	assert_true(bytes_is(some, "rest"));
	assert_false(take_byte(&rest, &byte));
	buf_free(&buf);
}

static void strings_end(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	assert_string_equal(buf_string(&buf), "");
	buf_print(&buf, "%s %d", "number", 42);
	assert_string_equal(buf_string(&buf), "number 42");
	assert_int_equal(buf.len, 9);
	buf_print(&buf, "%200s", "");
	assert_true(buf.full);
	assert_int_equal(buf.len, 9);
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_limit_it_is_full_and_stays),
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(strings_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
