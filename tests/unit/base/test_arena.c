/* test_arena.c - the cap, alignment, and products that do not fit */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/bytes.h"

#define CAP 10000

static void memory_is_zeroed_and_aligned(void **state)
{
	struct arena *arena = arena_new(CAP);
	unsigned char *one;
	size_t size, i;

	(void)state;
	for (size = 1; size < 60; size++) {
		one = arena_alloc(arena, size);
		assert_non_null(one);
		assert_int_equal((uintptr_t)one % _Alignof(max_align_t), 0);
		for (i = 0; i < size; i++)
			assert_int_equal(one[i], 0);
		memset(one, 0xFF, size);
	}
	arena_free(arena);
}

static void the_cap_holds(void **state)
{
	struct arena *arena = arena_new(CAP);
	size_t count = 0;

	(void)state;
	assert_null(arena_alloc(arena, CAP + 1));
	while (arena_alloc(arena, 100) != NULL)
		count++;
	assert_true(count > 50 && count <= CAP / 100);
	assert_true(arena_used(arena) <= CAP);
	assert_null(arena_alloc(arena, SIZE_MAX));
	arena_free(arena);
	arena_free(NULL);
}

static void a_product_that_wraps_is_refused(void **state)
{
	struct arena *arena = arena_new(CAP);

	(void)state;
	assert_null(arena_array(arena, SIZE_MAX / 2, 4));
	assert_null(arena_array(arena, 4, SIZE_MAX / 2));
	assert_non_null(arena_array(arena, 3, 7));
	arena_free(arena);
}

static void texts_hold_no_nul(void **state)
{
	static const unsigned char with_nul[] = { 'a', 0, 'b' };
	struct bytes bytes = { with_nul, sizeof(with_nul) };
	struct arena *arena = arena_new(CAP);
	struct bytes copy;

	(void)state;
	assert_null(arena_text(arena, bytes));
	copy = arena_bytes(arena, bytes);
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.data, with_nul, 3);
	assert_true(copy.data != with_nul);
	assert_string_equal(arena_text(arena, bytes_of("text")), "text");
	assert_string_equal(arena_text(arena, bytes_of("")), "");
	assert_string_equal(arena_print(arena, "%s-%d", "a", 7), "a-7");
	arena_free(arena);
}

static void a_long_print_meets_the_cap(void **state)
{
	struct arena *arena = arena_new(CAP);

	(void)state;
	assert_null(arena_print(arena, "%*d", CAP * 2, 1));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(the_cap_holds),
		cmocka_unit_test(a_product_that_wraps_is_refused),
		cmocka_unit_test(texts_hold_no_nul),
		cmocka_unit_test(a_long_print_meets_the_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
