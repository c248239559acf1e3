/* test_encoded_word.c - RFC 2047 in a phrase */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/mail/encoded_word.h"

struct row {
	const char *phrase;
	const char *decoded;	/* NULL: cannot be read */
};

static const struct row rows[] = {
	{ "", "" },
	{ "Alice Harper", "Alice Harper" },
	/* RFC 2047 section 8 */
	{ "=?ISO-8859-1?Q?a?=", "a" },
	{ "=?ISO-8859-1?Q?a?= b", "a b" },
	{ "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a?=   \t=?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a_b?=", "a b" },
	{ "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b" },
	{ "=?US-ASCII?Q?Keith_Moore?= x", "Keith Moore x" },
	{ "=?ISO-8859-1?Q?Andr=E9?= Pirard", "Andr\xc3\xa9 Pirard" },
	{ "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= "
	  "=?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
	  "If you can read this you understand the example." },
	/* leniencies */
	{ "=?utf-8?q?=C3?= =?UTF-8?q?=A9?=", "\xc3\xa9" },
	{ "=?utf-8?b?w6k?=", "\xc3\xa9" },
	{ "=?utf-8*de-DE?q?a?=", "a" },
	{ "=?utf-8?q?a=c3=a9?=", "a\xc3\xa9" },
	/* none by the grammar: as it stands */
	{ "x=?utf-8?q?a?=", "x=?utf-8?q?a?=" },
	{ "=?utf-8?q?a?=x", "=?utf-8?q?a?=x" },
	{ "=?utf-8?q?a b?=", "=?utf-8?q?a b?=" },
	{ "=?utf-8?x?a?=", "=?utf-8?x?a?=" },
	{ "=?utf-8?qq?a?=", "=?utf-8?qq?a?=" },
	{ "=??q?a?=", "=??q?a?=" },
	{ "=?utf-8?q?a?b?=", "=?utf-8?q?a?b?=" },
	{ "=?utf-8?q?\xc3\xa9?=", "=?utf-8?q?\xc3\xa9?=" },
	{ "=?", "=?" },
	{ "=?=", "=?=" },
	{ "=?utf-8?q?\?=", "" },
	/* cannot be read */
	{ "=?x-none?q?a?=", NULL },
	{ "=?utf-8?q?=C3?=", NULL },
	{ "=?utf-8?q?=C3?= x =?utf-8?q?=A9?=", NULL },
	{ "=?utf-8?q?=C3?= =?utf-8?b?qQ==?=", NULL },
	{ "=?utf-8?q?=4?=", NULL },
	{ "=?utf-8?q?=xy?=", NULL },
	{ "=?utf-8?b?A?=", NULL },
	{ "=?utf-8?b?a!b=?=", NULL },
	{ "=?utf-8?b?YQ=a?=", NULL },
	{ "=?us-ascii?q?=E9?=", NULL },
	{ "=?euc-jp?q?=A4?=", NULL },
};

static void look_at(const struct row *row)
{
	struct buf to;

	buf_init(&to, 4096);
	if (row->decoded == NULL) {
		assert_false(encoded_words_decode(&to, bytes_of(row->phrase)));
	} else {
		assert_true(encoded_words_decode(&to, bytes_of(row->phrase)));
		assert_string_equal(buf_string(&to), row->decoded);
	}
	buf_free(&to);
}

static void every_row_decodes_so(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("row %zu\n", i);
		look_at(&rows[i]);
	}
}

static void a_nul_comes_out(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 64);
	assert_true(encoded_words_decode(&to, bytes_of("=?utf-8?b?YQBi?=")));
	assert_int_equal(to.len, 3);
	assert_memory_equal(to.data, "a\0b", 3);
	buf_free(&to);
}

static void limits_hold(void **state)
{
	static char phrase[8192];
	struct buf to;

	(void)state;
	memset(phrase, 'a', sizeof(phrase) - 1);
	memcpy(phrase, "=?utf-8?q?", 10);
	memcpy(phrase + ENCODED_WORD_MAX - 2, "?=", 3);
	buf_init(&to, 16384);
	assert_true(encoded_words_decode(&to, bytes_of(phrase)));
	assert_int_equal(to.len, ENCODED_WORD_MAX - 12);
	buf_free(&to);
	buf_init(&to, 64);
	assert_false(encoded_words_decode(&to, bytes_of(phrase)));
	buf_free(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_decodes_so),
		cmocka_unit_test(a_nul_comes_out),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
