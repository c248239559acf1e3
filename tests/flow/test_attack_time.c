/* test_attack_time.c - signatures of another time
 *
 * Rows 30 and 32 of the attack list, on messages of Alice's whose domain asks
 * for p=reject. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define HEAD	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
		"\r\n"
#define BODY	"\r\nHello\r\n"

static struct dkim_sign_options options(const char *extra)
{
	struct dkim_sign_options out;

	memset(&out, 0, sizeof(out));
	out.domain = "example.org";
	out.extra = extra;
	return out;
}

/* 32 */
static void signatures_have_their_time(void **state)
{
	static const struct {
		const char *tags, *verdict;
	} rows[] = {
		{ "t=1772445600", "genuine" },
		{ "t=1772445500; x=1772445700", "genuine" },
		{ "x=1772445599", "spoofed" },
		{ "t=1772445000; x=1772445599", "spoofed" },
		{ "t=1772532000", "spoofed" },		/* a day ahead */
		{ "t=1772445700", "genuine" },		/* clocks differ */
		{ "t=1772445600; x=1772445600", "spoofed" },
		{ "t=1772445600; x=1", "spoofed" },
		{ "t=x", "spoofed" }, { "x=", "spoofed" },
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	struct dkim_sign_options how;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		how = options(rows[i].tags);
		answer = desk_check(desk, desk_sign_as(desk, &how, HEAD BODY));
		if (strcmp(answer.verdict, rows[i].verdict) != 0)
			fail_msg("%s: %s, %s", rows[i].tags, answer.verdict,
				 answer.code);
	}
	/* it had not expired when it arrived, a day ago */
	how = options("x=1772445700");
	desk->world.now += 86400;
	answer = desk_check(desk, desk_print(desk, "%s%s", desk_border(desk,
			DESK_EVIL_IP, "x.example", "bounce@x.example"),
			desk_sign_as(desk, &how, HEAD BODY)));
	assert_string_equal(answer.verdict, "genuine");
	/* but a sender cannot tell when it arrived */
	answer = desk_check(desk, desk_sign_as(desk, &how, "Received: from a "
		"by mx.other.example; " DESK_DATE "\r\n" HEAD BODY));
	assert_string_equal(answer.verdict, "spoofed");
}

/* 30: an old message sent again is genuine, and its age is told; a signature
 * made anew on the way by the same domain is not old. */
static void an_old_signature_is_told(void **state)
{
	static const struct {
		const char *tags, *again;
		bool told;
	} rows[] = {
		{ "t=1772445500", NULL, false },
		{ "t=1771840900", NULL, false },	/* a week, not more */
		{ "t=1771840700", NULL, true },
		{ "t=1740909600", NULL, true },		/* a year */
		{ "t=1740909600", "t=1772445500", false },
		{ NULL, NULL, false },
	};
	struct desk *desk = *state;
	const char *border = desk_border(desk, DESK_EVIL_IP, "x.example",
					 "bounce@x.example"), *message;
	struct desk_answer answer;
	struct dkim_sign_options how;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		how = options(rows[i].tags);
		message = desk_sign_as(desk, &how, HEAD BODY);
		how = options(rows[i].again);
		if (rows[i].again != NULL)
			message = desk_sign_as(desk, &how, message);
		answer = desk_check(desk, desk_print(desk, "%s%s", border,
						     message));
		assert_string_equal(answer.verdict, "genuine");
		assert_int_equal(desk_has_reason(&answer, "signed-long-ago"),
				 rows[i].told);
		/* without a border nobody knows when it came */
		answer = desk_check(desk, message);
		assert_false(desk_has_reason(&answer, "signed-long-ago"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(signatures_have_their_time),
		DESK_TEST(an_old_signature_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
