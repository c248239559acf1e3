/* test_name_find.c - addresses and domains that stand in names */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "agent/mail/name.h"
#include "tests/unit/arena.h"

struct row {
	const char *name;
	const char *found;	/* separated by one blank */
};

static const struct row rows[] = {
	{ "", "" },
	{ "Alice Harper", "" },
	{ "alice@example.org", "alice@example.org" },
	{ "Alice <alice@Example.ORG>", "alice@example.org" },
	{ "Alice (alice@example.org)", "alice@example.org" },
	{ "'alice@example.org' via List", "alice@example.org" },
	{ "\"alice@example.org\"", "alice@example.org" },
	{ "mail:alice@example.org!", "alice@example.org" },
	{ "alice.harper+x@mail.example.org.",
	  "alice.harper+x@mail.example.org" },
	{ "a@x.org, b@y.org; c@z.org", "a@x.org b@y.org c@z.org" },
	{ "a@x.org A@x.org", "a@x.org" },
	{ "alice @ example.org", "alice@example.org" },
	{ "alice@ example.org", "alice@example.org" },
	{ "alice @example.org", "alice@example.org" },
	{ "\"the boss\"@example.org", "\"the boss\"@example.org" },
	{ "a@b@example.org", "b@example.org" },
	{ "a@example.org@evil.com", "a@example.org evil.com" },
	/* look-alike signs */
	{ "ceo\xef\xbc\xa0""example.org", "ceo@example.org" },
	{ "ceo\xef\xb9\xab""example.org", "ceo@example.org" },
	{ "ceo@example\xef\xbc\x8eorg", "ceo@example.org" },
	{ "ceo@example\xe3\x80\x82org", "ceo@example.org" },
	{ "ceo@example\xe2\x80\xa4org", "ceo@example.org" },
	{ "\xef\xbd\x83\xef\xbd\x85\xef\xbd\x8f@\xef\xbd\x85xample.org",
	  "ceo@example.org" },
	{ "ceo\xe2\x80\x8b@\xe2\x80\x8d""exam\xc2\xadple.org",
	  "ceo@example.org" },
	{ "\xe2\x80\x9c""ceo@example.org\xe2\x80\x9d", "ceo@example.org" },
	{ "ceo@b\xc3\xbc""cher.example", "ceo@xn--bcher-kva.example" },
	{ "\xe5\xb1\xb1\xe7\x94\xb0" "ceo@example.jp\xe3\x81\xae",
	  "ceo@example.jp" },
	/* bare domains */
	{ "paypal.com", "paypal.com" },
	{ "PayPal.COM Service", "paypal.com" },
	{ "www.paypal.com/login", "www.paypal.com" },
	{ "https://paypal.com", "paypal.com" },
	{ "support_paypal.com", "paypal.com" },
	{ "Visit...paypal.com...now", "paypal.com" },
	{ "paypal.com-team", "paypal.com" },
	{ "@paypal.com", "paypal.com" },
	{ "p\xd0\xb0ypal.com", "xn--pypal-4ve.com" },
	{ "b\xc3\xbc""cher.de", "xn--bcher-kva.de" },
	{ "\xe6\xa5\xbd\xe5\xa4\xa9rakuten.co.jp", "rakuten.co.jp" },
	{ "rakuten.co.jp\xe6\xa5\xbd\xe5\xa4\xa9", "rakuten.co.jp" },
	{ "\xe4\xbe\x8b\xe5\xad\x90.com", "xn--fsqu00a.com" },
	{ "one.com two.net", "one.com two.net" },
	/* none */
	{ "Sales@Acme", "" },
	{ "Alice @ Acme", "" },
	{ "Alice @ Acme Inc.", "" },
	{ "Alice @home.localdomainx", "" },
	{ "J.R.R. Tolkien", "" },
	{ "Dr. Alice Harper, M.Sc.", "" },
	{ "Node.js Weekly 3.14", "" },
	{ "Foo e.V.", "" },
	{ "192.0.2.1", "" },
	{ "a.b.c", "" },
	{ "@", "" },
	{ "@@@...", "" },
	{ "\xff\xfe.com", "" },
};

static const char *found_in(const char *name)
{
	const char *out = "";
	struct name_found found;
	size_t i;

	name_find_addresses(arena, name, &found);
	for (i = 0; i < found.count; i++)
		out = arena_print(arena, "%s%s%s", out, i == 0 ? "" : " ",
				  found.text[i]);
	return out;
}

static void every_row_is_found_so(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(found_in(rows[i].name), rows[i].found);
}

static void there_is_room_for_some(void **state)
{
	char name[NAME_MAX_BYTES] = "";
	struct name_found found;
	size_t len = 0, i;

	(void)state;
	for (i = 0; i < NAME_FOUND_MAX + 1; i++)
		len += (size_t)snprintf(name + len, sizeof(name) - len,
					"a%zu.com ", i);
	(void)snprintf(name + len, sizeof(name) - len, "ceo@legit.org");
	name_find_addresses(arena, name, &found);
	assert_int_equal(found.count, NAME_FOUND_MAX);
	assert_string_equal(found.text[0], "ceo@legit.org");
}

static void a_full_arena_finds_nothing(void **state)
{
	struct arena *small = arena_new(1);
	struct name_found found;

	(void)state;
	name_find_addresses(small, "ceo@legit.org", &found);
	assert_int_equal(found.count, 0);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_found_so),
		cmocka_unit_test(there_is_room_for_some),
		cmocka_unit_test(a_full_arena_finds_nothing),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
