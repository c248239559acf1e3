/* test_dkim_verify.c - hashes, DNS, order: what happens to whole messages */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "tests/unit/auth/dkim_case.h"

static int start(void **state)
{
	case_start(*state);
	return 0;
}

static int setup(void **state)
{
	*state = case_new();
	return 0;
}

static int teardown(void **state)
{
	case_free(*state);
	return 0;
}

/* Signs, keeps the text in the case's arena. */
static const char *sign(struct dkim_case *one, const char *message,
			struct dkim_sign_options options, enum case_key key)
{
	const char *kept;
	char *text;

	options.key = one->keys[key];
	text = dkim_sign(message, &options);
	kept = arena_text(one->arena, bytes_of(text));
	free(text);
	assert_non_null(kept);
	return kept;
}

static void expect(const struct dkim_finding *found, enum result result,
		   const char *code)
{
	assert_int_equal(found->result, result);
	if (code == NULL)
		assert_null(found->code);
	else
		assert_string_equal(found->code, code);
}

static void facts_are_filled_in(void **state)
{
	struct dkim_sign_options options = {
		.extra = "i=a@mail.example.org; t=1767225000; x=1767999999"
	};
	struct dkim_case *one = *state;
	const struct dkim_finding *found;

	case_right_record(one, CASE_RSA);
	script_security(one->script, "lab._domainkey.example.org",
			DNS_INSECURE);
	found = case_check(one, sign(one, case_message, options, CASE_RSA));
	expect(found, RESULT_PASS, NULL);
	assert_string_equal(found->domain, "example.org");
	assert_string_equal(found->selector, "lab");
	assert_string_equal(found->identity_domain, "mail.example.org");
	assert_string_equal(found->algorithm, "rsa-sha256");
	assert_int_equal(found->key_bits, 2048);
	assert_int_equal(found->dnssec, DNS_INSECURE);
	assert_int_equal(found->signed_at, 1767225000);
	assert_int_equal(found->expires, 1767999999);
	assert_int_equal(found->body_signed, 24);
	assert_int_equal(found->body_beyond, 0);
	assert_non_null(strstr(found->key_text, "v=DKIM1; k=rsa; p="));
	assert_false(found->aligned);
}

static void changes_are_seen(void **state)
{
	static const struct {
		const char *old, *with;
		enum result result;
		const char *code;
	} changes[] = {
		{ "goodbye", "godbye", RESULT_FAIL, "body-hash-mismatch" },
		{ "two  words", "two words", RESULT_PASS, NULL },
		{ "two  words", "twowords", RESULT_FAIL,
		  "signature-mismatch" },
		{ "Subject: two", "SUBJECT :two", RESULT_PASS, NULL },
		{ "Alice", "Alicf", RESULT_FAIL, "signature-mismatch" },
		{ "Received: from a", "Received: from z", RESULT_PASS, NULL },
		{ "c=relaxed/relaxed", "c=relaxed/simple", RESULT_FAIL,
		  "signature-mismatch" },
		{ "Hello  Bob, \r\n", "Hello Bob,\r\n", RESULT_PASS, NULL },
		{ "goodbye.\r\n", "goodbye.\r\n\r\n\r\n", RESULT_PASS, NULL },
		{ "s=lab", "s=LAB", RESULT_FAIL, "signature-mismatch" },
	};
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	const char *text;
	size_t i;

	case_right_record(one, CASE_RSA);
	text = sign(one, case_message, (struct dkim_sign_options){ 0 },
		    CASE_RSA);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		found = case_check(one, case_replace(one, text, changes[i].old,
						     changes[i].with));
		expect(found, changes[i].result, changes[i].code);
		assert_int_equal(found->header_only, changes[i].code != NULL &&
				 strcmp(changes[i].code,
					"body-hash-mismatch") == 0);
	}
}

