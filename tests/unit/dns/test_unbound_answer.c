/* test_unbound_answer.c - what the flags of a result mean */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unbound.h>

#include "agent/dns/unbound_answer.h"

static char record[] = "\3one", canonical[] = "Example.ORG.";
static char reason[] = "no signatures";
static struct unbound_answer out;

/* A secure answer of one record. */
static void result_fill(struct ub_result *result, char **data, int *len)
{
	memset(result, 0, sizeof(*result));
	data[0] = record;
	data[1] = NULL;
	len[0] = 4;
	result->data = data;
	result->len = len;
	result->canonname = canonical;
	result->havedata = 1;
	result->secure = 1;
	result->ttl = 300;
}

static void have_is_read(void **test)
{
	struct ub_result result;
	char *data[2];
	int len[2];

	(void)test;
	result_fill(&result, data, len);
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_HAVE);
	assert_int_equal(out.answer.security, DNS_SECURE);
	assert_int_equal(out.answer.ttl, 300);
	assert_int_equal(out.answer.record_count, 1);
	assert_string_equal(out.answer.canonical, "example.org");
	assert_string_equal(out.answer.why, "");
	result.secure = 0;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.security, DNS_INSECURE);
	result.ttl = -5;
	result.canonname = NULL;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.ttl, 0);
	assert_string_equal(out.answer.canonical, "");
}

static void bogus_comes_first(void **test)
{
	struct ub_result result;
	char *data[2];
	int len[2];

	(void)test;
	/* with data, "secure", rcode 0 */
	result_fill(&result, data, len);
	result.bogus = 1;
	result.why_bogus = reason;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_BOGUS);
	assert_int_equal(out.answer.security, DNS_SECURITY_BOGUS);
	assert_int_equal(out.answer.record_count, 0);
	assert_string_equal(out.answer.why, reason);
	result.why_bogus = NULL;
	unbound_answer_read(0, &result, &out);
	assert_int_not_equal(out.answer.why[0], 0);
}

/* A failure must never look like "there is no such record". */
static void failures_are_silent(void **test)
{
	struct ub_result result;
	char *data[2];
	int len[2], rcode;

	(void)test;
	for (rcode = 1; rcode < 24; rcode++) {
		result_fill(&result, data, len);
		data[0] = NULL;
		result.havedata = 0;
		result.rcode = rcode;
		unbound_answer_read(0, &result, &out);
		if (rcode == 3)
			continue;
		assert_int_equal(out.answer.state, DNS_SILENT);
		assert_int_equal(out.answer.security, DNS_SECURITY_UNKNOWN);
		assert_int_equal(out.answer.ttl, 0);
		assert_int_not_equal(out.answer.why[0], 0);
	}
	unbound_answer_read(UB_SERVFAIL, NULL, &out);
	assert_int_equal(out.answer.state, DNS_SILENT);
	assert_int_equal(out.answer.record_count, 0);
}

static void absence_is_read(void **test)
{
	struct ub_result result;
	char *data[2];
	int len[2];

	(void)test;
	result_fill(&result, data, len);
	data[0] = NULL;
	result.havedata = 0;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_NOTHING);
	assert_int_equal(out.answer.security, DNS_SECURE);
	result.rcode = 3;
	result.nxdomain = 1;
	result.secure = 0;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_NXDOMAIN);
	assert_int_equal(out.answer.security, DNS_INSECURE);
}

static void too_much_is_silent(void **test)
{
	static char *data[DNS_RECORDS_MAX + 2];
	static int len[DNS_RECORDS_MAX + 2];
	struct ub_result result;
	size_t i;

	(void)test;
	result_fill(&result, data, len);
	for (i = 0; i <= DNS_RECORDS_MAX; i++) {
		data[i] = record;
		len[i] = 4;
	}
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_SILENT);
	assert_int_equal(out.answer.record_count, 0);
	data[DNS_RECORDS_MAX] = NULL;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_HAVE);
	len[0] = DNS_ANSWER_MAX;
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_SILENT);
	data[0] = NULL;				/* HAVE, but nothing */
	unbound_answer_read(0, &result, &out);
	assert_int_equal(out.answer.state, DNS_SILENT);
}

static void names_are_escaped(void **test)
{
	char to[16];

	(void)test;
	assert_true(unbound_name("a\\b.lab", to, sizeof(to)));
	assert_string_equal(to, "a\\\\b.lab");
	assert_false(unbound_name("12345678901234567", to, sizeof(to)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(have_is_read),
		cmocka_unit_test(bogus_comes_first),
		cmocka_unit_test(failures_are_silent),
		cmocka_unit_test(absence_is_read),
		cmocka_unit_test(too_much_is_silent),
		cmocka_unit_test(names_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
