/* test_auth_explain.c - every step of a check, for who asks why */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "tests/flow/desk.h"

#define ALICE "From: Alice Harper <alice@mail.example.org>\r\n" \
	"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
	"\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"
#define SEP '|'

/* "dmarc|walk|1|name": keys and, in lists, places. */
static const struct value *at(const struct value *value, const char *path)
{
	struct bytes rest = bytes_of(path), part;
	const struct value *member;
	long long nth;
	size_t i;

	while (value != NULL && rest.len > 0) {
		(void)bytes_cut(rest, SEP, &part, &rest);
		nth = bytes_number(part);
		i = 0;
		for (member = value->first; member != NULL;
		     member = member->next, i++)
			if (value->kind == VALUE_LIST ?
			    nth == (long long)i :
			    bytes_is(part, member->key))
				break;
		value = member;
	}
	return value;
}

static void text_is(const struct desk_answer *answer, const char *path,
		    const char *expected)
{
	const struct value *value = at(answer->report, path);

	if (expected == NULL) {
		assert_null(value);
		return;
	}
	if (value == NULL || value->kind != VALUE_TEXT ||
	    strcmp(value->text, expected) != 0)
		fail_msg("%s is %s, not %s", path, value == NULL ? "absent" :
			 value->kind == VALUE_TEXT ? value->text : "no text",
			 expected);
}

static void number_is(const struct desk_answer *answer, const char *path,
		      int64_t expected)
{
	const struct value *value = at(answer->report, path);

	assert_non_null(value);
	assert_int_equal(value->kind, VALUE_NUMBER);
	assert_int_equal(value->number, expected);
}

static bool truth(const struct desk_answer *answer, const char *path)
{
	const struct value *value = at(answer->report, path);

	return value != NULL && value->kind == VALUE_TRUTH && value->truth;
}

static void every_step_is_told(void **state)
{
	struct desk *desk = *state;
	struct dkim_sign_options how = { .domain = "example.org",
		.extra = "t=1772445600; i=@mail.example.org" };
	struct desk_answer answer;
	const char *text = desk_print(desk, "%s%s",
		desk_border(desk, DESK_KNOWN_IP, "mx.example.org",
			    "alice@example.org"),
		desk_sign_as(desk, &how, ALICE));

	answer = desk_check(desk, text);
	assert_null(at(answer.report, "border"));
	assert_null(at(answer.report, "dmarc|walk"));
	desk->options.explain = "yes";
	answer = desk_check(desk, text);
	text_is(&answer, "dkim|0|identity_domain", "mail.example.org");
	text_is(&answer, "dkim|0|organizational_domain", "example.org");
	text_is(&answer, "dkim|0|integrity", "whole");
	number_is(&answer, "dkim|0|signed_at", 1772445600);
	text_is(&answer, "spf|steps|0|name", "example.org");
	text_is(&answer, "spf|steps|0|type", "TXT");
	text_is(&answer, "spf|steps|0|found", "records");
	text_is(&answer, "spf|steps|0|dnssec", "secure");
	text_is(&answer, "spf|record", "v=spf1 ip4:" DESK_KNOWN_IP " -all");
	number_is(&answer, "spf|lookups", 0);
	text_is(&answer, "dmarc|record", "v=DMARC1; p=reject");
	text_is(&answer, "dmarc|published", "reject");
	text_is(&answer, "dmarc|walk|0|name", "_dmarc.mail.example.org");
	text_is(&answer, "dmarc|walk|0|found", "nothing");
	text_is(&answer, "dmarc|walk|1|name", "_dmarc.example.org");
	text_is(&answer, "dmarc|walk|1|found", "record");
	text_is(&answer, "dmarc|walk|1|dnssec", "secure");
	text_is(&answer, "dmarc|rfc7489", NULL);
	text_is(&answer, "border|by", "mx.user.example");
	text_is(&answer, "border|client_ip", DESK_KNOWN_IP);
	text_is(&answer, "border|mail_from", "alice@example.org");
	assert_true(truth(&answer, "border|found"));
	number_is(&answer, "arrived", DESK_NOW);
}

static void rfc7489_where_it_differs(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	script_txt(desk->script, "_dmarc.mail.example.org",
		   "v=DMARC1; p=none; psd=n");
	answer = desk_check(desk, desk_sign(desk, "example.org", ALICE));
	text_is(&answer, "dmarc|result", "fail");
	text_is(&answer, "dmarc|organizational_domain", "mail.example.org");
	text_is(&answer, "dmarc|rfc7489|result", "pass");
	text_is(&answer, "dmarc|rfc7489|organizational_domain",
		"example.org");
}

static bool was_asked(const struct desk *desk, const char *what)
{
	size_t i;

	for (i = 0; i < script_asked(desk->script); i++)
		if (strstr(script_asked_nth(desk->script, i), what) != NULL)
			return true;
	return false;
}

