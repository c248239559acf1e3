/* test_address_normal.c - the form in which addresses are kept and shown */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/mail/address.h"
#include "tests/unit/arena.h"

/* NULL in, NULL out: no address that mail can be sent to. */
static void addresses_have_one_form(void **state)
{
	static const struct {
		const char *written, *normal;
	} rows[] = {
		{ "alice@example.org", "alice@example.org" },
		{ "Alice@EXAMPLE.org", "Alice@example.org" },
		{ "\"alice\"@example.org", "alice@example.org" },
		{ "\"al\\ice\"@example.org", "alice@example.org" },
		{ "\"al ice\"@example.org", "\"al ice\"@example.org" },
		{ "\"al@ice\"@example.org", "\"al@ice\"@example.org" },
		{ "\".alice\"@example.org", "\".alice\"@example.org" },
		{ "\"a..b\"@example.org", "\"a..b\"@example.org" },
		{ "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org" },
		{ "a@b\xc3\xbc" "cher.example", "a@xn--bcher-kva.example" },
		{ "j\xc3\xb6rg@example.org", "j\xc3\xb6rg@example.org" },
		{ "a@[192.0.2.1]", NULL }, { "a@example_.org", NULL },
		{ "\"a\x01\"@example.org", NULL },
		{ "a\xe2\x80\x8b@example.org", NULL },	/* U+200B */
		{ "a\xef\xbc\xa0" "b@example.org", NULL },	/* U+FF20 */
		{ "\"a\xc2\xa0\"@example.org", NULL },	/* U+00A0 */
		{ "a@exam\xe2\x80\x8bple.org", NULL },	/* U+200B */
		{ "a@example.org\xc2\xad", NULL },	/* U+00AD */
		{ "a@\xef\xbd\x85xample.org",		/* U+FF45 */
		  "a@example.org" },
		{ "a\xff@example.org", NULL },
	};
	struct mailbox mailbox;
	const char *normal;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(address_parse(arena, bytes_of(rows[i].written),
					       &mailbox), 0);
		normal = address_normal(arena, &mailbox);
		if (normal == NULL ? rows[i].normal != NULL :
		    rows[i].normal == NULL ||
		    strcmp(normal, rows[i].normal) != 0)
			fail_msg("row %zu: %s", i, normal);
	}
}

static void case_is_no_difference(void **state)
{
	(void)state;
	assert_true(address_same("Alice@example.org", "aLICE@EXAMPLE.org"));
	assert_false(address_same("alice@example.org", "alic@example.org"));
	assert_false(address_same("alice@example.org", "alice@example.orgx"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_have_one_form),
		cmocka_unit_test(case_is_no_difference),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
