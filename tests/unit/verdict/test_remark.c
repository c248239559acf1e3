/* test_remark.c - what else the reader is told, and that it ends somewhere */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/verdict/facts.h"

struct told {
	struct arena *arena;
	struct judgement out;
};

static struct told judged(const struct facts *facts)
{
	struct verdict_policy policy = policy_default();
	struct told told = { .arena = arena_new(FACTS_ARENA) };

	verdict_judge(told.arena, facts, &policy, &told.out);
	return told;
}

static const char *text_of(const struct told *told, const char *code)
{
	size_t i;

	for (i = 0; i < told->out.reason_count; i++)
		if (strcmp(told->out.reasons[i].code, code) == 0)
			return told->out.reasons[i].text;
	return NULL;
}

static void says(const struct facts *facts, const char *code,
		 const char *part)
{
	struct told told = judged(facts);
	const char *text = text_of(&told, code);

	assert_non_null(text);
	if (strstr(text, part) == NULL)
		assert_string_equal(text, part);
	arena_free(told.arena);
}

static void says_not(const struct facts *facts, const char *code)
{
	struct told told = judged(facts);

	assert_null(text_of(&told, code));
	arena_free(told.arena);
}

static void a_clean_pass_needs_no_remark(void **state)
{
	struct facts facts = facts_of_alice();
	struct told told = judged(&facts);

	(void)state;
	assert_int_equal(told.out.reason_count, 1);
	arena_free(told.arena);
}

static void why_the_name_is_hidden(void **state)
{
	struct facts facts = facts_of_alice();

	(void)state;
	facts.known = false;
	says(&facts, "unknown-sender", "not among your contacts");
	facts.known = true;
	facts.dmarc.proof = PROOF_SPF;
	facts.dkim.count = 0;
	says(&facts, "spf-only", "SPF");
	facts.dmarc.proof = PROOF_SERVER;
	says(&facts, "server-only", "server that you trust");
	facts = facts_of_alice();
	facts.dkim.list[0].integrity = INTEGRITY_PARTLY;
	facts.dkim.list[0].integrity_text = "The signature does not cover "
					    "the field Subject.";
	says(&facts, "partly-signed", "Subject");
	facts = facts_of_alice();
	facts.name_unreadable = true;
	says(&facts, "name-unreadable", "different ways");
	facts.odd_local = true;
	says(&facts, "odd-address", "unusual");
}

static void forwarders_and_old_keys(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);

	(void)state;
	facts.arc.result = RESULT_PASS;
	facts.arc.sealer = "lists.example";
	facts.arc.believed = "dkim=pass for example.org";
	says(&facts, "arc-believed", "lists.example");
	says(&facts, "arc-believed", "dkim=pass for example.org");
	says(&facts, "server-only", "not shown");
	facts.arc.believed = NULL;
	facts.arc.result = RESULT_FAIL;
	facts.arc.text = "The text was changed.";
	says(&facts, "arc-failed", "The text was changed.");
	facts.replayed = true;
	says(&facts, "signature-replayed", "another text");
	facts = facts_of_alice();
	facts.dkim.list[0].key_archived = 1767225600;
	says(&facts, "key-archived", "no longer in DNS");
}

static void other_signs_are_told_too(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);

	(void)state;
	facts_add_foreign(&facts, "ceo@bank.example", &bank_open);
	facts.name_owner = "bob@example.com";
	facts.looks_like = "a1ice@example.org";
	facts.from = FROM_AMBIGUOUS;
	facts.from_text = "Two readers see two addresses.";
	says(&facts, "policy-violated", "example.org");
	says(&facts, "address-in-name", "ceo@bank.example");
	says(&facts, "name-of-another", "bob@example.com");
	says(&facts, "looks-like-contact", "a1ice@example.org");
	says(&facts, "from-unusable", "Two readers");
}

static void dnssec_is_told(void **state)
{
	struct verdict_policy policy = { true, false, true };
	struct facts facts = facts_of_alice();
	struct told told;

	(void)state;
	says_not(&facts, "dns-insecure");
	facts.dkim.list[0].dnssec = DNS_INSECURE;
	says(&facts, "dns-insecure", "DNSSEC");
	told.arena = arena_new(FACTS_ARENA);
	verdict_judge(told.arena, &facts, &policy, &told.out);
	assert_non_null(text_of(&told, "not-secure"));
	arena_free(told.arena);
	facts = facts_of_alice();
	facts.dmarc.result = RESULT_TEMPERROR;
	facts.dmarc.dnssec = DNS_SECURITY_BOGUS;
	says(&facts, "dns-bogus", "bogus");
	facts.dmarc.dnssec = DNS_SECURE;
	facts.spf.dnssec = DNS_SECURITY_BOGUS;
	says(&facts, "dns-bogus", "bogus");
}

