/* test_spf_lookup.c - limits, and what DNS says when it says no */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/auth/spf_lab.h"

static void temporary_errors_say_why(void **state)
{
	static const struct {
		const char *name;
		enum dns_state state;
		const char *code;
		enum dns_security dnssec;
	} cases[] = {
		{ "example.org", DNS_BOGUS, "dns-bogus", DNS_SECURITY_BOGUS },
		{ "example.org", DNS_SILENT, "dns-silent",
		  DNS_SECURITY_UNKNOWN },
		{ "i.example.org", DNS_BOGUS, "dns-bogus",
		  DNS_SECURITY_BOGUS },
		{ "i.example.org", DNS_SILENT, "dns-silent",
		  DNS_SECURITY_UNKNOWN },
		{ "a.example.org", DNS_BOGUS, "dns-bogus",
		  DNS_SECURITY_BOGUS },
		{ "m.example.org", DNS_SILENT, "dns-silent",
		  DNS_SECURITY_UNKNOWN },
		{ "h.example.org", DNS_BOGUS, "dns-bogus",
		  DNS_SECURITY_BOGUS },
		{ "e.example.org", DNS_SILENT, "dns-silent",
		  DNS_SECURITY_UNKNOWN },
		{ "r.example.org", DNS_BOGUS, "dns-bogus",
		  DNS_SECURITY_BOGUS },
	};
	struct spf_lab *lab;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab = *state;
		script_txt(lab->script, "example.org",
			   "v=spf1 include:i.example.org a:a.example.org "
			   "mx:m.example.org exists:e.example.org "
			   "redirect=r.example.org");
		script_txt(lab->script, "i.example.org", "v=spf1 -all");
		script_txt(lab->script, "r.example.org", "v=spf1 +all");
		script_mx(lab->script, "m.example.org", 10, "h.example.org");
		script_state(lab->script, cases[i].name, cases[i].state);
		assert_int_equal(spf_lab_run(lab), RESULT_TEMPERROR);
		assert_string_equal(lab->found.code, cases[i].code);
		assert_non_null(lab->found.text);
		assert_int_equal(lab->found.dnssec, cases[i].dnssec);
		(void)spf_lab_close(state);
		assert_int_equal(spf_lab_open(state), 0);
	}
}

static void the_least_security_counts(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org",
		   "v=spf1 include:i.example.org a:late.example.org -all");
	script_txt(lab->script, "i.example.org", "v=spf1 ip4:192.0.2.0/24");
	script_security(lab->script, "i.example.org", DNS_INSECURE);
	script_security(lab->script, "late.example.org", DNS_SECURITY_BOGUS);
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.dnssec, DNS_INSECURE);
}

static void a_ptr_is_a_record_used(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org", "v=spf1 ptr -all");
	script_ptr(lab->script, "192.0.2.7", "mx.example.org");
	script_a(lab->script, "mx.example.org", "192.0.2.7");
	script_security(lab->script, "7.2.0.192.in-addr.arpa", DNS_INSECURE);
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.dnssec, DNS_INSECURE);
}

/* Section 5.5: an error of PTR is no match. */
static void a_ptr_that_fails(void **state)
{
	struct spf_lab *lab = *state;

	script_txt(lab->script, "example.org", "v=spf1 ptr ~all");
	script_state(lab->script, "7.2.0.192.in-addr.arpa", DNS_BOGUS);
	assert_int_equal(spf_lab_run(lab), RESULT_SOFTFAIL);
	assert_int_equal(lab->found.dnssec, DNS_SECURITY_BOGUS);
}

static void record_of_terms(struct spf_lab *lab, unsigned count)
{
	char record[1024] = "v=spf1";
	size_t used = strlen(record);
	unsigned i;

	for (i = 0; i < count; i++)
		used += (size_t)snprintf(record + used, sizeof(record) - used,
					 " a:h%u.example.org", i);
	(void)snprintf(record + used, sizeof(record) - used, " ?all");
	script_txt(lab->script, "example.org", record);
}

/* Hosts h0 to h11, none of them the client. */
static void hosts_add(struct spf_lab *lab)
{
	char name[32];
	unsigned i;

	for (i = 0; i < 12; i++) {
		(void)snprintf(name, sizeof(name), "h%u.example.org", i);
		script_a(lab->script, name, "192.0.2.8");
	}
}

static void ten_lookups(void **state)
{
	struct spf_lab *lab = *state;

	record_of_terms(lab, 10);
	hosts_add(lab);
	assert_int_equal(spf_lab_run(lab), RESULT_NEUTRAL);
	assert_int_equal(lab->found.lookups, 10);
}

