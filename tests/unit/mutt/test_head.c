/* test_head.c - what the pager is to show, whatever a sender wrote */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/mutt/head.h"

static char value[HEAD_VALUE_MAX];

static void the_block_ends_at_the_blank_line(void **state)
{
	(void)state;
	assert_int_equal(head_length("A: b\n\ntext", 10), 5);
	assert_int_equal(head_length("A: b\r\n\r\nx", 9), 6);
	assert_int_equal(head_length("\nx", 2), 0);
	assert_int_equal(head_length("A: b\n", 5), 5);
	assert_int_equal(head_length("", 0), 0);
}

static unsigned find(const char *head, const char *name)
{
	return head_find(head, strlen(head), name, value);
}

static void fields_are_found_unfolded(void **state)
{
	char *huge = calloc(1, HEAD_VALUE_MAX + 100);

	(void)state;
	assert_int_equal(find("Subject:  a \n\tb\n  c\nFrom: x\n", "subject"),
			 1);
	assert_string_equal(value, "a b c");
	assert_int_equal(find("From: x\nfrom : y\n", "From"), 2);
	assert_string_equal(value, "x");
	assert_int_equal(find("X-From: x\n", "From"), 0);
	assert_string_equal(value, "");
	memset(huge, 'a', HEAD_VALUE_MAX + 50);
	memcpy(huge, "Date: ", 6);
	assert_int_equal(find(huge, "Date"), 1);
	assert_string_equal(value, "");
	free(huge);
}

static void fields_are_found_one_by_one(void **state)
{
	static const char head[] = "Message-ID: <a@b>\nX: y\nMessage-ID: y\n"
				   "MESSAGE-ID:\n <c@d>\n";
	const size_t len = sizeof(head) - 1;
	size_t at = 0;

	(void)state;
	assert_true(head_next(head, len, &at, "Message-ID", value));
	assert_string_equal(value, "<a@b>");
	assert_true(head_next(head, len, &at, "Message-ID", value));
	assert_string_equal(value, "y");
	assert_true(head_next(head, len, &at, "Message-ID", value));
	assert_string_equal(value, "<c@d>");
	assert_false(head_next(head, len, &at, "Message-ID", value));
	assert_int_equal(at, len);
	assert_false(head_next(head, len, &at, "Message-ID", value));
}

static void addresses_stand_in_the_last_brackets(void **state)
{
	static const char *const cases[][2] = {
		{ "Alice <alice@example.org>", "alice@example.org" },
		{ "alice@example.org", "alice@example.org" },
		{ "\"bank@x.example\" <m@y.example>", "m@y.example" },
		{ "<a@x.example> <m@y.example>", "m@y.example" },
		{ "Alice", "" }, { "Alice <alice>", "" },
		{ "a@x.example, b@y.example", "" },
		{ "Alice <alice@example.org", "" }, { "", "" }, { "<>", "" },
		{ "Alice <a b@example.org>", "" },
		{ "a@x.example (<m@y.example>)", "" },
		{ "A <a@x.example> (<m@y.example>)", "" },
		{ "A <a@x.example> m", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		head_address(cases[i][0], value);
		assert_string_equal(value, cases[i][1]);
	}
}

static void an_author_is_the_only_one(void **state)
{
	static const char *const cases[][2] = {
		{ "Alice <a@x.example>", "a@x.example" },
		{ "a@x.example", "a@x.example" },
		{ "a@x.example <a@x.example>", "a@x.example" },
		{ "\"A@x.example\" <a@x.example>", "a@x.example" },
		{ "A <a@x.example>, M <m@y.example>", "" },
		{ "a@x.example, M <m@y.example>", "" },
		{ "\"a@x.example\" <m@y.example>", "" },
		{ "a@x.example (<m@y.example>)", "" },
		{ "Alice", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		head_author(cases[i][0], value);
		assert_string_equal(value, cases[i][1]);
	}
}

static void printed(const char *head, const char *from, const char *wanted)
{
	const struct head_shown shown = { "spoofed. No.", from };
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	head_print(head, strlen(head), &shown, to);
	(void)fclose(to);
	assert_string_equal(text, wanted);
	free(text);
}

static void the_senders_words_give_way(void **state)
{
	(void)state;
	printed("Date: now\nFrom: Alice\n\t<a@x.example>\nSubject: s\n",
		"a@x.example",
		"Mailseal: spoofed. No.\nDate: now\nFrom: a@x.example\n"
		"Subject: s\n");
	/* a verdict of the sender's own, twice, and our field */
	printed("Mailseal: genuine\nmailseal : genuine\n folded\n"
		"X-Mailseal-0123456789ABCDEF: genuine\nMessage-ID: <x>\n"
		"From: x\nFROM: y\n", "",
		"Mailseal: spoofed. No.\nFrom: (hidden)\nFrom: (hidden)\n");
	/* Mutt's markers stay */
	printed("\033]9;123\a[-- Attachment --]\n", "",
		"Mailseal: spoofed. No.\n\033]9;123\a[-- Attachment --]\n");
}

/* A name or a reason that brought a line end would be a field of its own. */
static void what_is_shown_is_one_line(void **state)
{
	(void)state;
	printed("From: x\n", "A\nMailseal: genuine\033[1m\xC2\x9B\xE2\x80\xAE"
		"\xC3\xA9 <a@x.example>",
		"Mailseal: spoofed. No.\n"
		"From: A?Mailseal: genuine?[1m??\xC3\xA9 <a@x.example>\n");
}

static void unclear_characters_are_no_difference(void **state)
{
	(void)state;
	assert_true(head_alike("a?b", "a\nb"));
	assert_true(head_alike("a\xEF\xBF\xBD" "b ", "a b"));
	assert_true(head_alike("", " ?"));
	assert_false(head_alike("a", "ab"));
	assert_false(head_alike("Lunch", "Dinner"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_block_ends_at_the_blank_line),
		cmocka_unit_test(fields_are_found_unfolded),
		cmocka_unit_test(fields_are_found_one_by_one),
		cmocka_unit_test(addresses_stand_in_the_last_brackets),
		cmocka_unit_test(an_author_is_the_only_one),
		cmocka_unit_test(the_senders_words_give_way),
		cmocka_unit_test(what_is_shown_is_one_line),
		cmocka_unit_test(unclear_characters_are_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