static void spf_is_told(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);

	(void)state;
	says_not(&facts, "spf-not-checked");
	says_not(&facts, "spf-failed");
	facts.spf.result = RESULT_FAIL;
	says(&facts, "spf-failed", "192.0.2.1");
	facts.spf.text = "The SPF record is broken.";
	says(&facts, "spf-failed", "192.0.2.1: The SPF record is broken.");
	facts.spf.client_ip = NULL;
	facts.spf.text = NULL;
	says(&facts, "spf-not-checked", "could not be checked here");
	says(&facts, "policy-violated", "SPF could not be checked here.");
	facts.spf.text = "No border\033 server.";
	says(&facts, "spf-not-checked", "No border\xEF\xBF\xBD server.");
}

static void the_header_is_told(void **state)
{
	struct facts facts = facts_of_alice();

	(void)state;
	facts.forged_authres = 1;
	says(&facts, "forged-results", "in the name of your server; they are "
	     "not believed");
	facts.forged_server = "mx.user.example";
	facts.forged_below = true;
	says(&facts, "forged-results", "mx.user.example stand below");
	facts.signed_before = 9 * 86400 + 3;
	says(&facts, "signed-long-ago", "signed 9 days before");
	facts.reply_to_elsewhere = true;
	says(&facts, "reply-to-elsewhere", "Reply-To");
	facts.not_addressed = true;
	says(&facts, "not-addressed", "To or Cc");
	facts.dmarc.policy = POLICY_QUARANTINE;
	says(&facts, "testing-policy", "t=y");
	facts.dkim.list[0].integrity_text = "To is not covered.";
	says(&facts, "fields-unsigned", "To is not covered.");
	says_not(&facts, "partly-signed");
}

static void failed_signatures_keep_their_codes(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);
	struct dkim_finding *one = &facts.dkim.list[0];

	(void)state;
	facts.dkim.count = 1;
	one->result = RESULT_FAIL;
	one->code = "body-hash-mismatch";
	one->text = "the text was changed.";
	says(&facts, "body-hash-mismatch", "A signature of example.org does "
	     "not count: the text was changed.");
	one->code = "of-no-fame";
	one->domain = NULL;
	says(&facts, "signature-failed", "signature of ?");
	one->code = NULL;
	one->text = NULL;
	says(&facts, "signature-failed", "fail");
	one->key_unavailable = true;
	one->aligned = true;
	says(&facts, "key-unavailable", "does not count");
	says(&facts, "policy-violated", "no longer published");
	facts.dkim.ignored = 7;
	says(&facts, "signatures-ignored", "7");
}

static void there_is_an_end(void **state)
{
	struct facts facts = facts_failing(POLICY_REJECT);
	struct told told;
	size_t i;

	(void)state;
	facts_add_foreign(&facts, "ceo@bank.example", &bank_open);
	facts.name_owner = "bob@example.com";
	facts.looks_like = "a1ice@example.org";
	facts.from = FROM_AMBIGUOUS;
	facts.name_unreadable = facts.odd_local = true;
	facts.dmarc.dnssec = DNS_SECURITY_BOGUS;
	facts.forged_authres = 1;
	facts.reply_to_elsewhere = true;
	facts.dmarc.published = POLICY_NONE;
	facts.spf.client_ip = NULL;
	facts.dkim.ignored = 3;
	facts.dkim.count = DKIM_SIGNATURES_MAX;
	for (i = 0; i < DKIM_SIGNATURES_MAX; i++) {
		facts.dkim.list[i].result = RESULT_FAIL;
		facts.dkim.list[i].text = "it is forged.";
	}
	told = judged(&facts);
	assert_true(told.out.reason_count <= REASONS_MAX);
	assert_non_null(text_of(&told, "reply-to-elsewhere"));
	assert_string_equal(told.out.reasons[0].code, "policy-violated");
	arena_free(told.arena);
}

static void nothing_is_said_of_what_was_not_read(void **state)
{
	struct facts facts = facts_of_alice();
	struct told told;

	(void)state;
	facts.could_not_read = "This is not a mail message.";
	facts.reply_to_elsewhere = true;
	told = judged(&facts);
	assert_int_equal(told.out.reason_count, 1);
	assert_string_equal(told.out.reasons[0].text,
			    "This is not a mail message.");
	arena_free(told.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_pass_needs_no_remark),
		cmocka_unit_test(why_the_name_is_hidden),
		cmocka_unit_test(forwarders_and_old_keys),
		cmocka_unit_test(other_signs_are_told_too),
		cmocka_unit_test(dnssec_is_told),
		cmocka_unit_test(spf_is_told),
		cmocka_unit_test(the_header_is_told),
		cmocka_unit_test(failed_signatures_keep_their_codes),
		cmocka_unit_test(there_is_an_end),
		cmocka_unit_test(nothing_is_said_of_what_was_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
