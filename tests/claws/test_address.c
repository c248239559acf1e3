/* test_address.c - the one plain address, or none */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "plugins/claws/address.h"

static const struct {
	const char *text, *address;	/* NULL: nothing may be shown */
} cases[] = {
	{ "alice@example.org", "alice@example.org" },
	{ "  alice@example.org\n", "alice@example.org" },
	{ "Alice <alice@example.org>", "alice@example.org" },
	{ "Ali\xc3\xa7" "e <ali\xc3\xa7" "e@example.org> ",
	  "ali\xc3\xa7" "e@example.org" },
	{ "\"a@b.example\" <mallory@free.example>", "mallory@free.example" },
	{ "", NULL },
	{ "<>", NULL },
	{ "<@>", NULL },
	{ "Alice", NULL },
	{ "a@b.example <mallory@free.example> <a@b.example>", NULL },
	{ "<mallory@free.example> a@b.example", NULL },
	{ "mallory@free.example (a@b.example)", NULL },
	{ "mallory@free.example, a@b.example", NULL },
	{ "x <a@b@c.example>", NULL },
	{ "x <a b@c.example>", NULL },
	{ "x> <a@c.example>", NULL },
	{ "x <\"a\"@c.example>", NULL },
	{ "x <a@c.example\xe2\x80\xae" "gro>", NULL },	/* U+202E */
	{ "x <a\xe2\x80\x8b@c.example>", NULL },	/* U+200B */
	{ "x <a@c.example\xff>", NULL }			/* no UTF-8 */
};

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		gchar *address = address_alone(cases[i].text);

		if (cases[i].address == NULL)
			assert_null(address);
		else
			assert_string_equal(address, cases[i].address);
		g_free(address);
	}
	assert_null(address_alone(NULL));
}

static void test_limits(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[319] = '\0';
	text[1] = '@';
	assert_true(strlen(text) == 319);
	{
		gchar *address = address_alone(text);

		assert_string_equal(address, text);
		g_free(address);
	}
	text[319] = 'a';
	text[321] = '\0';
	assert_null(address_alone(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_limits)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
