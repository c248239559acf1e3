/* test_rune.c - what one character is */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/mail/rune.h"

static void characters_are_taken(void **state)
{
	struct bytes rest = bytes_of("a\xc3\xa9\xf0\x9f\x98\x80\xff\xe2\x80x"),
		     as_is;

	(void)state;
	assert_int_equal(rune_take(&rest, &as_is), 'a');
	assert_int_equal(rune_take(&rest, &as_is), 0xE9);
	assert_int_equal(as_is.len, 2);
	assert_int_equal(rune_take(&rest, &as_is), 0x1F600);
	assert_int_equal(rune_take(&rest, &as_is), -1);
	assert_int_equal(as_is.len, 1);
	assert_int_equal(rune_take(&rest, &as_is), -1);
	assert_int_equal(rune_take(&rest, &as_is), 'x');
	assert_int_equal(rest.len, 0);
}

static void kinds_are_told(void **state)
{
	(void)state;
	assert_true(rune_is_invisible(0x200D));
	assert_true(rune_is_invisible(0xFE0F));
	assert_true(rune_is_invisible(0x2800));
	assert_false(rune_is_invisible('a'));
	assert_false(rune_is_invisible(0x4E2D));
	assert_true(rune_is_blank('\t'));
	assert_true(rune_is_blank(0x3000));
	assert_false(rune_is_blank('_'));
	assert_false(rune_is_blank(-1));
	assert_true(rune_is_nothing(-1));
	assert_true(rune_is_nothing(0x85));
	assert_true(rune_is_nothing(0xE000));
	assert_false(rune_is_nothing(' '));
	assert_true(rune_is_word('7'));
	assert_true(rune_is_word(0xE9));
	assert_false(rune_is_word('.'));
	assert_false(rune_is_word(-1));
	assert_true(rune_is_unspaced(0x4E2D));
	assert_true(rune_is_unspaced(0x30FC));
	assert_false(rune_is_unspaced(0x430));
	assert_true(rune_is_mark(0x301));
	assert_true(rune_is_emoji(0x2764));
	assert_false(rune_is_emoji('1'));
	assert_true(rune_is_at('@'));
	assert_true(rune_is_at(0xFF20));
	assert_true(rune_is_at(0xFE6B));
	assert_false(rune_is_at('a'));
	assert_int_equal(rune_columns('a'), 1);
	assert_int_equal(rune_columns(0x4E2D), 2);
	assert_int_equal(rune_columns(0x301), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_taken),
		cmocka_unit_test(kinds_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
