/* facts.h - inside the verdict's tests: facts as a script, and their judge
 *
 * Include cmocka.h before. */
#ifndef MAILSEAL_TESTS_VERDICT_FACTS_H
#define MAILSEAL_TESTS_VERDICT_FACTS_H

#include <stdio.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/verdict/sentence.h"
#include "agent/verdict/verdict.h"

#define FACTS_ARENA	65536

/* DMARC of another domain, whose address stands in a name. */
static const struct dmarc_finding bank_reject = {
	.result = RESULT_FAIL, .policy = POLICY_REJECT
};
static const struct dmarc_finding bank_open = {
	.result = RESULT_FAIL, .policy = POLICY_NONE
};
static const struct dmarc_finding bank_none = { .result = RESULT_NONE };
static const struct dmarc_finding bank_passes = {
	.result = RESULT_PASS, .policy = POLICY_REJECT
};
static const struct dmarc_finding bank_late = {
	.result = RESULT_TEMPERROR, .policy = POLICY_UNSET
};

/* Alice, a contact, with a whole and secure signature of her domain. */
static inline struct facts facts_of_alice(void)
{
	struct facts facts = {
		.from = FROM_ONE, .address = "alice@example.org",
		.domain = "example.org", .name = "Alice", .known = true,
		.contact_name = "Alice"
	};
	struct dkim_finding *signature = &facts.dkim.list[0];

	facts.dkim.count = 1;
	signature->result = RESULT_PASS;
	signature->domain = signature->identity_domain = "example.org";
	signature->selector = "s1";
	signature->aligned = true;
	signature->dnssec = DNS_SECURE;
	signature->integrity = INTEGRITY_WHOLE;
	facts.spf.client_ip = "192.0.2.1";
	facts.spf.domain = "example.org";
	facts.spf.dnssec = DNS_SECURE;
	facts.dmarc.result = RESULT_PASS;
	facts.dmarc.policy = facts.dmarc.published = POLICY_REJECT;
	facts.dmarc.domain = "example.org";
	facts.dmarc.organizational_domain = "example.org";
	facts.dmarc.proof = PROOF_DKIM;
	facts.dmarc.dnssec = DNS_SECURE;
	return facts;
}

/* Her domain, and nothing that passed. */
static inline struct facts facts_failing(enum policy policy)
{
	struct facts facts = facts_of_alice();

	facts.dkim.count = 0;
	facts.dmarc.result = RESULT_FAIL;
	facts.dmarc.proof = PROOF_NONE;
	facts.dmarc.policy = facts.dmarc.published = policy;
	return facts;
}

static inline void facts_add_foreign(struct facts *facts, const char *text,
				     const struct dmarc_finding *dmarc)
{
	struct foreign *foreign = &facts->foreign[facts->foreign_count++];

	foreign->text = text;
	foreign->domain = "bank.example";
	foreign->dmarc = dmarc;
}

static inline struct verdict_policy policy_default(void)
{
	struct verdict_policy policy = { true, false, false };

	return policy;
}

struct outcome {
	enum verdict verdict;
	enum display display;
	char code[64], shown[256];
	enum integrity integrity;
	enum dmarc_proof proof;
};

static inline struct outcome judge(const struct facts *facts,
			    const struct verdict_policy *policy)
{
	struct arena *arena = arena_new(FACTS_ARENA);
	struct judgement out;
	struct outcome outcome;
	size_t i;

	verdict_judge(arena, facts, policy, &out);
	assert_true(out.reason_count >= 1);
	for (i = 0; i < out.reason_count; i++) {
		assert_true(sentence_knows(out.reasons[i].code));
		assert_true(strlen(out.reasons[i].text) > 10);
	}
	outcome.verdict = out.verdict;
	outcome.display = out.display;
	outcome.integrity = out.integrity;
	outcome.proof = out.proof;
	(void)snprintf(outcome.code, sizeof(outcome.code), "%s",
		       out.reasons[0].code);
	(void)snprintf(outcome.shown, sizeof(outcome.shown), "%s",
		       out.shown_from);
	arena_free(arena);
	return outcome;
}

#endif
