/* test_name.c - the form that names and addresses are compared in */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/mail/name.h"
#include "tests/unit/arena.h"

static void same(const char *a, const char *b)
{
	const char *left = name_normal(arena, a);
	const char *right = name_normal(arena, b);

	assert_non_null(left);
	assert_non_null(right);
	assert_string_equal(left, right);
}

static void other(const char *a, const char *b)
{
	assert_string_not_equal(name_normal(arena, a), name_normal(arena, b));
}

static void names_that_read_alike(void **state)
{
	(void)state;
	same("Alice Harper", "  alice \t HARPER\r\n");
	same("Alice Harper", "Alice\xc2\xa0Harper");		/* U+00A0 */
	same("Alice Harper", "Alice\xe3\x80\x80Harper");	/* U+3000 */
	same("Alice Harper", "Alice\xe2\x80\xa8Harper");	/* U+2028 */
	same("Alice Harper", "Al\xe2\x80\x8bice Harper");	/* U+200B */
	same("Alice Harper", "Al\xe2\x80\x8dice Harper\xef\xb8\x8f");
	same("Alice Harper", "\xd0\x90lice Harper");	/* Cyrillic A */
	same("alice harper", "\xd0\xb0lice h\xd0\xb0rper");
	same("Alice", "\xef\xbc\xa1\xef\xbd\x8c\xef\xbd\x89\xef\xbd\x83"
	     "\xef\xbd\x85");				/* full width */
	same("J\xc3\xb6rg", "Jo\xcc\x88rg");		/* composed or not */
	same("Stra\xc3\x9f""e", "STRASSE");
	same("rnodern", "modern");
	same("Google", "G00gle");
	same("Paul", "Pau1");
	same("'Alice'", "Alice");
	same("\"Alice\"", "Alice");
	same("Alice\xe2\xa0\x80", "Alice");		/* U+2800 */
}

static void a_capital_i_passes_for_l(void **state)
{
	(void)state;
	same("AIice Harper", "Alice Harper");
	same("MichaeI", "Michael");
	same("Ian", "ian");
	same("INGRID", "Ingrid");
	same("Henry III", "henry iii");
	other("Karl Hansen", "Kari Hansen");
}

/* Accents, signs and turned order make no other name. */
static void names_that_people_take_for_one(void **state)
{
	(void)state;
	same("J\xc3\xb6rg", "Jorg");
	same("Alice", "A\xcc\xb2lice");		/* U+0332, underlined */
	same("Alice", "A\xe2\x83\x9dlice");		/* U+20DD, circled */
	same("S\xc3\xb8rensen", "Sorensen");
	same("Harper, Alice", "Alice Harper");
	same("HARPER,Alice", "alice harper");
	same("Alice Harper,", "Alice Harper");
	same("Alice.Harper", "Alice_Harper");
	same("Jean-Pierre", "Jean Pierre");
	same("O'Brien", "OBrien");
	same("O\xe2\x80\x99" "Brien", "O'Brien");
	same("(Alice) \xf0\x9f\x98\x80", "Alice!");
	same("Alice\xe2\x84\xa2", "Alice");		/* U+2122 */
	same("\xc2\xab" "Alice\xc2\xbb", "Alice");
	same("Alice\xe3\x85\xa4Harper", "Alice Harper");	/* U+3164 */
	same("Alice\xe2\xa0\x80Harper", "Alice Harper");	/* U+2800 */
	same("!!!", "!!!");
	/* capitals of other scripts, whose small letters look otherwise */
	same("Harper", "\xd0\x9d" "arper");		/* U+041D */
	same("Bo", "\xd0\x92" "o");			/* U+0412 */
	same("Nina", "\xce\x9d" "ina");		/* U+039D */
	same("ALICE", "\xd0\x90L\xd0\x86\xd0\xa1\xd0\x95");
}

static void names_that_differ(void **state)
{
	(void)state;
	other("Alice Harper", "AliceHarper");
	other("Alice", "Alic");
	other("Alice Harper", "Harper Alice");
	other("Harper, Alice, Dr.", "Alice Harper");
	other("\xe3\x81\x8b", "\xe3\x81\x8c");	/* ka and ga */
	other("a", "b");
	other("+", "-");
}

static void nothing_visible_is_empty(void **state)
{
	(void)state;
	assert_string_equal(name_normal(arena, ""), "");
	assert_string_equal(name_normal(arena, " \t\r\n"), "");
	assert_string_equal(name_normal(arena, "\xe2\x80\x8b\xc2\xad"), "");
	assert_string_equal(name_normal(arena, "\xe2\xa0\x80"), "");
}

