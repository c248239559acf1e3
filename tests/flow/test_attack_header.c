/* test_attack_header.c - a genuine message sent again with more in its header
 *
 * Rows 26 and 27 of the attack list.  The signature stays good: only what it
 * does not cover was changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/header_desk.h"

#define LONG_LINE	8191	/* what some programs take of a line */

static void untouched_it_is_genuine(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	enum end end;

	for (end = 0; end < END_COUNT; end++) {
		answer = desk_check(desk, genuine(desk, end, all_signed));
		assert_string_equal(answer.verdict, "genuine");
		answer = desk_check(desk, genuine(desk, end, gmail_like));
		assert_string_equal(answer.verdict, "genuine");
		assert_string_equal(answer.display, "name");
	}
}

static const char *const shown[] = {
	"From", "Subject", "Date", "To", "Cc", "Reply-To", "Content-Type"
};

/* How one more field can be written; $ is its name. */
static const char *const dresses[] = {
	"$: fake@evil.example\n", "$ : fake@evil.example\n",
	"$\t: fake@evil.example\n", "\xEF\xBB\xBF$: fake@evil.example\n",
	"\x01$: fake@evil.example\n", "X-A: 1\r$: fake@evil.example\n",
	"X-A: 1\r\r$: fake@evil.example\n", "X-A: 1\x0b$: f@evil.example\n",
	"X-A: 1\x0c$: f@evil.example\n", "X-A: 1\xc2\x85$: f@e.example\n",
	"X-A: 1\xe2\x80\xa8$: fake@evil.example\n",
};

static const char *dressed(struct desk *desk, const char *dress,
			   const char *name, enum end end)
{
	size_t before = strcspn(dress, "$");

	return desk_lines(desk, desk_print(desk, "%.*s%s%s", (int)before, dress,
					   name, dress + before + 1),
			  ends[end]);
}

/* 27: count(field) > count in h= */
static void a_field_put_on_top_is_seen(void **state)
{
	struct desk *desk = *state;
	size_t field, dress, wrong = 0;
	struct desk_answer answer;
	const char *line, *message;
	enum end end;

	for (end = 0; end < END_COUNT; end++)
		for (field = 0; field < sizeof(shown) / sizeof(*shown); field++)
			for (dress = 0; dress < sizeof(dresses) /
						sizeof(*dresses); dress++) {
				line = dressed(desk, dresses[dress],
					       shown[field], end);
				message = genuine(desk, end, all_signed);
				answer = desk_check(desk, insert(desk, message,
							0, line));
				refuse(&answer, line, &wrong);
				/* between the signature and From */
				answer = desk_check(desk, insert(desk, message,
							1, line));
				refuse(&answer, line, &wrong);
				/* at the bottom, where DKIM looks first */
				answer = desk_check(desk, insert(desk, message,
							9, line));
				refuse(&answer, line, &wrong);
			}
	assert_int_equal(wrong, 0);
}

static void a_field_in_front_of_all_is_seen(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *line;

	for (i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		line = desk_print(desk, " %s: fake@evil.example\r\n", shown[i]);
		answer = desk_check(desk, insert(desk, genuine(desk, END_CRLF,
						all_signed), 0, line));
		refuse(&answer, line, &wrong);
		line = desk_print(desk, "%s\r\n : fake@evil.example\r\n",
				  shown[i]);
		answer = desk_check(desk, insert(desk, genuine(desk, END_CRLF,
						all_signed), 0, line));
		refuse(&answer, line, &wrong);
	}
	assert_int_equal(wrong, 0);
}

static void a_field_in_a_long_line_is_seen(void **state)
{
	static const char *const names[] = { "From", "Subject", "Reply-To",
					     "Content-Type" };
	static char filler[LONG_LINE + 1];
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *line;

	memset(filler, 'a', LONG_LINE);
	memcpy(filler, "X-A: ", 5);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		line = desk_print(desk, "%s%s: fake@evil.example\r\n", filler,
				  names[i]);
		answer = desk_check(desk, insert(desk, genuine(desk, END_CRLF,
						all_signed), 0, line));
		refuse(&answer, names[i], &wrong);
	}
	assert_int_equal(wrong, 0);
}

/* 26: what a server adds is no attack. */
static void what_servers_add_is_no_alarm(void **state)
{
	static const char *const added[] = {
		"Received: from a by b; " DESK_DATE "\n",
		"Return-Path: <alice@example.org>\n", "X-Spam-Status: No\n",
		"Authentication-Results: x.example; dkim=pass\n",
		"List-Id: <list.example.org>\n", "Status: RO\n", "X-Empty:\n",
		"X-Folded: a\n \tb\n", "X-Blank: a\n \n",
		"Resent-From: bo@example.net\n", "Sender: x@evil.example\n",
		"Bcc: me@user.example\n", "Resent-To: me@user.example\n",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	unsigned place;
	size_t i;

	for (i = 0; i < sizeof(added) / sizeof(*added); i++)
		for (place = 0; place <= 1; place++) {
			answer = desk_check(desk, insert(desk, genuine(desk,
				END_LF, gmail_like), place, added[i]));
			if (strcmp(answer.verdict, "genuine") != 0)
				fail_msg("%s: %s, %s", added[i],
					 answer.verdict, answer.code);
		}
}

/* 26: Subject and Date that nobody signed */
static void unsigned_fields_hide_the_name(void **state)
{
	static const char *const fields[] = {
		"from", "from:to:date", "from:to:subject", "from:to",
		"from:subject:date:subject:date:from",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		answer = desk_check(desk, genuine(desk, END_CRLF, fields[i]));
		if (i + 1 == sizeof(fields) / sizeof(*fields)) {
			assert_string_equal(answer.verdict, "genuine");
			continue;
		}
		assert_string_equal(answer.verdict, "authenticated");
		assert_string_equal(answer.integrity, "partly");
		assert_true(desk_hides_name(&answer));
		assert_true(desk_has_reason(&answer, "partly-signed"));
	}
}

/* 30, 31: sent on, word for word, to whom it was not meant for: true to its
 * signature, and the reader is told. */
static void a_replay_is_told(void **state)
{
	static const char *const own[] = { "me@user.example" };
	static const char *const other[] = { "you@user.example" };
	struct desk *desk = *state;
	const char *message = genuine(desk, END_CRLF, all_signed);
	struct desk_answer answer;

	desk->world.own.names = own;
	desk->world.own.count = 1;
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
	assert_false(desk_has_reason(&answer, "not-addressed"));
	desk->world.own.names = other;
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
	assert_true(desk_has_reason(&answer, "not-addressed"));
	/* a Cc of one's own put on top does not help the attacker */
	answer = desk_check(desk, insert(desk, message, 0,
					 "Cc: you@user.example\r\n"));
	assert_string_equal(answer.verdict, "suspicious");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(untouched_it_is_genuine),
		DESK_TEST(a_field_put_on_top_is_seen),
		DESK_TEST(a_field_in_front_of_all_is_seen),
		DESK_TEST(a_field_in_a_long_line_is_seen),
		DESK_TEST(what_servers_add_is_no_alarm),
		DESK_TEST(unsigned_fields_hide_the_name),
		DESK_TEST(a_replay_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
