/* test_verdict_all.c - every combination of facts against a second reading of
 * the design's table, and the one promise: a name is shown when it is earned */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/verdict/facts.h"

#define ROUNDS	60000

static bool strict(enum policy policy)
{
	return policy == POLICY_REJECT || policy == POLICY_QUARANTINE;
}

/* The table of the design, a second time, as sentences one after the other. */
static struct outcome expected(const struct facts *f,
			       const struct verdict_policy *p)
{
	const struct dkim_finding *sig = &f->dkim.list[0];
	bool signed_well = f->dkim.count == 1 && sig->aligned &&
			   sig->result == RESULT_PASS;
	bool fails = f->dmarc.result == RESULT_FAIL;
	bool none = f->dmarc.result == RESULT_NONE;
	bool lifted = none && !p->require_policy && signed_well;
	bool passes = f->dmarc.result == RESULT_PASS || lifted;
	bool forged = false, proved, secure;
	struct outcome out = { VERDICT_SUSPICIOUS, DISPLAY_WARNING, "", "",
			       signed_well ? sig->integrity :
					     INTEGRITY_UNKNOWN, PROOF_NONE };

	if (f->foreign_count > 0 && f->foreign[0].dmarc != NULL)
		forged = (f->foreign[0].dmarc->result == RESULT_FAIL ||
			  f->foreign[0].dmarc->result == RESULT_NONE) &&
			 (f->foreign[0].is_contact ||
			  strict(f->foreign[0].dmarc->policy));
	if (fails && f->altered_on_the_way)
		return out;
	out.verdict = VERDICT_SPOOFED;
	if ((fails && strict(f->dmarc.policy)) || forged ||
	    (fails && f->name_owner != NULL))
		return out;
	out.verdict = VERDICT_SUSPICIOUS;
	if ((none && f->name_owner != NULL) || f->from != FROM_ONE ||
	    (passes && out.integrity == INTEGRITY_TAMPERED))
		return out;
	out.display = DISPLAY_ADDRESS;
	if (fails || f->dmarc.result == RESULT_PERMERROR ||
	    f->foreign_count > 0 || (passes && f->name_owner != NULL) ||
	    f->looks_like != NULL)
		return out;
	out.verdict = VERDICT_UNVERIFIED;
	if (!passes)
		return out;
	proved = ((f->dmarc.proof == PROOF_DKIM || lifted) &&
		  out.integrity == INTEGRITY_WHOLE) ||
		 (f->dmarc.proof == PROOF_SPF && !lifted &&
		  p->accept_spf_only);
	secure = f->dmarc.dnssec == DNS_SECURE;
	if (f->dmarc.proof == PROOF_SPF && !lifted)
		secure = secure && f->spf.dnssec == DNS_SECURE;
	else
		secure = secure && sig->dnssec == DNS_SECURE;
	out.verdict = VERDICT_AUTHENTICATED;
	if (!f->known || !proved || (p->require_dnssec && !secure))
		return out;
	out.verdict = VERDICT_GENUINE;
	if (!f->name_unreadable && !f->odd_route && !f->odd_local)
		out.display = DISPLAY_NAME;
	return out;
}

/* The one promise, whatever the table says. */
static void name_is_earned(const struct facts *f,
			   const struct verdict_policy *p)
{
	assert_true(f->known);
	assert_int_equal(f->from, FROM_ONE);
	assert_true(f->dmarc.result == RESULT_PASS ||
		    (f->dmarc.result == RESULT_NONE && !p->require_policy));
	assert_true(f->dmarc.proof != PROOF_SERVER ||
		    f->dmarc.result == RESULT_NONE);
	if (f->dmarc.proof == PROOF_SPF && f->dmarc.result == RESULT_PASS)
		assert_true(p->accept_spf_only);
	else
		assert_true(f->dkim.count == 1 && f->dkim.list[0].aligned &&
			    f->dkim.list[0].result == RESULT_PASS &&
			    f->dkim.list[0].integrity == INTEGRITY_WHOLE);
	assert_int_equal(f->foreign_count, 0);
	assert_null(f->name_owner);
	assert_null(f->looks_like);
	assert_false(f->name_unreadable || f->odd_route || f->odd_local);
}

