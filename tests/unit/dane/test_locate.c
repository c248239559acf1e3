/* test_locate.c - addresses first, TLSA at the right base domain */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/dane/locate.h"
#include "tests/lab/script_resolver.h"

#define HOST	"mail.example.lab"
#define OWNER	"_465._tcp." HOST

struct desk {
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
	struct dane_place place;
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

static void publish(struct desk *desk, const char *owner, unsigned char mark)
{
	unsigned char rdata[35] = { 3, 1, 1 };
	struct bytes bytes = { rdata, sizeof(rdata) };

	memset(rdata + 3, mark, 32);
	script_raw(desk->script, owner, DNS_TLSA, bytes);
}

static enum decide_dns locate(struct desk *desk, const char *host)
{
	dns_request_free(desk->request);
	desk->request = dns_request_new(script_resolver_door(desk->script),
					clock_now_ms() + 10000);
	assert_int_equal(dane_locate(desk->arena, desk->request, host, 465,
				     LOCATE_CACHED, &desk->place), 0);
	return desk->place.dns;
}

static size_t steps(const struct desk *desk)
{
	const struct dane_step *step;
	size_t count = 0;

	for (step = desk->place.steps; step != NULL; step = step->next)
		count++;
	return count;
}

/* Which mark the first record has; 0: there is none. */
static unsigned mark(const struct desk *desk)
{
	return desk->place.record_count == 0 ? 0 :
	       desk->place.records[0].tlsa.data.data[0];
}

static void plain_cases(void **test)
{
	struct desk *desk = *test;

	assert_int_equal(locate(desk, HOST), DECIDE_ADDRESS_NONE);
	script_a(desk->script, HOST, "192.0.2.1");
	assert_int_equal(locate(desk, HOST), DECIDE_NO_TLSA);
	assert_int_equal(steps(desk), 3);
	assert_null(desk->place.base);
	publish(desk, OWNER, 7);
	assert_int_equal(locate(desk, HOST), DECIDE_USABLE);
	assert_string_equal(desk->place.base, HOST);
	assert_int_equal(mark(desk), 7);
	assert_int_equal(desk->place.ttl, 300);
	script_security(desk->script, OWNER, DNS_INSECURE);
	assert_int_equal(locate(desk, HOST), DECIDE_UNSIGNED);
	assert_int_equal(desk->place.record_count, 0);
	script_security(desk->script, HOST, DNS_INSECURE);
	assert_int_equal(locate(desk, HOST), DECIDE_UNSIGNED);
	assert_int_equal(steps(desk), 2);	/* TLSA was not asked */
}

static void unusable_and_agile(void **test)
{
	static const unsigned char unknown[] = { 9, 1, 1, 0 };
	unsigned char strong[3 + 64] = { 3, 1, 2 };
	struct desk *desk = *test;
	struct bytes bytes = { unknown, sizeof(unknown) };

	script_a(desk->script, HOST, "192.0.2.1");
	script_raw(desk->script, OWNER, DNS_TLSA, bytes);
	assert_int_equal(locate(desk, HOST), DECIDE_UNUSABLE);
	bytes.len = 2;
	script_raw(desk->script, OWNER, DNS_TLSA, bytes);
	assert_int_equal(locate(desk, HOST), DECIDE_UNUSABLE);
	assert_int_equal(desk->place.records[1].use, TLSA_SHORT);
	publish(desk, OWNER, 1);
	assert_int_equal(locate(desk, HOST), DECIDE_USABLE);
	assert_false(desk->place.records[2].agile_out);
	bytes.data = strong;
	bytes.len = sizeof(strong);
	script_raw(desk->script, OWNER, DNS_TLSA, bytes);
	assert_int_equal(locate(desk, HOST), DECIDE_USABLE);
	assert_true(desk->place.records[2].agile_out);
	assert_false(desk->place.records[3].agile_out);
}

/* Alias chains: the end, then the name; never in between. */
static void bases(void **test)
{
	struct desk *desk = *test;

	script_cname(desk->script, "smtp.lab", "middle.lab");
	script_cname(desk->script, "middle.lab", HOST);
	script_a(desk->script, HOST, "192.0.2.1");
	publish(desk, "_465._tcp.middle.lab", 1);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_NO_TLSA);
	publish(desk, "_465._tcp.smtp.lab", 2);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_USABLE);
	assert_int_equal(mark(desk), 2);
	assert_string_equal(desk->place.base, "smtp.lab");
	publish(desk, OWNER, 3);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_USABLE);
	assert_int_equal(mark(desk), 3);
	assert_string_equal(desk->place.base, HOST);
	/* what fails at the end is not made good by the name */
	script_state(desk->script, OWNER, DNS_BOGUS);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_TLSA_BOGUS);
	script_state(desk->script, OWNER, DNS_SILENT);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_TLSA_SILENT);
	assert_string_equal(desk->place.failed, OWNER);
}

