/* test_name_shown.c - names that act on nothing */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/mail/name.h"
#include "tests/unit/arena.h"

static void shows(const char *name, const char *shown)
{
	assert_string_equal(name_shown(arena, name), shown);
}

static void plain_names_stay(void **state)
{
	(void)state;
	shows("Alice Harper", "Alice Harper");
	shows("J\xc3\xb6rg \xe5\xb1\xb1\xe7\x94\xb0", "J\xc3\xb6rg "
	      "\xe5\xb1\xb1\xe7\x94\xb0");
	shows("e\xcc\x81", "e\xcc\x81");
	shows("I \xe2\x9d\xa4\xef\xb8\x8f U", "I \xe2\x9d\xa4\xef\xb8\x8f U");
	shows("", "");
	shows(NULL, "");
}

static void white_space_is_one_blank(void **state)
{
	(void)state;
	shows("  a \t\r\n b\xc2\xa0\xe3\x80\x80\xe2\x80\xa8""c ", "a b c");
	shows(" \t ", "");
}

static void what_acts_is_seen(void **state)
{
	(void)state;
	shows("a\x1b[2Jb", "a\xef\xbf\xbd[2Jb");
	shows("a\x07\x7f", "a\xef\xbf\xbd\xef\xbf\xbd");
	shows("a\xc2\x9b""b", "a\xef\xbf\xbd""b");
	shows("a\xe2\x80\xae""b", "a[U+202E]b");
	shows("a\xe2\x80\x8c\xe2\x80\x8d""b", "a[U+200C][U+200D]b");
	shows("a\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", "a[U+200B][U+FEFF][U+00AD]");
	shows("a\xe3\x85\xa4", "a[U+3164]");
	shows("a\xef\xb8\x8f", "a[U+FE0F]");
	shows("\xf3\xa0\x81\x81", "[U+E0041]");
	shows("\xee\x80\x80", "\xef\xbf\xbd");		/* private use */
	shows("a\xff\xc3(", "a\xef\xbf\xbd\xef\xbf\xbd(");
	shows("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	shows("\xcc\x81""a", "\xef\xbf\xbd""a");
	shows("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "a\xcc\x81\xcc\x81");
}

static void markup_is_none(void **state)
{
	(void)state;
	shows("<b>Tom & Co</b>", "\xe2\x80\xb9""b\xe2\x80\xbaTom "
	      "\xef\xbc\x86 Co\xe2\x80\xb9/b\xe2\x80\xba");
}

/* `count` times `piece`. */
static const char *many(const char *piece, size_t count)
{
	size_t len = strlen(piece), i;
	char *out = arena_alloc(arena, len * count + 1);

	assert_non_null(out);
	for (i = 0; i < count; i++)
		memcpy(out + i * len, piece, len);
	return out;
}

static void long_names_are_cut(void **state)
{
	const char *wide = "\xe5\xb1\xb1", *dots = "\xe2\x80\xa6";

	(void)state;
	shows(many("a", NAME_SHOWN_MAX), many("a", NAME_SHOWN_MAX));
	shows(many("a", NAME_SHOWN_MAX + 1),
	      arena_print(arena, "%s%s", many("a", NAME_SHOWN_MAX), dots));
	shows(many(wide, 61), arena_print(arena, "%s%s", many(wide, 60),
					  dots));
	shows(many("\xe2\x80\x8d", 2000),
	      arena_print(arena, "%s%s", many("[U+200D]", 15), dots));
}

static void from_is_put_together(void **state)
{
	(void)state;
	assert_string_equal(name_shown_from(arena, "Alice", "a@b.example"),
			    "Alice <a@b.example>");
	assert_string_equal(name_shown_from(arena, NULL, "a@b.example"),
			    "a@b.example");
	assert_string_equal(name_shown_from(arena, " \t", "a@b.example"),
			    "a@b.example");
	assert_string_equal(name_shown_from(arena, "Harper, \"A\\\"",
					    "a@b.example"),
			    "\"Harper, \\\"A\\\\\\\"\" <a@b.example>");
	assert_string_equal(name_shown_from(arena, "x <ceo@legit.example>",
					    "a@b.example"),
			    "\"x \xe2\x80\xb9""ceo@legit.example\xe2\x80\xba\""
			    " <a@b.example>");
	assert_string_equal(name_shown_from(arena, "Alice", NULL), "");
	assert_string_equal(name_shown_from(arena, NULL, "a\x1b@b.example"),
			    "a\xef\xbf\xbd@b.example");
}

/* Who cuts an address shows another one. */
static void an_address_is_not_cut(void **state)
{
	const char *address = arena_print(arena, "%s@%s.evil.example",
					  many("a", 64), many("legit.", 30));

	(void)state;
	assert_string_equal(name_shown_from(arena, NULL, address), address);
}

static void a_full_arena_shows_nothing(void **state)
{
	struct arena *small = arena_new(1);

	(void)state;
	assert_null(name_shown(small, "Alice"));
	assert_null(name_shown_from(small, "Alice", "a@b.example"));
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names_stay),
		cmocka_unit_test(white_space_is_one_blank),
		cmocka_unit_test(what_acts_is_seen),
		cmocka_unit_test(markup_is_none),
		cmocka_unit_test(long_names_are_cut),
		cmocka_unit_test(from_is_put_together),
		cmocka_unit_test(an_address_is_not_cut),
		cmocka_unit_test(a_full_arena_shows_nothing),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
