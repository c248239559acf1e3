/* test_base64.c - base64 both ways */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/smtp/base64.h"

/* RFC 4648 section 10 */
static void test_vectors(void **state)
{
	static const struct { const char *plain, *coded; } cases[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&out, 100);
		base64_print(&out, bytes_of(cases[i].plain));
		assert_string_equal(buf_string(&out), cases[i].coded);
		buf_clear(&out);
		assert_int_equal(base64_parse(bytes_of(cases[i].coded), &out),
				 0);
		assert_string_equal(buf_string(&out), cases[i].plain);
		buf_free(&out);
	}
}

static void test_bad(void **state)
{
	static const char *const cases[] = {
		"Z", "Zg", "Zg=", "Zg===", "====", "=g==", "Z===", "Zh==",
		"Zm9=", "Zm8=Zm8=", "Zm 8", "Zm8\n", "Zm-_", "Z\200==",
	};
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&out, 100);
		assert_int_equal(base64_parse(bytes_of(cases[i]), &out),
				 ERR_SYNTAX);
		buf_free(&out);
	}
	buf_init(&out, 2);
	assert_int_equal(base64_parse(bytes_of("Zm9v"), &out), ERR_LIMIT);
	buf_free(&out);
}

static void test_all_bytes(void **state)
{
	unsigned char all[256];
	struct bytes from = { all, 0 };
	struct buf coded, plain;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)(i * 7);
	for (from.len = 0; from.len <= sizeof(all); from.len++) {
		buf_init(&coded, 1000);
		buf_init(&plain, 1000);
		base64_print(&coded, from);
		assert_int_equal(base64_parse(buf_bytes(&coded), &plain), 0);
		assert_true(bytes_equal(buf_bytes(&plain), from));
		buf_free(&coded);
		buf_free(&plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_all_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
