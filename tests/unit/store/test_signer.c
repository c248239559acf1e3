/* test_signer.c - by which OpenPGP keys an author signed before */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "agent/base/err.h"
#include "agent/store/signer.h"
#include "tests/unit/store/store_desk.h"

#define PRINT	"0123456789ABCDEF0123456789ABCDEF01234567"

static int put(unsigned nth, int64_t when)
{
	char print[SIGNER_PRINT_MIN + 1];

	(void)snprintf(print, sizeof(print), "%040X", nth);
	return signer_put(store, "Alice@example.org", print, when);
}

static int find(struct signer_kept *out, size_t room)
{
	return signer_find(store, "alice@EXAMPLE.org", arena, out, room);
}

static void the_first_stands_in_front(void **test)
{
	struct signer_kept out[4];

	(void)test;
	assert_int_equal(find(out, 4), 0);
	assert_int_equal(put(9, 5), 0);
	assert_int_equal(put(1, 6), 0);
	assert_int_equal(put(9, 7), 0);
	assert_int_equal(find(out, 4), 2);
	assert_string_equal(out[0].fingerprint + 38, "09");
	assert_int_equal(out[0].first_seen, 5);
	assert_int_equal(out[0].last_seen, 7);
	assert_int_equal(find(out, 1), 1);
	assert_int_equal(signer_find(store, "bob@example.org", arena, out, 4),
			 0);
}

static void letters_have_no_case(void **test)
{
	struct signer_kept out[4];

	(void)test;
	assert_int_equal(signer_put(store, "alice@example.org", PRINT, 1), 0);
	assert_int_equal(signer_put(store, "alice@example.org",
				    "0123456789abcdef0123456789abcdef01234567",
				    2), 0);
	assert_int_equal(find(out, 4), 1);
	assert_string_equal(out[0].fingerprint, PRINT);
}

static void only_fingerprints(void **test)
{
	static const char *const none[] = {
		NULL, "", "0123456789ABCDEF", PRINT "0123456789ABCDEF012345678",
		"0123456789ABCDEF0123456789ABCDEF0123456x"
	};
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(signer_put(store, "alice@example.org",
					    none[i], 1), ERR_SYNTAX);
	assert_int_equal(signer_put(store, "", PRINT, 1), ERR_SYNTAX);
}

/* A flood of others pushes neither the first nor the newest out. */
static void so_many_are_kept(void **test)
{
	struct signer_kept out[SIGNER_PER_ADDRESS + 4];
	unsigned i;
	int count;

	(void)test;
	for (i = 1; i <= 100; i++)
		assert_int_equal(put(i, i), 0);
	count = find(out, SIGNER_PER_ADDRESS + 4);
	assert_int_equal(count, SIGNER_PER_ADDRESS + 1);
	assert_int_equal(out[0].first_seen, 1);
	assert_int_equal(out[count - 1].first_seen, 100);
}

static void forgotten_with_the_address(void **test)
{
	struct signer_kept out[1];

	(void)test;
	assert_int_equal(put(1, 1), 0);
	assert_int_equal(store_forget_address(store, "alice@example.org"), 1);
	assert_int_equal(find(out, 1), 0);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(the_first_stands_in_front),
		DESK_TEST(letters_have_no_case),
		DESK_TEST(only_fingerprints),
		DESK_TEST(so_many_are_kept),
		DESK_TEST(forgotten_with_the_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
