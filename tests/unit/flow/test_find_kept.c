/* test_find_kept.c - entries of the store, there and back */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/flow/find_kept.h"

static void test_there_and_back(void **state)
{
	const struct find_kept kept[] = {
		{ FIND_SEEN, { NULL, 0 }, 5, 7, 3 },
		{ FIND_CONTACT, bytes_of("0123"), 1, INT64_MAX, 0 },
	};
	struct find_kept out[3];
	struct buf to;
	size_t len;

	(void)state;
	buf_init(&to, 1000);
	find_kept_put(&to, &kept[0]);
	find_kept_put(&to, &kept[1]);
	assert_int_equal(find_kept_take(buf_bytes(&to), out, 3), 2);
	assert_int_equal(out[0].source, FIND_SEEN);
	assert_int_equal(out[0].blob.len, 0);
	assert_int_equal(out[0].last_seen, 7);
	assert_int_equal(out[0].reads, 3);
	assert_true(bytes_is(out[1].blob, "0123"));
	assert_true(out[1].last_seen == INT64_MAX);
	/* Too many, or cut off anywhere. */
	assert_int_equal(find_kept_take(buf_bytes(&to), out, 1),
			 ERR_PROTOCOL);
	for (len = 1; len < to.len; len++)
		if (len != 22)
			assert_int_equal(find_kept_take(bytes_slice(
				buf_bytes(&to), 0, len), out, 3),
				ERR_PROTOCOL);
	to.data[0] = FIND_SOURCES;
	assert_int_equal(find_kept_take(buf_bytes(&to), out, 3),
			 ERR_PROTOCOL);
	to.data[0] = 0;
	to.data[1] = 0x80;		/* before 1970 */
	assert_int_equal(find_kept_take(buf_bytes(&to), out, 3),
			 ERR_PROTOCOL);
	assert_int_equal(find_kept_take(bytes_of(""), out, 3), 0);
	buf_free(&to);
}

static void test_sources(void **state)
{
	(void)state;
	assert_int_equal(find_kept_source("user"), FIND_CONTACT);
	assert_int_equal(find_kept_source("autocrypt"), FIND_AUTOCRYPT);
	assert_int_equal(find_kept_source("mail"), FIND_SEEN);
	assert_int_equal(find_kept_source(""), FIND_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
