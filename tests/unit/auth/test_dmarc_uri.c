/* test_dmarc_uri.c - lists of destinations, their hosts and their limits */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "agent/auth/dmarc_uri.h"
#include "agent/base/arena.h"

#define ARENA (256 * 1024)

static int arena_make(void **state)
{
	*state = arena_new(ARENA);
	return *state == NULL;
}

static int arena_drop(void **state)
{
	arena_free(*state);
	return 0;
}

static void what_is_no_uri_is_left_out(void **state)
{
	struct dmarc_report_uri list[DMARC_URIS_MAX];

	assert_int_equal(dmarc_uris_parse(*state, bytes_of(
		" mailto:a@example.org!10m , mailto:nobody,ftp:,:x,1x:y,,"
		"https://example.org/dmarc,mailto:b@example.com?subject=x,"
		"mailto:c d@example.org,!10m,mailto:\xc3\xa9@example.org"),
		list), 3);
	assert_string_equal(list[0].uri, "mailto:a@example.org");
	assert_string_equal(list[1].uri, "https://example.org/dmarc");
	assert_string_equal(list[2].uri, "mailto:b@example.com?subject=x");
	assert_int_equal(dmarc_uris_parse(*state, bytes_of(""), list), 0);
	assert_int_equal(dmarc_uris_parse(*state, bytes_of(" , ,"), list), 0);
}

static void there_is_a_most(void **state)
{
	struct dmarc_report_uri list[DMARC_URIS_MAX];
	char text[1024] = "", longest[2100];
	size_t i;

	for (i = 0; i < DMARC_URIS_MAX + 5; i++)
		strncat(text, "mailto:a@example.org,",
			sizeof(text) - strlen(text) - 1);
	assert_int_equal(dmarc_uris_parse(*state, bytes_of(text), list),
			 DMARC_URIS_MAX);
	(void)snprintf(longest, sizeof(longest),
		       "mailto:a@example.org?x=%02000d", 0);
	assert_int_equal(dmarc_uris_parse(*state, bytes_of(longest), list), 0);
}

static const struct {
	const char *text, *host;
	uint64_t limit;
} cases[] = {
	{ "mailto:a@example.org", "example.org", 0 },
	{ "mailto:a@Example.ORG!50", "example.org", 50 },
	{ "MAILTO:a@example.org!1k", "example.org", 1024 },
	{ "mailto:a@example.org!10M", "example.org", 10485760 },
	{ "mailto:a@example.org ! 2g", "example.org", 2147483648 },
	{ "mailto:a@example.org!3t", "example.org", 3298534883328 },
	{ "mailto:a@example.org!999999999999999999t", "example.org",
	  UINT64_MAX },
	{ "mailto:a@example.org!", "example.org", 0 },
	{ "mailto:a@example.org!m", "example.org", 0 },
	{ "mailto:a@example.org!-1", "example.org", 0 },
	{ "mailto:a@example.org!10mb", "example.org", 0 },
	{ "mailto:a@b@example.org?cc=x@example.com", "example.org", 0 },
	{ "https://example.org:443/a@example.com", "example.org", 0 },
	{ "https://user:word@example.org/", "example.org", 0 },
	{ "https://[2001:db8::1]/", NULL, 0 },
	{ "mailto:a@", NULL, 0 },
	{ "mailto:a@exa_mple.org", NULL, 0 },
	{ "urn:a@example.org", NULL, 0 },
};

static void hosts_and_limits(void **state)
{
	struct dmarc_report_uri list[DMARC_URIS_MAX];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(dmarc_uris_parse(*state,
						  bytes_of(cases[i].text),
						  list), 1);
		if (cases[i].host == NULL)
			assert_null(list[0].host);
		else
			assert_string_equal(list[0].host, cases[i].host);
		assert_true(list[0].limit == cases[i].limit);
		assert_int_equal(list[0].consent, DMARC_CONSENT_NOT_ASKED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_no_uri_is_left_out,
						arena_make, arena_drop),
		cmocka_unit_test_setup_teardown(there_is_a_most, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(hosts_and_limits, arena_make,
						arena_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
