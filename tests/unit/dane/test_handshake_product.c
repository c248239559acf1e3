/* test_handshake_product.c - every kind of record with every certificate
 *
 * What the RFCs say of each is computed apart from the product. */
#include "tests/unit/dane/shake.h"

static const struct leaf {
	enum tls_kind kind;
	bool dates, name, common_name, pkix_chain, self;
} leaves[] = {
	/* kind, dates fine, SAN fine, CN fine, a good chain to the store,
	 * self-signed */
	{ TLS_GOOD, true, true, false, true, false },
	{ TLS_EXPIRED, false, true, false, true, false },
	{ TLS_FUTURE, false, true, false, true, false },
	{ TLS_SOON, true, true, false, true, false },
	{ TLS_OTHER, true, false, false, true, false },
	{ TLS_OTHER_EXPIRED, false, false, false, true, false },
	{ TLS_WILD, true, true, false, true, false },
	{ TLS_ABOVE, true, false, false, true, false },
	{ TLS_COMMON, true, false, true, true, false },
	{ TLS_NAMELESS, true, false, false, true, false },
	{ TLS_SELF, true, true, false, false, true },
	{ TLS_SELF_OTHER, false, false, false, false, true },
	{ TLS_STRANGER, true, true, false, false, false },
	{ TLS_UNDER_EXPIRED, true, true, false, false, false },
};

/* A bare key that signed the leaf, be it the leaf's own: nobody above it, but
 * an anchor all the same. */
static bool bare_anchor(unsigned usage, unsigned selector, unsigned matching)
{
	return usage == TLSA_DANE_TA && selector == TLSA_SPKI &&
	       matching == TLSA_FULL;
}

static bool should_verify(const struct leaf *leaf, unsigned usage, bool bare,
			  enum store store)
{
	/* A record of ours matches: of the leaf, or of who signed it. */
	switch (usage) {
	case TLSA_DANE_EE:
		return true;		/* RFC 7671 section 5.1 */
	case TLSA_DANE_TA:
		/* a self-signed leaf has nobody above it; an anchor's own
		 * dates do not count (RFC 5280 section 6.1.1) */
		return (!leaf->self || bare) && leaf->dates &&
		       (leaf->name || leaf->common_name);
	default:
		/* under DANE a common name will do here, too */
		return store == STORE && leaf->pkix_chain && leaf->dates &&
		       (leaf->name || leaf->common_name);
	}
}

static void product_one(const struct leaf *leaf, unsigned usage,
			unsigned selector, unsigned matching, bool right,
			enum store store)
{
	bool anchor = usage == TLSA_PKIX_TA || usage == TLSA_DANE_TA;
	enum tls_kind kind = leaf->kind;
	struct handshake_wish wish;
	struct records records;
	struct outcome outcome;
	struct tls_plan plan;
	bool wanted, bare;

	tls_plan_usual(&plan, leaf->kind);
	if (anchor && plan.chain_count > 0)
		kind = plan.chain[0];
	memset(&records, 0, sizeof(records));
	record_add(&records, usage, selector, matching, tls_kind_name[kind],
		   !right);
	memset(&wish, 0, sizeof(wish));
	wish.names[wish.name_count++] = TLS_HOST;
	wish.records = records.list;
	wish.record_count = 1;
	outcome = shake(&plan, &wish, store);
	bare = bare_anchor(usage, selector, matching);
	wanted = right && should_verify(leaf, usage, bare, store);
	if ((outcome.match == DECIDE_MATCH) != wanted ||
	    outcome.session != wanted ||
	    (outcome.verified_at == 0) != wanted ||
	    outcome.wire != DECIDE_SEEN)
		fail_msg("%u %u %u %s, leaf %s, %s: wanted %d, match %d, "
			 "session %d, wire %d, depth %d", usage, selector,
			 matching, right ? "right" : "wrong",
			 tls_kind_name[leaf->kind], store == STORE ? "store" :
			 "no store", wanted, outcome.match, outcome.session,
			 outcome.wire, outcome.depth);
	if (wanted)
		assert_int_equal(outcome.depth, anchor && !leaf->self ? 1 :
				 0);
}

static void the_product(void **test)
{
	unsigned usage, selector, matching, leaf, store;

	(void)test;
	for (leaf = 0; leaf < sizeof(leaves) / sizeof(leaves[0]); leaf++)
		for (usage = 0; usage < 4; usage++)
			for (selector = 0; selector < 2; selector++)
				for (matching = 0; matching < 3; matching++)
					for (store = 0; store < 2; store++)
						product_one(&leaves[leaf],
							usage, selector,
							matching, true,
							(enum store)store);
}

static void data_of_another(void **test)
{
	unsigned usage, leaf;

	(void)test;
	for (leaf = 0; leaf < sizeof(leaves) / sizeof(leaves[0]); leaf++)
		for (usage = 0; usage < 4; usage++)
			product_one(&leaves[leaf], usage, 1, 1, false, STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_product),
		cmocka_unit_test(data_of_another),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
