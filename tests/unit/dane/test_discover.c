/* test_discover.c - SRV records: order, "not offered", DNSSEC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/dane/discover.h"
#include "tests/lab/script_resolver.h"

#define DOMAIN	"example.lab"
#define AT_ONCE	"_submissions._tcp." DOMAIN
#define LATER	"_submission._tcp." DOMAIN

struct desk {
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
	struct dane_found found;
};

static uint32_t next_random;

static uint32_t scripted_random(void)
{
	return next_random;
}

static int desk_up(void **test)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	desk->script = script_resolver_new();
	desk->arena = arena_new(1024 * 1024);
	next_random = 1;
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

/* `host`: one label, or "" for the target ".". */
static void srv(struct desk *desk, const char *owner, unsigned priority,
		unsigned weight, unsigned port, const char *host)
{
	unsigned char rdata[80] = { 0 };
	struct bytes bytes = { rdata, 7 };
	size_t len = strlen(host);

	rdata[0] = (unsigned char)(priority >> 8);
	rdata[1] = (unsigned char)priority;
	rdata[2] = (unsigned char)(weight >> 8);
	rdata[3] = (unsigned char)weight;
	rdata[4] = (unsigned char)(port >> 8);
	rdata[5] = (unsigned char)port;
	if (len > 0) {
		rdata[6] = (unsigned char)len;
		memcpy(rdata + 7, host, len);
		bytes.len = 8 + len;
	}
	script_raw(desk->script, owner, DNS_SRV, bytes);
}

static enum dane_reason discover(struct desk *desk)
{
	dns_request_free(desk->request);
	desk->request = dns_request_new(script_resolver_door(desk->script),
					clock_now_ms() + 10000);
	assert_int_equal(dane_discover(desk->arena, desk->request, DOMAIN,
				       scripted_random, &desk->found), 0);
	assert_int_equal(desk->found.count == 0, desk->found.why[0] != 0);
	return desk->found.reason;
}

static void tls_at_once_first(void **test)
{
	struct desk *desk = *test;

	srv(desk, LATER, 0, 1, 587, "starttls");
	srv(desk, AT_ONCE, 9, 1, 465, "tls");
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_int_equal(desk->found.count, 2);
	assert_string_equal(desk->found.targets[0].host, "tls");
	assert_int_equal(desk->found.targets[0].port, 465);
	assert_int_equal(desk->found.targets[0].start, DANE_TLS);
	assert_string_equal(desk->found.targets[1].host, "starttls");
	assert_int_equal(desk->found.targets[1].start, DANE_STARTTLS_SMTP);
	assert_int_equal(desk->found.security, DNS_SECURE);
	assert_non_null(desk->found.steps);
	assert_non_null(desk->found.steps->next);
}

static void priorities_and_weights(void **test)
{
	struct desk *desk = *test;

	srv(desk, AT_ONCE, 20, 0, 465, "c");
	srv(desk, AT_ONCE, 10, 10, 465, "a");
	srv(desk, AT_ONCE, 10, 30, 465, "b");
	next_random = 10;		/* 0 to 40: up to 10 is a */
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_string_equal(desk->found.targets[0].host, "a");
	assert_string_equal(desk->found.targets[1].host, "b");
	assert_string_equal(desk->found.targets[2].host, "c");
	next_random = 11;
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_string_equal(desk->found.targets[0].host, "b");
	assert_string_equal(desk->found.targets[1].host, "a");
	assert_string_equal(desk->found.targets[2].host, "c");
}

/* A target without weight is chosen now and then (RFC 2782). */
static void no_weight(void **test)
{
	struct desk *desk = *test;

	srv(desk, AT_ONCE, 1, 5, 465, "a");
	srv(desk, AT_ONCE, 1, 0, 465, "b");
	next_random = 0;
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_string_equal(desk->found.targets[0].host, "b");
	next_random = 1;
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_string_equal(desk->found.targets[0].host, "a");
}

static void not_offered(void **test)
{
	struct desk *desk = *test;

	assert_int_equal(discover(desk), DANE_NO_HOST);
	srv(desk, AT_ONCE, 0, 0, 0, "");
	assert_int_equal(discover(desk), DANE_NOT_OFFERED);
	srv(desk, LATER, 0, 0, 587, "mail");
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_int_equal(desk->found.count, 1);
}

static void dnssec(void **test)
{
	struct desk *desk = *test;

	srv(desk, AT_ONCE, 0, 0, 465, "mail");
	script_security(desk->script, AT_ONCE, DNS_INSECURE);
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_int_equal(desk->found.security, DNS_INSECURE);
	script_state(desk->script, LATER, DNS_BOGUS);
	assert_int_equal(discover(desk), DANE_BOGUS);
	assert_int_equal(desk->found.count, 0);
	script_state(desk->script, LATER, DNS_SILENT);
	assert_int_equal(discover(desk), DANE_DNS_SILENT);
	assert_int_equal(desk->found.count, 0);
}

static void broken_records(void **test)
{
	static const unsigned char broken[] = { 0, 1, 0, 1, 1, 209, 5, 'x' };
	struct desk *desk = *test;
	struct bytes bytes = { broken, 0 };

	for (bytes.len = 1; bytes.len <= sizeof(broken); bytes.len++)
		script_raw(desk->script, AT_ONCE, DNS_SRV, bytes);
	srv(desk, AT_ONCE, 0, 0, 0, "port-of-none");
	assert_int_equal(discover(desk), DANE_NO_HOST);
	srv(desk, AT_ONCE, 0, 0, 465, "mail");
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_int_equal(desk->found.count, 1);
}

static void too_many(void **test)
{
	struct desk *desk = *test;
	unsigned i;

	for (i = 0; i < 100; i++)
		srv(desk, AT_ONCE, i, 65535, 465, "mail");
	next_random = 0xffffffff;
	assert_int_equal(discover(desk), DANE_MATCHED);
	assert_int_equal(desk->found.count, DISCOVER_TARGETS_MAX);
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(tls_at_once_first),
		DESK_TEST(priorities_and_weights),
		DESK_TEST(no_weight),
		DESK_TEST(not_offered),
		DESK_TEST(dnssec),
		DESK_TEST(broken_records),
		DESK_TEST(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
