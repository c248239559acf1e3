/* test_auth_arc.c - a list whom the user trusts changes mail and seals it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/value.h"
#include "tests/flow/desk.h"
#include "tests/lab/arc_sealer.h"

#define ALICE "From: Alice Harper <alice@example.org>\r\n"
#define REST "To: list@lists.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
	"\r\nMessage-ID: <1@example.org>\r\n\r\n"

static struct dkim_lab_key *list_key;

static int key_make(void **state)
{
	(void)state;
	list_key = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	return 0;
}

static int key_drop(void **state)
{
	(void)state;
	dkim_lab_key_free(list_key);
	return 0;
}

/* lists.example is trusted, other.example is not. */
static void lists_open(struct desk *desk)
{
	static const char *const names[] = { "lists.example" };
	char *record = dkim_lab_key_record(list_key);

	script_txt(desk->script, "lab._domainkey.lists.example", record);
	script_txt(desk->script, "lab._domainkey.other.example", record);
	free(record);
	desk->world.sealers.names = names;
	desk->world.sealers.count = 1;
}

/* Signed by example.org, its text changed, then sealed. */
static const char *forwarded(struct desk *desk, const char *sealer,
			     const char *results, const char *footer)
{
	struct arc_seal_options seal = { .key = list_key, .domain = sealer,
					 .results = results };
	const char *text = desk_sign(desk, "example.org",
				     ALICE REST "Hello\r\n");
	char *sealed = arc_seal(desk_print(desk, "%s%s", text, footer), &seal);
	const char *out = desk_print(desk, "%s", sealed);

	free(sealed);
	return out;
}

static const struct value *arc_of(const struct desk_answer *answer)
{
	return value_find(answer->report, "arc", VALUE_DICT);
}

static void a_trusted_sealer_lifts_a_failure(void **state)
{
	static const char *const results[] = {
		"lists.example; dmarc=pass header.from=example.org",
		"lists.example; dkim=pass header.d=example.org; dmarc=fail "
		"header.from=example.org",
		"lists.example; spf=pass smtp.mailfrom=b@mail.example.org",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	lists_open(desk);
	for (i = 0; i < 3; i++) {
		answer = desk_check(desk, forwarded(desk, "lists.example",
						    results[i], "-- list\r\n"));
		assert_string_equal(answer.verdict, "authenticated");
		assert_string_equal(answer.proof, "server");
		assert_string_equal(answer.dmarc, "fail");
		assert_true(desk_hides_name(&answer));
		assert_true(desk_has_reason(&answer, "arc-believed"));
		assert_true(desk_has_reason(&answer, "server-only"));
		assert_string_equal(value_text(arc_of(&answer), "result"),
				    "pass");
		assert_non_null(value_text(arc_of(&answer), "believed"));
	}
}

static void what_a_sealer_says_must_be_of_this_author(void **state)
{
	static const char *const results[] = {
		"lists.example; dmarc=pass header.from=evil.example",
		"lists.example; dmarc=pass header.from=mail.example.org",
		"lists.example; dmarc=pass",
		"lists.example; dkim=pass header.d=evil.example",
		"lists.example; dkim=fail header.d=example.org",
		"lists.example; spf=softfail smtp.mailfrom=a@example.org",
		"lists.example; none", "broken results",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	lists_open(desk);
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		answer = desk_check(desk, forwarded(desk, "lists.example",
						    results[i], "-- list\r\n"));
		assert_string_equal(answer.verdict, "suspicious");
		assert_string_equal(answer.code, "altered-on-the-way");
		assert_null(answer.proof);
		assert_null(value_text(arc_of(&answer), "believed"));
	}
}

static void a_sealer_whom_nobody_trusts(void **state)
{
	const char *results = "x; dmarc=pass header.from=example.org";
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;

	lists_open(desk);
	text = forwarded(desk, "other.example", results, "-- list\r\n");
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(value_text(arc_of(&answer), "result"), "none");
	assert_string_equal(value_text(arc_of(&answer), "sealer"),
			    "other.example");
	/* nobody is trusted: nothing is looked at */
	desk->world.sealers.count = 0;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "suspicious");
	assert_null(arc_of(&answer));
}

static void a_seal_over_a_forgery_does_not_help(void **state)
{
	struct arc_seal_options seal = { .key = list_key,
		.domain = "lists.example",
		.results = "lists.example; dmarc=fail header.from=example.org;"
			   " dkim=none" };
	struct desk *desk = *state;
	struct desk_answer answer;
	char *sealed;

	lists_open(desk);
	sealed = arc_seal(ALICE REST "Pay now.\r\n", &seal);
	answer = desk_check(desk, desk_print(desk, "%s", sealed));
	free(sealed);
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_hides_name(&answer));
}