/* A signed alias into an unsigned zone: the name alone is a base. */
static void secure_alias_of_insecure(void **test)
{
	struct desk *desk = *test;

	script_cname(desk->script, "smtp.lab", HOST);
	script_a(desk->script, HOST, "192.0.2.1");
	script_security(desk->script, HOST, DNS_INSECURE);
	publish(desk, OWNER, 1);
	publish(desk, "_465._tcp.smtp.lab", 2);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_USABLE);
	assert_int_equal(mark(desk), 2);
	/* and an unsigned alias leads nowhere */
	script_security(desk->script, "smtp.lab", DNS_INSECURE);
	assert_int_equal(locate(desk, "smtp.lab"), DECIDE_UNSIGNED);
	assert_int_equal(desk->place.record_count, 0);
}

static void aliases_of_the_record(void **test)
{
	struct desk *desk = *test;

	script_a(desk->script, HOST, "192.0.2.1");
	script_cname(desk->script, OWNER, "_dane.example.lab");
	publish(desk, "_dane.example.lab", 5);
	assert_int_equal(locate(desk, HOST), DECIDE_USABLE);
	assert_int_equal(mark(desk), 5);
	assert_string_equal(desk->place.base, HOST);	/* it does not move */
}

static void families(void **test)
{
	struct desk *desk = *test;

	script_a(desk->script, HOST, "192.0.2.1");
	script_a(desk->script, HOST, "192.0.2.2");
	script_a(desk->script, HOST, "2001:db8::1");
	assert_int_equal(locate(desk, HOST), DECIDE_NO_TLSA);
	assert_int_equal(desk->place.address_count, 3);
	assert_string_equal(desk->place.addresses[0].text, "2001:db8::1");
	assert_string_equal(desk->place.addresses[1].text, "192.0.2.1");
	assert_string_equal(desk->place.addresses[2].text, "192.0.2.2");
}

static void too_many_addresses(void **test)
{
	struct desk *desk = *test;
	char text[32];
	int i;

	for (i = 0; i < 40; i++) {
		(void)snprintf(text, sizeof(text), "192.0.2.%d", i + 1);
		script_a(desk->script, HOST, text);
	}
	(void)locate(desk, HOST);
	assert_int_equal(desk->place.address_count, LOCATE_ADDRESSES_MAX);
}

static void states_of_addresses(void **test)
{
	struct desk *desk = *test;

	script_state(desk->script, HOST, DNS_BOGUS);
	assert_int_equal(locate(desk, HOST), DECIDE_ADDRESS_BOGUS);
	script_state(desk->script, HOST, DNS_SILENT);
	assert_int_equal(locate(desk, HOST), DECIDE_ADDRESS_SILENT);
	assert_string_equal(desk->place.failed, HOST);
	assert_int_equal(desk->place.address_count, 0);
}

/* The other family never answers: nobody waits for it to the end. */
static void one_family_is_silent(void **test)
{
	struct desk *desk = *test;
	int64_t start = clock_now_ms();

	script_a(desk->script, HOST, "192.0.2.1");
	script_delay_type(desk->script, HOST, DNS_AAAA, 9000);
	publish(desk, OWNER, 4);
	assert_int_equal(locate(desk, HOST), DECIDE_USABLE);
	assert_int_equal(desk->place.address_count, 1);
	assert_true(clock_now_ms() - start < 8000);
	assert_int_equal(desk->place.steps->answer->state, DNS_SILENT);
}

static void literals(void **test)
{
	struct desk *desk = *test;

	assert_int_equal(locate(desk, "192.0.2.1"), DECIDE_LITERAL);
	assert_int_equal(desk->place.address_count, 1);
	assert_int_equal(locate(desk, "2001:db8::1"), DECIDE_LITERAL);
	assert_string_equal(desk->place.addresses[0].text, "2001:db8::1");
	assert_int_equal(script_asked(desk->script), 0);
}

static void the_same_place(void **test)
{
	struct desk *desk = *test;
	struct dane_place before;

	script_a(desk->script, HOST, "192.0.2.1");
	publish(desk, OWNER, 1);
	publish(desk, OWNER, 2);
	(void)locate(desk, HOST);
	before = desk->place;
	assert_true(dane_place_same(&before, &desk->place));
	before.record_count = 1;
	assert_false(dane_place_same(&before, &desk->place));
	before = desk->place;
	before.dns = DECIDE_NO_TLSA;
	assert_false(dane_place_same(&before, &desk->place));
	before = desk->place;
	before.records = arena_array(desk->arena, 2,
				     sizeof(*before.records));
	before.records[0] = desk->place.records[1];
	before.records[1] = desk->place.records[0];
	assert_true(dane_place_same(&before, &desk->place));
	before.records[0].tlsa.usage = 2;
	assert_false(dane_place_same(&before, &desk->place));
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(plain_cases),
		DESK_TEST(unusable_and_agile),
		DESK_TEST(bases),
		DESK_TEST(secure_alias_of_insecure),
		DESK_TEST(aliases_of_the_record),
		DESK_TEST(families),
		DESK_TEST(too_many_addresses),
		DESK_TEST(states_of_addresses),
		DESK_TEST(one_family_is_silent),
		DESK_TEST(literals),
		DESK_TEST(the_same_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
