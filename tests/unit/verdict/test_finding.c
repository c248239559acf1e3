/* test_finding.c - every value has its word */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/verdict/finding.h"

static void words_are_rfc_8601s(void **state)
{
	static const char *const words[] = {
		"none", "pass", "fail", "softfail", "neutral", "policy",
		"temperror", "permerror"
	};
	size_t i;

	(void)state;
	for (i = RESULT_NONE; i <= RESULT_PERMERROR; i++)
		assert_string_equal(result_word((enum result)i), words[i]);
}

static void what_is_unset_has_no_word(void **state)
{
	(void)state;
	assert_null(policy_word(POLICY_UNSET));
	assert_string_equal(policy_word(POLICY_NONE), "none");
	assert_string_equal(policy_word(POLICY_QUARANTINE), "quarantine");
	assert_string_equal(policy_word(POLICY_REJECT), "reject");
	assert_null(integrity_word(INTEGRITY_UNKNOWN));
	assert_string_equal(integrity_word(INTEGRITY_WHOLE), "whole");
	assert_string_equal(integrity_word(INTEGRITY_PARTLY), "partly");
	assert_string_equal(integrity_word(INTEGRITY_TAMPERED), "tampered");
	assert_null(dmarc_proof_word(PROOF_NONE));
	assert_string_equal(dmarc_proof_word(PROOF_DKIM), "dkim");
	assert_string_equal(dmarc_proof_word(PROOF_SPF), "spf");
	assert_string_equal(dmarc_proof_word(PROOF_SERVER), "server");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_rfc_8601s),
		cmocka_unit_test(what_is_unset_has_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
