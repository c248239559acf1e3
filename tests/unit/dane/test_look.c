/* test_look.c - DNS alone, with a relay's eyes */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/dane/server.h"
#include "tests/lab/script_resolver.h"

#define HOST	"mx.example.lab"
#define OWNER	"_25._tcp." HOST

struct desk {
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
};

static int desk_up(void **test)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	desk->script = script_resolver_new();
	desk->arena = arena_new(1024 * 1024);
	*test = desk;
	return 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	dns_request_free(desk->request);
	script_resolver_free(desk->script);
	arena_free(desk->arena);
	free(desk);
	return 0;
}

static void publish(struct desk *desk, unsigned char usage)
{
	unsigned char rdata[35] = { 0, 1, 1 };
	struct bytes bytes = { rdata, sizeof(rdata) };

	rdata[0] = usage;
	script_raw(desk->script, OWNER, DNS_TLSA, bytes);
}

static void expect(struct desk *desk, const char *host,
		   enum dane_verdict verdict, enum dane_reason reason)
{
	struct dane_question question;
	struct dane_report *report;

	memset(&question, 0, sizeof(question));
	question.host = host;
	question.port = 25;
	dns_request_free(desk->request);
	desk->request = dns_request_new(script_resolver_door(desk->script),
					clock_now_ms() + 10000);
	report = dane_server_look(desk->arena, desk->request, &question);
	assert_non_null(report);
	assert_int_equal(report->verdict, verdict);
	assert_int_equal(report->reason, reason);
	assert_non_null(strstr(report->sentence, host));
}

static void verdicts(void **test)
{
	struct desk *desk = *test;

	expect(desk, HOST, DANE_REFUSED, DANE_NO_HOST);
	expect(desk, "192.0.2.1", DANE_PKIX_ONLY, DANE_LITERAL);
	script_a(desk->script, HOST, "192.0.2.1");
	expect(desk, HOST, DANE_PKIX_ONLY, DANE_NO_RECORDS);
	publish(desk, 1);
	expect(desk, HOST, DANE_PKIX_ONLY, DANE_NO_USABLE);
	publish(desk, 0);
	expect(desk, HOST, DANE_PKIX_ONLY, DANE_NO_USABLE);
	publish(desk, 2);
	expect(desk, HOST, DANE_VERIFIED, DANE_PUBLISHED);
	script_security(desk->script, HOST, DNS_INSECURE);
	expect(desk, HOST, DANE_PKIX_ONLY, DANE_UNSIGNED);
	script_security(desk->script, HOST, DNS_SECURE);
	script_state(desk->script, OWNER, DNS_BOGUS);
	expect(desk, HOST, DANE_UNKNOWN, DANE_BOGUS);
	script_state(desk->script, OWNER, DNS_SILENT);
	expect(desk, HOST, DANE_UNKNOWN, DANE_DNS_SILENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(verdicts, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