static void what_is_no_name_is_null(void **state)
{
	static char text[NAME_MAX_BYTES + 2];

	(void)state;
	assert_null(name_normal(arena, "\xff"));
	assert_null(name_normal(arena, "a\xc3"));
	assert_null(name_normal(arena, "\xed\xa0\x80"));	/* surrogate */
	memset(text, 'm', sizeof(text) - 1);
	assert_null(name_normal(arena, text));
	assert_null(name_skeleton(arena, text));
	text[NAME_MAX_BYTES] = 0;
	assert_int_equal(strlen(name_normal(arena, text)),
			 2 * NAME_MAX_BYTES);
}

/* ASCII takes another way; U+200B, which is removed, forces the long one. */
static void both_ways_agree(void **state)
{
	char text[4] = { 'x', 0, 'x', 0 };
	const char *with;
	int c;

	(void)state;
	for (c = 32; c < 127; c++) {
		text[1] = (char)c;
		with = arena_print(arena, "%s\xe2\x80\x8b", text);
		assert_non_null(with);
		same(text, with);
	}
	same("The Quick 'Brown' \"Fox\" & 100% of 1|0 `jumps` (w/o) m@x.org",
	     "The Quick 'Brown' \"Fox\" & 100% of 1|0 `jumps` (w/o) m@x.org"
	     "\xe2\x80\x8b");
}

static void skeletons(const char *a, const char *b)
{
	assert_string_equal(name_skeleton(arena, a), name_skeleton(arena, b));
}

static void addresses_that_look_alike(void **state)
{
	(void)state;
	skeletons("alice@example.org", "ALICE@example.org");
	skeletons("alice@example.org", "aIice@example.org");
	skeletons("lisa@example.org", "Iisa@example.org");
	skeletons("alice@example.org", "a1ice@example.org");
	skeletons("alice@example.org", "alice@exarnple.org");
	skeletons("alice@example.org", "\xd0\xb0lice@example.org");
	/* "paypal" with Cyrillic letters, as A-label */
	skeletons("a@paypal.example", "a@p\xd0\xb0yp\xd0\xb0l.example");
	skeletons("a@apple.example", "a@xn--80ak6aa92e.example");
	skeletons("apple.example", "xn--80ak6aa92e.example");
	assert_string_not_equal(name_skeleton(arena, "a@example.org"),
				name_skeleton(arena, "a@example.net"));
	assert_non_null(name_skeleton(arena, "a@xn--\x7f.example"));
}

static bool control(const char *text)
{
	return name_has_control(bytes_of(text));
}

static void control_and_bidi_are_seen(void **state)
{
	static const unsigned char nul[] = { 'a', 0, 'b' };

	(void)state;
	assert_false(control(""));
	assert_false(control("Alice \xc3\x84\xe5\xb1\xb1\xf0\x9f\x98\x80"));
	assert_true(control("a\tb"));
	assert_true(control("a\x1b[2J"));
	assert_true(control("a\x7f"));
	assert_true(control("\xc2\x80"));
	assert_true(control("\xc2\x9f"));
	assert_false(control("\xc2\xa0"));
	assert_true(control("\xd8\x9c"));		/* U+061C */
	assert_false(control("\xd8\x9b"));
	assert_false(control("\xe2\x80\x8d"));		/* U+200D */
	assert_true(control("\xe2\x80\x8e"));
	assert_true(control("\xe2\x80\x8f"));
	assert_false(control("\xe2\x80\x90"));
	assert_false(control("\xe2\x80\xa9"));
	assert_true(control("\xe2\x80\xaa"));
	assert_true(control("\xe2\x80\xae"));
	assert_false(control("\xe2\x80\xaf"));
	assert_false(control("\xe2\x81\xa5"));
	assert_true(control("\xe2\x81\xa6"));
	assert_true(control("\xe2\x81\xa9"));
	assert_false(control("\xe2\x81\xaa"));
	assert_false(control("\xe2\x80"));		/* cut short */
	assert_true(name_has_control((struct bytes){ nul, 3 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_read_alike),
		cmocka_unit_test(a_capital_i_passes_for_l),
		cmocka_unit_test(names_that_people_take_for_one),
		cmocka_unit_test(names_that_differ),
		cmocka_unit_test(nothing_visible_is_empty),
		cmocka_unit_test(what_is_no_name_is_null),
		cmocka_unit_test(both_ways_agree),
		cmocka_unit_test(addresses_that_look_alike),
		cmocka_unit_test(control_and_bidi_are_seen),
	};

	name_prepare();
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
