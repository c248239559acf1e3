/* test_server.c - what may be asked about a server, and MX and SRV by script */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/dane/trust.h"
#include "agent/flow/server.h"
#include "agent/mail/domain.h"
#include "tests/lab/script_resolver.h"

static void options(void **test)
{
	static const struct {
		struct server_options options;
		bool good;
	} rows[] = {
		{ { "mail.example.org", 0, NULL, NULL, NULL }, true },
		{ { "mail.example.org.", 465, "none", "require", "host" },
		  true },
		{ { "MAIL.Example.ORG", 25, "smtp", "require-if-published",
		    "host" }, true },
		{ { "b\xc3\xbc" "cher.example", 0, NULL, NULL, NULL }, true },
		{ { "192.0.2.1", 0, NULL, NULL, NULL }, true },
		{ { "[2001:db8::1]", 0, NULL, NULL, NULL }, true },
		{ { "2001:db8::1", 0, NULL, NULL, "host" }, true },
		{ { "example.org", 0, NULL, NULL, "mx" }, true },
		{ { "example.org", 0, NULL, NULL, "srv" }, true },
		{ { "192.0.2.1", 0, NULL, NULL, "mx" }, false },
		{ { "", 0, NULL, NULL, NULL }, false },
		{ { ".", 0, NULL, NULL, NULL }, false },
		{ { "a..b", 0, NULL, NULL, NULL }, false },
		{ { "a b", 0, NULL, NULL, NULL }, false },
		{ { "a\nb", 0, NULL, NULL, NULL }, false },
		{ { "_tcp.example.org", 0, NULL, NULL, NULL }, false },
		{ { "[mail.example.org", 0, NULL, NULL, NULL }, false },
		{ { "mail.example.org", 0, "ftp", NULL, NULL }, false },
		{ { "mail.example.org", 0, "", NULL, NULL }, false },
		{ { "mail.example.org", 0, NULL, "no", NULL }, false },
		{ { "mail.example.org", 0, NULL, NULL, "dns" }, false },
	};
	char large[3000];
	struct server_options one = { large, 0, NULL, NULL, NULL };
	const char *problem;
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		problem = server_options_problem(&rows[i].options);
		if ((problem == NULL) != rows[i].good)
			fail_msg("\"%s\": %s", rows[i].options.host,
				 problem == NULL ? "fine" : problem);
	}
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = 0;
	assert_non_null(server_options_problem(&one));
}

struct desk {
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
	struct dane_trust *trust;
	struct value *report;
};

static uint32_t one(void)
{
	return 1;
}

static int desk_up(void **test)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	dane_trust_prepare();
	desk->script = script_resolver_new();
	desk->arena = arena_new(4 * 1024 * 1024);
	desk->trust = dane_trust_new();
	*test = desk;
	return desk->trust == NULL ? -1 : 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	dns_request_free(desk->request);
	script_resolver_free(desk->script);
	dane_trust_free(desk->trust);
	arena_free(desk->arena);
	free(desk);
	return 0;
}

static void check(struct desk *desk, const char *what, const char *result)
{
	struct server_options asked = { "example.lab", 0, NULL, NULL, what };
	struct server_world world = { desk->trust, clock_wall(),
				      clock_now_ms() + 10000, -1, one };
	struct buf wire;

	dns_request_free(desk->request);
	desk->request = dns_request_new(script_resolver_door(desk->script),
					clock_now_ms() + 10000);
	assert_int_equal(server_check(desk->arena, &asked, &world,
				      desk->request, &desk->report), 0);
	assert_string_equal(value_text(desk->report, "result"), result);
	assert_true(strlen(value_text(desk->report, "text")) > 10);
	buf_init(&wire, 60000);
	assert_int_equal(value_encode(desk->report, &wire), 0);
	buf_free(&wire);
}

static void tlsa(struct desk *desk, const char *owner)
{
	unsigned char rdata[35] = { 3, 1, 1 };
	struct bytes bytes = { rdata, sizeof(rdata) };

	script_raw(desk->script, owner, DNS_TLSA, bytes);
}

static const struct value *host(const struct desk *desk, size_t nth)
{
	const struct value *hosts = value_find(desk->report, "hosts",
					       VALUE_LIST);
	const struct value *at = hosts == NULL ? NULL : hosts->first;

	for (; nth > 0 && at != NULL; nth--)
		at = at->next;
	return at;
}

static void exchangers(void **test)
{
	struct desk *desk = *test;

	check(desk, "mx", "refused");		/* no such domain */
	script_a(desk->script, "example.lab", "192.0.2.1");
	check(desk, "mx", "unprotected");	/* the domain is its own */
	assert_string_equal(value_text(host(desk, 0), "host"), "example.lab");
	tlsa(desk, "_25._tcp.example.lab");
	check(desk, "mx", "dane");
	script_mx(desk->script, "example.lab", 20, "b.lab");
	script_mx(desk->script, "example.lab", 10, "a.lab");
	script_a(desk->script, "a.lab", "192.0.2.1");
	script_a(desk->script, "b.lab", "192.0.2.2");
	tlsa(desk, "_25._tcp.a.lab");
	check(desk, "mx", "unprotected");
	assert_string_equal(value_text(host(desk, 0), "host"), "a.lab");
	assert_string_equal(value_text(host(desk, 0), "reason"), "published");
	assert_string_equal(value_text(host(desk, 1), "reason"),
			    "no-records");
	tlsa(desk, "_25._tcp.b.lab");
	check(desk, "mx", "dane");
	script_state(desk->script, "_25._tcp.b.lab", DNS_BOGUS);
	check(desk, "mx", "unknown");
	script_state(desk->script, "_25._tcp.b.lab", DNS_HAVE);
	script_security(desk->script, "example.lab", DNS_INSECURE);
	check(desk, "mx", "unprotected");
}

static void no_mail(void **test)
{
	struct desk *desk = *test;

	script_mx(desk->script, "example.lab", 0, "");
	check(desk, "mx", "refused");
	script_state(desk->script, "example.lab", DNS_BOGUS);
	check(desk, "mx", "unknown");
	script_state(desk->script, "example.lab", DNS_SILENT);
	check(desk, "mx", "unknown");
}

static void many_exchangers(void **test)
{
	struct desk *desk = *test;
	char name[32];
	unsigned i;

	for (i = 0; i < 60; i++) {
		(void)snprintf(name, sizeof(name), "mx%u.lab", i);
		script_mx(desk->script, "example.lab", i, name);
	}
	check(desk, "mx", "unprotected");
	assert_non_null(host(desk, SERVER_HOSTS_MAX - 1));
	assert_null(host(desk, SERVER_HOSTS_MAX));
}

static void discovery(void **test)
{
	struct desk *desk = *test;

	check(desk, "srv", "refused");
	assert_string_equal(value_text(desk->report, "reason"), "no-host");
	script_state(desk->script, "_submission._tcp.example.lab", DNS_BOGUS);
	check(desk, "srv", "unknown");
	assert_string_equal(value_text(desk->report, "reason"), "bogus");
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
		DESK_TEST(exchangers),
		DESK_TEST(no_mail),
		DESK_TEST(many_exchangers),
		DESK_TEST(discovery),
	};

	domain_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
