/* test_attack_results.c - Authentication-Results that nobody should believe
 *
 * Rows 4 to 8 of the attack list.  The message is Bo's or Alice's, unsigned,
 * and came from the attacker's server: only a believed result could prove
 * it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/value.h"
#include "tests/flow/desk.h"

#define TRUSTED	"Authentication-Results: mx.user.example; "
#define LINE	"\r\n"
/* The border hides the client's address, so that SPF is for it to say. */
#define BORDER	"Received: from mail.example.net by mx.user.example; " \
		DESK_DATE LINE
#define OTHER	"Received: from a.example by b.example; " DESK_DATE LINE

static struct desk_answer with_head(struct desk *desk, const char *head)
{
	return desk_check(desk, desk_print(desk, "%sFrom: Bo Lind "
			"<bo@example.net>\r\nTo: me@user.example\r\n"
			"Subject: Hello\r\nDate: " DESK_DATE "\r\n\r\nHello"
			"\r\n", head));
}

static void a_believed_result_proves(void **state)
{
	static const char *const heads[] = {
		TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE BORDER,
		TRUSTED "spf=pass smtp.mailfrom=example.net" LINE BORDER,
		TRUSTED "dmarc=fail; spf=pass smtp.mailfrom=example.net" LINE
		BORDER,
		"X-Spam: no" LINE TRUSTED "spf=pass smtp.mailfrom=example.net"
		LINE "X-Virus: no" LINE BORDER OTHER,
		"AUTHENTICATION-RESULTS: MX.User.Example; SPF=Pass "
		"smtp.mailfrom=EXAMPLE.net" LINE BORDER,
		"Authentication-Results: mx.user.example 1;" LINE "\tspf=pass "
		"(a (nested) comment) smtp.mailfrom=(x)bo@example.net" LINE
		BORDER,
		"Authentication-Results: \"mx.user.example\"; spf=pass "
		"smtp.mailfrom=\"example.net\"" LINE BORDER,
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		answer = with_head(desk, heads[i]);
		if (strcmp(answer.verdict, "authenticated") != 0)
			fail_msg("head %zu: %s, %s", i, answer.verdict,
				 answer.code);
		assert_string_equal(answer.proof, "server");
		assert_true(desk_hides_name(&answer));
	}
}

/* 7, 8: fields of the right name in the wrong place, or of another server */
static const char *const not_believed[] = {
	/* below the border: the sender wrote it */
	BORDER TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE,
	BORDER OTHER TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE,
	/* no border at all */
	TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE,
	TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE OTHER,
	OTHER TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE BORDER,
	/* above, but not in the block that the border wrote */
	TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE "Subject: x" LINE
	BORDER,
	TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE "X-A : 1" LINE
	BORDER,
	/* another server's */
	"Authentication-Results: evil.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: mx.user.example.evil.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: evilmx.user.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: (mx.user.example) evil.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: evil.example (mx.user.example); spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: mx.user.example evil.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: mx.user.example 2; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results: spf=pass smtp.mailfrom=bo@example.net" LINE
	BORDER,
	"Authentication-Results: spf=pass smtp.mailfrom=bo@example.net; "
	"mx.user.example; dkim=none" LINE BORDER,
	"Authentication-Results: \"mx.user.example\\\"; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	/* other fields */
	"Authentication-Results : mx.user.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"X-Authentication-Results: mx.user.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"ARC-Authentication-Results: i=1; mx.user.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Authentication-Results-Original: mx.user.example; spf=pass "
	"smtp.mailfrom=bo@example.net" LINE BORDER,
	"Received-SPF: pass (mx.user.example: bo@example.net)" LINE BORDER,
	/* not what is needed */
	TRUSTED "none" LINE BORDER,
	TRUSTED "dmarc=pass header.from=example.net" LINE BORDER,
	TRUSTED "spf=pass smtp.helo=example.net" LINE BORDER,
	TRUSTED "spf=pass smtp.mailfrom=evil.example" LINE BORDER,
	TRUSTED "spf=pass" LINE BORDER,
	TRUSTED "spf=fail smtp.mailfrom=example.net" LINE BORDER,
	TRUSTED "spf=softfail (pass) smtp.mailfrom=example.net" LINE BORDER,
	TRUSTED "spf=fail reason=\"x; spf=pass smtp.mailfrom=example.net\""
	LINE BORDER,
	TRUSTED "spf=fail (; spf=pass smtp.mailfrom=example.net)" LINE BORDER,
	TRUSTED "x-spf=pass smtp.mailfrom=example.net" LINE BORDER,
	TRUSTED "auth=pass smtp.auth=bo@example.net" LINE BORDER,
	TRUSTED "iprev=pass policy.iprev=192.0.2.10 smtp.mailfrom=example.net"
	LINE BORDER,
	/* a signature of ours did not fail at all: there is none */
	TRUSTED "dkim=pass header.d=example.net" LINE BORDER,
	/* conflicting fields of one server */
	TRUSTED "spf=pass smtp.mailfrom=example.net" LINE
	TRUSTED "spf=fail smtp.mailfrom=example.net" LINE BORDER,
	TRUSTED "spf=softfail smtp.mailfrom=bo@example.net" LINE
	TRUSTED "spf=pass smtp.mailfrom=bo@example.net" LINE BORDER,
};

