/* test_handshake.c - the table of DANE cases, each a real handshake */
#include "tests/unit/dane/shake.h"

static const struct row {
	const char *what;
	const char *leaf, *chain;	/* kinds, blanks between */
	const char *records;		/* "": the public PKI */
	enum store store;
	const char *name, *name2;
	int verified_at, depth;		/* -1: refused; PKIX: 0 */
} rows[] = {
	/* where the anchor stands */
	{ "root as anchor, sent", "good", "middle root", "2 0 1 root",
	  NO_STORE, TLS_HOST, NULL, 0, 2 },
	{ "root as anchor, key", "good", "middle root", "2 1 1 root",
	  NO_STORE, TLS_HOST, NULL, 0, 2 },
	{ "root as anchor, not sent", "good", "middle", "2 0 1 root",
	  NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "root as anchor, not sent, in the store", "good", "middle",
	  "2 0 1 root", STORE, TLS_HOST, NULL, -1, 0 },
	{ "root whole in the record, not sent", "good", "middle",
	  "2 0 0 root", NO_STORE, TLS_HOST, NULL, 0, 2 },
	{ "root's key whole in the record, not sent", "good", "middle",
	  "2 1 0 root", NO_STORE, TLS_HOST, NULL, 0, 1 },
	{ "middle whole in the record, leaf alone sent", "good", "",
	  "2 0 0 middle", NO_STORE, TLS_HOST, NULL, 0, 1 },
	{ "middle's key whole, leaf alone sent", "good", "",
	  "2 1 0 middle", NO_STORE, TLS_HOST, NULL, 0, 0 },
	{ "middle's digest, leaf alone sent", "good", "", "2 1 1 middle",
	  NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "leaf as its own anchor, self-signed", "self", "", "2 1 1 self",
	  NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "leaf that is no CA as anchor", "good", "middle", "2 1 1 good",
	  NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "anchor named as end entity", "good", "middle", "3 1 1 middle",
	  NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "PKIX anchor named as end entity", "good", "middle",
	  "1 1 1 middle", STORE, TLS_HOST, NULL, -1, 0 },
	{ "end entity named as PKIX anchor", "good", "middle", "0 1 1 good",
	  STORE, TLS_HOST, NULL, -1, 0 },
	{ "PKIX root constraint", "good", "middle", "0 0 1 root", STORE,
	  TLS_HOST, NULL, 0, 2 },
	{ "PKIX root constraint, sent", "good", "middle root", "0 1 2 root",
	  STORE, TLS_HOST, NULL, 0, 2 },
	{ "PKIX constraint of another root", "good", "middle",
	  "0 0 1 other-root", STORE, TLS_HOST, NULL, -1, 0 },
	{ "an anchor that signed nothing here, sent along", "good",
	  "middle other-root", "2 0 1 other-root", NO_STORE, TLS_HOST, NULL,
	  -1, 0 },
	{ "chain out of order", "good", "root middle", "2 0 1 root",
	  NO_STORE, TLS_HOST, NULL, 0, 2 },
	{ "an anchor's own dates do not count", "under-expired",
	  "middle-expired", "2 0 1 middle-expired", NO_STORE, TLS_HOST, NULL,
	  0, 1 },
	{ "expired middle below the anchor", "under-expired",
	  "middle-expired root", "2 0 1 root", NO_STORE, TLS_HOST, NULL, -1,
	  0 },
	{ "expired middle does not matter to the end entity",
	  "under-expired", "middle-expired", "3 0 1 under-expired", NO_STORE,
	  TLS_HOST, NULL, 0, 0 },
	{ "no chain at all, end entity", "good", "", "3 1 1 good", NO_STORE,
	  TLS_HOST, NULL, 0, 0 },

	/* names */
	{ "the second name will do", "above", "middle", "2 1 1 middle",
	  NO_STORE, TLS_HOST, TLS_DOMAIN, 0, 1 },
	{ "neither name", "other", "middle", "2 1 1 middle", NO_STORE,
	  TLS_HOST, TLS_DOMAIN, -1, 0 },
	{ "PKIX-EE and the second name", "above", "middle", "1 1 1 above",
	  STORE, TLS_HOST, TLS_DOMAIN, 0, 0 },
	{ "a wildcard covers one label", "wild", "middle", "2 1 1 middle",
	  NO_STORE, "a." TLS_HOST, NULL, -1, 0 },
	{ "a wildcard does not cover the domain", "wild", "middle",
	  "2 1 1 middle", NO_STORE, TLS_DOMAIN, NULL, -1, 0 },
	{ "names in another case", "good", "middle", "2 1 1 middle",
	  NO_STORE, "MAIL.Dane.LAB", NULL, 0, 1 },

	/* nothing usable beside something usable */
	{ "unknown usage beside", "good", "middle",
	  "9 1 1 good;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "unknown selector beside", "good", "middle",
	  "3 9 1 good;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "unknown matching beside", "good", "middle",
	  "3 1 9 good;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "short digest beside", "good", "middle",
	  "3 1 1 short;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "junk beside", "good", "middle", "3 0 0 junk;2 0 0 junk;"
	  "3 1 0 junk;3 1 1 good", NO_STORE, TLS_HOST, NULL, 3, 0 },
	{ "empty beside", "good", "middle", "3 1 1 empty;3 1 1 good",
	  NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "unusable beside a wrong one", "good", "middle",
	  "3 1 9 good;3 1 1 good!", STORE, TLS_HOST, NULL, -1, 0 },

	/* none usable: OpenSSL would do plain PKIX; we do not let it */
	{ "only unknown usage", "good", "middle", "9 1 1 good", STORE,
	  TLS_HOST, NULL, -1, 0 },
	{ "only a short digest", "good", "middle", "3 1 1 short", STORE,
	  TLS_HOST, NULL, -1, 0 },
	{ "only junk", "good", "middle", "3 0 0 junk;2 1 0 junk", STORE,
	  TLS_HOST, NULL, -1, 0 },

	/* digest agility, RFC 7671 section 9 */
	{ "SHA-512 wrong, SHA-256 right", "good", "middle",
	  "3 1 1 good;3 1 2 good!", STORE, TLS_HOST, NULL, -1, 0 },
	{ "SHA-512 right, SHA-256 wrong", "good", "middle",
	  "3 1 1 good!;3 1 2 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "another selector is apart", "good", "middle",
	  "3 0 1 good;3 1 2 good!", NO_STORE, TLS_HOST, NULL, 0, 0 },
	{ "another usage is apart", "good", "middle",
	  "2 1 1 middle;3 1 2 good!", NO_STORE, TLS_HOST, NULL, 0, 1 },
	{ "full data is apart", "good", "middle", "3 1 0 good;3 1 2 good!",
	  NO_STORE, TLS_HOST, NULL, 0, 0 },
	{ "two of SHA-512, one right", "good", "middle",
	  "3 1 1 good!;3 1 2 next;3 1 2 good", NO_STORE, TLS_HOST, NULL, 2,
	  0 },
	{ "agility with anchors", "good", "middle",
	  "2 0 1 middle;2 0 2 middle!", NO_STORE, TLS_HOST, NULL, -1, 0 },

	/* roll-over, RFC 7671 section 8 */
	{ "current and next key, current shown", "good", "middle",
	  "3 1 1 good;3 1 1 next", NO_STORE, TLS_HOST, NULL, 0, 0 },
	{ "current and next key, next shown", "next", "middle",
	  "3 1 1 good;3 1 1 next", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "from self-signed to the anchor's", "good", "middle",
	  "3 1 1 self;2 1 1 middle", NO_STORE, TLS_HOST, NULL, 1, 1 },
	{ "the key stays, the certificate not", "good", "middle",
	  "3 0 1 good!;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "PKIX-EE wrong, DANE-EE right, no store", "good", "middle",
	  "1 1 1 next;3 1 1 good", NO_STORE, TLS_HOST, NULL, 1, 0 },
	{ "PKIX-EE right, DANE-EE wrong", "good", "middle",
	  "1 1 1 good;3 1 1 next", STORE, TLS_HOST, NULL, 0, 0 },
	{ "PKIX-EE right, DANE-EE wrong, no store", "good", "middle",
	  "1 1 1 good;3 1 1 next", NO_STORE, TLS_HOST, NULL, -1, 0 },
	{ "the old key shown after its record is gone", "good", "middle",
	  "3 1 1 next", STORE, TLS_HOST, NULL, -1, 0 },
	{ "a match for what the public PKI refuses", "self-other", "",
	  "3 1 1 self-other", STORE, TLS_HOST, NULL, 0, 0 },
	{ "what the public PKI takes, without a match", "good", "middle",
	  "3 1 1 self", STORE, TLS_HOST, NULL, -1, 0 },

	/* the public PKI alone */
	{ "PKIX", "good", "middle", "", STORE, TLS_HOST, NULL, 0, 0 },
	{ "PKIX, wildcard", "wild", "middle", "", STORE, TLS_HOST, NULL, 0,
	  0 },
	{ "PKIX, second name", "above", "middle", "", STORE, TLS_HOST,
	  TLS_DOMAIN, 0, 0 },
	{ "PKIX, no store", "good", "middle", "", NO_STORE, TLS_HOST, NULL,
	  -1, 0 },
	{ "PKIX, middle missing", "good", "", "", STORE, TLS_HOST, NULL, -1,
	  0 },
	{ "PKIX, other name", "other", "middle", "", STORE, TLS_HOST, NULL,
	  -1, 0 },
	{ "PKIX, a common name is no name", "common", "middle", "", STORE,
	  TLS_HOST, NULL, -1, 0 },
	{ "PKIX, nameless", "nameless", "middle", "", STORE, TLS_HOST, NULL,
	  -1, 0 },
	{ "PKIX, expired", "expired", "middle", "", STORE, TLS_HOST, NULL,
	  -1, 0 },
	{ "PKIX, not yet", "future", "middle", "", STORE, TLS_HOST, NULL, -1,
	  0 },
	{ "PKIX, self-signed", "self", "", "", STORE, TLS_HOST, NULL, -1,
	  0 },
	{ "PKIX, stranger", "stranger", "other-root", "", STORE, TLS_HOST,
	  NULL, -1, 0 },
	{ "PKIX, expired middle", "under-expired", "middle-expired", "",
	  STORE, TLS_HOST, NULL, -1, 0 },
};

