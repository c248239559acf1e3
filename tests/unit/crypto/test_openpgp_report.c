/* test_openpgp_report.c - what is believed of a report, and what is not */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/value.h"
#include "agent/crypto/openpgp_report.h"
#include "agent/crypto/scheme.h"
#include "tests/unit/arena.h"

/* One more signature in the report's list. */
static struct value *signature(struct value *list, const char *state,
			       const char *trust, const char *fingerprint)
{
	struct value *dict = value_put_dict(arena, list, NULL);

	value_put_text(arena, dict, "state", state);
	value_put_text(arena, dict, "trust", trust);
	value_put_text(arena, dict, "fingerprint", fingerprint);
	return dict;
}

struct report_case {
	const char *state, *trust, *fingerprint;
	enum seal_state wanted;
};

static const struct report_case cases[] = {
	{ "good", "own", "AA", SEAL_GOOD },
	{ "good", "web", "AA", SEAL_GOOD },
	{ "good", "none", "AA", SEAL_BAD },
	{ "good", "refused", "AA", SEAL_BAD },
	{ "good", NULL, "AA", SEAL_BAD },
	{ "good", "ultimate", "AA", SEAL_BAD },
	{ "good", "own", NULL, SEAL_BAD },
	{ "Good", "own", "AA", SEAL_BAD },
	{ "none", "own", "AA", SEAL_BAD },
	{ NULL, "own", "AA", SEAL_BAD },
	{ "", "own", "AA", SEAL_BAD },
	{ "untrusted", "none", "AA", SEAL_UNTRUSTED },
	{ "unknown-key", NULL, NULL, SEAL_UNKNOWN_KEY },
	{ "revoked", "own", "AA", SEAL_REVOKED },
};

static void test_signatures(void **state)
{
	struct value *report, *list;
	struct seal_facts facts;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&facts, 0, sizeof(facts));
		report = value_dict(arena);
		list = value_put_list(arena, report, "signatures");
		(void)signature(list, cases[i].state, cases[i].trust,
				cases[i].fingerprint);
		openpgp_report_signatures(arena, report, OPENPGP_ONE_SIGNATURE,
					  &facts);
		assert_int_equal(facts.state, cases[i].wanted);
	}
}

static void test_counts(void **state)
{
	struct value *report = value_dict(arena), *list;
	struct seal_facts facts;

	(void)state;
	memset(&facts, 0, sizeof(facts));
	openpgp_report_signatures(arena, report, OPENPGP_AT_MOST_ONE, &facts);
	assert_int_equal(facts.state, SEAL_UNSIGNED);
	openpgp_report_signatures(arena, report, OPENPGP_ONE_SIGNATURE,
				  &facts);
	assert_int_equal(facts.state, SEAL_BAD);
	list = value_put_list(arena, report, "signatures");
	(void)signature(list, "good", "own", "AA");
	(void)signature(list, "good", "own", "BB");
	openpgp_report_signatures(arena, report, OPENPGP_AT_MOST_ONE, &facts);
	assert_int_equal(facts.state, SEAL_BAD);
	assert_int_equal(facts.signer_count, 0);
	report = value_dict(arena);
	value_put_text(arena, value_put_list(arena, report, "signatures"),
		       NULL, "good");
	openpgp_report_signatures(arena, report, OPENPGP_AT_MOST_ONE, &facts);
	assert_int_equal(facts.state, SEAL_BAD);
}

static void test_addresses(void **state)
{
	struct value *dict = value_dict(arena), *list;
	struct seal_signer owner;
	int i;

	(void)state;
	list = value_put_list(arena, dict, "addresses");
	value_put_text(arena, list, NULL, "Alice@EXAMPLE.org");
	value_put_text(arena, list, NULL, "no address");
	value_put_text(arena, list, NULL, "a@b@c");
	value_put_number(arena, list, NULL, 7);
	value_put_text(arena, list, NULL, "bob@example.org, c@example.org");
	openpgp_report_owner(arena, dict, &owner);
	assert_int_equal(owner.address_count, 1);
	assert_string_equal(owner.addresses[0], "Alice@example.org");
	for (i = 0; i < 100; i++)
		value_put_text(arena, list, NULL, "d@example.org");
	openpgp_report_owner(arena, dict, &owner);
	assert_int_equal(owner.address_count, SEAL_ADDRESSES_MAX);
}

static void opening(struct seal_facts *facts, const char *word,
		    const char *integrity, int64_t recipients)
{
	struct value *report = value_dict(arena);

	memset(facts, 0, sizeof(*facts));
	value_put_text(arena, report, "opening", word);
	value_put_text(arena, report, "integrity", integrity);
	value_put_number(arena, report, "recipients", recipients);
	openpgp_report_opening(arena, report, 2, facts);
}

static void test_opening(void **state)
{
	struct seal_facts facts;

	(void)state;
	opening(&facts, "opened", "mdc", 2);
	assert_int_equal(facts.opening, SEAL_OPENED);
	assert_int_equal(facts.integrity, SEAL_INTEGRITY_MDC);
	opening(&facts, "opened", "aead", 2);
	assert_int_equal(facts.integrity, SEAL_INTEGRITY_AEAD);
	opening(&facts, "opened", "none", 2);
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	opening(&facts, "opened", NULL, 2);
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	opening(&facts, "opened", "mdc", 3);	/* one is hidden inside */
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	assert_non_null(strstr(facts.reason, "hidden inside"));
	opening(&facts, "not-encrypted", "mdc", 2);
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	opening(&facts, "OPENED", "mdc", 2);
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	opening(&facts, NULL, "mdc", 2);
	assert_int_equal(facts.opening, SEAL_DAMAGED);
	opening(&facts, "no-key", NULL, 0);
	assert_int_equal(facts.opening, SEAL_NO_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_opening),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
