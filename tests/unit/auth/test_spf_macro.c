/* test_spf_macro.c - expansion, RFC 7208 section 7 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/spf_macro.h"
#include "agent/base/arena.h"

static struct arena *arena;
static struct spf_macros v4, v6;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(1024 * 1024);
	v4.local = "strong-bad";
	v4.sender_domain = "email.example.com";
	v4.domain = "email.example.com";
	v4.helo = "mx.example.com";
	v4.now = 1234567890;
	v6 = v4;
	return arena == NULL ||
	       !spf_ip_parse(bytes_of("192.0.2.3"), &v4.ip) ||
	       !spf_ip_parse(bytes_of("2001:db8::cb01"), &v6.ip);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* The examples of section 7.4, and what they leave out. */
static void expansions(void **state)
{
	static const struct {
		const char *spec, *expanded;
	} cases[] = {
		{ "%{s}", "strong-bad@email.example.com" },
		{ "%{o}", "email.example.com" },
		{ "%{d}", "email.example.com" },
		{ "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" },
		{ "%{d2}", "example.com" },
		{ "%{d1}", "com" },
		{ "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" },
		{ "%{l}", "strong-bad" },
		{ "%{l-}", "strong.bad" },
		{ "%{lr}", "strong-bad" },
		{ "%{lr-}", "bad.strong" },
		{ "%{l1r-}", "strong" },
		{ "%{l1-}", "bad" },
		{ "%{ir}.%{v}._spf.%{d2}",
		  "3.2.0.192.in-addr._spf.example.com" },
		{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
		{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
		  "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
		{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
		  "3.2.0.192.in-addr.strong.lp._spf.example.com" },
		{ "%{d2}.trusted-domains.example.net",
		  "example.com.trusted-domains.example.net" },
		{ "%{h}.%{p}.%{r}", "mx.example.com.unknown.unknown" },
		{ "%{H1}", "com" },
		{ "%{S}", "strong-bad%40email.example.com" },
		{ "%{s-@}", NULL },	/* "@" is no delimiter */
		{ "%{s-.}", "strong.bad@email.example.com" },
		{ "%{d999999999999}", "email.example.com" },
		{ "%%%_%-x.", "% %20x" },
		{ "%{c} %{t}", "192.0.2.3 1234567890" },
		{ "x.org.", "x.org" },
	};
	const char *got;
	struct bytes spec;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		spec = bytes_of(cases[i].spec);
		if (!spf_spec_is_valid(spec, SPF_SPEC_EXPLANATION)) {
			assert_null(cases[i].expanded);
			continue;
		}
		got = spf_expand_domain(arena, spec, &v4);
		assert_string_equal(got, cases[i].expanded);
	}
	assert_string_equal(spf_expand_domain(arena, bytes_of(
		"%{ir}.%{v}._spf.%{d2}"), &v6), "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0."
		"0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com");
}

static void delimiters_side_by_side(void **state)
{
	struct spf_macros odd = v4;

	(void)state;
	odd.local = "-a--b-";
	assert_string_equal(spf_expand_text(arena, bytes_of("%{l-}"), &odd),
			    ".a..b.");
	assert_string_equal(spf_expand_text(arena, bytes_of("%{l2-}"), &odd),
			    "b.");
	assert_string_equal(spf_expand_text(arena, bytes_of("%{l2r-}"), &odd),
			    "a.");
	assert_string_equal(spf_expand_text(arena, bytes_of("%{lr-}"), &odd),
			    ".b..a.");
	odd.local = "";
	assert_string_equal(spf_expand_text(arena, bytes_of("%{l}%{l1r-}"),
					    &odd), "");
}

static void long_names_lose_their_left(void **state)
{
	char local[250], *at;
	struct spf_macros odd = v4;
	const char *got;
	size_t i;

	(void)state;
	for (i = 0; i + 1 < sizeof(local); i++)
		local[i] = i % 10 == 9 ? '.' : 'a';
	local[i] = 0;
	odd.local = local;
	got = spf_expand_domain(arena, bytes_of("%{l}.x.example.org"), &odd);
	assert_true(strlen(got) <= 253 && strlen(got) > 243);
	assert_true(got[0] == 'a');
	assert_string_equal(got + strlen(got) - 14, ".x.example.org");
	for (at = local; *at != 0; at++)
		*at = 'a';
	assert_string_equal(spf_expand_domain(arena, bytes_of(
		"%{l}%{l}.example.org"), &odd), "example.org");
	assert_string_equal(spf_expand_domain(arena, bytes_of("%{l}%{l}"),
					      &odd), "");
}

static void what_is_cut_is_no_name(void **state)
{
	char local[5000], spec[128] = "";
	struct spf_macros odd = v4;
	size_t i;

	(void)state;
	memset(local, 'a', sizeof(local) - 1);
	local[sizeof(local) - 1] = 0;
	odd.local = local;
	assert_null(spf_expand_domain(arena, bytes_of("%{l}.example.org"),
				      &odd));
	local[240] = 0;
	for (i = 0; i < 80; i += 4)
		memcpy(spec + i, "%{l}", 5);
	assert_null(spf_expand_domain(arena, bytes_of(spec), &odd));
	assert_true(strlen(spf_expand_text(arena, bytes_of(spec), &odd)) <=
		    1024);
}

static void texts_are_printable(void **state)
{
	struct spf_macros odd = v4;
	const char *got;

	(void)state;
	odd.local = "\x01\x7f\x1b[31m\xff\n";
	got = spf_expand_text(arena, bytes_of("[%{l}] %{L}"), &odd);
	assert_string_equal(got, "[???[31m??] %01%7F%1B%5B31m%FF%0A");
}

static void who_asks_for_p(void **state)
{
	(void)state;
	assert_true(spf_spec_wants_p(bytes_of("%{p}.x.org")));
	assert_true(spf_spec_wants_p(bytes_of("%%%{d}%{P2r-}")));
	assert_false(spf_spec_wants_p(bytes_of("%%{p}")));
	assert_false(spf_spec_wants_p(bytes_of("p.%{d}%")));
	assert_false(spf_spec_wants_p(bytes_of("")));
}

static void letters_of_explanations(void **state)
{
	(void)state;
	assert_true(spf_spec_is_valid(bytes_of("%{c}%{r}%{t}"),
				      SPF_SPEC_STRING));
	assert_false(spf_spec_is_valid(bytes_of("%{c}"), SPF_SPEC_DOMAIN));
	assert_false(spf_spec_is_valid(bytes_of("a b"), SPF_SPEC_STRING));
	assert_true(spf_spec_is_valid(bytes_of("a b"), SPF_SPEC_EXPLANATION));
	assert_true(spf_spec_is_valid(bytes_of(""), SPF_SPEC_STRING));
	assert_false(spf_spec_is_valid(bytes_of(""), SPF_SPEC_DOMAIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expansions),
		cmocka_unit_test(delimiters_side_by_side),
		cmocka_unit_test(long_names_lose_their_left),
		cmocka_unit_test(what_is_cut_is_no_name),
		cmocka_unit_test(texts_are_printable),
		cmocka_unit_test(who_asks_for_p),
		cmocka_unit_test(letters_of_explanations),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
