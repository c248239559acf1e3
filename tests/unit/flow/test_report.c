/* test_report.c - keys that are absent, texts that are cut, reports that fit
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/flow/report.h"
#include "agent/verdict/verdict.h"

#define ARENA (4 * 1024 * 1024)

static int arena_make(void **state)
{
	*state = arena_new(ARENA);
	return *state == NULL;
}

static int arena_drop(void **state)
{
	arena_free(*state);
	return 0;
}

static struct judgement judged(void)
{
	struct judgement out = { VERDICT_SPOOFED, DISPLAY_WARNING, PROOF_NONE,
				 INTEGRITY_UNKNOWN, "a@example.org",
				 { { "policy-violated", "It is forged." } },
				 1 };

	return out;
}

static const struct value *dmarc_of(const struct value *report)
{
	return value_find(report, "dmarc", VALUE_DICT);
}

static void what_does_not_apply_is_absent(void **state)
{
	struct facts facts = { .from = FROM_ONE, .address = "a@example.org" };
	struct judgement judgement = judged();
	struct value *report = report_make(*state, &facts, &judgement, NULL);

	assert_string_equal(value_text(report, "verdict"), "spoofed");
	assert_null(value_find(report, "id", VALUE_TEXT));
	assert_null(value_find(report, "proof", VALUE_TEXT));
	assert_null(value_find(report, "integrity", VALUE_TEXT));
	assert_null(value_find(report, "arc", VALUE_DICT));
	assert_null(value_find(dmarc_of(report), "policy", VALUE_TEXT));
	assert_null(value_find(dmarc_of(report), "rfc7489", VALUE_DICT));
	facts.could_not_read = "It is no mail.";
	report = report_make_as(*state, &facts, &judgement, "00",
				REPORT_DETAIL);
	assert_string_equal(value_text(report, "error"), "It is no mail.");
	assert_null(dmarc_of(report));
}

static void the_proof_is_the_judgements(void **state)
{
	struct facts facts = { .from = FROM_ONE };
	struct judgement judgement = judged();
	struct value *report;

	facts.arc.sealer = "lists.example";
	facts.arc.result = RESULT_PASS;
	facts.arc.sets = 2;
	facts.arc.believed = "spf=pass for example.org";
	judgement.proof = PROOF_SERVER;
	report = report_make(*state, &facts, &judgement, "00");
	assert_string_equal(value_text(report, "proof"), "server");
	assert_string_equal(value_text(value_find(report, "arc", VALUE_DICT),
				       "believed"),
			    "spf=pass for example.org");
}

static void rfc7489_is_told_where_it_differs(void **state)
{
	struct facts facts = { .from = FROM_ONE };
	struct judgement judgement = judged();
	struct dmarc_finding *dmarc = &facts.dmarc;

	dmarc->result = dmarc->psl_result = RESULT_FAIL;
	dmarc->published = dmarc->policy = dmarc->psl_policy = POLICY_REJECT;
	dmarc->organizational_domain = dmarc->psl_domain = "example.org";
	assert_null(value_find(dmarc_of(report_make(*state, &facts, &judgement,
						    NULL)),
			       "rfc7489", VALUE_DICT));
	dmarc->policy = POLICY_QUARANTINE;	/* t=y: not of the two */
	assert_null(value_find(dmarc_of(report_make(*state, &facts, &judgement,
						    NULL)),
			       "rfc7489", VALUE_DICT));
	dmarc->psl_domain = "org";
	assert_non_null(value_find(dmarc_of(report_make(*state, &facts,
							&judgement, NULL)),
				   "rfc7489", VALUE_DICT));
	dmarc->psl_domain = "example.org";
	dmarc->result = RESULT_PASS;
	assert_non_null(value_find(dmarc_of(report_make(*state, &facts,
							&judgement, NULL)),
				   "rfc7489", VALUE_DICT));
	dmarc->proof = PROOF_SERVER;		/* lifted: not of the two */
	assert_null(value_find(dmarc_of(report_make(*state, &facts, &judgement,
						    NULL)),
			       "rfc7489", VALUE_DICT));
}

static void long_texts_are_cut(void **state)
{
	struct value *dict = value_dict(*state);
	char text[REPORT_TEXT_MAX + 20];
	const char *got;
	size_t i;

	memset(text, 'x', sizeof(text));
	text[REPORT_TEXT_MAX] = 0;
	report_text(*state, dict, "whole", text);
	assert_int_equal(strlen(value_text(dict, "whole")), REPORT_TEXT_MAX);
	for (i = 0; i < 4; i++) {		/* not inside a character */
		memset(text, 'x', sizeof(text));
		memcpy(text + REPORT_TEXT_MAX - i, "\xF0\x9F\x98\x80", 4);
		text[REPORT_TEXT_MAX + 10] = 0;
		report_text(*state, dict, "cut", text);
		got = dict->last->text;
		assert_true(strlen(got) <= REPORT_TEXT_MAX + 3);
		assert_string_equal(got + strlen(got) - 4, "x...");
	}
	report_text(*state, dict, "none", NULL);
	assert_null(value_find(dict, "none", VALUE_TEXT));
}

/* What fits is what a frame takes. */
static void the_size_is_not_guessed_too_small(void **state)
{
	struct value *dict = value_dict(*state), *list;
	char text[REPORT_TEXT_MAX];
	struct buf wire;
	unsigned i;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = 0;
	list = value_put_list(*state, dict, "list");
	for (i = 0; report_fits(dict); i++) {
		report_text(*state, list, NULL, text);
		value_put_number(*state, dict, "a-key-of-some-length", i);
		value_put_truth(*state, dict, "t", true);
	}
	assert_in_range(i, 50, 65);
	buf_init(&wire, REPORT_MAX + sizeof(text));
	assert_int_equal(value_encode(dict, &wire), 0);
	buf_free(&wire);
}

static void the_last_key_can_be_dropped(void **state)
{
	struct value *dict = value_dict(*state);

	report_drop_last(dict);
	assert_int_equal(dict->count, 0);
	value_put_number(*state, dict, "a", 1);
	report_drop_last(dict);
	assert_null(dict->first);
	value_put_number(*state, dict, "a", 1);
	value_put_number(*state, dict, "b", 2);
	value_put_number(*state, dict, "c", 3);
	report_drop_last(dict);
	assert_int_equal(dict->count, 2);
	assert_null(value_find(dict, "c", VALUE_NUMBER));
	value_put_number(*state, dict, "d", 4);
	assert_int_equal(value_find(dict, "d", VALUE_NUMBER)->number, 4);
	assert_int_equal(value_find(dict, "b", VALUE_NUMBER)->number, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_does_not_apply_is_absent,
						arena_make, arena_drop),
		cmocka_unit_test_setup_teardown(the_proof_is_the_judgements,
						arena_make, arena_drop),
		cmocka_unit_test_setup_teardown(
			rfc7489_is_told_where_it_differs, arena_make,
			arena_drop),
		cmocka_unit_test_setup_teardown(long_texts_are_cut, arena_make,
						arena_drop),
		cmocka_unit_test_setup_teardown(
			the_size_is_not_guessed_too_small, arena_make,
			arena_drop),
		cmocka_unit_test_setup_teardown(the_last_key_can_be_dropped,
						arena_make, arena_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
