/* test_reply.c - answers of servers, good and hostile */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/smtp/reply.h"

static int push(const char *text, size_t len, struct reply *reply, char *shown,
		size_t size)
{
	struct bytes from = { (const unsigned char *)text, len };
	struct reply_reader reader;
	int r;

	reply_reader_init(&reader);
	r = reply_push(&reader, &from, reply);
	if (r == REPLY_DONE)
		reply_print(reply, shown, size);
	reply_reader_free(&reader);
	return r;
}

static int push_text(const char *text, struct reply *reply, char *shown,
		     size_t size)
{
	return push(text, strlen(text), reply, shown, size);
}

static void test_good(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *status, *shown;
	} cases[] = {
		{ "250 ok\r\n", 250, "", "ok" },
		{ "250\r\n", 250, "", "" },
		{ "250 2.1.0 Ok\r\n", 250, "2.1.0", "Ok" },
		{ "550-5.1.1 no such\r\n550 5.1.1 user\r\n", 550, "5.1.1",
		  "no such user" },
		{ "550 5.7.509  Access   denied\r\n", 550, "5.7.509",
		  "Access denied" },
		{ "550 2.1.1 of another class\r\n", 550, "",
		  "2.1.1 of another class" },
		{ "550 5.1.1000 too long\r\n", 550, "",
		  "5.1.1000 too long" },
		{ "550 5.1 no status\r\n", 550, "", "5.1 no status" },
		{ "354 go\r\n", 354, "", "go" },
		{ "250-a\r\n250-b\r\n250 c\r\n", 250, "", "a b c" },
		{ "250-\r\n250 \r\n", 250, "", "" },
		{ "550 \033[31mred\177 \303\251\r\n", 550, "",
		  "?[31mred? ??" },
	};
	struct reply reply;
	char shown[80];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(push_text(cases[i].text, &reply, shown,
					   sizeof(shown)), REPLY_DONE);
		assert_int_equal(reply.code, cases[i].code);
		assert_string_equal(reply.status, cases[i].status);
		assert_string_equal(shown, cases[i].shown);
	}
}

static void test_bad(void **state)
{
	static const char *const cases[] = {
		"", /* MORE */
		"250 ok\n", "250 ok\r\r\n", "250 o\rk\r\n", "\r\n", "25\r\n",
		"150 no\r\n", "650 no\r\n", "260 no\r\n", "2a0 no\r\n",
		"250_ok\r\n", "250-a\r\n251 b\r\n", "250-a\r\n\r\n",
		"<html>\r\n", "SSH-2.0-OpenSSH\r\n", " 250 ok\r\n",
		"\xef\xbb\xbf" "250 ok\r\n",
	};
	struct reply reply;
	char shown[80];
	size_t i;

	(void)state;
	assert_int_equal(push_text("", &reply, shown, sizeof(shown)),
			 REPLY_MORE);
	assert_int_equal(push_text("250-a\r\n", &reply, shown, sizeof(shown)),
			 REPLY_MORE);
	assert_int_equal(push("250 o\0k\r\n", 9, &reply, shown,
			      sizeof(shown)), ERR_SYNTAX);
	assert_int_equal(push("\0", 1, &reply, shown, sizeof(shown)),
			 ERR_SYNTAX);
	for (i = 1; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(push_text(cases[i], &reply, shown,
					   sizeof(shown)), ERR_SYNTAX);
}

/* A line of 10 MB costs no more than the longest line that there may be. */
static void test_long(void **state)
{
	size_t size = 10 * 1024 * 1024;
	char *text = malloc(size);
	struct bytes from = { (unsigned char *)text, size };
	struct reply_reader reader;
	struct reply reply;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', size);
	memcpy(text, "250 ", 4);
	reply_reader_init(&reader);
	assert_int_equal(reply_push(&reader, &from, &reply), ERR_LIMIT);
	assert_true(size - from.len <= REPLY_LINE_MAX + 1);
	reply_reader_free(&reader);

	/* The longest that there may be. */
	from.data = (unsigned char *)text;
	from.len = REPLY_LINE_MAX;
	memcpy(text + REPLY_LINE_MAX - 2, "\r\n", 2);
	reply_reader_init(&reader);
	assert_int_equal(reply_push(&reader, &from, &reply), REPLY_DONE);
	assert_int_equal(reply.text.len, 12288);
	reply_reader_free(&reader);
	free(text);
}

static void test_many_lines(void **state)
{
	struct reply_reader reader;
	struct reply reply;
	struct bytes from;
	unsigned i, limit = 0;
	int r = REPLY_MORE;

	(void)state;
	reply_reader_init(&reader);
	for (i = 0; i < REPLY_LINES_MAX + 5 && r == REPLY_MORE; i++) {
		from = bytes_of("250-x\r\n");
		r = reply_push(&reader, &from, &reply);
		limit = i;
	}
	assert_int_equal(r, ERR_LIMIT);
	assert_int_equal(limit, REPLY_LINES_MAX);
	reply_reader_free(&reader);
}

/* Byte by byte it comes out the same, and nothing behind it is taken. */
static void test_pieces(void **state)
{
	static const char text[] =
		"250-2.1.0 one\r\n250 2.1.0 two\r\n421 bye\r\n";
	struct reply_reader reader;
	struct reply reply;
	struct bytes from;
	size_t i, done = 0;
	int codes[3] = { 0 };

	(void)state;
	reply_reader_init(&reader);
	for (i = 0; text[i] != 0; i++) {
		from = bytes_slice(bytes_of(text), i, i + 1);
		if (reply_push(&reader, &from, &reply) == REPLY_DONE) {
			assert_true(done < 2);
			codes[done++] = reply.code;
		}
		assert_int_equal(from.len, 0);
	}
	assert_int_equal(codes[0], 250);
	assert_int_equal(codes[1], 421);
	from = bytes_of(text);
	assert_int_equal(reply_push(&reader, &from, &reply), REPLY_DONE);
	assert_true(bytes_is(from, "421 bye\r\n"));
	reply_reader_free(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long), cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