/* 4 to 6: what reached the value through MAIL FROM or d= */
static const char *const injected[] = {
	"(bo@example.net", "bo@example.net(a.evil.example",
	"bo@example.net(.evil.example)", "bo@example.net'@a.evil.example",
	"bo@example.net\"@a.evil.example", "@a.example,@b:bo@example.net",
	"bo@example.net;@evil.example", "\"bo@example.net\"@evil.example",
	"example.net.evil.example", "example.net'.evil.example",
	"example.net(.evil.example", "example.net\".evil.example",
	"bo@example.net@evil.example", "bo@example.net, evil.example",
	"<bo@example.net>", "bo@example.net>", "bo@example.net\\@evil.example",
	"evil.example smtp.mailfrom=example.net", "\"\\\"bo@example.net\"",
	"bo@example.net\"x\"", "\"bo@example.net\"x", "example.net\x01",
	"=?utf-8?q?example.net?=", "evil.example/example.net", "",
};

static void others_results_prove_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(not_believed) / sizeof(*not_believed); i++) {
		answer = with_head(desk, not_believed[i]);
		if (strcmp(answer.verdict, "suspicious") == 0 &&
		    answer.proof == NULL && desk_hides_name(&answer))
			continue;
		wrong++;
		print_message("%s: %s, %s\n", not_believed[i], answer.verdict,
			      answer.code);
	}
	assert_int_equal(wrong, 0);
}

