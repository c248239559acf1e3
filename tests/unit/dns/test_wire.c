/* test_wire.c - what goes through a frame comes out; nothing else does */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/dns/wire.h"

static struct wire_answer taken;

static void questions_come_back(void **test)
{
	struct wire_question one = { 7, DNS_TXT, 1500, false,
				     "example.org" };
	struct wire_question two = { 0xffffffff, DNS_OPENPGPKEY, 0, true,
				     "" };
	struct wire_question out;
	struct bytes from;
	struct buf wire;

	(void)test;
	memset(two.name, 'n', DNS_NAME_MAX);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_question(&wire, &one);
	wire_put_question(&wire, &two);
	from = buf_bytes(&wire);
	assert_int_equal(wire_take_question(&from, &out), 1);
	assert_int_equal(out.id, 7);
	assert_int_equal(out.type, DNS_TXT);
	assert_int_equal(out.ms, 1500);
	assert_string_equal(out.name, "example.org");
	assert_false(out.fresh);
	assert_int_equal(wire_take_question(&from, &out), 1);
	assert_int_equal(out.id, 0xffffffff);
	assert_true(out.fresh);
	assert_string_equal(out.name, two.name);
	assert_int_equal(wire_take_question(&from, &out), 0);
	buf_free(&wire);
}

/* Every cut of a whole payload is no question; so is every odd field. */
static void broken_questions_are_refused(void **test)
{
	static const unsigned char unknown[] = {
		0, 0, 0, 1, 0, 6, 0, 0, 0, 1, 0, 0, 1, 'a'
	};
	static const unsigned char nul[] = {
		0, 0, 0, 1, 0, 16, 0, 0, 0, 1, 0, 0, 2, 'a', 0
	};
	static const unsigned char neither[] = {	/* fresh or not */
		0, 0, 0, 1, 0, 16, 0, 0, 0, 1, 2, 0, 1, 'a'
	};
	struct wire_question question = { 1, DNS_TXT, 1, false,
					  "example.org" };
	unsigned char large[13 + 300];
	struct wire_question out;
	struct bytes from;
	struct buf wire;
	size_t len;

	(void)test;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_question(&wire, &question);
	for (len = 1; len < wire.len; len++) {
		from = bytes_slice(buf_bytes(&wire), 0, len);
		assert_int_equal(wire_take_question(&from, &out),
				 ERR_PROTOCOL);
	}
	buf_free(&wire);
	from.data = unknown;
	from.len = sizeof(unknown);
	assert_int_equal(wire_take_question(&from, &out), ERR_PROTOCOL);
	from.data = nul;
	from.len = sizeof(nul);
	assert_int_equal(wire_take_question(&from, &out), ERR_PROTOCOL);
	from.data = neither;
	from.len = sizeof(neither);
	assert_int_equal(wire_take_question(&from, &out), ERR_PROTOCOL);
	memset(large, 'a', sizeof(large));
	memcpy(large, unknown, 13);
	large[5] = DNS_TXT;
	large[12] = DNS_NAME_MAX + 1;
	from.data = large;
	from.len = sizeof(large);
	assert_int_equal(wire_take_question(&from, &out), ERR_PROTOCOL);
	large[12] = DNS_NAME_MAX;
	from.data = large;
	from.len = sizeof(large);
	assert_int_equal(wire_take_question(&from, &out), 1);
}

static void answers_come_back(void **test)
{
	struct bytes records[2] = {
		{ (const unsigned char *)"\3one", 4 },
		{ (const unsigned char *)"\3two", 4 },
	};
	struct dns_answer answer = { DNS_HAVE, DNS_SECURE, 300, "example.org",
				     records, 2, "", 1000, 2000 };
	struct buf wire;

	(void)test;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_answer(&wire, 9, &answer);
	assert_int_equal(wire_take_answer(buf_bytes(&wire), &taken), 0);
	assert_int_equal(taken.id, 9);
	assert_int_equal(taken.answer.state, DNS_HAVE);
	assert_int_equal(taken.answer.security, DNS_SECURE);
	assert_int_equal(taken.answer.ttl, 300);
	assert_int_equal(taken.answer.signed_from, 1000);
	assert_int_equal(taken.answer.signed_until, 2000);
	assert_string_equal(taken.answer.canonical, "example.org");
	assert_int_equal(taken.answer.record_count, 2);
	assert_true(bytes_is(taken.answer.records[1], "\3two"));
	buf_free(&wire);
}

