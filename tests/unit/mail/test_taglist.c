/* test_taglist.c - tag lists, RFC 6376 section 3.2 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/taglist.h"
#include "tests/unit/arena.h"

static int parse(const char *text, struct taglist *out)
{
	return taglist_parse(arena, bytes_of(text), out);
}

static void a_signature_is_read(void **state)
{
	struct taglist list;

	(void)state;
	assert_int_equal(parse("v=1; a=rsa-sha256;\r\n\th = from : to;\n b="
			       "dzdV\r\n\tyOfA\r\n KCdL;\r\n d= ;", &list), 0);
	assert_int_equal(list.count, 5);
	assert_true(bytes_is(taglist_find(&list, "a")->value, "rsa-sha256"));
	assert_true(bytes_is(taglist_find(&list, "h")->value, "from : to"));
	assert_true(bytes_is(taglist_find(&list, "d")->value, ""));
	assert_true(bytes_is(tag_packed(arena, taglist_find(&list, "b")->value),
			     "dzdVyOfAKCdL"));
	assert_non_null(tag_packed(arena, bytes_of("")).data);
	assert_null(taglist_find(&list, "A"));
	assert_null(taglist_find(&list, "bh"));
}

static void values_keep_what_is_theirs(void **state)
{
	struct taglist list;

	(void)state;
	assert_int_equal(parse("n=a=b==; N=\xc3\xa9; x_1=:", &list), 0);
	assert_int_equal(list.count, 3);
	assert_true(bytes_is(taglist_find(&list, "n")->value, "a=b=="));
	assert_true(bytes_is(taglist_find(&list, "N")->value, "\xc3\xa9"));
}

static void what_is_no_list(void **state)
{
	static const char *const wrong[] = {
		"", " ", ";", "v=1;;a=b", ";v=1", "v", "v=1; a", "=1", "1v=1",
		"_v=1", "v-w=1", "v=1; v=1", "v=1; x=y; v=2", "v v=1",
		"v=1; a=\x01", "v=a\x7f", "v=a\rb", "v=a\nb", "v=a\r\nb",
		"v\xc3\xa9=1", "v=1;; "
	};
	struct taglist list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (parse(wrong[i], &list) != ERR_SYNTAX)
			fail_msg("read as a list: \"%s\"", wrong[i]);
	assert_int_equal(taglist_parse(arena, (struct bytes){
		(const unsigned char *)"d=a\0b", 5 }, &list), ERR_SYNTAX);
}

static void as_many_as_the_limit(void **state)
{
	char text[16 * (TAGLIST_MAX + 1)];
	struct taglist list;
	size_t used = 0, i;

	(void)state;
	for (i = 0; i <= TAGLIST_MAX; i++) {
		if (i == TAGLIST_MAX)
			assert_int_equal(parse(text, &list), 0);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "t%zu=x;", i);
	}
	assert_int_equal(parse(text, &list), ERR_LIMIT);
}

static void no_memory_is_a_limit(void **state)
{
	struct arena *small = arena_new(64);
	struct taglist list;

	(void)state;
	assert_int_equal(taglist_parse(small, bytes_of("v=1"), &list),
			 ERR_LIMIT);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_is_read),
		cmocka_unit_test(values_keep_what_is_theirs),
		cmocka_unit_test(what_is_no_list),
		cmocka_unit_test(as_many_as_the_limit),
		cmocka_unit_test(no_memory_is_a_limit),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
