/* test_dkim_base64.c - what is base64, to the last bit */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/dkim_base64.h"
#include "agent/base/arena.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(64 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void base64_is_strict(void **state)
{
	static const char *const bad[] = {
		"", "A", "AA", "AAA", "AAAAA", "A===", "====", "AA=A", "AB==",
		"AAB=", "AA==AAAA", "AA-_", "AAAA=", "AAAA====", "AA\x80=", "=",
		"A A", "AAA\x00" "A",
	};
	static const struct {
		const char *text, *out;
	} good[] = {
		{ "YQ==", "a" }, { "YWI=", "ab" }, { "YWJj", "abc" },
		{ "Y W\r\n\tJ j", "abc" }, { " Y Q = = ", "a" },
		{ "Pj8+Pz4/", ">?>?>?" },
	};
	struct bytes out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(dkim_base64(arena, bytes_of(bad[i])).data);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		out = dkim_base64(arena, bytes_of(good[i].text));
		assert_true(bytes_is(out, good[i].out));
	}
}

static void an_arena_has_an_end(void **state)
{
	struct arena *small = arena_new(8);

	(void)state;
	assert_non_null(small);
	assert_null(dkim_base64(small, bytes_of("YWJjYWJjYWJjYWJj")).data);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(an_arena_has_an_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
