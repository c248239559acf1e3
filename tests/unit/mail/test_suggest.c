/* test_suggest.c - what folders ask for: shapes of providers, and of attacks */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/author.h"
#include "agent/mail/message.h"
#include "agent/mail/suggest.h"

#define DATE	"; Mon, 2 Mar 2026 10:00:00 +0000\n"
#define SENDERS	10

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(256 * 1024 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* The nth message: '#' in `head` is a digit, '$' a letter, of its sender. */
static const char *filled(const char *head, unsigned nth)
{
	char *text = arena_text(arena, bytes_of(head)), *c;

	assert_non_null(text);
	for (c = text; *c != 0; c++)
		if (*c == '#')
			*c = (char)('0' + nth % SENDERS);
		else if (*c == '$')
			*c = (char)('a' + nth % SENDERS);
	return text;
}

static void add(struct suggest *suggest, const char *head, unsigned count)
{
	struct message *message;
	const char *text;
	unsigned i;

	for (i = 0; i < count; i++) {
		text = arena_print(arena, "%sFrom: x@$%u.org\n\nx\n", head, 0U);
		text = filled(text, i);
		assert_int_equal(message_parse(arena, bytes_of(text),
					       &message), 0);
		assert_int_equal(suggest_add(suggest, message), 0);
	}
}

/* "r:mx.example.net a:mx.example.net?" - '?' is a doubt. */
static const char *concluded(const struct suggest *suggest)
{
	struct suggest_lines lines;
	const char *out = "";
	size_t i;

	assert_int_equal(suggest_conclude(suggest, arena, &lines), 0);
	for (i = 0; i < lines.count; i++)
		out = arena_print(arena, "%s%s%s:%s%s", out,
				  i > 0 ? " " : "",
				  lines.list[i].kind == SUGGEST_RELAY ? "r" :
				  "a", lines.list[i].value,
				  lines.list[i].doubt != NULL ? "?" : "");
	return out;
}

static const char *of_folder(const char *head, unsigned count)
{
	struct suggest *suggest = suggest_new();
	const char *out;

	assert_non_null(suggest);
	add(suggest, head, count);
	out = concluded(suggest);
	suggest_free(suggest);
	return out;
}

#define OUTSIDE(by) "Received: from mail.$.org (mail.$.org [192.0.2.#]) by " \
	by DATE

static void shapes_of_servers(void **state)
{
	static const struct {
		const char *head, *lines;
	} rows[] = {
		{ OUTSIDE("mx.example.net"), "r:mx.example.net" },
		/* Gmail: an inner hop without from, and results below */
		{ "Received: by 2002:a05:: with SMTP id x" DATE
		  OUTSIDE("mx.google.com")
		  "Authentication-Results: mx.google.com; spf=pass\n",
		  "r:mx.google.com a:mx.google.com?" },
		{ "Authentication-Results: mx.example.net; spf=pass\n"
		  OUTSIDE("mx.example.net"),
		  "r:mx.example.net a:mx.example.net" },
		/* several servers one behind the other */
		{ "Received: from mx.example.net (mx.example.net [192.0.2.99])"
		  " by imap.example.net" DATE OUTSIDE("mx.example.net"),
		  "r:*.example.net" },
		{ "Received: from mx.example.net (mx.example.net [10.0.0.1]) "
		  "by imap.example.net with LMTP" DATE
		  OUTSIDE("mx.example.net"), "r:mx.example.net" },
		{ "Received: from localhost (localhost [127.0.0.1]) by "
		  "mx.example.net" DATE OUTSIDE("mx.example.net"),
		  "r:mx.example.net" },
		/* a provider with many */
		{ "Authentication-Results: mx#.provider.com; spf=pass\n"
		  OUTSIDE("mx#.provider.com"),
		  "r:*.provider.com a:*.provider.com" },
		{ "Authentication-Results: bimi.icloud.com; bimi=none\n"
		  "Authentication-Results: spf.icloud.com; spf=pass\n"
		  OUTSIDE("p#.mail.icloud.com"),
		  "r:*.mail.icloud.com a:*.icloud.com" },
		/* Outlook writes no id */
		{ "Authentication-Results: spf=pass smtp.mailfrom=a.org\n"
		  OUTSIDE("x#.mail.protection.outlook.com"),
		  "r:*.mail.protection.outlook.com a:none:outlook.com" },
		/* results that are not the border's own */
		{ "Authentication-Results: mx.example.net; spf=pass\n"
		  "Subject: x\n" OUTSIDE("mx.example.net"),
		  "r:mx.example.net" },
		{ OUTSIDE("mx.example.net") "Authentication-Results: evil.org;"
		  " spf=pass\n", "r:mx.example.net" },
		/* one neighbour of another owner: a filter, or a list */
		{ "Received: from f.filter.com (f.filter.com [192.0.2.1]) by "
		  "mx.example.net" DATE OUTSIDE("f.filter.com"),
		  "r:mx.example.net?" },
		/* nothing of the user's own on top */
		{ OUTSIDE("mail.$$$.org"), "" },
		{ "", "" },
		{ "Received: broken (" DATE, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(of_folder(rows[i].head, 40), rows[i].lines) != 0)
			fail_msg("row %zu: \"%s\"", i,
				 of_folder(rows[i].head, 40));
}

static void few_messages_tell_nothing(void **state)
{
	struct suggest *suggest;

	(void)state;
	assert_string_equal(of_folder(OUTSIDE("mx.example.net"), 1), "");
	assert_string_equal(of_folder(OUTSIDE("mx.example.net"), 4), "");
	assert_string_equal(of_folder(OUTSIDE("mx.example.net"), 5),
			    "r:mx.example.net");
	suggest = suggest_new();
	assert_non_null(suggest);
	add(suggest, OUTSIDE("mx.example.net"), 60);
	/* a stranger's server on top of a few */
	add(suggest, OUTSIDE("mx.evil.org"), 6);
	assert_string_equal(concluded(suggest), "r:mx.example.net");
	suggest_free(suggest);
}

/* What senders write below the border never gets a line. */
static void senders_cannot_propose(void **state)
{
	static const char *const heads[] = {
		OUTSIDE("mx.example.net") OUTSIDE("mx.evil.org"),
		"Received: from mx.example.net ([203.0.113.#]) by "
		"mx.example.net" DATE OUTSIDE("mx.evil.org"),
		"Received: from evil.example.net (unknown [203.0.113.#]) by "
		"mx.example.net" DATE "Received: from a.org (a.org "
		"[192.0.2.#]) by evil.example.net" DATE,
		OUTSIDE("mx.example.net") "Authentication-Results: "
		"mx.evil.org; spf=pass\n" OUTSIDE("mx.evil.org"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strcmp(of_folder(heads[i], 40), "r:mx.example.net") != 0)
			fail_msg("head %zu: \"%s\"", i,
				 of_folder(heads[i], 40));
}

static void two_accounts_in_one_folder(void **state)
{
	struct suggest *suggest = suggest_new();

	(void)state;
	assert_non_null(suggest);
	add(suggest, OUTSIDE("mx.example.net"), 30);
	add(suggest, "Authentication-Results: mx.work.org; spf=pass\n"
	    OUTSIDE("mx.work.org"), 20);
	assert_string_equal(concluded(suggest),
			    "r:mx.example.net r:mx.work.org a:mx.work.org");
	suggest_free(suggest);
}

static void there_is_an_end(void **state)
{
	struct suggest *suggest = suggest_new();
	struct message *message;
	static const char text[] = "Received: from a (b.org [192.0.2.1]) by "
		"mx.example.net" DATE "From: a@b.org\n\n";
	unsigned i;

	(void)state;
	assert_non_null(suggest);
	assert_int_equal(message_parse(arena, bytes_of(text), &message), 0);
	for (i = 0; i < SUGGEST_MESSAGES_MAX; i++)
		assert_int_equal(suggest_add(suggest, message), 0);
	assert_int_equal(suggest_add(suggest, message), ERR_LIMIT);
	/* five thousand of one sender are still one sender */
	assert_string_equal(concluded(suggest), "");
	suggest_free(suggest);
	suggest_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_of_servers),
		cmocka_unit_test(few_messages_tell_nothing),
		cmocka_unit_test(senders_cannot_propose),
		cmocka_unit_test(two_accounts_in_one_folder),
		cmocka_unit_test(there_is_an_end),
	};

	author_prepare();
	return cmocka_run_group_tests(tests, setup, teardown);
}
