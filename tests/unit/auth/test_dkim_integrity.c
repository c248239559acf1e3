/* test_dkim_integrity.c - what a pass leaves open, design 7 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/auth/dkim_case.h"

struct open_end {
	const char *what;
	const char *fields;		/* h= */
	const char *before;		/* fields put in before signing */
	const char *after;		/* and on top, after */
	const char *appended;		/* to the body, after */
	bool limited;			/* with l= of the body as it was */
	enum result result;
	enum integrity integrity;
};

#define ALL "from:to:subject:date"
#define WHOLE RESULT_PASS, INTEGRITY_WHOLE
#define PARTLY RESULT_PASS, INTEGRITY_PARTLY
#define TAMPERED RESULT_PASS, INTEGRITY_TAMPERED
#define BROKEN RESULT_FAIL, INTEGRITY_UNKNOWN

static const struct open_end open_ends[] = {
	{ "all", ALL, "", "", "", false, WHOLE },
	{ "no To", "from:subject:date", "", "", "", false, WHOLE },
	{ "no Subject", "from:to:date", "", "", "", false, PARTLY },
	{ "no Date", "from:to:subject", "", "", "", false, PARTLY },
	{ "no Content-Type", ALL, "Content-Type: text/plain\r\n", "", "",
	  false, WHOLE },
	{ "second From", ALL, "", "From: e@example.net\r\n", "", false,
	  TAMPERED },
	{ "hidden From", ALL, "", "From : e@example.net\r\n", "", false,
	  TAMPERED },
	{ "second Subject", ALL, "", "Subject: pay\r\n", "", false, TAMPERED },
	{ "second Subject, odd", ALL, "", "Subject : pay\r\n", "", false,
	  TAMPERED },
	{ "second Date", ALL, "", "Date: now\r\n", "", false, TAMPERED },
	{ "second To", ALL, "", "to: x@example.net\r\n", "", false, TAMPERED },
	{ "To twice, unsigned", "from:subject:date", "",
	  "To: x@example.net\r\n", "", false, TAMPERED },
	{ "second Cc", ALL ":cc", "Cc: a@example.net\r\n",
	  "Cc: b@example.net\r\n", "", false, TAMPERED },
	{ "Cc put in", ALL, "", "Cc: b@example.net\r\n", "", false, WHOLE },
	{ "second Reply-To", ALL ":reply-to", "Reply-To: a@example.org\r\n",
	  "Reply-To: b@example.org\r\n", "", false, TAMPERED },
	{ "second Content-Type", ALL ":content-type",
	  "Content-Type: text/plain\r\n", "Content-Type: text/html\r\n", "",
	  false, TAMPERED },
	{ "twice and covered", ALL ":to", "To: b@example.net\r\n", "", "",
	  false, WHOLE },
	{ "oversigned, put on top", ALL ":subject", "", "Subject: x\r\n", "",
	  false, BROKEN },
	{ "other field twice", ALL, "X: 1\r\n", "X: 2\r\n", "", false, WHOLE },
	{ "l= as long as the body", ALL, "", "", "", true, WHOLE },
	{ "l= and more", ALL, "", "", "<b>more</b>\r\n", true, TAMPERED },
	{ "l= and empty lines", ALL, "", "", "\r\n\r\n", true, WHOLE },
	{ "more without l=", ALL, "", "", "more\r\n", false, BROKEN },
	{ "Reply-To inside", ALL, "Reply-To: a@lists.example.org\r\n", "", "",
	  false, WHOLE },
	{ "Reply-To outside", ALL, "Reply-To: a@example.net\r\n", "", "",
	  false, PARTLY },
	{ "Reply-To put in", ALL, "", "Reply-To: a@evilexample.org\r\n", "",
	  false, PARTLY },
	{ "one of two outside", ALL,
	  "Reply-To: a@example.org, b@example.net\r\n", "", "", false,
	  PARTLY },
	{ "Reply-To unreadable", ALL, "Reply-To: a@@example.org\r\n", "", "",
	  false, PARTLY },
	{ "Reply-To outside, signed", ALL ":reply-to",
	  "Reply-To: a@example.net\r\n", "", "", false, WHOLE },
	{ "Reply-To whom it is to", ALL, "",
	  "Reply-To: bob@example.net\r\n", "", false, PARTLY },
	{ "Mail-Followup-To put in", ALL, "",
	  "Mail-Followup-To: a@evilexample.org\r\n", "", false, PARTLY },
	{ "Mail-Reply-To put in", ALL, "",
	  "Mail-Reply-To: A <a@evilexample.org>\r\n", "", false, PARTLY },
	{ "Mail-Followup-To put in beside", ALL, "",
	  "Mail-Followup-To: bob@example.net, a@evil.example\r\n", "", false,
	  PARTLY },
	{ "Mail-Followup-To as Mutt writes it", ALL,
	  "Mail-Followup-To: Alice <alice@example.org>,\r\n "
	  "Bob <bob@example.net>\r\n", "", "", false, WHOLE },
	{ "Mail-Followup-To a To that nobody signed", "from:subject:date",
	  "Mail-Followup-To: bob@example.net\r\n", "", "", false, PARTLY },
	{ "Mail-Followup-To twice", ALL,
	  "Mail-Followup-To: bob@example.net\r\n",
	  "Mail-Followup-To: bob@example.net\r\n", "", false, PARTLY },
};