/* The largest answer fits one frame. */
static void the_largest_fits(void **test)
{
	static unsigned char data[DNS_ANSWER_MAX];
	static struct bytes records[DNS_RECORDS_MAX];
	static char why[2000];
	struct dns_answer answer = { DNS_HAVE, DNS_SECURE, 1, why, records,
				     DNS_RECORDS_MAX, why, 0, 0 };
	struct buf wire;
	size_t i;

	(void)test;
	memset(why, 'y', sizeof(why) - 1);
	for (i = 0; i < DNS_RECORDS_MAX; i++) {
		records[i].data = data;
		records[i].len = DNS_ANSWER_MAX / DNS_RECORDS_MAX;
	}
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_answer(&wire, 1, &answer);
	assert_false(wire.full);
	assert_int_equal(wire_take_answer(buf_bytes(&wire), &taken), 0);
	assert_int_equal(taken.answer.record_count, DNS_RECORDS_MAX);
	assert_int_equal(strlen(taken.answer.canonical), DNS_NAME_MAX);
	assert_int_equal(strlen(taken.answer.why), 500);
	buf_free(&wire);
}

static void bogus_is_sent_without_records(void **test)
{
	struct bytes record = { (const unsigned char *)"\3one", 4 };
	struct dns_answer answer = { DNS_BOGUS, DNS_SECURITY_BOGUS, 1, "a",
				     &record, 1, "no signature", 0, 0 };
	struct buf wire;

	(void)test;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_answer(&wire, 1, &answer);
	assert_int_equal(wire_take_answer(buf_bytes(&wire), &taken), 0);
	assert_int_equal(taken.answer.state, DNS_BOGUS);
	assert_int_equal(taken.answer.record_count, 0);
	assert_string_equal(taken.answer.why, "no signature");
	buf_free(&wire);
}

static void refuse(const unsigned char *data, size_t len)
{
	struct bytes from = { data, len };

	assert_int_equal(wire_take_answer(from, &taken), ERR_PROTOCOL);
}

static void broken_answers_are_refused(void **test)
{
	/* id, state, security, ttl, signed from and until, canonical "a",
	 * why "", one record "x" */
	static const unsigned char good[] = {
		0, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2,
		0, 1, 'a', 0, 0, 0, 1, 0, 1, 'x'
	};
	unsigned char odd[sizeof(good) + 1];
	struct bytes from = { good, sizeof(good) };
	size_t i;

	(void)test;
	assert_int_equal(wire_take_answer(from, &taken), 0);
	for (i = 0; i < sizeof(good); i++)
		refuse(good, i);
	memcpy(odd, good, sizeof(good));
	odd[sizeof(good)] = 0;
	refuse(odd, sizeof(odd));		/* more behind it */
	odd[4] = DNS_SILENT + 1;
	refuse(odd, sizeof(good));
	for (i = DNS_NOTHING; i <= DNS_SILENT; i++) {
		odd[4] = (unsigned char)i;	/* records, but not HAVE */
		refuse(odd, sizeof(good));
	}
	odd[4] = DNS_HAVE;
	odd[5] = DNS_SECURITY_UNKNOWN + 1;
	refuse(odd, sizeof(good));
	odd[5] = DNS_SECURE;
	odd[20] = 0;				/* NUL in a text */
	refuse(odd, sizeof(good));
	odd[20] = 'a';
	odd[24] = 0;				/* HAVE without a record */
	refuse(odd, sizeof(good) - 3);
	odd[23] = 0xff;
	refuse(odd, sizeof(good));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_come_back),
		cmocka_unit_test(broken_questions_are_refused),
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(the_largest_fits),
		cmocka_unit_test(bogus_is_sent_without_records),
		cmocka_unit_test(broken_answers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
