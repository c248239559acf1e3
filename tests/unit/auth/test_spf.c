/* test_spf.c - check_host(): identities, results, explanations */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/auth/spf_lab.h"

static void a_record_gives_its_results(void **state)
{
	static const struct {
		const char *record;
		enum result result;
	} cases[] = {
		{ "v=spf1 ip4:192.0.2.0/24 -all", RESULT_PASS },
		{ "v=spf1 ip4:198.51.100.0/24 -all", RESULT_FAIL },
		{ "v=spf1 ~all", RESULT_SOFTFAIL },
		{ "v=spf1 ?all", RESULT_NEUTRAL },
		{ "v=spf1", RESULT_NEUTRAL },
		{ "v=spf10 +all", RESULT_NONE },
		{ "v=spf1 everybody", RESULT_PERMERROR }
	};
	struct spf_lab *lab;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab = *state;
		script_txt(lab->script, "example.org", cases[i].record);
		assert_int_equal(spf_lab_run(lab), cases[i].result);
		assert_string_equal(lab->found.domain, "example.org");
		assert_int_equal(lab->found.scope, SPF_MFROM);
		assert_int_equal(lab->found.dnssec, DNS_SECURE);
		assert_false(lab->found.aligned);
		(void)spf_lab_close(state);
		assert_int_equal(spf_lab_open(state), 0);
	}
}

static void a_bounce_is_checked_by_helo(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "mx.example.org", "v=spf1 exists:%{l}.%{o} "
		   "-all");
	script_a(lab->script, "postmaster.mx.example.org", "127.0.0.1");
	lab->input.mail_from = "";
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.scope, SPF_HELO);
	assert_string_equal(lab->found.domain, "mx.example.org");
}

/* An unknown MAIL FROM is no bounce: HELO must not count in its place. */
static void an_unknown_sender_is_nobody(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "mx.example.org", "v=spf1 +all");
	lab->input.mail_from = NULL;
	assert_int_equal(spf_lab_run(lab), RESULT_NONE);
	assert_null(lab->found.domain);
	assert_int_equal(lab->found.scope, SPF_NO_SCOPE);
	assert_string_equal(lab->found.code, "no-identity");
	assert_int_equal(script_asked(lab->script), 0);
}

static void what_is_no_identity(void **state)
{
	static const char *const wrong[] = {
		"alice@", "alice@localhost", "alice@[192.0.2.7]", "@",
		"alice@example..org", "alice@example.org.",
		"alice@exa mple.org", "alice@-example.org",
		"<alice@example.org>"
	};
	char huge[400] = "";
	struct spf_lab *lab = *state;
	size_t i;

	script_txt(lab->script, "example.org", "v=spf1 +all");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		lab->input.mail_from = wrong[i];
		if (spf_lab_run(lab) != RESULT_NONE ||
		    lab->found.domain != NULL)
			fail_msg("an identity: \"%s\"", wrong[i]);
	}
	memset(huge, 'a', sizeof(huge) - 1);
	memcpy(huge + 380, "@example.org", 13);
	lab->input.mail_from = huge;
	assert_int_equal(spf_lab_run(lab), RESULT_NONE);
	lab->input.mail_from = "";
	lab->input.helo = NULL;
	assert_int_equal(spf_lab_run(lab), RESULT_NONE);
	assert_int_equal(script_asked(lab->script), 0);
}

static void an_address_that_is_none(void **state)
{
	static const char *const wrong[] = { NULL, "", "192.0.2.7 ", "192.0.2",
					     "::g", "[192.0.2.7]" };
	struct spf_lab *lab = *state;
	size_t i;

	script_txt(lab->script, "example.org", "v=spf1 +all");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		lab->input.client_ip = wrong[i];
		assert_int_equal(spf_lab_run(lab), RESULT_NONE);
		assert_string_equal(lab->found.code, "no-client-address");
		assert_null(lab->found.client_ip);
	}
}

static void domains_are_compared_as_a_labels(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "xn--bcher-kva.example", "v=spf1 +all");
	lab->input.mail_from = "alice@b\xc3\xbc" "cher.example";
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_string_equal(lab->found.domain, "xn--bcher-kva.example");
	lab->input.mail_from = "alice@XN--Bcher-kva.Example";
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_string_equal(lab->found.domain, "xn--bcher-kva.example");
}