static void injected_values_prove_nothing(void **state)
{
	static const char *const results[] = {
		"spf=pass smtp.mailfrom=%",
		"spf=pass smtp.mailfrom=%; dkim=none",
		"dkim=none; spf=pass reason=x smtp.mailfrom=%",
		"spf=pass smtp.mailfrom=% smtp.helo=x",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, j, before, wrong = 0;
	const char *head;

	for (i = 0; i < sizeof(injected) / sizeof(*injected); i++)
		for (j = 0; j < sizeof(results) / sizeof(*results); j++) {
			before = strcspn(results[j], "%");
			head = desk_print(desk, TRUSTED "%.*s%s%s" LINE BORDER,
					  (int)before, results[j], injected[i],
					  results[j] + before + 1);
			answer = with_head(desk, head);
			if (answer.proof == NULL && desk_hides_name(&answer))
				continue;
			wrong++;
			print_message("%s: %s, %s\n", head, answer.verdict,
				      answer.code);
		}
	assert_int_equal(wrong, 0);
}

static bool reason_says(const struct desk_answer *answer, const char *text)
{
	const struct value *reason = value_find(answer->report, "reasons",
						VALUE_LIST)->first;

	while (reason != NULL &&
	       strcmp(value_text(reason, "code"), "forged-results") != 0)
		reason = reason->next;
	return reason != NULL &&
	       strstr(value_text(reason, "text"), text) != NULL;
}

/* What bears the trusted name where it must not is told. */
static void forged_results_are_told(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer = with_head(desk, BORDER TRUSTED
			"spf=pass smtp.mailfrom=bo@example.net" LINE);

	assert_true(reason_says(&answer, "in the name of mx.user.example "
				"stand below its Received field, where the "
				"sender can write, too"));
	answer = with_head(desk, BORDER OTHER TRUSTED
			   "spf=pass smtp.mailfrom=bo@example.net" LINE);
	assert_true(reason_says(&answer, "The message brought "
				"Authentication-Results in the name of "
				"mx.user.example; they are not believed."));
	/* without a border, nothing stands below it */
	answer = with_head(desk, TRUSTED "spf=pass "
			   "smtp.mailfrom=bo@example.net" LINE);
	assert_true(reason_says(&answer, "The message brought"));
	answer = with_head(desk, BORDER "Authentication-Results: x.example; "
			   "spf=pass smtp.mailfrom=bo@example.net" LINE);
	assert_false(desk_has_reason(&answer, "forged-results"));
}

/* A body that the border changed: its word on the signature stands in, but
 * for the author's domain only, and never for a name. */
static void a_changed_body_is_the_borders_word(void **state)
{
	struct desk *desk = *state;
	const char *message = desk_sign(desk, "example.org", desk_print(desk,
		"From: Alice Harper <alice@example.org>\r\n"
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE
		"\r\n\r\nHello\r\n"));
	struct desk_answer answer;

	message = desk_print(desk, "%s-- \r\nscanned\r\n", message);
	answer = desk_check(desk, desk_print(desk, TRUSTED
			"dkim=pass header.d=example.org" LINE BORDER "%s",
			message));
	assert_string_equal(answer.proof, "server");
	assert_string_equal(answer.verdict, "authenticated");
	assert_true(desk_hides_name(&answer));
	answer = desk_check(desk, desk_print(desk, TRUSTED
			"dkim=pass header.d=evil.example" LINE BORDER "%s",
			message));
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.code, "altered-on-the-way");
	answer = desk_check(desk, desk_print(desk, BORDER TRUSTED
			"dkim=pass header.d=example.org" LINE "%s", message));
	assert_string_equal(answer.code, "altered-on-the-way");
}

/* No id is trusted because another's pattern is. */
static void servers_without_an_id_are_known_by_their_border(void **state)
{
	static const char *const names[] = { "none:user.example" };
	struct desk *desk = *state;
	struct desk_answer answer;

	desk->world.authservs.names = names;
	answer = with_head(desk, "Authentication-Results: spf=pass "
			   "smtp.mailfrom=example.net" LINE BORDER);
	assert_string_equal(answer.verdict, "authenticated");
	answer = with_head(desk, TRUSTED "spf=pass smtp.mailfrom=example.net"
			   LINE BORDER);
	assert_string_equal(answer.verdict, "suspicious");
	answer = with_head(desk, BORDER "Authentication-Results: spf=pass "
			   "smtp.mailfrom=example.net" LINE);
	assert_string_equal(answer.verdict, "suspicious");
	answer = with_head(desk, "Authentication-Results: spf=pass "
			   "smtp.mailfrom=example.net" LINE
			   "Received: from a by mx.other.example; " DESK_DATE
			   LINE);
	assert_string_equal(answer.verdict, "suspicious");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_believed_result_proves),
		DESK_TEST(others_results_prove_nothing),
		DESK_TEST(injected_values_prove_nothing),
		DESK_TEST(forged_results_are_told),
		DESK_TEST(a_changed_body_is_the_borders_word),
		DESK_TEST(servers_without_an_id_are_known_by_their_border),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
