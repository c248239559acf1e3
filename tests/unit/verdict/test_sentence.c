/* test_sentence.c - every code is a word once, every row has a sentence, and
 * no stranger writes into it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/verdict/facts.h"

#define ROWS 17		/* codes of the table, first in sentence_codes */

static void codes_are_kebab_case_and_single(void **state)
{
	const char *code;
	size_t i, j;

	(void)state;
	assert_ptr_equal(verdict_codes(), sentence_codes);
	for (i = 0; sentence_codes[i] != NULL; i++) {
		code = sentence_codes[i];
		assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(code));
		assert_true(sentence_knows(code));
		for (j = 0; j < i; j++)
			assert_string_not_equal(sentence_codes[j], code);
	}
	assert_true(i > ROWS);
	assert_false(sentence_knows("no-such-code"));
	assert_false(sentence_knows(NULL));
}

static void every_row_has_a_sentence(void **state)
{
	struct arena *arena = arena_new(FACTS_ARENA);
	struct facts facts = facts_of_alice(), empty;
	const char *text;
	size_t i;

	(void)state;
	facts_add_foreign(&facts, "ceo@bank.example", &bank_reject);
	facts.name_owner = "bob@example.com";
	facts.looks_like = "a1ice@example.org";
	facts.could_not_read = "This is not a mail message.";
	memset(&empty, 0, sizeof(empty));
	for (i = 0; i < ROWS; i++) {
		text = sentence_tell(arena, &facts, &facts.dkim.list[0],
				     sentence_codes[i]);
		assert_null(strstr(text, "no memory"));
		assert_null(strchr(text, '?'));
		assert_int_equal(text[strlen(text) - 1], '.');
		/* and survives facts that hold nothing */
		assert_non_null(sentence_tell(arena, &empty, NULL,
					      sentence_codes[i]));
	}
	arena_free(arena);
}

static void strangers_are_made_harmless(void **state)
{
	struct arena *arena = arena_new(FACTS_ARENA);
	struct facts facts = facts_of_alice();
	const char *text;

	(void)state;
	facts.domain = "evil\033[2J.example";
	facts.address = "a<b>&\xE2\x80\xAE@evil.example";
	facts_add_foreign(&facts, "x\r\ny@bank.example", &bank_reject);
	text = sentence_tell(arena, &facts, NULL, "forged-address-in-name");
	assert_null(strpbrk(text, "\033\r\n<>&"));
	assert_null(strstr(text, "\xE2\x80\xAE"));
	text = sentence_tell(arena, &facts, NULL, "policy-violated");
	assert_null(strpbrk(text, "\033\r\n<>&"));
	assert_string_equal(sentence_safe(arena, NULL), "?");
	assert_string_equal(sentence_safe(arena, "plain."), "plain.");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_kebab_case_and_single),
		cmocka_unit_test(every_row_has_a_sentence),
		cmocka_unit_test(strangers_are_made_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
