/* test_openpgp_armor.c - armor read strictly, in pieces of any size */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/openpgp_armor.h"

#define BEGIN	"-----BEGIN PGP MESSAGE-----\n"
#define END	"-----END PGP MESSAGE-----\n"

struct armor_case {
	const char *name;
	const char *text;
	const char *wanted;		/* NULL: ERR_SYNTAX */
};

/* The check value of "hello\n" is as gpg --enarmor has it. */
static const struct armor_case cases[] = {
	{ "plain", BEGIN "\naGVsbG8K\n=WALx\n" END, "hello\n" },
	{ "no check value", BEGIN "\naGVsbG8K\n" END, "hello\n" },
	{ "CRLF", "-----BEGIN PGP MESSAGE-----\r\n\r\naGVsbG8K\r\n"
	  "-----END PGP MESSAGE-----\r\n", "hello\n" },
	{ "headers", BEGIN "Version: some\nComment: <html>: x\n\naGVsbG8K\n"
	  END, "hello\n" },
	{ "split lines", BEGIN "\naGV\nsbG8\nK\n" END, "hello\n" },
	{ "one left over", BEGIN "\naGVsbA==\n" END, "hell" },
	{ "two left over", BEGIN "\naGVsbG8=\n" END, "hello" },
	{ "padding on its own", BEGIN "\naGVsbA\n==\n" END, "hell" },
	{ "white space around", "\n \t\n" BEGIN "\naGVsbG8K\n" END " \n\n",
	  "hello\n" },
	{ "no line end behind", BEGIN "\naGVsbG8K\n-----END PGP MESSAGE-----",
	  "hello\n" },
	{ "empty", "", NULL },
	{ "only blank lines", "\n\n", NULL },
	{ "text before", "see this:\n" BEGIN "\naGVsbG8K\n" END, NULL },
	{ "text behind", BEGIN "\naGVsbG8K\n" END "and more\n", NULL },
	{ "two blocks", BEGIN "\naGVsbG8K\n" END BEGIN "\naGVsbG8K\n" END,
	  NULL },
	{ "wrong check value", BEGIN "\naGVsbG8K\n=WALy\n" END, NULL },
	{ "data behind the check value", BEGIN "\naGVsbG8K\n=WALx\naGVs\n" END,
	  NULL },
	{ "cut off", BEGIN "\naGVsbG8K\n", NULL },
	{ "cut off within headers", BEGIN "Version: x\n", NULL },
	{ "no blank line", BEGIN "aGVsbG8K\n" END, NULL },
	{ "another kind", "-----BEGIN PGP SIGNATURE-----\n\naGVsbG8K\n"
	  "-----END PGP SIGNATURE-----\n", NULL },
	{ "ends as another kind", BEGIN "\naGVsbG8K\n"
	  "-----END PGP SIGNATURE-----\n", NULL },
	{ "signed in clear", "-----BEGIN PGP SIGNED MESSAGE-----\n\nhello\n",
	  NULL },
	{ "a blank inside", BEGIN "\naGVs bG8K\n" END, NULL },
	{ "not base64", BEGIN "\naGVs*G8K\n" END, NULL },
	{ "data behind padding", BEGIN "\naGVsbA==aGVs\n" END, NULL },
	{ "too much padding", BEGIN "\naGVsbG8==\n" END, NULL },
	{ "too little padding", BEGIN "\naGVsbA=\n" END, NULL },
	{ "bits in the padding", BEGIN "\naGVsbB==\n" END, NULL },
};

/* The whole in pieces of `size`; 0 and *to, or an error. */
static int dearmor(struct bytes text, size_t size, struct buf *to)
{
	struct armor *armor = malloc(sizeof(*armor));
	struct sink sink = sink_of_buf(to);
	int r = 0;

	assert_non_null(armor);
	armor_start(armor, ARMOR_MESSAGE);
	while (text.len > 0 && r == 0) {
		r = armor_push(armor, bytes_slice(text, 0, size), &sink);
		text = bytes_slice(text, size, text.len);
	}
	if (r == 0)
		r = armor_end(armor, &sink);
	free(armor);
	return r;
}

static void test_cases(void **state)
{
	struct buf out;
	size_t i, size;
	int r;

	(void)state;
	buf_init(&out, 1000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size = 1; size < 200; size += 19) {
			buf_clear(&out);
			r = dearmor(bytes_of(cases[i].text), size, &out);
			if ((r == 0) != (cases[i].wanted != NULL))
				fail_msg("%s: answered %d", cases[i].name, r);
			if (r == 0)
				assert_string_equal(buf_string(&out),
						    cases[i].wanted);
			else
				assert_int_equal(r, ERR_SYNTAX);
		}
	buf_free(&out);
}

static void test_binary(void **state)
{
	static const unsigned char data[] = { 0x85, '\n', 0, 0xff, '\n' };
	struct bytes text = { data, sizeof(data) };
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(dearmor(text, 2, &out), 0);
	assert_true(bytes_equal(buf_bytes(&out), text));
	buf_free(&out);
}

static void test_limits(void **state)
{
	static char line[3 * ARMOR_LINE_MAX];
	struct buf text, out;
	size_t i;

	(void)state;
	buf_init(&text, 100000);
	buf_init(&out, 100000);
	memset(line, 'A', sizeof(line) - 1);
	buf_print(&text, BEGIN "\n%s\n" END, line);
	assert_int_equal(dearmor(buf_bytes(&text), 700, &out), ERR_SYNTAX);
	buf_clear(&text);
	buf_text(&text, BEGIN);
	for (i = 0; i <= ARMOR_LINES_MAX; i++)
		buf_text(&text, "Comment: again\n");
	buf_text(&text, "\naGVsbG8K\n" END);
	assert_int_equal(dearmor(buf_bytes(&text), 700, &out), ERR_SYNTAX);
	/* More than fits in the room before the sink. */
	buf_clear(&text);
	buf_clear(&out);
	buf_text(&text, BEGIN "\n");
	for (i = 0; i < 1000; i++)
		buf_text(&text, "aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8g\n");
	buf_text(&text, END);
	assert_int_equal(dearmor(buf_bytes(&text), 700, &out), 0);
	assert_int_equal(out.len, 24000);
	assert_memory_equal(out.data + 23988, "hello hello ", 12);
	buf_free(&text);
	buf_free(&out);
}

static void test_sink_fails(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_int_equal(dearmor(bytes_of(BEGIN "\naGVsbG8K\n" END), 9, &out),
			 ERR_LIMIT);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_binary),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_sink_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
