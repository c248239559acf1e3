/* test_archive.c - keys that stood in DNS */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/store/archive.h"
#include "tests/unit/store/store_desk.h"

static struct archived_key key(const char *text, int64_t seen)
{
	struct archived_key out = { "example.org", "s1", text, true, seen,
				    seen };

	return out;
}

static int put(const char *text, int64_t seen)
{
	struct archived_key one = key(text, seen);

	return archive_put(store, &one);
}

static int find(struct archived_key *out, size_t room)
{
	return archive_find(store, "example.org", "s1", arena, out, room);
}

static void the_last_seen_is_first(void **test)
{
	struct archived_key out[ARCHIVE_PER_SELECTOR];

	(void)test;
	assert_int_equal(find(out, ARCHIVE_PER_SELECTOR), 0);
	assert_int_equal(put("p=old", 1000), 0);
	assert_int_equal(put("p=new", 2000), 0);
	assert_int_equal(put("p=old", 1500), 0);
	/* So soon again, it is not written. */
	assert_int_equal(put("p=old", 1501), 0);
	assert_int_equal(find(out, ARCHIVE_PER_SELECTOR), 2);
	assert_string_equal(out[0].text, "p=new");
	assert_string_equal(out[1].text, "p=old");
	assert_int_equal(out[1].first_seen, 1000);
	assert_int_equal(out[1].last_seen, 1500);
	assert_true(out[1].secure);
	assert_int_equal(find(out, 1), 1);
	assert_int_equal(archive_find(store, "example.org", "s2", arena, out,
				      1), 0);
	assert_int_equal(archive_find(store, "example.net", "s1", arena, out,
				      1), 0);
}

static void a_clock_that_goes_back(void **test)
{
	struct archived_key out;

	(void)test;
	assert_int_equal(put("p=", 20), 0);
	assert_int_equal(put("p=", 10), 0);
	assert_int_equal(find(&out, 1), 1);
	assert_int_equal(out.first_seen, 10);
	assert_int_equal(out.last_seen, 20);
}

static void the_state_is_the_last_one(void **test)
{
	struct archived_key one = key("p=", 10), out;

	(void)test;
	assert_int_equal(archive_put(store, &one), 0);
	one.secure = false;
	one.last_seen = 20;
	assert_int_equal(archive_put(store, &one), 0);
	assert_int_equal(find(&out, 1), 1);
	assert_false(out.secure);
}

static void few_are_kept(void **test)
{
	struct archived_key out[ARCHIVE_PER_SELECTOR + 4];
	char text[32];
	int i;

	(void)test;
	for (i = 0; i < 100; i++) {
		(void)snprintf(text, sizeof(text), "p=%d", i);
		assert_int_equal(put(text, i), 0);
	}
	assert_int_equal(find(out, ARCHIVE_PER_SELECTOR + 4),
			 ARCHIVE_PER_SELECTOR);
	assert_string_equal(out[0].text, "p=99");
	store_turn(store);
	assert_int_equal(find(out, ARCHIVE_PER_SELECTOR),
			 ARCHIVE_PER_SELECTOR);
}

static void what_cannot_be_is_refused(void **test)
{
	struct archived_key one = key("p=", 1), out;
	char *long_text = calloc(1, ARCHIVE_TEXT_MAX + 2);

	(void)test;
	memset(long_text, 'a', ARCHIVE_TEXT_MAX + 1);
	assert_int_equal(put(long_text, 1), ERR_SYNTAX);
	assert_int_equal(put("\xC3", 1), ERR_SYNTAX);
	one.domain = NULL;
	assert_int_equal(archive_put(store, &one), ERR_SYNTAX);
	long_text[ARCHIVE_TEXT_MAX] = 0;
	assert_int_equal(put(long_text, 1), 0);
	assert_int_equal(find(&out, 1), 1);
	assert_string_equal(out.text, long_text);
	free(long_text);
}

static void what_is_old_goes(void **test)
{
	struct archived_key out;

	(void)test;
	assert_int_equal(put("p=", 10), 0);
	assert_int_equal(store_expire(store, 10, 0), 0);
	assert_int_equal(store_expire(store, 11, 0), 1);
	assert_int_equal(find(&out, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(the_last_seen_is_first),
		DESK_TEST(a_clock_that_goes_back),
		DESK_TEST(the_state_is_the_last_one),
		DESK_TEST(few_are_kept),
		DESK_TEST(what_cannot_be_is_refused),
		DESK_TEST(what_is_old_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