static void run(struct dkim_case *one, const struct open_end *end,
		const char *body)
{
	struct dkim_sign_options options = { .fields = end->fields,
					     .has_length = end->limited,
					     .length = strlen(body) };
	const struct dkim_finding *found;
	const char *text;
	char *signed_text;

	case_start(one);
	case_right_record(one, CASE_ED25519);
	options.key = one->keys[CASE_ED25519];
	text = arena_print(one->arena, "%sFrom: Alice <alice@example.org>\r\n"
			   "To: bob@example.net\r\nSubject: one\r\n"
			   "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\n%s",
			   end->before, body);
	signed_text = dkim_sign(text, &options);
	text = arena_print(one->arena, "%s%s%s", end->after, signed_text,
			   end->appended);
	free(signed_text);
	found = case_check(one, text);
	if (found->result != end->result || found->integrity != end->integrity)
		fail_msg("%s: %d, %d: %s", end->what, (int)found->result,
			 (int)found->integrity, found->code);
	/* Whoever says "partly" or "tampered" says of what. */
	assert_int_equal(found->integrity_text != NULL,
			 found->integrity > INTEGRITY_WHOLE);
}

static void every_open_end(void **state)
{
	struct dkim_case *one = *state;
	size_t i;

	for (i = 0; i < sizeof(open_ends) / sizeof(open_ends[0]); i++)
		run(one, &open_ends[i], "Hello.\r\n");
	print_message("%zu open ends\n", i);
}

/* A body in two pieces: what is in memory, and the rest. */
struct halves {
	struct bytes all;
	size_t first;			/* octets */
};

static int half_next(void *ctx, uint64_t offset, struct bytes *piece)
{
	const struct halves *halves = ctx;

	if (offset >= halves->all.len)
		return 0;
	*piece = bytes_slice(halves->all, (size_t)offset,
			     offset < halves->first ? halves->first :
						      halves->all.len);
	return 1;
}

/* The end of a large body is its very end, wherever a piece of it ends. */
static void end_of_a_large_body(void **state)
{
	static const char parts[] = "--b\r\n\r\nPay Alice.\r\n--b--\r\n";
	static const struct {
		const char *behind;
		size_t first;		/* of the body in memory */
		enum integrity integrity;
	} rows[] = {
		{ "", 10, INTEGRITY_WHOLE },
		{ "But not now.\r\n", sizeof(parts) - 1, INTEGRITY_PARTLY },
		{ "But not now.\r\n", 10, INTEGRITY_PARTLY },
	};
	struct dkim_sign_options options = { .fields = ALL };
	struct dkim_case *one = *state;
	const struct dkim_finding *found;
	struct halves halves;
	const char *text;
	char *signed_text;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		case_start(one);
		case_right_record(one, CASE_ED25519);
		options.key = one->keys[CASE_ED25519];
		text = arena_print(one->arena, "From: alice@example.org\r\n"
				   "To: bob@example.net\r\nSubject: one\r\n"
				   "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
				   "Content-Type: multipart/mixed; "
				   "boundary=b\r\n\r\n%s%s", parts,
				   rows[i].behind);
		signed_text = dkim_sign(text, &options);
		text = arena_print(one->arena, "%s", signed_text);
		free(signed_text);
		halves.all = bytes_of(strstr(text, "--b"));
		halves.first = rows[i].first;
		one->input.body.next = half_next;
		one->input.body.ctx = &halves;
		one->input.body.size = halves.all.len;
		found = case_check(one, arena_print(one->arena, "%.*s",
				   (int)(strstr(text, "--b") - text + 10),
				   text));
		assert_int_equal(found->result, RESULT_PASS);
		if (found->integrity != rows[i].integrity)
			fail_msg("row %zu: %s", i, found->integrity_text);
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_open_end),
		cmocka_unit_test(end_of_a_large_body),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