static void compare(const struct facts *facts,
		    const struct verdict_policy *policy)
{
	struct outcome wanted = expected(facts, policy);
	struct outcome got = judge(facts, policy);

	assert_int_equal(got.verdict, wanted.verdict);
	assert_int_equal(got.display, wanted.display);
	assert_int_equal(got.integrity, wanted.integrity);
	if (got.display == DISPLAY_NAME)
		name_is_earned(facts, policy);
	else
		assert_string_equal(got.shown, "alice@example.org");
}

/* Takes the next choice of `count` out of *choices. */
static unsigned choose(uint64_t *choices, unsigned count)
{
	unsigned chosen = (unsigned)(*choices % count);

	*choices /= count;
	return chosen;
}

static void foreign_choose(struct facts *facts, uint64_t *choices)
{
	static const struct dmarc_finding *const findings[] = {
		&bank_reject, &bank_open, &bank_none, &bank_passes, &bank_late,
		NULL
	};
	unsigned chosen = choose(choices, 4);

	if (chosen > 1)
		return;
	facts_add_foreign(facts, "ceo@bank.example",
			  findings[choose(choices, 6)]);
	facts->foreign[0].is_contact = chosen == 1;
}

static void facts_choose(struct facts *facts, struct verdict_policy *policy,
			 uint64_t *choices)
{
	struct dkim_finding *signature = &facts->dkim.list[0];

	*facts = facts_of_alice();
	facts->dmarc.result = (enum result)choose(choices, 8);
	facts->dmarc.policy = (enum policy)choose(choices, 4);
	facts->dmarc.proof = (enum dmarc_proof)choose(choices, 4);
	signature->integrity = (enum integrity)choose(choices, 4);
	facts->known = choose(choices, 2) == 0;
	facts->name_owner = choose(choices, 2) == 0 ? NULL : "bob@example.com";
	policy->require_policy = choose(choices, 2) == 0;
	policy->accept_spf_only = choose(choices, 2) == 0;
	policy->require_dnssec = choose(choices, 2) == 0;
	/* from here on, only by chance */
	facts->dkim.count = choose(choices, 4) != 3;
	signature->aligned = choose(choices, 4) != 3;
	signature->result = (enum result)(choose(choices, 2) == 0 ?
					  1 : choose(choices, 8));
	signature->dnssec = (enum dns_security)(choose(choices, 2) == 0 ?
						1 : choose(choices, 4));
	facts->dmarc.dnssec = (enum dns_security)(choose(choices, 2) == 0 ?
						  1 : choose(choices, 4));
	facts->spf.dnssec = (enum dns_security)choose(choices, 4);
	if (choose(choices, 4) == 3)
		facts->from = (enum from_fact)choose(choices, 7);
	facts->looks_like = choose(choices, 8) < 7 ? NULL : "a1ice@b.example";
	facts->altered_on_the_way = choose(choices, 4) == 3;
	facts->name_unreadable = choose(choices, 8) == 7;
	facts->odd_route = choose(choices, 8) == 7;
	facts->odd_local = choose(choices, 8) == 7;
	foreign_choose(facts, choices);
}

static void all_combinations(void **state)
{
	struct verdict_policy policy;
	struct facts facts;
	uint64_t i, choices;

	(void)state;
	for (i = 0; i < 8 * 4 * 4 * 4 * 2 * 2 * 8; i++) {
		choices = i;
		facts_choose(&facts, &policy, &choices);
		facts.foreign_count = 0;
		compare(&facts, &policy);
	}
}

static void many_by_chance(void **state)
{
	uint64_t random = 88172645463325252U, choices;
	struct verdict_policy policy;
	struct facts facts;
	unsigned i;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		choices = random;
		facts_choose(&facts, &policy, &choices);
		if (facts.dkim.count == 0 &&
		    facts.dmarc.proof == PROOF_DKIM)
			continue;	/* no such facts */
		compare(&facts, &policy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_combinations),
		cmocka_unit_test(many_by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