static void dns_has_four_answers(void **state)
{
	static const struct {
		enum dns_state dns;
		enum result result;
		const char *code;
	} answers[] = {
		{ DNS_NOTHING, RESULT_PERMERROR, "key-unavailable" },
		{ DNS_NXDOMAIN, RESULT_PERMERROR, "key-unavailable" },
		{ DNS_BOGUS, RESULT_TEMPERROR, "dns-bogus" },
		{ DNS_SILENT, RESULT_TEMPERROR, "dns-silent" },
	};
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	const char *text;
	size_t i;

	for (i = 0; i < 4; i++) {
		case_start(one);
		case_right_record(one, CASE_RSA);
		script_state(one->script, "lab._domainkey.example.org",
			     answers[i].dns);
		text = sign(one, case_message, (struct dkim_sign_options){ 0 },
			    CASE_RSA);
		found = case_check(one, text);
		expect(found, answers[i].result, answers[i].code);
		assert_int_equal(found->key_unavailable, i < 2);
		assert_false(found->header_only);
	}
}

static void a_late_key_is_awaited(void **state)
{
	struct dkim_case *one = *state;

	case_right_record(one, CASE_ED25519);
	script_delay(one->script, "lab._domainkey.example.org", 50);
	expect(case_check(one, sign(one, case_message,
				    (struct dkim_sign_options){ 0 },
				    CASE_ED25519)), RESULT_PASS, NULL);
}

/* Twelve signatures; the author's stands last and is verified first. */
static void the_author_comes_first(void **state)
{
	struct dkim_sign_options options = { .domain = "other.example" };
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	const char *text;
	size_t i;

	case_right_record(one, CASE_RSA);
	text = sign(one, case_message, (struct dkim_sign_options){ 0 },
		    CASE_RSA);
	for (i = 0; i < 11; i++)
		text = sign(one, text, options, CASE_ED25519);
	one->input.author_domain = "mail.example.org";
	found = case_check(one, text);
	expect(found, RESULT_PASS, NULL);
	assert_int_equal(one->found.count, DKIM_SIGNATURES_MAX);
	assert_int_equal(one->found.ignored, 2);
	expect(&found[1], RESULT_PERMERROR, "key-unavailable");
	one->input.author_domain = NULL;
	found = case_check(one, text);
	expect(found, RESULT_PERMERROR, "key-unavailable");
}

static void a_flood_is_counted(void **state)
{
	struct dkim_case *one = *state;
	struct buf text;
	size_t i;

	buf_init(&text, 1024 * 1024);
	for (i = 0; i < 3000; i++)
		buf_text(&text, "DKIM-Signature: v=1; d=a\r\n");
	buf_text(&text, case_message);
	(void)case_check(one, buf_string(&text));
	assert_int_equal(one->found.count, DKIM_SIGNATURES_MAX);
	assert_int_equal(one->found.ignored, 3000 - DKIM_SIGNATURES_MAX);
	assert_int_equal(script_asked(one->script), 0);
	buf_free(&text);
}

/* Each form and limit has its hash; the body is read once for all. */
struct reader {
	struct bytes body;
	size_t step;
	unsigned starts;
	int fails;
};

static int piece_next(void *ctx, uint64_t offset, struct bytes *piece)
{
	struct reader *reader = ctx;

	reader->starts += offset == 0;
	if (reader->fails < 0 && offset > 0)
		return reader->fails;
	if (offset >= reader->body.len)
		return 0;
	*piece = bytes_slice(reader->body, (size_t)offset,
			     (size_t)offset + reader->step);
	return 1;
}

