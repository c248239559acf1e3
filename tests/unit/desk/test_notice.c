/* test_notice.c - a flood is one popup, and texts stay texts */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/base/value.h"
#include "agent/desk/notice.h"

static struct notice_board *board;
static struct notice_popup popup;

static int setup(void **state)
{
	(void)state;
	board = notice_board_new();
	return board == NULL;
}

static int teardown(void **state)
{
	(void)state;
	notice_board_free(board);
	return 0;
}

static void add(const char *who)
{
	const struct notice notice = { NOTICE_SPOOFED, "id-1", who, "Account",
				       "Nothing proves it." };

	notice_board_add(board, &notice);
}

static bool take(int64_t now)
{
	return notice_board_take(board, NOTICE_SPOOFED, now, &popup);
}

static void one_is_named_and_explained(void **state)
{
	(void)state;
	assert_false(take(1000));
	assert_int_equal(notice_board_next(board, 1000), -1);
	add("service@bank.example");
	assert_int_equal(notice_board_next(board, 1000), 1000);
	assert_true(take(1000));
	assert_string_equal(popup.summary,
			    "Spoofed mail: service@bank.example");
	assert_string_equal(popup.body, "Nothing proves it.\nSubject: Account");
	assert_string_equal(popup.id, "id-1");
	assert_true(popup.can_explain && popup.urgent);
	assert_false(popup.can_trust);	/* a forged one is no one to trust */
	assert_false(take(100000));
}

static void a_flood_is_one_popup(void **state)
{
	unsigned shown = 0;
	int64_t now = 0;
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		now += 100;		/* 100 in ten seconds */
		add(i % 2 == 0 ? "a@x.example" : "b@x.example");
		shown += take(now);
	}
	assert_true(shown <= 3);
	now = notice_board_next(board, now);
	assert_true(take(now));
	assert_int_equal(popup.count, 100);
	assert_string_equal(popup.summary, "100 spoofed messages");
	assert_non_null(strstr(popup.body, "b@x.example, a@x.example"));
	assert_string_equal(popup.id, "");
	assert_int_equal(notice_board_next(board, now), -1);
}

static void closing_starts_anew_at_the_old_pace(void **state)
{
	(void)state;
	add("a@x.example");
	assert_true(take(1000));
	notice_board_closed(board, NOTICE_SPOOFED);
	add("b@x.example");
	assert_false(take(1000 + NOTICE_PACE_MS - 1));
	assert_true(take(1000 + NOTICE_PACE_MS));
	assert_int_equal(popup.count, 1);
	add("c@x.example");
	notice_board_closed(board, NOTICE_SPOOFED);	/* not shown yet */
	assert_true(take(1000 + 2 * NOTICE_PACE_MS));
	assert_int_equal(popup.count, 2);
}

static void what_was_not_shown_comes_again(void **state)
{
	(void)state;
	add("a@x.example");
	assert_true(take(1000));
	notice_board_back(board, NOTICE_SPOOFED);
	assert_true(take(1000 + NOTICE_PACE_MS));
	assert_int_equal(popup.count, 1);
}

/* Every text is cut between characters, and stands on its line. */
static void hostile_texts_are_harmless(void **state)
{
	static char huge[5000];
	struct notice notice = { NOTICE_SUSPICIOUS, huge, huge, huge, huge };
	size_t i;

	(void)state;
	for (i = 0; i + 4 < sizeof(huge); i += 4)
		memcpy(huge + i, "\xE2\x82\xAC\n", 4);
	notice_board_add(board, &notice);
	assert_true(notice_board_take(board, NOTICE_SUSPICIOUS, 1, &popup));
	assert_true(utf8_is_valid(bytes_of(popup.summary)));
	assert_true(utf8_is_valid(bytes_of(popup.body)));
	assert_null(strchr(popup.summary, '\n'));
	assert_true(popup.can_trust);
	notice.who = notice.subject = notice.sentence = "\x1b[31m\xFF\x07";
	notice_board_add(board, &notice);
	assert_true(notice_board_take(board, NOTICE_SUSPICIOUS,
				      1 + NOTICE_PACE_MS, &popup));
	assert_null(strchr(popup.body, 27));
	assert_null(strchr(popup.body, 7));
	assert_true(utf8_is_valid(bytes_of(popup.body)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_named_and_explained,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood_is_one_popup, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			closing_starts_anew_at_the_old_pace, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_not_shown_comes_again,
						setup, teardown),
		cmocka_unit_test_setup_teardown(hostile_texts_are_harmless,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
