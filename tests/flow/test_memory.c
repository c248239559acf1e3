/* test_memory.c - judged once, looked at later: what was found out stays, whom
 * the user knows is of today */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/keep.h"
#include "agent/flow/memory.h"
#include "tests/flow/desk.h"

/* A store of one message. */
struct one {
	const char *id;
	const char *facts;
	unsigned recalled;
};

static int recall(void *ctx, struct arena *arena, const char *id,
		  struct bytes *facts, int64_t *judged)
{
	struct one *one = ctx;

	(void)arena;
	if (one->id == NULL || strcmp(one->id, id) != 0)
		return 0;
	one->recalled++;
	*facts = bytes_of(one->facts);
	*judged = 4711;
	return 1;
}

static const char *plain(struct desk *desk, const char *from)
{
	return desk_print(desk, "From: %s\r\nTo: me@user.example\r\n"
			  "Subject: Hello\r\nDate: " DESK_DATE "\r\n"
			  "Message-ID: <1@x.example>\r\n\r\nHello\r\n", from);
}

static const char *from_alice(struct desk *desk)
{
	return desk_sign(desk, "example.org",
			 plain(desk, "Alice Harper <alice@example.org>"));
}

/* Checks, and keeps. */
static struct desk_answer first_look(struct desk *desk, struct one *one,
				     struct memory *memory,
				     const char *message)
{
	struct desk_answer answer;
	const struct value *keep;

	memset(one, 0, sizeof(*one));
	memset(memory, 0, sizeof(*memory));
	memory->recall = recall;
	memory->ctx = one;
	desk->world.memory = memory;
	answer = desk_check(desk, message);
	keep = value_find(answer.report, "keep", VALUE_DICT);
	assert_non_null(keep);
	one->id = value_text(keep, "id");
	one->facts = value_text(keep, "facts");
	assert_non_null(one->id);
	assert_non_null(one->facts);
	return answer;
}

static void without_a_memory_nothing_is_kept(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer = desk_check(desk, from_alice(desk));

	assert_null(value_find(answer.report, "keep", VALUE_DICT));
}

static void what_is_kept(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	struct desk_answer answer = first_look(desk, &one, &memory,
					       from_alice(desk));
	const struct value *keep = value_find(answer.report, "keep",
					      VALUE_DICT);
	const struct value *list = value_find(keep, "keys", VALUE_LIST);

	assert_true(value_find(keep, "final", VALUE_TRUTH)->truth);
	assert_string_equal(value_text(keep, "address"), "alice@example.org");
	assert_int_equal(list->count, 1);
	assert_string_equal(value_text(list->first, "domain"), "example.org");
	assert_non_null(value_text(list->first, "text"));
	list = value_find(keep, "message_ids", VALUE_LIST);
	assert_int_equal(list->count, 1);
	assert_string_equal(list->first->text, "1@x.example");
	assert_string_equal(value_text(answer.report, "subject"), "Hello");
	assert_string_equal(value_text(answer.report, "date"), DESK_DATE);
}

static void a_later_look_asks_nothing(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = from_alice(desk);
	struct desk_answer answer = first_look(desk, &one, &memory, message);
	size_t asked = script_asked(desk->script);
	const struct value *judged;

	assert_string_equal(answer.verdict, "genuine");
	assert_int_equal(one.recalled, 0);
	answer = desk_check(desk, message);
	assert_int_equal(script_asked(desk->script), asked);
	assert_int_equal(one.recalled, 1);
	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.shown_from,
			    "Alice Harper <alice@example.org>");
	assert_string_equal(answer.proof, "dkim");
	assert_string_equal(value_text(answer.report, "subject"), "Hello");
	judged = value_find(answer.report, "judged", VALUE_NUMBER);
	assert_non_null(judged);
	assert_int_equal(judged->number, 4711);
	assert_null(value_find(answer.report, "keep", VALUE_DICT));
}

/* What was asked of SPF is told to who asks why, of then. */
static void the_steps_are_remembered(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = desk_print(desk, "%s%s",
		desk_border(desk, DESK_KNOWN_IP, "mx.example.org",
			    "alice@example.org"), from_alice(desk));
	struct desk_answer answer = first_look(desk, &one, &memory, message);
	const struct value *step;

	desk->options.explain = "yes";
	answer = desk_check(desk, message);
	assert_int_equal(one.recalled, 1);
	step = value_find(value_find(answer.report, "spf", VALUE_DICT),
			  "steps", VALUE_LIST)->first;
	assert_non_null(step);
	assert_string_equal(value_text(step, "name"), "example.org");
	assert_string_equal(value_text(step, "type"), "TXT");
	assert_string_equal(value_text(step, "found"), "records");
	assert_string_equal(value_text(step, "dnssec"), "secure");
}

