/* test_domain.c - names as mail compares them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/mail/domain.h"

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(1024 * 1024);
	domain_prepare();
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void normal(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "Example.ORG", "example.org" },
		{ "localhost", "localhost" },
		{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
		{ "B\xc3\x9c" "CHER.example", "xn--bcher-kva.example" },
		{ "stra\xc3\x9f" "e.example", "xn--strae-oqa.example" },
		{ "XN--BCHER-KVA.example", "xn--bcher-kva.example" },
		{ LABEL63 ".example", LABEL63 ".example" },
		{ "", NULL }, { ".", NULL }, { "example.org.", NULL },
		{ ".example.org", NULL }, { "a..b", NULL }, { "-a.b", NULL },
		{ "a-.b", NULL }, { "a.b-", NULL }, { "a_b.c", NULL },
		{ "a b.c", NULL }, { "legit.com'a.attacker.com", NULL },
		{ "legit.com(a.attacker.com", NULL }, { "a@b", NULL },
		{ "[192.0.2.1]", NULL }, { LABEL63 "a.example", NULL },
		{ "\xff.example", NULL }, { "\xc3\xbc_x.example", NULL },
		{ "\xc3\xbc.example.", NULL },
		{ "\xc3\xbc\xef\xbc\xbfx.example", NULL },	/* U+FF3F */
		{ "\xc3\xbc\xe2\x84\x80.example", NULL },	/* "a/c" */
		{ "\xc3\xbc x.example", NULL },
	};
	const char *found;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		found = domain_normal(arena, bytes_of(rows[i].text));
		if (rows[i].expected == NULL ? found != NULL :
		    found == NULL || strcmp(found, rows[i].expected) != 0)
			fail_msg("\"%s\" became \"%s\"", rows[i].text,
				 found == NULL ? "(none)" : found);
	}
	assert_null(domain_normal(arena, (struct bytes){
		(const unsigned char *)"a.b\0c.d", 7 }));
}

static void valid(void **state)
{
	(void)state;
	assert_true(domain_is_valid(bytes_of("a-b.C1"), DOMAIN_LDH));
	assert_false(domain_is_valid(bytes_of("_dmarc.a.b"), DOMAIN_LDH));
	assert_true(domain_is_valid(bytes_of("_dmarc.a.b"),
				    DOMAIN_LDH_OR_UNDERSCORE));
	assert_true(domain_is_valid(bytes_of(LABEL63 "." LABEL63 "." LABEL63
		".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaa"), DOMAIN_LDH));				/* 253 */
	assert_false(domain_is_valid(bytes_of(LABEL63 "." LABEL63 "." LABEL63
		".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaa"), DOMAIN_LDH));				/* 254 */
}

static void labels(void **state)
{
	(void)state;
	assert_int_equal(domain_labels(""), 0);
	assert_int_equal(domain_labels("org"), 1);
	assert_int_equal(domain_labels("a.b.org"), 3);
	assert_string_equal(domain_parent("a.b.org", 0), "a.b.org");
	assert_string_equal(domain_parent("a.b.org", 2), "org");
	assert_string_equal(domain_parent("a.b.org", 3), "");
	assert_string_equal(domain_parent("a.b.org", 9), "");
}

static void within_by_whole_labels(void **state)
{
	(void)state;
	assert_true(domain_is_within("legit.com", "LEGIT.com"));
	assert_true(domain_is_within("a.b.legit.com", "legit.com"));
	assert_false(domain_is_within("evillegit.com", "legit.com"));
	assert_false(domain_is_within("legit.com.attacker.com", "legit.com"));
	assert_false(domain_is_within("com", "legit.com"));
	assert_false(domain_is_within("legit.com", ""));
	assert_false(domain_is_within("", ""));
}

static void patterns(void **state)
{
	(void)state;
	assert_true(domain_matches("mx.example.net", "MX.example.net"));
	assert_false(domain_matches("a.mx.example.net", "mx.example.net"));
	assert_true(domain_matches("mx.example.net", "*.example.net"));
	assert_true(domain_matches("a.b.example.net", "*.example.net"));
	assert_false(domain_matches("example.net", "*.example.net"));
	assert_false(domain_matches("evilexample.net", "*.example.net"));
	assert_false(domain_matches("example.net", "*"));
	assert_false(domain_matches("example.net", "*."));
	assert_false(domain_matches(".example.net", "*.example.net"));
}

static void public_suffixes(void **state)
{
	(void)state;
	assert_string_equal(domain_registrable("a.b.example.co.uk"),
			    "example.co.uk");
	assert_string_equal(domain_registrable("example.org"), "example.org");
	assert_string_equal(domain_registrable("co.uk"), "co.uk");
	assert_string_equal(domain_registrable("org"), "org");
	assert_true(domain_has_known_suffix("example.org"));
	assert_true(domain_has_known_suffix("example.xn--p1ai"));
	assert_false(domain_has_known_suffix("report.pdf"));
	assert_false(domain_has_known_suffix("host.lan"));
}

static void shown(void **state)
{
	(void)state;
	assert_string_equal(domain_shown(arena, "xn--80ak6aa92e.com"),
			    "xn--80ak6aa92e.com");
	assert_string_equal(domain_shown(arena, "example.org"), "example.org");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal),
		cmocka_unit_test(valid),
		cmocka_unit_test(labels),
		cmocka_unit_test(within_by_whole_labels),
		cmocka_unit_test(patterns),
		cmocka_unit_test(public_suffixes),
		cmocka_unit_test(shown),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
