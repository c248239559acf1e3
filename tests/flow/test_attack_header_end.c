/* test_attack_header_end.c - where the header begins and ends
 *
 * Row 10 of the attack list: programs disagree on which line is the last of
 * the header, and show what follows it as the text.  The signature stays
 * good: only what it does not cover was changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/header_desk.h"

/* Lines at which some programs end the header; what they show as the text is
 * the attacker's. */
static const char *const header_ends[] = {
	"Dear Bo, pay to account 4711\n", "Dear Bo: pay to account 4711\n",
	"X-A : 1\n Dear Bo, pay to account 4711.\n", ": 1\n",
	"\r\nDear: pay\n", "--\n", "=?utf-8?q?x?=\n", "\xC3\xA9: 1\n",
	"Two Words: 1\n", "X-A: 1\r\rDear Bo, pay to account 4711\n",
	"X-A: 1\r\r\rDear Bo, pay\n", "X-A\r: 1\n", "<html>\n",
	"From: alice@example.org\n", "Subject\n", "X-A\n : 1\n",
	"From x@y.example\n\tDear Bo\n", ">From x@y.example\n Dear Bo\n",
};

/* So does what is a line of a mailbox file above all fields. */
static const char *const among_fields[] = {
	"From x@y.example  Mon Mar  2 10:00:00 2026\n", "From x@y.example\n",
	">From x@y.example  Mon Mar  2 10:00:00 2026\n", "From Bo: pay\n",
	"From \n", ">From Dear Bo, pay to account 4711\n",
};

/* Each of the lines at each place from `first` on is refused. */
static void refuse_each(struct desk *desk, const char *const *lines,
			size_t count, unsigned first)
{
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *line;
	unsigned place;
	enum end end;

	for (end = 0; end < END_COUNT; end++)
		for (i = 0; i < count; i++)
			for (place = first; place <= 9; place++) {
				line = desk_lines(desk, lines[i], ends[end]);
				answer = desk_check(desk, insert(desk,
					genuine(desk, end, gmail_like), place,
					line));
				refuse(&answer, line, &wrong);
			}
	assert_int_equal(wrong, 0);
}

static void the_header_has_one_end(void **state)
{
	refuse_each(*state, header_ends,
		    sizeof(header_ends) / sizeof(*header_ends), 0);
}

static void a_mailbox_line_among_fields_is_seen(void **state)
{
	refuse_each(*state, among_fields,
		    sizeof(among_fields) / sizeof(*among_fields), 1);
}

static void the_header_begins_at_once(void **state)
{
	static const char *const starts[] = {
		" \r\n", "\t\r\n", " x\r\n", " \r\nDear Bo\r\n",
		"From alice@example.org Mon Mar  2 10:00:00 2026\r\n \r\n",
		"From : alice\r\n", "From alice:\r\n \r\n", "From:\r\n",
		"From alice@example.org Mon\r\nFrom : x\r\n",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		answer = desk_check(desk, insert(desk, genuine(desk, END_CRLF,
						gmail_like), 0, starts[i]));
		refuse(&answer, starts[i], &wrong);
	}
	assert_int_equal(wrong, 0);
}

static void an_empty_line_in_front_is_no_header(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer = desk_check(desk, insert(desk,
			genuine(desk, END_CRLF, gmail_like), 0, "\r\n"));

	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.code, "could-not-read");
	assert_string_equal(answer.shown_from, "");
}

static void nul_cuts_lines(void **state)
{
	static const char *const marks[] = { "X-A: 1@\r\n", "X-A@: 1\r\n",
					     "@X-A: 1\r\n", "X-A: @\r\n" };
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *whole;
	struct bytes text;
	unsigned place;
	char *copy;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		for (place = 0; place <= 9; place++) {
			whole = insert(desk, genuine(desk, END_CRLF,
					gmail_like), place, marks[i]);
			text = bytes_of(whole);
			copy = strdup(whole);
			assert_non_null(copy);
			strstr(copy, marks[i])[strcspn(marks[i], "@")] = 0;
			text.data = (unsigned char *)copy;
			answer = desk_check_bytes(desk, text);
			refuse(&answer, marks[i], &wrong);
			free(copy);
		}
	assert_int_equal(wrong, 0);
}

static void mailbox_lines_on_top_are_no_alarm(void **state)
{
	static const char *const lines[] = {
		"From alice@example.org  Mon Mar  2 10:00:00 2026\n",
		">From alice@example.org  Mon Mar  2 10:00:00 2026\n",
		"From bo@example.net  Mon Mar  2 10:00:00 2026\n"
		">From alice@example.org  Mon Mar  2 10:00:00 2026\n",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		answer = desk_check(desk, insert(desk, genuine(desk, END_LF,
					gmail_like), 0, lines[i]));
		if (strcmp(answer.verdict, "genuine") != 0)
			fail_msg("%s: %s, %s", lines[i], answer.verdict,
				 answer.code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(the_header_has_one_end),
		DESK_TEST(a_mailbox_line_among_fields_is_seen),
		DESK_TEST(the_header_begins_at_once),
		DESK_TEST(an_empty_line_in_front_is_no_header),
		DESK_TEST(nul_cuts_lines),
		DESK_TEST(mailbox_lines_on_top_are_no_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
