/* test_attack_header.c - a genuine message sent again with more in its header
 *
 * Rows 26 and 27 of the attack list, and what makes programs disagree on
 * where the header ends.  The signature stays good: only what it does not
 * cover was changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define LONG_LINE	8191	/* what some programs take of a line */

enum end { END_CRLF, END_LF, END_COUNT };
static const char *const ends[] = { "\r\n", "\n" };

/* Signed by example.org: the fields that `fields` names. */
static const char *genuine(struct desk *desk, enum end end, const char *fields)
{
	struct dkim_sign_options options;
	const char *e = ends[end];

	memset(&options, 0, sizeof(options));
	options.domain = "example.org";
	options.fields = fields;
	return desk_sign_as(desk, &options, desk_print(desk,
		"From: Alice Harper <alice@example.org>%sTo: bo@example.net%s"
		"Cc: me@user.example%sReply-To: alice@example.org%s"
		"Subject: Lunch%sDate: " DESK_DATE "%sMIME-Version: 1.0%s"
		"Content-Type: text/plain%s%sShall we?%s", e, e, e, e, e, e, e,
		e, e, e));
}

static const char all_signed[] =
	"from:to:cc:reply-to:subject:date:content-type:mime-version";
static const char gmail_like[] = "from:to:cc:subject:date:reply-to";

/* `line` in front of the nth line of the header that begins a field. */
static const char *insert(struct desk *desk, const char *message, unsigned nth,
			  const char *line)
{
	const char *at = message;

	for (; nth > 0; nth--)
		do {
			at = strchr(at, '\n') + 1;
		} while (*at == ' ' || *at == '\t');
	return desk_print(desk, "%.*s%s%s", (int)(at - message), message, line,
			  at);
}

static void refuse(const struct desk_answer *answer, const char *what,
		   size_t *wrong)
{
	bool alarmed = strcmp(answer->verdict, "suspicious") == 0 ||
		       strcmp(answer->verdict, "spoofed") == 0;

	if (alarmed && strcmp(answer->display, "warning") == 0 &&
	    desk_hides_name(answer))
		return;
	++*wrong;
	print_message("%s: %s, %s, %s\n", what, answer->verdict,
		      answer->display, answer->code);
}

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

/* Lines at which some programs end the header; what they show as the text is
 * the attacker's. */
static const char *const header_ends[] = {
	"Dear Bo, pay to account 4711\n", "Dear Bo: pay to account 4711\n",
	"X-A : 1\n Dear Bo, pay to account 4711.\n", ": 1\n",
	"\r\nDear: pay\n", "--\n", "=?utf-8?q?x?=\n", "\xC3\xA9: 1\n",
	"Two Words: 1\n", "X-A: 1\r\rDear Bo, pay to account 4711\n",
	"X-A: 1\r\r\rDear Bo, pay\n", "X-A\r: 1\n", "<html>\n",
	"From: alice@example.org\n", "Subject\n", "X-A\n : 1\n",
};

static void the_header_has_one_end(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *line;
	unsigned place;
	enum end end;

	for (end = 0; end < END_COUNT; end++)
		for (i = 0; i < sizeof(header_ends) / sizeof(*header_ends); i++)
			for (place = 0; place <= 9; place++) {
				line = desk_lines(desk, header_ends[i],
						  ends[end]);
				answer = desk_check(desk, insert(desk,
					genuine(desk, end, gmail_like), place,
					line));
				refuse(&answer, line, &wrong);
			}
	assert_int_equal(wrong, 0);
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

/* 26: what a mailbox file or a server adds is no attack. */
static void what_servers_add_is_no_alarm(void **state)
{
	static const char *const added[] = {
		"Received: from a by b; " DESK_DATE "\n",
		"Return-Path: <alice@example.org>\n", "X-Spam-Status: No\n",
		"Authentication-Results: x.example; dkim=pass\n",
		"From alice@example.org  Mon Mar  2 10:00:00 2026\n",
		">From alice@example.org  Mon Mar  2 10:00:00 2026\n",
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
		DESK_TEST(the_header_has_one_end),
		DESK_TEST(the_header_begins_at_once),
		DESK_TEST(an_empty_line_in_front_is_no_header),
		DESK_TEST(nul_cuts_lines),
		DESK_TEST(what_servers_add_is_no_alarm),
		DESK_TEST(unsigned_fields_hide_the_name),
		DESK_TEST(a_replay_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
