/* test_attack_envelope.c - what the sender says in SMTP, and what it smuggles
 *
 * Rows 1, 2, 5, 6, 34, 36 and 38 of the attack list: MAIL FROM and HELO reach
 * us through the border's Return-Path and Received fields, or through the
 * caller. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

static const char *unsigned_from(struct desk *desk, const char *address)
{
	return desk_print(desk, "From: Somebody <%s>\r\nTo: me@user.example"
			  "\r\nSubject: Hello\r\nDate: " DESK_DATE "\r\n\r\n"
			  "Hello\r\n", address);
}

/* The border's two fields, each as it is written here. */
static struct desk_answer arrives(struct desk *desk, const char *path,
				  const char *received, const char *message)
{
	return desk_check(desk, desk_print(desk, "%s%s%s", path, received,
					   message));
}

#define FROM_EVIL_IP \
	"Received: from evil.example (unknown [" DESK_EVIL_IP "])\r\n" \
	"\tby mx.user.example; " DESK_DATE "\r\n"

/* 2, 5, 6: paths that nobody should read the victim's domain out of; SPF of
 * HELO passes, for evil.example. */
static const char *const broken_paths[] = {
	"<(bo@example.net>", "<bo@example.net(a.evil.example>",
	"<bo@example.net(a.evil.example)>", "<bo@example.net'@evil.example>",
	"<bo@example.net\"@evil.example>", "<@example.net,@b:bo@example.net>",
	"<@evil.example:bo@example.net>", "<bo@example.net>evil.example",
	"<bo@example.net><eve@evil.example>", "bo@example.net",
	"<bo@example.net@evil.example>", "<<bo@example.net>>",
	"<\"bo@example.net\"@evil.example>", "< bo@example.net>",
	"<bo@example.net >", "<bo @example.net>", "<bo@example.net.>",
	"<bo@.example.net>", "<bo@example..net>", "<bo@[192.0.2.10]>",
	"<@example.net>", "<bo@>", "<bo>", "<", ">", "<>(bo@example.net)",
	"<bo@example.net\x01>", "<bo@example.net\xC2\xA0>",
	"<bo@example.net,eve@evil.example>", "<=?utf-8?q?bo?=@example.net>",
	"<bo@example_.net>", "<bo@example.net;evil.example>",
	"<bo@evil.example\\@example.net>", "<bo@%00example.net>",
};

static void a_broken_path_proves_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(broken_paths) / sizeof(*broken_paths); i++) {
		answer = arrives(desk, desk_print(desk, "Return-Path: %s\r\n",
						  broken_paths[i]),
				 FROM_EVIL_IP,
				 unsigned_from(desk, "bo@example.net"));
		if (strcmp(answer.verdict, "suspicious") == 0 &&
		    answer.proof == NULL && desk_hides_name(&answer))
			continue;
		wrong++;
		print_message("%s: %s, spf %s\n", broken_paths[i],
			      answer.verdict, answer.spf);
	}
	assert_int_equal(wrong, 0);
}

/* The same out of the caller's mouth. */
static void a_broken_path_of_the_caller_proves_nothing(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0, len;
	char *inside;

	desk->options.client_ip = DESK_EVIL_IP;
	desk->options.helo = "evil.example";
	for (i = 0; i < sizeof(broken_paths) / sizeof(*broken_paths); i++) {
		len = strlen(broken_paths[i]);
		if (broken_paths[i][0] != '<' || len < 3 ||
		    broken_paths[i][len - 1] != '>')
			continue;
		inside = strdup(broken_paths[i] + 1);
		assert_non_null(inside);
		inside[len - 2] = 0;
		desk->options.mail_from = inside;
		answer = desk_check(desk, unsigned_from(desk,
							"bo@example.net"));
		if (answer.proof != NULL || !desk_hides_name(&answer)) {
			wrong++;
			print_message("%s: %s, spf %s\n", inside,
				      answer.verdict, answer.spf);
		}
		free(inside);
	}
	assert_int_equal(wrong, 0);
}