static void a_new_contact_is_known(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = desk_sign(desk, "example.com",
					plain(desk, "Zoe <zoe@example.com>"));
	struct desk_answer answer = first_look(desk, &one, &memory, message);

	assert_string_equal(answer.verdict, "authenticated");
	desk_contact(desk, "zoe@example.com", "Zoe", 3);
	answer = desk_check(desk, message);
	assert_int_equal(one.recalled, 1);
	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.shown_from, "Zoe <zoe@example.com>");
}

static void a_contact_that_is_gone_is_not(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = from_alice(desk);
	struct desk_answer answer = first_look(desk, &one, &memory, message);

	assert_string_equal(answer.display, "name");
	desk->world.contacts = NULL;
	answer = desk_check(desk, message);
	assert_int_equal(one.recalled, 1);
	assert_string_equal(answer.verdict, "authenticated");
	assert_true(desk_hides_name(&answer));
}

/* An address in the name that became somebody else's: not asked about then,
 * so nothing speaks for it. */
static void a_name_that_became_anothers(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = desk_sign(desk, "example.com", plain(desk,
		"\"zoe@other.example\" <zoe@example.com>"));
	struct desk_answer answer;

	desk_contact(desk, "zoe@example.com", "Zoe", 3);
	desk_contact(desk, "zoe@other.example", "Zoe", 3);
	answer = first_look(desk, &one, &memory, message);
	assert_string_equal(answer.verdict, "genuine");
	desk->world.contacts = NULL;
	answer = desk_check(desk, message);
	assert_int_equal(one.recalled, 1);
	assert_string_equal(answer.verdict, "suspicious");
	assert_true(desk_hides_name(&answer));
}

static void facts_of_another_version(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = from_alice(desk);
	struct desk_answer answer = first_look(desk, &one, &memory, message);

	one.facts = "mailseal facts 0\n[facts]\n";
	answer = desk_check(desk, message);
	assert_int_equal(one.recalled, 1);
	assert_string_equal(answer.verdict, "genuine");
	assert_null(value_find(answer.report, "judged", VALUE_NUMBER));
	assert_non_null(value_find(answer.report, "keep", VALUE_DICT));
}

static void a_temporary_error_is_not_final(void **state)
{
	struct desk *desk = *state;
	struct memory memory;
	struct one one;
	const char *message = from_alice(desk);
	struct desk_answer answer;

	script_state(desk->script, "_dmarc.example.org", DNS_SILENT);
	answer = first_look(desk, &one, &memory, message);
	assert_string_equal(answer.verdict, "unverified");
	assert_false(value_find(value_find(answer.report, "keep", VALUE_DICT),
				"final", VALUE_TRUTH)->truth);
}

/* The signature of a dead domain beside the author's is nobody's business. */
static void others_silence_does_not_matter(void **state)
{
	struct facts facts = { .from = FROM_ONE };
	struct judgement judgement = { .verdict = VERDICT_AUTHENTICATED };

	(void)state;
	facts.dkim.count = 1;
	facts.dkim.list[0].result = RESULT_TEMPERROR;
	assert_true(keep_is_final(&facts, &judgement));
	facts.dkim.list[0].aligned = true;
	assert_false(keep_is_final(&facts, &judgement));
	judgement.verdict = VERDICT_GENUINE;
	assert_true(keep_is_final(&facts, &judgement));
	judgement.verdict = VERDICT_UNVERIFIED;
	facts.dkim.count = 0;
	assert_true(keep_is_final(&facts, &judgement));
	facts.dmarc.result = RESULT_TEMPERROR;
	assert_false(keep_is_final(&facts, &judgement));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(without_a_memory_nothing_is_kept),
		DESK_TEST(what_is_kept),
		DESK_TEST(a_later_look_asks_nothing),
		DESK_TEST(the_steps_are_remembered),
		DESK_TEST(a_new_contact_is_known),
		DESK_TEST(a_contact_that_is_gone_is_not),
		DESK_TEST(a_name_that_became_anothers),
		DESK_TEST(facts_of_another_version),
		DESK_TEST(a_temporary_error_is_not_final),
		cmocka_unit_test(others_silence_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
