/* test_body.c - dots, line ends, and nothing that smuggles */
#include "scripted.h"

#include <stdlib.h>

#include "agent/base/clock.h"
#include "agent/base/stream.h"
#include "agent/smtp/body.h"
#include "agent/smtp/session.h"

/* A source of pieces as small as asked for. */
struct slow {
	struct bytes all;
	size_t at, piece;
};

static int slow_read(void *ctx, unsigned char *room, size_t size)
{
	struct slow *slow = ctx;
	size_t left = slow->all.len - slow->at;

	if (size > slow->piece)
		size = slow->piece;
	if (size > left)
		size = left;
	if (size > 0)
		memcpy(room, slow->all.data + slow->at, size);
	slow->at += size;
	return (int)size;
}

static int slow_rewind(void *ctx)
{
	((struct slow *)ctx)->at = 0;
	return 0;
}

static const struct play silent[] = { { PLAY_OVER, NULL } };

static int send_it(struct bytes text, size_t piece, enum body_form form,
		   struct buf *heard)
{
	struct slow slow = { text, 0, piece };
	struct source source = { slow_read, slow_rewind, &slow };
	struct smtp_session session;
	struct scripted server;
	struct wire wire;
	int r;

	scripted_init(&server, silent);
	wire = scripted_wire(&server);
	session_init(&session, &wire, &smtp_times_usual,
		     clock_now_ms() + 60000);
	r = body_send(&session, &source, text.len, form);
	if (r == 0)
		r = body_end(&session, form);
	buf_clear(heard);
	buf_add(heard, buf_bytes(&server.heard));
	session_free(&session);
	scripted_free(&server);
	return r;
}

static void test_dots(void **state)
{
	static const struct { const char *plain, *sent; } cases[] = {
		{ "a\r\n", "a\r\n.\r\n" },
		{ ".\r\n", "..\r\n.\r\n" },
		{ ".a\r\n..b\r\nc.\r\n", "..a\r\n...b\r\nc.\r\n.\r\n" },
		{ "a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n" },
		{ "\r\n.\r\n.\r\n", "\r\n..\r\n..\r\n.\r\n" },
	};
	struct buf heard;
	size_t i, piece;

	(void)state;
	buf_init(&heard, 1000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (piece = 1; piece < 8; piece++) {
			assert_int_equal(send_it(bytes_of(cases[i].plain),
						 piece, BODY_DATA, &heard), 0);
			assert_string_equal(buf_string(&heard), cases[i].sent);
			assert_int_equal(send_it(bytes_of(cases[i].plain),
						 piece, BODY_CHUNK, &heard),
					 0);
			assert_string_equal(buf_string(&heard),
					    cases[i].plain);
		}
	buf_free(&heard);
}

/* Nothing of a message with lone CR, LF or NUL is ended. */
static void test_smuggling(void **state)
{
	static const struct bytes cases[] = {
		{ (const unsigned char *)"a\n", 2 },
		{ (const unsigned char *)"a\r", 2 },
		{ (const unsigned char *)"a\r\n.\n\r\n", 8 },
		{ (const unsigned char *)"a\n.\r\nb\r\n", 8 },
		{ (const unsigned char *)"a\r\n.\rb\r\n", 8 },
		{ (const unsigned char *)"a\r\r\n", 4 },
		{ (const unsigned char *)"a\0b\r\n", 5 },
		{ (const unsigned char *)"no line end", 11 },
		{ NULL, 0 },
	};
	struct buf heard;
	size_t i, piece;

	(void)state;
	buf_init(&heard, 1000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (piece = 1; piece < 4; piece++) {
			assert_int_equal(send_it(cases[i], piece, BODY_DATA,
						 &heard), ERR_SYNTAX);
			assert_int_equal(send_it(cases[i], piece, BODY_CHUNK,
						 &heard), ERR_SYNTAX);
		}
	buf_free(&heard);
}

/* What became shorter or longer since its size was told is not ended. */
static void test_size(void **state)
{
	struct slow slow = { bytes_of("four\r\n"), 0, 100 };
	struct source source = { slow_read, slow_rewind, &slow };
	struct smtp_session session;
	struct scripted server;
	struct wire wire;
	uint64_t size;

	(void)state;
	for (size = 0; size < 10; size++) {
		scripted_init(&server, silent);
		wire = scripted_wire(&server);
		session_init(&session, &wire, &smtp_times_usual,
			     clock_now_ms() + 60000);
		assert_int_equal(body_send(&session, &source, size,
					   BODY_DATA),
				 size == 6 ? 0 : ERR_SYNTAX);
		session_free(&session);
		scripted_free(&server);
	}
}

static void test_large(void **state)
{
	size_t len = 3 * 1000 * 1000, i;
	unsigned char *text = malloc(len);
	struct bytes all = { text, len };
	struct buf heard;

	(void)state;
	for (i = 0; i + 2 < len; i += 3)
		memcpy(text + i, ".\r\n", 3);
	buf_init(&heard, len * 2);
	assert_int_equal(send_it(all, 1 << 20, BODY_DATA, &heard), 0);
	assert_int_equal(heard.len, len / 3 * 4 + 3);
	assert_int_equal(send_it(all, 1 << 20, BODY_CHUNK, &heard), 0);
	assert_true(bytes_equal(buf_bytes(&heard), all));
	buf_free(&heard);
	free(text);
}

static void test_facts(void **state)
{
	static const struct {
		const char *text;
		uint64_t longest;
		bool eight, header, whole;
	} cases[] = {
		{ "A: b\r\n\r\nbody\r\n", 4, false, false, true },
		{ "A: b\r\n\r\nb\303\266dy\r\n", 5, true, false, true },
		{ "A: \303\266\r\n\r\nbody\r\n", 5, true, true, true },
		{ "A: b\r\n\r\nlonger", 6, false, false, false },
		{ "A: b\n", 4, false, false, false },
		{ "", 0, false, false, false },
	};
	struct body_scan scan;
	struct bytes text;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = bytes_of(cases[i].text);
		body_scan_start(&scan);
		for (at = 0; at < text.len; at++)
			body_scan_more(&scan, bytes_slice(text, at, at + 1));
		assert_int_equal(scan.facts.size, text.len);
		assert_int_equal(scan.facts.longest, cases[i].longest);
		assert_int_equal(scan.facts.eight_bit, cases[i].eight);
		assert_int_equal(scan.facts.eight_bit_header,
				 cases[i].header);
		assert_int_equal(scan.facts.whole_lines, cases[i].whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dots), cmocka_unit_test(test_smuggling),
		cmocka_unit_test(test_size), cmocka_unit_test(test_large),
		cmocka_unit_test(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