static void destinations_are_asked_when_wanted(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;

	desk_domain(desk, "report.example", "v=DMARC1; p=reject; "
		    "rua=mailto:a@report.example,mailto:b@other.example!10m; "
		    "ruf=mailto:c@third.example");
	script_txt(desk->script, "report.example._report._dmarc.other.example",
		   "v=DMARC1");
	text = desk_sign(desk, "report.example",
			 "From: a@report.example\r\nSubject: x\r\nDate: "
			 DESK_DATE "\r\n\r\nx\r\n");
	desk->options.explain = "yes";
	answer = desk_check(desk, text);
	assert_false(truth(&answer, "dmarc|rua|0|external"));
	assert_true(truth(&answer, "dmarc|rua|1|external"));
	number_is(&answer, "dmarc|rua|1|limit", 10485760);
	text_is(&answer, "dmarc|rua|1|consent", NULL);
	assert_false(was_asked(desk, "_report"));
	desk->options.explain = NULL;
	desk->options.destinations = "yes";
	answer = desk_check(desk, text);
	text_is(&answer, "dmarc|rua|1|consent", "given");
	assert_true(truth(&answer, "dmarc|rua|1|verified"));
	text_is(&answer, "dmarc|ruf|0|consent", "denied");
	assert_false(truth(&answer, "dmarc|ruf|0|verified"));
	text_is(&answer, "dmarc|rua|0|consent", NULL);
	assert_true(was_asked(desk, "_report"));
}

static void a_servers_word_is_quoted(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;

	/* without a client address SPF cannot be checked here */
	text = desk_print(desk, "Authentication-Results: mx.user.example; "
		"spf=pass smtp.mailfrom=alice@example.org\r\n"
		"Received: from x by mx.user.example; " DESK_DATE "\r\n"
		"%s", ALICE);
	desk->options.explain = "yes";
	answer = desk_check(desk, text);
	text_is(&answer, "proof", "server");
	text_is(&answer, "dmarc|result", "pass");
	text_is(&answer, "server_results|0|server", "mx.user.example");
	text_is(&answer, "server_results|0|method", "spf");
	text_is(&answer, "server_results|0|domain", "example.org");
	text_is(&answer, "dmarc|code", "server-only");
	assert_non_null(strstr(at(answer.report, "dmarc|reason")->text,
			       "spf=pass for example.org"));
	text_is(&answer, "dmarc|rfc7489", NULL);
}

static void addresses_in_names_are_told(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;

	desk->options.explain = "yes";
	answer = desk_check(desk, desk_sign(desk, "evil.example",
		"From: \"ceo@example.com\" <x@evil.example>\r\nSubject: x\r\n"
		"Date: " DESK_DATE "\r\n\r\nx\r\n"));
	text_is(&answer, "addresses_in_name|0|text", "ceo@example.com");
	text_is(&answer, "addresses_in_name|0|dmarc|result", "fail");
	text_is(&answer, "addresses_in_name|0|dmarc|policy", "reject");
	assert_false(truth(&answer, "addresses_in_name|0|contact"));
}

/* Whatever strangers write, a report fits into a frame. */
static void a_report_always_fits(void **state)
{
	static char names[3000];
	struct desk *desk = *state;
	struct dkim_sign_options how;
	struct desk_answer answer;
	const char *text, *record;
	struct buf wire;
	unsigned i;

	memset(&how, 0, sizeof(how));
	record = desk_print(desk, "v=DMARC1; p=reject; rua=mailto:x%0500d@"
			    "other.example", 0);
	for (i = 0; i < 9; i++)
		record = desk_print(desk, "%s,mailto:x%0500u@other.example",
				    record, i);
	memset(names, 'n', sizeof(names) - 1);
	desk_domain(desk, "long.example", record);
	text = desk_print(desk, "From: \"%s\" <a@long.example>\r\nSubject: "
			  "%s\r\nDate: %s\r\nTo: x\r\n\r\nx\r\n", names,
			  names, names);
	for (i = 0; i < 30; i++) {
		how.domain = desk_print(desk, "%063u.%063u.%063u.long.example",
					i, i, i);
		how.selector = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
		text = desk_sign_as(desk, &how, text);
	}
	desk->options.destinations = desk->options.explain = "yes";
	answer = desk_check(desk, text);
	buf_init(&wire, 60000);
	assert_int_equal(value_encode(answer.report, &wire), 0);
	assert_true(desk_hides_name(&answer));
	buf_free(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(every_step_is_told),
		DESK_TEST(rfc7489_where_it_differs),
		DESK_TEST(destinations_are_asked_when_wanted),
		DESK_TEST(a_servers_word_is_quoted),
		DESK_TEST(addresses_in_names_are_told),
		DESK_TEST(a_report_always_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
