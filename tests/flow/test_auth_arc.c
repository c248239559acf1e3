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

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_trusted_sealer_lifts_a_failure),
		DESK_TEST(what_a_sealer_says_must_be_of_this_author),
		DESK_TEST(a_sealer_whom_nobody_trusts),
		DESK_TEST(a_seal_over_a_forgery_does_not_help),
		DESK_TEST(what_comes_behind_the_seal_undoes_it),
	};

	return cmocka_run_group_tests(tests, key_make, key_drop);
}
