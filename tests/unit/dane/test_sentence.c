/* test_sentence.c - every reason has a sentence; clauses come and go */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/dane/sentence.h"

static struct dane_report report;

static const char *say(struct arena *arena, enum dane_reason reason,
		       const char *name, const char *why)
{
	struct dane_cause cause = { name, why };

	report.host = "mail.example.org";
	report.port = 465;
	report.reason = reason;
	return dane_sentence(arena, &report, &cause);
}

static void every_reason(void **test)
{
	struct arena *arena = arena_new(1024 * 1024);
	const char *bare, *full;
	int reason;

	(void)test;
	for (reason = 0; reason < DANE_REASONS; reason++) {
		bare = say(arena, (enum dane_reason)reason, NULL, NULL);
		full = say(arena, (enum dane_reason)reason, "a.example",
			   "because");
		assert_non_null(strstr(bare, "mail.example.org"));
		assert_null(strpbrk(bare, "[]%"));
		assert_null(strpbrk(full, "[]%"));
		assert_null(strstr(bare, "()"));
		assert_true(bare[strlen(bare) - 1] == '.');
		assert_string_not_equal(dane_reason_word(
				(enum dane_reason)reason), "");
	}
	arena_free(arena);
}

static void clauses(void **test)
{
	struct arena *arena = arena_new(65536);
	const char *text;

	(void)test;
	text = say(arena, DANE_BOGUS, "a.example", "no signature");
	assert_non_null(strstr(text, "fails for a.example (no signature)."));
	text = say(arena, DANE_BOGUS, NULL, "no signature");
	assert_non_null(strstr(text, "fails (no signature)."));
	text = say(arena, DANE_BOGUS, NULL, "");
	assert_non_null(strstr(text, "fails. Somebody"));
	text = say(arena, DANE_MATCHED, NULL, NULL);
	assert_non_null(strstr(text, "port 465"));
	/* what a stranger said is not a form */
	text = say(arena, DANE_NO_STARTTLS, NULL, "250 [%h] %p");
	assert_non_null(strstr(text, "it said: 250 [%h] %p)"));
	arena_free(arena);
}

static void without_memory(void **test)
{
	struct arena *arena = arena_new(8);

	(void)test;
	assert_true(strlen(say(arena, DANE_MATCHED, NULL, NULL)) > 10);
	arena_free(arena);
}

static void words(void **test)
{
	(void)test;
	assert_string_equal(dane_verdict_word(DANE_VERIFIED), "dane");
	assert_string_equal(dane_verdict_word(DANE_PKIX_ONLY), "pkix");
	assert_string_equal(dane_verdict_word(DANE_REFUSED), "refused");
	assert_string_equal(dane_verdict_word(DANE_UNKNOWN), "unknown");
	assert_string_equal(dane_verdict_word((enum dane_verdict)9),
			    "unknown");
	assert_string_equal(dane_reason_word(DANE_MATCHED), "matched");
	assert_string_equal(dane_reason_word(DANE_TROUBLE), "trouble");
	assert_string_equal(dane_reason_word((enum dane_reason)99),
			    "trouble");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason),
		cmocka_unit_test(clauses),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
