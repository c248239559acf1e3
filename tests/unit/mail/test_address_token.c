/* test_address_token.c - comments, atoms, quoted strings */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/mail/address_token.h"

static void comments_are_skipped(void **state)
{
	static const struct {
		const char *text, *rest;	/* rest NULL: false */
	} rows[] = {
		{ "", "" }, { "a", "a" }, { " \t\r\n a", "a" },
		{ "(x) a", "a" }, { "(x(y)z)(w)a", "a" },
		{ "(\\)) a", "a" }, { "(\\() a", "a" }, { "(\"x) a", "a" },
		{ "(x", NULL }, { "(x\\", NULL }, { "(x\\)", NULL },
		{ ")a", ")a" },
		{ "((((((((((((((((x))))))))))))))))a", "a" },
		{ "(((((((((((((((((x)))))))))))))))))a", NULL },
	};
	struct bytes rest;
	size_t i;
	bool fine;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rest = bytes_of(rows[i].text);
		fine = token_skip_cfws(&rest);
		if (fine != (rows[i].rest != NULL) ||
		    (fine && !bytes_is(rest, rows[i].rest)))
			fail_msg("row %zu", i);
	}
}

static void quoted_strings_are_undone(void **state)
{
	static const struct {
		const char *text, *inside, *rest;	/* NULL: false */
	} rows[] = {
		{ "\"", "", "" }, { "a\"b", "a", "b" },
		{ "a\\\"b\"", "a\"b", "" }, { "a\\\\\"b", "a\\", "b" },
		{ "a\r\n b\"", "a b", "" }, { "a\tb\"", "a b", "" },
		{ "(a)\"", "(a)", "" }, { "a", NULL, NULL },
		{ "a\\", NULL, NULL }, { "a\\\"", NULL, NULL },
	};
	struct bytes rest;
	struct buf to;
	size_t i;
	bool fine;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&to, 64);
		rest = bytes_of(rows[i].text);
		fine = token_quoted(&rest, &to);
		if (fine != (rows[i].inside != NULL) ||
		    (fine && (!bytes_is(rest, rows[i].rest) ||
			      !bytes_is(buf_bytes(&to), rows[i].inside))))
			fail_msg("row %zu", i);
		buf_free(&to);
	}
}

static void atoms_end_at_specials(void **state)
{
	static const struct {
		const char *text, *atom, *dotted;
	} rows[] = {
		{ "", "", "" }, { "a@b", "a", "a" }, { "a.b@c", "a", "a.b" },
		{ ".a", "", "" }, { "a.", "a", "" }, { "a..b", "a", "" },
		{ "a b", "a", "a" }, { "a(b)", "a", "a" }, { "<a>", "", "" },
		{ "!#$%&'*+-/=?^_`{|}~ ", "!#$%&'*+-/=?^_`{|}~",
		  "!#$%&'*+-/=?^_`{|}~" },
		{ "\xc3\xa9.x", "\xc3\xa9", "\xc3\xa9.x" },
		{ "a\"b\"", "a", "a" }, { "a\\b", "a", "a" },
		{ "a,b", "a", "a" }, { "a[", "a", "a" },
	};
	struct bytes rest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rest = bytes_of(rows[i].text);
		if (!bytes_is(token_atom(&rest), rows[i].atom))
			fail_msg("row %zu, atom", i);
		rest = bytes_of(rows[i].text);
		if (!bytes_is(token_dot_atom(&rest), rows[i].dotted))
			fail_msg("row %zu, dot-atom", i);
	}
	assert_false(token_is_atext(0));
}

static void nothing_is_taken_from_nothing(void **state)
{
	struct bytes none = { NULL, 0 };

	(void)state;
	assert_int_equal(token_peek(&none), 0);
	assert_false(token_take(&none, 0));
	assert_true(token_skip_cfws(&none));
	assert_int_equal(token_atom(&none).len, 0);
	assert_int_equal(token_dot_atom(&none).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_are_skipped),
		cmocka_unit_test(quoted_strings_are_undone),
		cmocka_unit_test(atoms_end_at_specials),
		cmocka_unit_test(nothing_is_taken_from_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