static void one_reading_for_all_forms(void **state)
{
	static const struct dkim_sign_options forms[] = {
		{ .canon = "simple/simple" }, { .canon = "relaxed/relaxed" },
		{ .canon = "relaxed/simple" }, { .canon = "simple/relaxed" },
		{ .has_length = true, .length = 5 },
		{ .has_length = true, .length = 0 },
		{ .canon = "simple/simple", .has_length = true, .length = 9 },
	};
	struct dkim_case *one = *state;
	struct reader reader = { { NULL, 0 }, 1, 0, 0 };
	const char *text = case_message;
	size_t i, count = sizeof(forms) / sizeof(forms[0]);

	case_right_record(one, CASE_ED25519);
	for (i = 0; i < count; i++)
		text = sign(one, text, forms[i], CASE_ED25519);
	reader.body = bytes_of(strstr(case_message, "\r\n\r\n") + 4);
	for (reader.step = 1; reader.step < 40; reader.step++) {
		reader.starts = 0;
		one->input.body = (struct dkim_body){ piece_next, &reader, 0 };
		(void)case_check(one, text);
		assert_int_equal(reader.starts, 1);
		assert_int_equal(one->found.count, count);
		for (i = 0; i < count; i++)
			expect(&one->found.list[i], RESULT_PASS, NULL);
		assert_int_equal(one->found.list[0].body_signed, 9);
		assert_int_equal(one->found.list[1].body_signed, 0);
		assert_true(one->found.list[0].body_beyond > 0);
		assert_int_equal(one->found.list[6].body_beyond, 0);
	}
	reader.fails = ERR_IO;
	(void)case_check(one, text);
	for (i = 0; i < count; i++)
		expect(&one->found.list[i], RESULT_TEMPERROR,
		       "could-not-read");
}

static void no_body_at_all(void **state)
{
	static const char *const forms[] = { "simple/simple",
					     "relaxed/relaxed" };
	struct dkim_sign_options options = { .fields = "from" };
	struct dkim_case *one = *state;
	size_t i;

	case_right_record(one, CASE_ED25519);
	for (i = 0; i < 2; i++) {
		options.canon = forms[i];
		expect(case_check(one, sign(one, "From: a@example.org\r\n",
					    options, CASE_ED25519)),
		       RESULT_PASS, NULL);
		expect(case_check(one, sign(one, "From: a@example.org\r\n\r\n"
					    "\r\n\r\n", options,
					    CASE_ED25519)), RESULT_PASS, NULL);
	}
}

static void expiry_is_about_arrival(void **state)
{
	struct dkim_sign_options options = { .extra = "x=1767000000" };
	struct dkim_case *one = *state;
	const char *text;

	case_right_record(one, CASE_RSA);
	text = sign(one, case_message, options, CASE_RSA);
	expect(case_check(one, text), RESULT_FAIL, "expired");
	one->input.arrived = 1766999999;
	expect(case_check(one, text), RESULT_PASS, NULL);
}

/* Its own field is none that it could have covered. */
static void signatures_over_signatures(void **state)
{
	struct dkim_sign_options options = {
		.fields = "from:to:subject:date:dkim-signature"
	};
	struct dkim_case *one = *state;
	const char *text;

	case_right_record(one, CASE_RSA);
	text = sign(one, case_message, options, CASE_RSA);
	expect(case_check(one, text), RESULT_PASS, NULL);
	text = sign(one, text, options, CASE_RSA);
	(void)case_check(one, text);
	expect(&one->found.list[0], RESULT_PASS, NULL);
	expect(&one->found.list[1], RESULT_FAIL, "signature-mismatch");
}

static void domains_are_told_once(void **state)
{
	struct dkim_sign_options other = { .domain = "other.example" };
	struct dkim_case *one = *state;
	const char *domains[4] = { NULL };
	struct dkim_check *check;
	const char *text;

	text = sign(one, case_message, (struct dkim_sign_options){ 0 },
		    CASE_RSA);
	text = sign(one, text, other, CASE_RSA);
	text = sign(one, text, other, CASE_RSA);
	(void)case_check(one, text);
	check = dkim_start(one->arena, one->request, &one->input);
	assert_non_null(check);
	assert_int_equal(dkim_domains(check, domains, 4), 2);
	assert_string_equal(domains[0], "example.org");
	assert_string_equal(domains[1], "other.example");
	assert_int_equal(dkim_domains(check, domains, 1), 1);
	assert_int_equal(dkim_domains(check, domains, 0), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(facts_are_filled_in),
		TEST(changes_are_seen),
		TEST(dns_has_four_answers),
		TEST(a_late_key_is_awaited),
		TEST(the_author_comes_first),
		TEST(a_flood_is_counted),
		TEST(one_reading_for_all_forms),
		TEST(no_body_at_all),
		TEST(expiry_is_about_arrival),
		TEST(signatures_over_signatures),
		TEST(domains_are_told_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
