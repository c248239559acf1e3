/* test_openpgpkey.c - what may be a key in DNS, and how one is printed */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/dane/openpgpkey.h"

static void test_fits(void **state)
{
	(void)state;
	assert_true(openpgpkey_fits(bytes_of("\x99\x01")));
	assert_true(openpgpkey_fits(bytes_of("\x98\x33")));
	assert_true(openpgpkey_fits(bytes_of("\xc6\x33")));
	assert_false(openpgpkey_fits(bytes_of("\x95\x01")));	/* private */
	assert_false(openpgpkey_fits(bytes_of("\xc5\x33")));
	assert_false(openpgpkey_fits(bytes_of("-----BEGIN PGP PUBLIC")));
	assert_false(openpgpkey_fits(bytes_of("\x99")));
	assert_false(openpgpkey_fits(bytes_of("")));
}

static void test_print(void **state)
{
	static unsigned char large[MAILBOX_RECORD_MAX + 1];
	struct bytes over = { large, sizeof(large) };
	struct buf text;

	(void)state;
	buf_init(&text, 40000);
	assert_true(openpgpkey_print(&text, "x._openpgpkey.example.org",
				     bytes_of("\x99\x01\x02")));
	assert_string_equal(buf_string(&text), "x._openpgpkey.example.org. "
			    "IN OPENPGPKEY mQEC");
	assert_false(openpgpkey_print(&text, "x", over));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
