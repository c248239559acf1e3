/* test_spf_ahead.c - what is asked, and when */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/auth/spf_lab.h"

/* All of the first record's targets go out before anything of the second. */
static void targets_are_asked_together(void **state)
{
	static const char *const first[] = {
		"example.org TXT", "i.example.org TXT", "a.example.org A",
		"m.example.org MX", "e.example.org A",
		"7.2.0.192.in-addr.arpa PTR", "r.example.org TXT"
	};
	struct spf_lab *lab = *state;
	size_t i;

	script_txt(lab->script, "example.org",
		   "v=spf1 include:i.%{d} a:a.example.org mx:m.example.org "
		   "exists:e.example.org ptr exists:%{l}.example.org "
		   "redirect=r.example.org");
	script_txt(lab->script, "i.example.org", "v=spf1 a:n.example.org");
	script_a(lab->script, "a.example.org", "192.0.2.8");
	script_mx(lab->script, "m.example.org", 1, "a.example.org");
	script_txt(lab->script, "r.example.org", "v=spf1 ~all");
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);	/* 3 voids */
	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		assert_string_equal(script_asked_nth(lab->script, i),
				    first[i]);
	assert_int_equal(spf_lab_asked(lab, "n.example.org A"), i);
	assert_true(spf_lab_asked(lab, "alice.example.org A") > i);
}

/* What is asked early is no look-up before its turn. */
static void nothing_is_counted_early(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 a:a.example.org include:i.example.org "
		   "exists:e.example.org -all");
	script_a(lab->script, "a.example.org", "192.0.2.7");
	script_state(lab->script, "i.example.org", DNS_BOGUS);
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.lookups, 1);
	assert_int_equal(lab->found.dnssec, DNS_SECURE);
	assert_int_equal(script_asked(lab->script), 4);
}

static void nothing_behind_a_certain_end(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 "
		   "include:i.example.org -all redirect=r.example.org");
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(script_asked(lab->script), 1);
}

/* b's record is there while a's chain is walked: b1 does not wait for it. */
static void other_branches_are_read_ahead(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 include:a.example.org include:b.example.org -all");
	script_txt(lab->script, "a.example.org",
		   "v=spf1 include:a1.example.org");
	script_txt(lab->script, "a1.example.org",
		   "v=spf1 include:a2.example.org");
	script_txt(lab->script, "a2.example.org", "v=spf1 a:%{d}");
	script_txt(lab->script, "b.example.org",
		   "v=spf1 a:b1.%{d} include:b2.%{d}");
	script_a(lab->script, "a2.example.org", "192.0.2.8");
	script_a(lab->script, "b1.b.example.org", "192.0.2.7");
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_true(spf_lab_asked(lab, "b1.b.example.org A") <
		    spf_lab_asked(lab, "a2.example.org TXT"));
	assert_true(spf_lab_asked(lab, "b2.b.example.org TXT") != SIZE_MAX);
	assert_int_equal(lab->found.lookups, 6);
}

static void not_more_than_could_be_valid(void **state)
{
	char record[2048] = "v=spf1";
	struct spf_lab *lab = *state;
	size_t used = strlen(record);
	unsigned i;

	for (i = 0; i < 60; i++)
		used += (size_t)snprintf(record + used, sizeof(record) - used,
					 " include:i%u.example.org", i);
	script_txt(lab->script, "example.org", record);
	for (i = 0; i < 60; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "i%u.example.org", i);
		script_txt(lab->script, name, record);
	}
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
	assert_true(script_asked(lab->script) <= 1 + 2 * SPF_LOOKUPS_MAX);
}

/* A record that was read early and is evaluated now asks nothing anew: there
 * is still room to ask for z early. */
static void a_record_counts_once(void **state)
{
	static const char *const hosts[] = {
		"h0.example.org", "h1.example.org", "h2.example.org",
		"h3.example.org", "alice.example.org", "z.example.org"
	};
	struct spf_lab *lab = *state;
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		script_a(lab->script, hosts[i], "192.0.2.8");
	script_txt(lab->script, "example.org",
		   "v=spf1 include:a.example.org include:b.example.org -all");
	script_txt(lab->script, "a.example.org", "v=spf1 a:h0.example.org");
	script_txt(lab->script, "b.example.org",
		   "v=spf1 a:h1.example.org a:h2.example.org "
		   "a:h3.example.org -exists:%{l}.example.org "
		   "include:c.example.org");
	script_txt(lab->script, "c.example.org",
		   "v=spf1 include:d.example.org");
	script_txt(lab->script, "d.example.org", "v=spf1 a:z.example.org");
	assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
	assert_true(spf_lab_asked(lab, "z.example.org A") <
		    spf_lab_asked(lab, "alice.example.org A"));
}

/* Reading ahead must not change what is being expanded. */
static void expansion_is_not_disturbed(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 exists:%{p}.%{d}.ok.example.net "
		   "include:i.example.org -all");
	script_txt(lab->script, "i.example.org", "v=spf1 a:a.%{d} -all");
	script_ptr(lab->script, "192.0.2.7", "mx.example.org");
	script_a(lab->script, "mx.example.org", "192.0.2.7");
	script_a(lab->script, "mx.example.org.example.org.ok.example.net",
		 "127.0.0.2");
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.lookups, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SPF_LAB_TEST(targets_are_asked_together),
		SPF_LAB_TEST(nothing_is_counted_early),
		SPF_LAB_TEST(nothing_behind_a_certain_end),
		SPF_LAB_TEST(other_branches_are_read_ahead),
		SPF_LAB_TEST(not_more_than_could_be_valid),
		SPF_LAB_TEST(a_record_counts_once),
		SPF_LAB_TEST(expansion_is_not_disturbed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
