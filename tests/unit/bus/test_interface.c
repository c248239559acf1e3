/* test_interface.c - signatures out of our own interface definition */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/bus/interface.h"

#define INCOMING "org.mailseal.Incoming1"

static void signatures_are_found(void **state)
{
	char out[INTERFACE_SIGNATURE_MAX];

	(void)state;
	assert_true(interface_signature(INTERFACE_METHOD_IN, INCOMING, "Check",
					out) > 0);
	assert_string_equal(out, "ha{sv}");
	assert_true(interface_signature(INTERFACE_METHOD_OUT, INCOMING,
					"Check", out) > 0);
	assert_string_equal(out, "a{sv}");
	assert_true(interface_signature(INTERFACE_METHOD_IN, NULL, "Ping",
					out) > 0);
	assert_string_equal(out, "");
}

static void nothing_else_is(void **state)
{
	char out[INTERFACE_SIGNATURE_MAX];

	(void)state;
	assert_int_equal(interface_signature(INTERFACE_METHOD_IN, INCOMING,
					     "Chec", out), 0);
	assert_int_equal(interface_signature(INTERFACE_METHOD_IN,
					     "org.mailseal.Nothing1", "Check",
					     out), 0);
	assert_int_equal(interface_signature(INTERFACE_SIGNAL, INCOMING,
					     "Check", out), 0);
	assert_int_equal(interface_signature(INTERFACE_METHOD_IN, INCOMING, "",
					     out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_found),
		cmocka_unit_test(nothing_else_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