/* 1: SPF none of a sub-domain is no pass of HELO's, nor of the domain's. */
static void spf_and_dmarc_mean_one_identity(void **state)
{
	static const struct {
		const char *path, *from, *verdict;
	} rows[] = {
		{ "x@nowhere.example.net", "bo@example.net", "suspicious" },
		{ "x@nowhere.example.org", "alice@example.org", "spoofed" },
		{ "", "alice@example.org", "spoofed" },
		{ "eve@evil.example", "alice@example.org", "spoofed" },
		{ "eve@evil.example", "bo@example.net", "suspicious" },
		{ "eve@evil.example", "eve@evil.example", "authenticated" },
		{ "", "eve@evil.example", "authenticated" },	/* HELO */
		{ "eve@evil.example", "eve@sub.evil.example",
		  "authenticated" },
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		answer = arrives(desk, desk_print(desk, "Return-Path: <%s>\r\n",
						  rows[i].path), FROM_EVIL_IP,
				 unsigned_from(desk, rows[i].from));
		if (strcmp(answer.verdict, rows[i].verdict) != 0)
			fail_msg("row %zu: %s, %s", i, answer.verdict,
				 answer.spf);
		assert_true(desk_hides_name(&answer));
	}
}

/* Two paths tell two stories; one below the border is the sender's. */
static void one_path_and_it_stands_above(void **state)
{
	struct desk *desk = *state;
	const char *message = unsigned_from(desk, "bo@example.net");
	const char *border = "Received: from mail.example.net (unknown ["
		DESK_KNOWN_IP "])\r\n\tby mx.user.example; " DESK_DATE "\r\n";
	struct desk_answer answer;

	answer = arrives(desk, "Return-Path: <bo@example.net>\r\n", border,
			 message);
	assert_string_equal(answer.proof, "spf");
	answer = arrives(desk, "Return-Path: <bo@example.net>\r\n"
			 "Return-Path: <eve@evil.example>\r\n", border,
			 message);
	assert_null(answer.proof);
	answer = arrives(desk, "", desk_print(desk, "%sReturn-Path: "
			 "<bo@example.net>\r\n", border), message);
	assert_null(answer.proof);
	assert_string_not_equal(answer.spf, "pass");
}

/* 34, 36: a shared server, or smuggling, is enough for SPF. */
static void spf_alone_gives_no_name(void **state)
{
	struct desk *desk = *state;
	const char *message = desk_print(desk, "%s%s",
		desk_border(desk, DESK_KNOWN_IP, "mail.example.org",
			    "alice@example.org"),
		unsigned_from(desk, "alice@example.org"));
	struct desk_answer answer = desk_check(desk, message);

	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.proof, "spf");
	assert_true(desk_hides_name(&answer));
	assert_true(desk_has_reason(&answer, "spf-only"));
	desk->world.policy.accept_spf_only = true;
	answer = desk_check(desk, message);
	assert_string_equal(answer.verdict, "genuine");
}