static void kinds_read(struct tls_plan *plan, const struct row *row)
{
	const char *at = row->chain;
	char kind[32];
	int used;

	memset(plan, 0, sizeof(*plan));
	plan->leaf = tls_kind_of(row->leaf);
	assert_true(plan->leaf < TLS_KINDS);
	while (sscanf(at, "%31s%n", kind, &used) == 1) {
		plan->chain[plan->chain_count] = tls_kind_of(kind);
		assert_true(plan->chain[plan->chain_count] < TLS_KINDS);
		plan->chain_count++;
		at += used;
	}
}

static void row_run(const struct row *row)
{
	struct handshake_wish wish;
	struct records records;
	struct outcome outcome;
	struct tls_plan plan;
	bool good = row->verified_at >= 0;
	bool pkix = row->records[0] == 0;

	kinds_read(&plan, row);
	records_read(&records, row->records);
	memset(&wish, 0, sizeof(wish));
	wish.names[wish.name_count++] = row->name;
	if (row->name2 != NULL)
		wish.names[wish.name_count++] = row->name2;
	wish.records = records.list;
	wish.record_count = records.count;
	outcome = shake(&plan, &wish, row->store);
	if (outcome.session != good ||
	    (pkix ? outcome.pkix == DECIDE_PKIX_PASSES :
		    outcome.match == DECIDE_MATCH) != good ||
	    (!pkix && outcome.verified_at != row->verified_at) ||
	    (!pkix && good && outcome.depth != row->depth))
		fail_msg("%s: session %d, match %d, pkix %d, record %d, "
			 "depth %d", row->what, outcome.session,
			 outcome.match, outcome.pkix, outcome.verified_at,
			 outcome.depth);
}

