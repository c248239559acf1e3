/* test_value.c - dictionaries there and back, and what is no value */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"

#define CAP (1024 * 1024)

static void all_kinds_come_back(void **state)
{
	struct arena *arena = arena_new(CAP);
	struct value *dict = value_dict(arena), *back, *list;
	struct buf wire;

	(void)state;
	buf_init(&wire, 65536);
	value_put_text(arena, dict, "text", "gr\xC3\xBC\xC3\x9F");
	value_put_text(arena, dict, "absent", NULL);
	value_put_number(arena, dict, "least", INT64_MIN);
	value_put_truth(arena, dict, "yes", true);
	list = value_put_list(arena, dict, "list");
	value_put_text(arena, list, NULL, "one");
	value_put_number(arena, value_put_dict(arena, list, NULL), "two", 2);
	assert_int_equal(value_encode(dict, &wire), 0);
	assert_int_equal(value_decode(arena, buf_bytes(&wire), &back), 0);
	assert_int_equal(back->count, 4);
	assert_string_equal(value_text(back, "text"), "gr\xC3\xBC\xC3\x9F");
	assert_null(value_text(back, "absent"));
	assert_null(value_text(back, "yes"));	/* another kind */
	assert_true(value_find(back, "least", VALUE_NUMBER)->number ==
		    INT64_MIN);
	assert_true(value_find(back, "yes", VALUE_TRUTH)->truth);
	assert_string_equal(value_find(back, "list", VALUE_LIST)->first->text,
			    "one");
	buf_free(&wire);
	arena_free(arena);
}

static void texts_are_made_harmless(void **state)
{
	struct arena *arena = arena_new(CAP);
	struct value *dict = value_dict(arena);
	static char huge[VALUE_TEXT_MAX + 100];

	(void)state;
	value_put_text(arena, dict, "bad", "a\xFFz");
	assert_string_equal(value_text(dict, "bad"), "a\xEF\xBF\xBDz");
	memset(huge, 'x', sizeof(huge) - 1);
	value_put_text(arena, dict, "long", huge);
	assert_true(strlen(value_text(dict, "long")) <= VALUE_TEXT_MAX);
	arena_free(arena);
}

static void one_check_at_the_end_is_enough(void **state)
{
	struct arena *arena = arena_new(300);
	struct value *dict = value_dict(arena), *inner = dict;
	struct buf wire;
	int i;

	(void)state;
	buf_init(&wire, 65536);
	assert_int_equal(value_encode(NULL, &wire), ERR_LIMIT);
	for (i = 0; i < 50; i++)
		value_put_number(arena, dict, "n", i);	/* the arena fills */
	assert_null(value_put_dict(arena, dict, "d"));
	value_put_text(arena, NULL, "x", "y");		/* no parent: no harm */
	arena_free(arena);
	arena = arena_new(CAP);
	dict = inner = value_dict(arena);
	for (i = 0; i < VALUE_DEPTH_MAX + 1; i++)
		inner = value_put_dict(arena, inner, "d");
	assert_int_equal(value_encode(dict, &wire), ERR_LIMIT);
	buf_free(&wire);
	arena_free(arena);
}

/* Every shorter form of a good one, and every single byte changed, is either
 * refused or another good one; sanitizers watch. */
static void damaged_ones_are_refused(void **state)
{
	static const unsigned char good[] = {
		'd', 0, 0, 0, 2, 0, 0, 0, 1, 'a', 't', 0, 0, 0, 1, 'x',
		0, 0, 0, 1, 'b', 'l', 0, 0, 0, 1, 'b', 1
	};
	unsigned char bad[sizeof(good)];
	struct bytes bytes = { bad, sizeof(bad) };
	struct arena *arena;
	struct value *back;
	size_t i;
	int c;

	(void)state;
	for (i = 0; i <= sizeof(good); i++) {
		arena = arena_new(CAP);
		bytes.data = good;
		bytes.len = i;
		if (i == sizeof(good))
			assert_int_equal(value_decode(arena, bytes, &back), 0);
		else
			assert_true(value_decode(arena, bytes, &back) < 0);
		arena_free(arena);
	}
	bytes.data = bad;
	for (i = 0; i < sizeof(good); i++)
		for (c = 0; c < 256; c += 5) {
			memcpy(bad, good, sizeof(good));
			bad[i] = (unsigned char)c;
			arena = arena_new(CAP);
			(void)value_decode(arena, bytes, &back);
			arena_free(arena);
		}
	memcpy(bad, good, sizeof(good));
	bad[15] = 0xFF;			/* a text that is no UTF-8 */
	arena = arena_new(CAP);
	assert_int_equal(value_decode(arena, bytes, &back), ERR_PROTOCOL);
	bad[15] = 0;
	assert_int_equal(value_decode(arena, bytes, &back), ERR_PROTOCOL);
	arena_free(arena);
}

static void utf8_is_strict(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(bytes_of("\xF4\x8F\xBF\xBD")));
	assert_false(utf8_is_valid(bytes_of("\xC0\x80")));	/* overlong */
	assert_false(utf8_is_valid(bytes_of("\xE0\x9F\xBF")));
	assert_false(utf8_is_valid(bytes_of("\xED\xA0\x80")));	/* half */
	assert_false(utf8_is_valid(bytes_of("\xF4\x90\x80\x80")));
	assert_false(utf8_is_valid(bytes_of("\xE2\x82")));
	assert_int_equal(utf8_step(bytes_of("\xE2\x82\xACx")), 3);
	assert_int_equal(utf8_step(bytes_of("\x80")), 0);
	assert_int_equal(utf8_step(bytes_of("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_come_back),
		cmocka_unit_test(texts_are_made_harmless),
		cmocka_unit_test(one_check_at_the_end_is_enough),
		cmocka_unit_test(damaged_ones_are_refused),
		cmocka_unit_test(utf8_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
