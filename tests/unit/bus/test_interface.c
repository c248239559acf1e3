/* test_interface.c - signatures out of our own interface definition */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/bus/interface.h"

#define INCOMING "org.mailseal.Incoming1"

static struct interface_table table;

static void signatures_are_found(void **state)
{
	const struct interface_member *found;

	(void)state;
	found = interface_method(&table, INCOMING, "Check");
	assert_non_null(found);
	assert_string_equal(found->in, "ha{sv}");
	assert_string_equal(found->out, "a{sv}");
	found = interface_method(&table, NULL, "Ping");
	assert_non_null(found);
	assert_string_equal(found->in, "");
	found = interface_signal(&table, INCOMING, "Judged");
	assert_non_null(found);
	assert_string_equal(found->in, "");
	assert_string_equal(found->out, "ss");
}

static void nothing_else_is(void **state)
{
	(void)state;
	assert_null(interface_method(&table, INCOMING, "Chec"));
	assert_null(interface_method(&table, "org.mailseal.Nothing1",
				     "Check"));
	assert_null(interface_signal(&table, INCOMING, "Check"));
	assert_null(interface_method(&table, INCOMING, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_found),
		cmocka_unit_test(nothing_else_is),
	};

	if (interface_read(&table) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