static void the_table(void **test)
{
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_run(&rows[i]);
	print_message("%u handshakes so far, %zu of them in rows\n", shaken,
		      sizeof(rows) / sizeof(rows[0]));
}

/* --- what the report needs */

static void refused_chains_are_kept(void **test)
{
	struct dial_patience patience = { clock_now_ms() + 30000, -1 };
	struct handshake_wish wish;
	struct records records;
	struct tls_plan plan;
	struct handshake out;
	struct pair pair;

	(void)test;
	tls_plan_usual(&plan, TLS_GOOD);
	records_read(&records, "3 1 1 next");
	memset(&wish, 0, sizeof(wish));
	wish.names[wish.name_count++] = TLS_HOST;
	wish.records = records.list;
	wish.record_count = records.count;
	wish.detail = DANE_EXPLAIN;
	pair_start(&pair, world, &plan);
	dane_handshake(pair.ours, with_roots, &wish, &patience, &out);
	assert_null(out.ssl);
	assert_int_equal(out.wire, DECIDE_SEEN);
	assert_int_equal(out.match, DECIDE_NO_MATCH);
	assert_non_null(out.match_why);
	/* the public PKI would have been content */
	assert_int_equal(out.pkix, DECIDE_PKIX_PASSES);
	assert_int_equal(sk_X509_num(out.chain), 2);
	dane_handshake_end(&out);
	(void)close(pair.ours);
	pair_end(&pair);
}

static void addresses_are_matched(void **test)
{
	struct handshake_wish wish;
	struct tls_plan plan;

	(void)test;
	memset(&wish, 0, sizeof(wish));
	wish.literal = "127.0.0.1";
	tls_plan_usual(&plan, TLS_ADDRESS);
	assert_true(shake(&plan, &wish, STORE).session);
	wish.literal = "127.0.0.2";
	assert_false(shake(&plan, &wish, STORE).session);
	tls_plan_usual(&plan, TLS_GOOD);
	wish.literal = "127.0.0.1";
	assert_false(shake(&plan, &wish, STORE).session);
	/* without a name and without records nobody is verified */
	wish.literal = NULL;
	assert_false(shake(&plan, &wish, STORE).session);
}

static void versions(void **test)
{
	struct handshake_wish wish;
	struct records records;
	struct outcome outcome;
	struct tls_plan plan;

	(void)test;
	tls_plan_usual(&plan, TLS_GOOD);
	plan.version = TLS1_2_VERSION;
	memset(&wish, 0, sizeof(wish));
	wish.names[wish.name_count++] = TLS_HOST;
	records_read(&records, "3 1 1 good");
	wish.records = records.list;
	wish.record_count = records.count;
	outcome = shake(&plan, &wish, NO_STORE);
	assert_true(outcome.session);
	assert_int_equal(outcome.match, DECIDE_MATCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(refused_chains_are_kept),
		cmocka_unit_test(addresses_are_matched),
		cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