/* RFC 8616 section 4: it matches nothing, whatever DNS has. */
static void a_local_part_beyond_ascii(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 exists:%{l}.example.net include:%{l}.example.net "
		   "-all exp=why.example.org");
	script_txt(lab->script, "why.example.org", "no %{l} at %{o}");
	script_a(lab->script, "\xc3\xa9.example.net", "127.0.0.1");
	lab->input.mail_from = "\xc3\xa9@example.org";
	assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
	assert_string_equal(lab->found.explanation, "no ?? at example.org");
}

static void an_explanation_is_neutral_text(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org", "v=spf1 -all exp=e.%{d}");
	script_txt(lab->script, "e.example.org",
		   "%{l}: %{c} %{r} %{t} %{p} 100%% %{H}");
	lab->input.mail_from = "a\x1b[1m\r\nb@example.org";
	lab->input.helo = "a b";
	assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
	assert_string_equal(lab->found.explanation,
			    "a?[1m??b: 192.0.2.7 unknown 1000000000 unknown "
			    "100% a%20b");
	assert_null(lab->found.code);
}

static void an_explanation_that_is_none(void **state)
{
	static const char *const wrong[] = {
		"%{l", "%", "%{x}", "caf\xc3\xa9", "tab\there", "%(l)"
	};
	struct spf_lab *lab;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		lab = *state;
		script_txt(lab->script, "example.org",
			   "v=spf1 -all exp=e.%{d}");
		script_txt(lab->script, "e.example.org", wrong[i]);
		script_security(lab->script, "e.example.org", DNS_INSECURE);
		assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
		assert_null(lab->found.explanation);
		assert_int_equal(lab->found.dnssec, DNS_SECURE);
		(void)spf_lab_close(state);
		assert_int_equal(spf_lab_open(state), 0);
	}
}

/* The record that decides explains; never one that is included. */
static void whose_explanation(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org", "v=spf1 include:i.example.org "
		   "redirect=r.example.org exp=e.example.org");
	script_txt(lab->script, "i.example.org",
		   "v=spf1 -all exp=ei.example.org");
	script_txt(lab->script, "r.example.org",
		   "v=spf1 -all exp=er.example.org");
	script_txt(lab->script, "e.example.org", "outer");
	script_txt(lab->script, "ei.example.org", "included");
	script_txt(lab->script, "er.example.org", "of %{d}");
	assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
	assert_string_equal(lab->found.explanation, "of r.example.org");
	assert_int_equal(lab->found.lookups, 2);
}

/* An expansion that was cut could end in a name that the sender chose. */
static void a_huge_expansion_is_refused(void **state)
{
	char from[300] = "", record[1024] = "v=spf1 exists:";
	struct spf_lab *lab = *state;
	size_t i, used = strlen(record);

	memset(from, 'a', 240);
	memcpy(from + 240, "@example.org", 13);
	for (i = 0; i < 30; i++, used += 4)
		memcpy(record + used, "%{l}", 5);
	memcpy(record + used, ".example.net ?all", 18);
	script_txt(lab->script, "example.org", record);
	lab->input.mail_from = from;
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
	assert_string_equal(lab->found.code, "too-large");
}

static void no_memory_is_no_pass(void **state)
{
	struct spf_lab *lab = *state;
	struct spf_check *check;
	struct arena *small;
	size_t cap;

	script_txt(lab->script, "example.org",
		   "v=spf1 a:%{d} a:%{i}.x.org ptr +all");
	for (cap = 0; cap < 2000; cap += 8) {
		small = arena_new(cap);
		check = spf_start(small, lab->request, &lab->input);
		if (check != NULL) {
			spf_finish(check, &lab->found);
			assert_true(lab->found.result == RESULT_NONE ||
				    lab->found.result == RESULT_PERMERROR ||
				    lab->found.result == RESULT_PASS);
		}
		arena_free(small);
	}
	assert_int_equal(lab->found.result, RESULT_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SPF_LAB_TEST(a_record_gives_its_results),
		SPF_LAB_TEST(a_bounce_is_checked_by_helo),
		SPF_LAB_TEST(an_unknown_sender_is_nobody),
		SPF_LAB_TEST(what_is_no_identity),
		SPF_LAB_TEST(an_address_that_is_none),
		SPF_LAB_TEST(domains_are_compared_as_a_labels),
		SPF_LAB_TEST(a_local_part_beyond_ascii),
		SPF_LAB_TEST(an_explanation_is_neutral_text),
		SPF_LAB_TEST(an_explanation_that_is_none),
		SPF_LAB_TEST(whose_explanation),
		SPF_LAB_TEST(a_huge_expansion_is_refused),
		SPF_LAB_TEST(no_memory_is_no_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
