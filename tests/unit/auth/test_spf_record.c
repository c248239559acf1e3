/* test_spf_record.c - the grammar of RFC 7208 section 12 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "agent/auth/spf_record.h"
#include "agent/base/err.h"

static void what_is_a_record(void **state)
{
	(void)state;
	assert_true(spf_record_is_one(bytes_of("v=spf1")));
	assert_true(spf_record_is_one(bytes_of("V=SPF1 -all")));
	assert_true(spf_record_is_one(bytes_of("v=spf1 nonsense")));
	assert_false(spf_record_is_one(bytes_of("v=spf10")));
	assert_false(spf_record_is_one(bytes_of("v=spf1\t-all")));
	assert_false(spf_record_is_one(bytes_of(" v=spf1 -all")));
	assert_false(spf_record_is_one(bytes_of("")));
}

static void terms_are_read(void **state)
{
	struct spf_record record;

	(void)state;
	assert_int_equal(spf_record_parse(bytes_of(
		"v=spf1  A/24//64 -mx:m.example.org//0 ?IP4:192.0.2.0/25 "
		"~ip6:2001:db8::/32 ptr include:%{d}.x.org exists:%{l/}.x.org/3"
		" new.1-_=%{t}%% exp=e.example.org redirect=r.example.org. "
		"all "), &record), ERR_SYNTAX);		/* exists/3 */
	assert_int_equal(spf_record_parse(bytes_of(
		"v=spf1  A/24//64 -mx:m.example.org//0 ?IP4:192.0.2.0/25 "
		"~ip6:2001:db8::/32 ptr include:%{d}.x.org exists:%{l/}.x.org"
		" new.1-_=%{t}%% exp=e.example.org redirect=r.example.org. "
		"all "), &record), 0);
	assert_int_equal(record.count, 8);
	assert_int_equal(record.terms[0].mechanism, SPF_A);
	assert_int_equal(record.terms[0].bits4, 24);
	assert_int_equal(record.terms[0].bits6, 64);
	assert_int_equal(record.terms[0].domain.len, 0);
	assert_int_equal(record.terms[1].mechanism, SPF_MX);
	assert_int_equal(record.terms[1].result, RESULT_FAIL);
	assert_int_equal(record.terms[1].bits4, 32);
	assert_int_equal(record.terms[1].bits6, 0);
	assert_true(bytes_is(record.terms[1].domain, "m.example.org"));
	assert_int_equal(record.terms[2].bits4, 25);
	assert_int_equal(record.terms[2].result, RESULT_NEUTRAL);
	assert_int_equal(record.terms[3].bits6, 32);
	assert_int_equal(record.terms[3].result, RESULT_SOFTFAIL);
	assert_true(bytes_is(record.terms[6].domain, "%{l/}.x.org"));
	assert_true(bytes_is(record.explanation, "e.example.org"));
	assert_true(bytes_is(record.redirect, "r.example.org."));
}

/* One term each, behind "v=spf1 ". */
static void right_and_wrong(void **state)
{
	static const char *const right[] = {
		"a", "a/0", "a//128", "a:x.org/32", "a:foo:bar/baz.x.org",
		"a:x.org/1//2", "a:.org", "a:x.o-1", "a:x.1-1", "a:x.%%",
		"exists:%_", "mx:%{d}/24", "ptr:x.org", "ip4:192.0.2.1/0",
		"ip6:::ffff:192.0.2.1/96", "foo=", "a=", "all=x",
		"a:%{d100}", "include:%{h10r.-+,/_=}", "exp=%{i}.x.org"
	};
	static const char *const wrong[] = {
		"all:", "all/8", "all:x.org", "-", "+", "--all", "a:", "a/",
		"a//", "a/33", "a//129", "a/08", "a///8", "a/8/8", "a/8//",
		"a:x.org/", "a:org", "a:org.", "a:x.123", "a:x.-a", "a:x.a-",
		"a:%{t}.x.org", "a:%{x}.x.org", "a:%{}", "a:%{d0}", "a:%{d",
		"a:%{d:}", "a:%d.x.org", "a:x%.org", "a:%", "mx:x.org/129",
		"ip4", "ip4:", "ip4:192.0.2", "ip4:192.0.2.1/33", "ip4:::1",
		"ip4:192.0.2.1//8", "ip4/8", "ip6:192.0.2.1", "ip6:::1/129",
		"ip6:::1/", "ptr/8", "ptr:", "include", "include:",
		"include:x.org/8", "exists", "exists/8", "redirect=",
		"redirect=org", "redirect=%{t}.x.org", "exp=", "foo=%x",
		"redirect=x.org redirect=x.org", "exp=x.org exp=x.org",
		"=x", "1a=x", "a:x.org=", "a:x\xc3\xa9.org", "all\t-all",
		"ipv4:192.0.2.1", "foo"
	};
	struct spf_record record;
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		(void)snprintf(text, sizeof(text), "v=spf1 %s", right[i]);
		if (spf_record_parse(bytes_of(text), &record) != 0)
			fail_msg("refused: %s", text);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(text, sizeof(text), "v=spf1 %s", wrong[i]);
		if (spf_record_parse(bytes_of(text), &record) != ERR_SYNTAX)
			fail_msg("read: %s", text);
	}
}

/* NUL is a byte like another, not an end. */
static void nul_is_nowhere_right(void **state)
{
	static const char texts[][24] = {
		"v=spf1 \0all", "v=spf1 a\0b=c", "v=spf1 a=\0", "v=spf1 a=%\0",
		"v=spf1 a=%{\0}", "v=spf1 a=%{l\0}", "v=spf1 a:x.org\0",
		"v=spf1 ip4:192.0.2.1\0", "v=spf1 all\0"
	};
	static const size_t lengths[] = { 11, 12, 10, 11, 13, 14, 15, 21, 11 };
	struct spf_record record;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (spf_record_parse((struct bytes){
				(const unsigned char *)texts[i], lengths[i] },
				&record) != ERR_SYNTAX)
			fail_msg("read: number %zu", i);
}

static void as_many_as_the_limit(void **state)
{
	char text[8 + 2 * (SPF_TERMS_MAX + 1)] = "v=spf1";
	struct spf_record record;
	size_t used = strlen(text), i;

	(void)state;
	for (i = 0; i <= SPF_TERMS_MAX; i++) {
		if (i == SPF_TERMS_MAX)
			assert_int_equal(spf_record_parse(bytes_of(text),
							  &record), 0);
		memcpy(text + used, " a", 3);
		used += 2;
	}
	assert_int_equal(spf_record_parse(bytes_of(text), &record),
			 ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_record),
		cmocka_unit_test(terms_are_read),
		cmocka_unit_test(right_and_wrong),
		cmocka_unit_test(nul_is_nowhere_right),
		cmocka_unit_test(as_many_as_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