/* 38: what stands below the border was the sender's to write. */
static const struct {
	const char *head;		/* Received fields, top first */
	const char *why;
} forged_borders[] = {
	{ FROM_EVIL_IP "Received: from mail.example.org (mail.example.org ["
	  DESK_KNOWN_IP "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "the real border is the first" },
	{ "Received: from mx.user.example (unknown [" DESK_EVIL_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "HELO in the relay's name" },
	{ "Received: from mx.user.example ([" DESK_EVIL_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "HELO in the relay's name, no host looked up" },
	{ "Received: from localhost (unknown [" DESK_EVIL_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "HELO localhost" },
	{ "Received: from [127.0.0.1] (unknown [" DESK_EVIL_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "HELO of a loopback literal" },
	{ "Received: from x (mx.user.example [" DESK_EVIL_IP "] (may be forged"
	  "))\r\n\tby mx.user.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "a host name that may be forged" },
	{ "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby evil.example; " DESK_DATE "\r\n"
	  "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "another server wrote the first" },
	{ "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby mx.user.example.evil.example; " DESK_DATE "\r\n",
	  "a name that begins like the relay's" },
	{ "Received: from mail.example.org (mail.example.org [" DESK_KNOWN_IP
	  "])\r\n\tby evilmx.user.example; " DESK_DATE "\r\n",
	  "a name that ends like the relay's" },
	{ "Received: from evil.example ([" DESK_EVIL_IP "] helo=x) (["
	  DESK_KNOWN_IP "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "two addresses in two comments" },
	{ "Received: from x (HELO y [" DESK_KNOWN_IP "]) (unknown ["
	  DESK_EVIL_IP "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
	  "an address inside HELO" },
	{ "Received: from [" DESK_KNOWN_IP "] (unknown [" DESK_EVIL_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n",
	  "HELO is an address literal" },
	{ "Received: from mail.example.org ([" DESK_KNOWN_IP "]) by "
	  "mx.user.example by evil.example; " DESK_DATE "\r\n",
	  "two by clauses" },
	{ "Received: by mx.user.example (from mail.example.org [" DESK_KNOWN_IP
	  "]); " DESK_DATE "\r\n" FROM_EVIL_IP, "a border in a comment" },
	{ "X-Received: from mail.example.org ([" DESK_KNOWN_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n", "another field" },
	{ "Received : from mail.example.org ([" DESK_KNOWN_IP "])\r\n"
	  "\tby mx.user.example; " DESK_DATE "\r\n" FROM_EVIL_IP,
	  "a blank before the colon" },
};

static void no_border_can_be_forged(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;

	/* a name that was shown on SPF alone must not be to be had */
	desk->world.policy.accept_spf_only = true;
	for (i = 0; i < sizeof(forged_borders) / sizeof(*forged_borders);
	     i++) {
		answer = arrives(desk, "Return-Path: <alice@example.org>\r\n",
				 forged_borders[i].head,
				 unsigned_from(desk, "alice@example.org"));
		if (strcmp(answer.verdict, "spoofed") == 0 &&
		    strcmp(answer.spf, "pass") != 0 &&
		    desk_hides_name(&answer))
			continue;
		wrong++;
		print_message("%s: %s, spf %s\n", forged_borders[i].why,
			      answer.verdict, answer.spf);
	}
	assert_int_equal(wrong, 0);
}

/* The rows above fail for what they forge, not for how they are written. */
static void true_borders_are_found(void **state)
{
	static const char *const heads[] = {
		"Received: from mail.example.org (mail.example.org ["
		DESK_KNOWN_IP "])\r\n\tby mx.user.example; " DESK_DATE "\r\n",
		"Received: from x ([" DESK_KNOWN_IP "]) by mx.user.example; "
		DESK_DATE "\r\n",
		"Received: by mx.user.example (Postfix, from userid 1); "
		DESK_DATE "\r\n"
		"Received: from mail.example.org ([" DESK_KNOWN_IP "])\r\n"
		"\tby mx.user.example; " DESK_DATE "\r\n",
		"Received: from mx.user.example (mx.user.example [192.0.2.1])"
		"\r\n\tby mx.user.example; " DESK_DATE "\r\n"
		"Received: from mail.example.org ([" DESK_KNOWN_IP "])\r\n"
		"\tby mx.user.example; " DESK_DATE "\r\n",
		"Received: from mail.example.org ([" DESK_KNOWN_IP "])\r\n"
		"\tby mx.user.example; " DESK_DATE "\r\n"
		"Received: from far.away by mail.example.org; " DESK_DATE
		"\r\n",
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		answer = arrives(desk, "Return-Path: <alice@example.org>\r\n",
				 heads[i], unsigned_from(desk,
						"alice@example.org"));
		if (strcmp(answer.spf, "pass") != 0)
			fail_msg("head %zu: %s, %s", i, answer.spf,
				 answer.verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_broken_path_proves_nothing),
		DESK_TEST(a_broken_path_of_the_caller_proves_nothing),
		DESK_TEST(spf_and_dmarc_mean_one_identity),
		DESK_TEST(one_path_and_it_stands_above),
		DESK_TEST(spf_alone_gives_no_name),
		DESK_TEST(no_border_can_be_forged),
		DESK_TEST(true_borders_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