static void eleven_lookups(void **state)
{
	struct spf_lab *lab = *state;

	record_of_terms(lab, 11);
	hosts_add(lab);
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
	assert_string_equal(lab->found.code, "too-many-lookups");
}

static void two_voids(void **state)
{
	struct spf_lab *lab = *state;

	record_of_terms(lab, 2);
	assert_int_equal(spf_lab_run(lab), RESULT_NEUTRAL);
}

static void three_voids(void **state)
{
	struct spf_lab *lab = *state;

	record_of_terms(lab, 3);
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
	assert_string_equal(lab->found.code, "too-many-voids");
}

/* Servers without an AAAA record are one term, not one void each. */
static void servers_of_the_other_family(void **state)
{
	struct spf_lab *lab = *state;
	char name[32];
	unsigned i;

	script_txt(lab->script, "example.org", "v=spf1 mx -all");
	for (i = 0; i < SPF_NAMES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "m%u.example.org", i);
		script_mx(lab->script, "example.org", i, name);
		script_a(lab->script, name, "192.0.2.8");
	}
	lab->input.client_ip = "2001:db8::7";
	assert_int_equal(spf_lab_run(lab), RESULT_FAIL);
}

static void eleven_servers(void **state)
{
	struct spf_lab *lab = *state;
	char name[32];
	unsigned i;

	script_txt(lab->script, "example.org", "v=spf1 mx -all");
	for (i = 0; i <= SPF_NAMES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "m%u.example.org", i);
		script_mx(lab->script, "example.org", i, name);
		script_a(lab->script, name, "192.0.2.7");
	}
	assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
	assert_string_equal(lab->found.code, "too-many-lookups");
}

static void ten_includes_deep(void **state)
{
	char name[32], record[64];
	struct spf_lab *lab = *state;
	unsigned i;

	script_txt(lab->script, "example.org",
		   "v=spf1 include:i0.example.org -all");
	for (i = 0; i < 9; i++) {
		(void)snprintf(name, sizeof(name), "i%u.example.org", i);
		(void)snprintf(record, sizeof(record),
			       "v=spf1 include:i%u.example.org -all", i + 1);
		script_txt(lab->script, name, record);
	}
	script_txt(lab->script, "i9.example.org", "v=spf1 ip4:192.0.2.7");
	assert_int_equal(spf_lab_run(lab), RESULT_PASS);
	assert_int_equal(lab->found.lookups, 10);
}

static void records_that_include_themselves(void **state)
{
	static const char *const records[] = {
		"v=spf1 include:example.org -all",
		"v=spf1 redirect=example.org",
		"v=spf1 include:example.org redirect=example.org"
	};
	struct spf_lab *lab;
	size_t i;

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		lab = *state;
		script_txt(lab->script, "example.org", records[i]);
		assert_int_equal(spf_lab_run(lab), RESULT_PERMERROR);
		assert_string_equal(lab->found.code, "too-many-lookups");
		assert_int_equal(script_asked(lab->script), 1);
		(void)spf_lab_close(state);
		assert_int_equal(spf_lab_open(state), 0);
	}
}

/* The request has no room left: a temporary error, never a result. */
static void over_the_limit_of_questions(void **state)
{
	struct spf_lab *lab = *state;
	struct spf_check *check;
	char name[32];
	unsigned i;

	script_txt(lab->script, "example.org", "v=spf1 a:h.example.org -all");
	script_a(lab->script, "h.example.org", "192.0.2.7");
	check = spf_start(lab->arena, lab->request, &lab->input);
	for (i = 0; i < DNS_QUESTIONS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example.net", i);
		(void)dns_ask(lab->request, name, DNS_A);
	}
	spf_finish(check, &lab->found);
	assert_int_equal(lab->found.result, RESULT_TEMPERROR);
	assert_string_equal(lab->found.code, "dns-silent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SPF_LAB_TEST(temporary_errors_say_why),
		SPF_LAB_TEST(the_least_security_counts),
		SPF_LAB_TEST(a_ptr_is_a_record_used),
		SPF_LAB_TEST(a_ptr_that_fails),
		SPF_LAB_TEST(ten_lookups),
		SPF_LAB_TEST(eleven_lookups),
		SPF_LAB_TEST(two_voids),
		SPF_LAB_TEST(three_voids),
		SPF_LAB_TEST(servers_of_the_other_family),
		SPF_LAB_TEST(eleven_servers),
		SPF_LAB_TEST(ten_includes_deep),
		SPF_LAB_TEST(records_that_include_themselves),
		SPF_LAB_TEST(over_the_limit_of_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
