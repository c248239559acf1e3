/* test_desk.c - the plain cases, so that the others' alarms mean something */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

static const char *plain(struct desk *desk, const char *from)
{
	return desk_print(desk, "From: %s\r\nTo: me@user.example\r\n"
			  "Subject: Hello\r\nDate: " DESK_DATE "\r\n"
			  "Message-ID: <1@x.example>\r\n\r\nHello\r\n", from);
}

static void a_known_sender_is_genuine(void **state)
{
	struct desk *desk = *state;
	const char *message = plain(desk, "Alice Harper <alice@example.org>");
	struct desk_answer answer = desk_check(desk, desk_sign(desk,
						"example.org", message));

	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.display, "name");
	assert_string_equal(answer.shown_from,
			    "Alice Harper <alice@example.org>");
	assert_string_equal(answer.proof, "dkim");
	assert_string_equal(answer.integrity, "whole");
	assert_false(desk_hides_name(&answer));
}

static void a_stranger_is_authenticated(void **state)
{
	struct desk *desk = *state;
	const char *message = plain(desk, "Zoe <zoe@example.com>");
	struct desk_answer answer = desk_check(desk, desk_sign(desk,
						"example.com", message));

	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.shown_from, "zoe@example.com");
	assert_true(desk_hides_name(&answer));
	assert_true(desk_has_reason(&answer, "unknown-sender"));
}

static void no_proof_is_spoofed_where_the_policy_says_so(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer = desk_check(desk,
		plain(desk, "Alice Harper <alice@example.org>"));

	assert_string_equal(answer.verdict, "spoofed");
	assert_string_equal(answer.display, "warning");
	assert_string_equal(answer.code, "policy-violated");
	assert_true(desk_hides_name(&answer));
}

static void the_border_tells_spf(void **state)
{
	struct desk *desk = *state;
	const char *message = plain(desk, "Bo Lind <bo@example.net>");
	struct desk_answer answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_KNOWN_IP, "mail.example.net",
			    "bo@example.net"), message));

	assert_string_equal(answer.spf, "pass");
	assert_string_equal(answer.proof, "spf");
	assert_string_equal(answer.verdict, "authenticated");
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "mail.example.net",
			    "bo@example.net"), message));
	assert_string_equal(answer.spf, "fail");
	assert_string_equal(answer.verdict, "suspicious");
	assert_true(desk_hides_name(&answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_known_sender_is_genuine),
		DESK_TEST(a_stranger_is_authenticated),
		DESK_TEST(no_proof_is_spoofed_where_the_policy_says_so),
		DESK_TEST(the_border_tells_spf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
