/* test_warn.c - what is about to break, at its borders */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/dane/warn.h"

#define DAY	86400
#define NOW	(1000000LL * DAY)

struct desk {
	struct arena *arena;
	struct dane_report report;
	struct dane_certificate certificate;
	struct dane_record record;
	struct dane_warning warnings[WARN_MAX];
};

/* A server that is well: DANE-TA, 90 days certificate in its middle. */
static void well(struct desk *desk)
{
	memset(&desk->report, 0, sizeof(desk->report));
	memset(&desk->record, 0, sizeof(desk->record));
	memset(&desk->certificate, 0, sizeof(desk->certificate));
	desk->certificate.from = NOW - 45 * DAY;
	desk->certificate.until = NOW + 45 * DAY;
	desk->record.tlsa.usage = TLSA_DANE_TA;
	desk->record.matches = desk->record.verified = true;
	desk->report.host = "mail.example.org";
	desk->report.verdict = DANE_VERIFIED;
	desk->report.reason = DANE_MATCHED;
	desk->report.chain = &desk->certificate;
	desk->report.chain_count = 1;
	desk->report.records = &desk->record;
	desk->report.record_count = 1;
	desk->report.signed_from = NOW - 10 * DAY;
	desk->report.signed_until = NOW + 10 * DAY;
}

static void expect(struct desk *desk, const char *code)
{
	size_t count = dane_warn(desk->arena, &desk->report, NOW,
				 desk->warnings);

	if (code == NULL) {
		assert_int_equal(count, 0);
		return;
	}
	assert_int_equal(count, 1);
	assert_string_equal(desk->warnings[0].code, code);
	assert_non_null(strstr(desk->warnings[0].text, "mail.example.org"));
}

static void certificates(void **test)
{
	struct desk *desk = *test;

	expect(desk, NULL);
	desk->certificate.until = NOW + 14 * DAY;
	expect(desk, NULL);
	desk->certificate.until = NOW + 14 * DAY - 1;
	expect(desk, "certificate-expires");
	assert_non_null(strstr(desk->warnings[0].text, "13 days"));
	/* one that lives six days is not warned of all its life */
	desk->certificate.from = NOW - 4 * DAY;
	desk->certificate.until = NOW + 2 * DAY;
	expect(desk, NULL);
	desk->certificate.until = NOW + DAY;
	expect(desk, "certificate-expires");
	assert_non_null(strstr(desk->warnings[0].text, "24 hours"));
	desk->certificate.until = NOW - 3 * DAY;
	expect(desk, "certificate-expired");
	assert_null(strstr(desk->warnings[0].text, "does not mind"));
	desk->record.tlsa.usage = TLSA_DANE_EE;
	desk->report.next_key = true;
	expect(desk, "certificate-expired");
	assert_non_null(strstr(desk->warnings[0].text, "does not mind"));
}

static void signatures(void **test)
{
	struct desk *desk = *test;

	desk->report.signed_from = NOW - 14 * DAY;
	desk->report.signed_until = NOW + 2 * DAY;
	expect(desk, NULL);
	desk->report.signed_until = NOW + 2 * DAY - 8;
	expect(desk, "signatures-expire");
	/* made at every question, good for two days */
	desk->report.signed_from = NOW - DAY;
	desk->report.signed_until = NOW + DAY;
	expect(desk, NULL);
	desk->report.signed_from = desk->report.signed_until = 0;
	expect(desk, NULL);
}

static void keys(void **test)
{
	struct desk *desk = *test;

	desk->record.tlsa.usage = TLSA_DANE_EE;
	expect(desk, "no-next-key");
	desk->report.next_key = true;
	expect(desk, NULL);
	desk->report.next_key = false;
	desk->report.reason = DANE_NO_RECORDS;
	expect(desk, NULL);
}

static void records(void **test)
{
	struct desk *desk = *test;

	desk->record.use = TLSA_DIGEST_LENGTH;
	expect(desk, "unusable-record");
}

static int set_up(void **test)
{
	static struct desk desk;

	desk.arena = arena_new(65536);
	well(&desk);
	*test = &desk;
	return 0;
}

static int tear_down(void **test)
{
	struct desk *desk = *test;

	arena_free(desk->arena);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(certificates),
		DESK_TEST(signatures),
		DESK_TEST(keys),
		DESK_TEST(records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
