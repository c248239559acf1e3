/* test_attack_dns.c - DNS that lies, is silent, or is asked too much
 *
 * Rows 39 and 40 of the attack list: nothing bogus or missing ever proves
 * anything, and no message makes us ask without end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define MESSAGE	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
		"\r\n\r\nHello\r\n"

#define KEY	"lab._domainkey.example.org"
#define POLICY	"_dmarc.example.org"

/* 40: every answer behind the verdict, in every bad state */
static void what_is_not_known_proves_nothing(void **state)
{
	static const struct {
		const char *name;
		enum dns_state how;
		const char *verdict;
	} rows[] = {
		{ KEY, DNS_BOGUS, "unverified" },
		{ KEY, DNS_SILENT, "unverified" },
		{ KEY, DNS_NXDOMAIN, "spoofed" },
		{ KEY, DNS_NOTHING, "spoofed" },
		{ POLICY, DNS_BOGUS, "unverified" },
		{ POLICY, DNS_SILENT, "unverified" },
		{ POLICY, DNS_NXDOMAIN, "unverified" },
		{ POLICY, DNS_NOTHING, "unverified" },
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (i > 0) {
			(void)desk_tear_down(state);
			(void)desk_set_up(state);
			desk = *state;
		}
		script_state(desk->script, rows[i].name, rows[i].how);
		answer = desk_check(desk, desk_sign(desk, "example.org",
						    MESSAGE));
		if (strcmp(answer.verdict, rows[i].verdict) != 0 ||
		    !desk_hides_name(&answer))
			fail_msg("row %zu: %s, %s", i, answer.verdict,
				 answer.code);
		if (rows[i].how == DNS_BOGUS)
			assert_true(desk_has_reason(&answer, "dns-bogus"));
	}
}

/* An insecure zone is worth less where the user says so. */
static void insecure_is_less_than_secure(void **state)
{
	struct desk *desk = *state;
	const char *message = desk_sign(desk, "example.org", MESSAGE);
	struct desk_answer answer;

	script_security(desk->script, KEY, DNS_INSECURE);
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
	assert_true(desk_has_reason(&answer, "dns-insecure"));
	desk->world.policy.require_dnssec = true;
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "authenticated");
	assert_true(desk_hides_name(&answer));
	assert_true(desk_has_reason(&answer, "not-secure"));
	script_security(desk->script, KEY, DNS_SECURE);
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
	script_security(desk->script, POLICY, DNS_INSECURE);
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "authenticated");
}

/* 39: a sender decides what is asked, not how much. */
static void floods_have_an_end(void **state)
{
	struct dkim_sign_options how;
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message = MESSAGE;
	unsigned i;

	/* signatures of fifty deep domains below the author's */
	memset(&how, 0, sizeof(how));
	for (i = 0; i < 50; i++) {
		how.domain = desk_print(desk, "a.b.c.d.e.f.g.h%u.example.org",
					i);
		message = desk_sign_as(desk, &how, message);
	}
	/* an endless SPF record, and ten addresses in the name */
	script_txt(desk->script, "flood.example", "v=spf1 include:flood.example"
		   " include:%{i}.flood.example mx ptr exists:%{l}.x.example "
		   "a:%{d}.example include:flood.example -all");
	message = desk_print(desk, "%s%s", desk_border(desk, DESK_EVIL_IP,
			"flood.example", "x@flood.example"), message);
	answer = desk_check(desk, message);
	assert_true(desk_hides_name(&answer));
	assert_string_equal(answer.verdict, "spoofed");
	assert_in_range(script_asked(desk->script), 1, DNS_QUESTIONS_MAX);
	message = "From: \"a@a.example b@b.example c@c.example d@d.example "
		  "e@e.example f@f.example g@g.example h@h.example "
		  "i@i.example j@j.example\" <eve@evil.example>\r\n"
		  "Subject: x\r\n\r\nx\r\n";
	answer = desk_check(desk, message);
	assert_true(desk_hides_name(&answer));
	assert_in_range(script_asked(desk->script), 1, 2 * DNS_QUESTIONS_MAX);
}

/* An answer that comes too late is none, and the check ends in time. */
static void the_deadline_holds(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	desk->deadline_ms = 50;
	script_delay(desk->script, KEY, 600000);
	answer = desk_check(desk, desk_sign(desk, "example.org", MESSAGE));
	assert_string_equal(answer.verdict, "unverified");
	assert_true(desk_hides_name(&answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(what_is_not_known_proves_nothing),
		DESK_TEST(insecure_is_less_than_secure),
		DESK_TEST(floods_have_an_end),
		DESK_TEST(the_deadline_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