static void what_comes_behind_the_seal_undoes_it(void **state)
{
	const char *results = "lists.example; dmarc=pass "
			      "header.from=example.org";
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;

	lists_open(desk);
	text = forwarded(desk, "lists.example", results, "-- list\r\n");
	answer = desk_check(desk, desk_print(desk, "%sPay now.\r\n", text));
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.display, "warning");
	assert_true(desk_has_reason(&answer, "arc-failed"));
	/* a Subject on top, which the seal does not cover */
	answer = desk_check(desk, desk_print(desk, "Subject: Pay now\r\n%s",
					     text));
	assert_string_equal(answer.display, "warning");
	assert_null(answer.proof);
	/* DMARC that passes needs nobody's word */
	answer = desk_check(desk, forwarded(desk, "lists.example", results,
					    ""));
	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.proof, "dkim");
	/* an author of another name */
	desk_contact(desk, "zoe@example.com", "Alice Harper", 9);
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "authenticated");
	assert_true(desk_hides_name(&answer));
}

static const char *sealed_as(struct desk *desk, const char *message,
			     const struct arc_seal_options *options)
{
	char *sealed = arc_seal(message, options);
	const char *out = desk_print(desk, "%s", sealed);

	free(sealed);
	return out;
}

/* Alice's domain asks for p=reject, and nothing of her proof survives what
 * honest hands do to mail; the word of one whom the user trusts does. */
static void changed_mail_that_is_no_forgery(void **state)
{
	static const char *const letters[] = {
		/* a tag in Subject, a footer */
		ALICE "Sender: l-bounces@lists.example\r\n"
		"List-Id: <l.lists.example>\r\nTo: list@lists.example\r\n"
		"Subject: [l] Hello\r\nDate: " DESK_DATE "\r\n\r\nHello\r\n"
		"-- \r\nl mailing list\r\n",
		/* another charset, a new structure, the old signature gone */
		ALICE "MIME-Version: 1.0\r\nTo: list@lists.example\r\n"
		"Subject: =?utf-8?q?Hello?=\r\nDate: " DESK_DATE "\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
		"Hello\r\n--b\r\n\r\nfooter\r\n--b--\r\n",
		/* a digest's Reply-To and a new Date */
		ALICE "Reply-To: list@lists.example\r\nTo: list@lists.example"
		"\r\nSubject: Hello\r\nDate: Mon, 2 Mar 2026 10:00:05 +0000"
		"\r\n\r\nHello\r\n",
	};
	struct arc_seal_options seal = { .key = list_key,
		.domain = "lists.example", .results = "lists.example; "
		"dkim=pass header.d=example.org; dmarc=pass "
		"header.from=example.org" };
	struct arc_seal_options next = { .key = list_key, .instance = 2,
		.domain = "other.example",
		.results = "other.example; dmarc=fail "
			   "header.from=example.org" };
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *text;
	size_t i;

	lists_open(desk);
	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		text = sealed_as(desk, letters[i], &seal);
		answer = desk_check(desk, text);
		assert_string_equal(answer.verdict, "authenticated");
		assert_string_equal(answer.display, "address");
		assert_true(desk_hides_name(&answer));
		/* SPF of the list's envelope changes nothing of that */
		answer = desk_check(desk, desk_print(desk, "%s%s",
			desk_border(desk, DESK_EVIL_IP, "lists.example",
				    "l-bounces@lists.example"), text));
		assert_string_equal(answer.verdict, "authenticated");
		/* forwarded on by one who is not trusted: his seal is the
		 * newest, and what he could have written is not believed */
		answer = desk_check(desk, sealed_as(desk, text, &next));
		assert_string_equal(answer.verdict, "spoofed");
		/* without a seal it is any forgery */
		answer = desk_check(desk, letters[i]);
		assert_string_equal(answer.verdict, "spoofed");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_trusted_sealer_lifts_a_failure),
		DESK_TEST(what_a_sealer_says_must_be_of_this_author),
		DESK_TEST(a_sealer_whom_nobody_trusts),
		DESK_TEST(a_seal_over_a_forgery_does_not_help),
		DESK_TEST(what_comes_behind_the_seal_undoes_it),
		DESK_TEST(changed_mail_that_is_no_forgery),
	};

	return cmocka_run_group_tests(tests, key_make, key_drop);
}
