/* test_rdata.c - texts and names inside records of strangers */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/dns/script_desk.h"

static void texts_are_joined(void **test)
{
	static const char *const parts[] = { "v=spf1 ", "", "-all", NULL };
	struct desk *desk = *test;
	const struct dns_answer *answer;
	char text[301];
	struct bytes got;

	memset(text, 'x', 300);
	text[300] = 0;
	script_txt(desk->script, "long.example", text);
	script_txt_strings(desk->script, "parts.example", parts);
	answer = get(desk, "long.example", DNS_TXT);
	assert_int_equal(answer->state, DNS_HAVE);
	assert_int_equal(answer->security, DNS_SECURE);
	assert_int_equal(answer->record_count, 1);
	assert_int_equal(answer->records[0].len, 302);
	got = dns_txt(desk->request, answer->records[0]);
	assert_true(bytes_is(got, text));
	answer = get(desk, "parts.example", DNS_TXT);
	got = dns_txt(desk->request, answer->records[0]);
	assert_true(bytes_is(got, "v=spf1 -all"));
}

static void broken_texts_are_none(void **test)
{
	static const unsigned char cut[] = { 5, 'a', 'b' };
	static const unsigned char empty[] = { 0 };
	struct desk *desk = *test;
	struct bytes rdata = { cut, sizeof(cut) };

	assert_null(dns_txt(desk->request, rdata).data);
	rdata.data = empty;
	rdata.len = 1;
	assert_non_null(dns_txt(desk->request, rdata).data);
	assert_int_equal(dns_txt(desk->request, rdata).len, 0);
	rdata.len = 0;		/* one string at least: RFC 1035, 3.3.14 */
	assert_null(dns_txt(desk->request, rdata).data);
}

static void names_in_rdata(void **test)
{
	static const struct { const char *wire; size_t len; } bad[] = {
		{ "\3www", 4 }, { "\100", 1 }, { "\300\14", 2 }, { "", 0 },
		{ "\3a.b\0", 5 }, { "\3a\0b\0", 5 }, { "\3a b\0", 5 },
		{ "\5www", 4 }, { "\1\377\0", 3 },
	};
	struct desk *desk = *test;
	const struct dns_answer *answer;
	unsigned char many[260];
	struct bytes rdata;
	size_t i;

	script_mx(desk->script, "example.org", 10, "Mail.Example.ORG");
	script_ptr(desk->script, "192.0.2.25", "mail.example.org");
	script_ptr(desk->script, "2001:db8::1", "six.example.org");
	answer = get(desk, "example.org", DNS_MX);
	assert_string_equal(dns_rdata_name(desk->request, answer->records[0],
					   2), "mail.example.org");
	assert_null(dns_rdata_name(desk->request, answer->records[0], 400));
	answer = get(desk, "25.2.0.192.in-addr.arpa", DNS_PTR);
	assert_string_equal(dns_rdata_name(desk->request, answer->records[0],
					   0), "mail.example.org");
	answer = get(desk, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		     "8.b.d.0.1.0.0.2.ip6.arpa", DNS_PTR);
	assert_int_equal(answer->state, DNS_HAVE);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rdata.data = (const unsigned char *)bad[i].wire;
		rdata.len = bad[i].len;
		assert_null(dns_rdata_name(desk->request, rdata, 0));
	}
	rdata.data = (const unsigned char *)"";
	rdata.len = 1;
	assert_string_equal(dns_rdata_name(desk->request, rdata, 0), "");
	for (i = 0; i < 256; i++)
		many[i] = i % 2 == 0 ? 1 : 'a';
	many[254] = 0;			/* 127 labels: 253 characters */
	rdata.data = many;
	rdata.len = 255;
	assert_int_equal(strlen(dns_rdata_name(desk->request, rdata, 0)), 253);
	many[254] = 1;
	many[256] = 0;
	rdata.len = 257;
	assert_null(dns_rdata_name(desk->request, rdata, 0));
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(texts_are_joined),
		DESK_TEST(broken_texts_are_none),
		DESK_TEST(names_in_rdata),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
