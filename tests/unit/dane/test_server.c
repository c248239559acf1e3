/* test_server.c - what a whole opening says of a server */
#include "tests/unit/dane/server_desk.h"

/* --- good */

static void verified(void **test)
{
	struct desk *desk = *test;
	char name[256];

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	script_signed(desk->script, 1000, 2000);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_string_equal(desk->report->base, TLS_HOST);
	assert_string_equal(desk->report->address, "127.0.0.1");
	assert_string_equal(desk->report->protocol, "TLSv1.3");
	assert_int_equal(desk->report->record_count, 1);
	assert_true(desk->report->records[0].verified);
	assert_true(desk->report->records[0].matches);
	assert_int_equal(desk->report->records[0].depth, 0);
	assert_int_equal(desk->report->chain_count, 2);
	assert_string_equal(desk->report->chain[0].names[0], TLS_HOST);
	assert_true(desk->report->chain[0].until > clock_wall());
	assert_true(desk->report->pkix_passes);
	assert_false(desk->report->next_key);
	assert_false(desk->report->again);
	assert_int_equal(desk->report->ttl, 300);
	assert_int_equal(desk->report->signed_until, 2000);
	tls_server_sni(desk->server, name);
	assert_string_equal(name, TLS_HOST);
	/* addresses before TLSA */
	assert_true(script_asked(desk->script) == 3);
	assert_true(strstr(script_asked_nth(desk->script, 2), "TLSA") !=
		    NULL);
}

static void next_key_is_seen(void **test)
{
	struct desk *desk = *test;

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	publish(desk, desk->script, TLS_HOST, TLS_NEXT, 3, 1, 1);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_true(desk->report->next_key);
	plan(desk, TLS_NEXT, TLS_FINE);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_true(desk->report->next_key);
	assert_true(desk->report->records[1].verified);
}

/* What the public PKI would never take. */
static void dane_alone_is_enough(void **test)
{
	struct desk *desk = *test;

	plan(desk, TLS_SELF_OTHER, TLS_FINE);
	publish(desk, desk->script, TLS_HOST, TLS_SELF_OTHER, 3, 0, 2);
	desk->question.need = DANE_NEEDED;
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_false(desk->report->pkix_passes);
	assert_non_null(desk->report->pkix_why);
}

static void pkix_alone(void **test)
{
	struct desk *desk = *test;

	expect(desk, DANE_PKIX_ONLY, DANE_NO_RECORDS);
	assert_string_equal(desk->report->peer_name, TLS_HOST);
	assert_null(desk->report->base);
	script_security(desk->script, TLS_HOST, DNS_INSECURE);
	publish(desk, desk->script, TLS_HOST, TLS_NEXT, 3, 1, 1);
	/* TLSA is not even asked: unsigned zones often break on it */
	expect(desk, DANE_PKIX_ONLY, DANE_UNSIGNED);
	assert_true(strstr(script_asked_nth(desk->script,
			script_asked(desk->script) - 1), "TLSA") == NULL);
	desk->question.need = DANE_NEEDED;
	expect(desk, DANE_REFUSED, DANE_NOT_DANE);
}

static void unusable_is_counted(void **test)
{
	struct desk *desk = *test;

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 9, 1, 1);
	expect(desk, DANE_PKIX_ONLY, DANE_NO_USABLE);
	assert_int_equal(desk->report->records[0].use, TLSA_USAGE_UNKNOWN);
	plan(desk, TLS_SELF, TLS_FINE);
	desk->plan.chain_count = 0;
	expect(desk, DANE_REFUSED, DANE_BAD_CERTIFICATE);
	desk->question.need = DANE_NEEDED;
	expect(desk, DANE_REFUSED, DANE_NOT_DANE);
}

static void an_address_has_pkix(void **test)
{
	struct desk *desk = *test;
	char name[256];

	desk->question.host = "127.0.0.1";
	plan(desk, TLS_ADDRESS, TLS_FINE);
	expect(desk, DANE_PKIX_ONLY, DANE_LITERAL);
	assert_int_equal(script_asked(desk->script), 0);
	tls_server_sni(desk->server, name);
	assert_string_equal(name, "");
	plan(desk, TLS_GOOD, TLS_FINE);
	expect(desk, DANE_REFUSED, DANE_BAD_CERTIFICATE);
}

/* --- refused */

static void a_mismatch_is_asked_once_more(void **test)
{
	struct desk *desk = *test;

	publish(desk, desk->script, TLS_HOST, TLS_NEXT, 3, 1, 1);
	expect(desk, DANE_REFUSED, DANE_MISMATCH);
	assert_true(desk->report->again);
	assert_true(desk->report->pkix_passes);
	assert_int_equal(desk->report->chain_count, 2);
	/* the same records: no second connection */
	assert_int_equal(tls_server_count(desk->server), 1);
	assert_int_equal(script_asked(desk->script), 6);
}

static void a_roll_over_is_seen(void **test)
{
	struct desk *desk = *test;

	publish(desk, desk->script, TLS_HOST, TLS_NEXT, 3, 1, 1);
	script_a(desk->fresh, TLS_HOST, "127.0.0.1");
	publish(desk, desk->fresh, TLS_HOST, TLS_GOOD, 3, 1, 1);
	script_fresh(desk->script, desk->fresh);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_true(desk->report->again);
	assert_int_equal(tls_server_count(desk->server), 2);
	/* other records, and still none that matches */
	plan(desk, TLS_SELF, TLS_FINE);
	expect(desk, DANE_REFUSED, DANE_MISMATCH);
	assert_int_equal(tls_server_count(desk->server), 4);
}

static void the_fresh_answer_may_be_bogus(void **test)
{
	struct desk *desk = *test;
	char owner[300];

	publish(desk, desk->script, TLS_HOST, TLS_NEXT, 3, 1, 1);
	script_a(desk->fresh, TLS_HOST, "127.0.0.1");
	(void)snprintf(owner, sizeof(owner), "_%u._tcp.%s",
		       desk->question.port, TLS_HOST);
	script_state(desk->fresh, owner, DNS_BOGUS);
	script_fresh(desk->script, desk->fresh);
	expect(desk, DANE_UNKNOWN, DANE_BOGUS);
	assert_int_equal(tls_server_count(desk->server), 1);
}

static void dns_decides_alone(void **test)
{
	struct desk *desk = *test;
	char owner[300];

	(void)snprintf(owner, sizeof(owner), "_%u._tcp.%s",
		       desk->question.port, TLS_HOST);
	script_state(desk->script, owner, DNS_BOGUS);
	expect(desk, DANE_UNKNOWN, DANE_BOGUS);
	script_state(desk->script, owner, DNS_SILENT);
	expect(desk, DANE_UNKNOWN, DANE_DNS_SILENT);
	script_state(desk->script, TLS_HOST, DNS_BOGUS);
	expect(desk, DANE_UNKNOWN, DANE_BOGUS);
	script_state(desk->script, TLS_HOST, DNS_SILENT);
	expect(desk, DANE_UNKNOWN, DANE_DNS_SILENT);
	script_state(desk->script, TLS_HOST, DNS_NXDOMAIN);
	expect(desk, DANE_REFUSED, DANE_NO_HOST);
	assert_int_equal(tls_server_count(desk->server), 0);
}

static void bad_certificates(void **test)
{
	static const enum tls_kind kinds[] = {
		TLS_EXPIRED, TLS_FUTURE, TLS_OTHER, TLS_SELF, TLS_COMMON,
		TLS_NAMELESS, TLS_STRANGER
	};
	struct desk *desk = *test;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		plan(desk, kinds[i], TLS_FINE);
		expect(desk, DANE_REFUSED, DANE_BAD_CERTIFICATE);
		assert_non_null(desk->report->pkix_why);
		assert_true(desk->report->chain_count > 0);
	}
}

static void nobody_there(void **test)
{
	struct desk *desk = *test;

	tls_server_stop(desk->server);
	expect(desk, DANE_UNKNOWN, DANE_UNREACHABLE);
	assert_null(desk->report->address);
	desk->server = tls_server_start(world, &desk->plan);
}

/* --- the caller gives up */

static void cancelled(void **test)
{
	struct desk *desk = *test;

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	plan(desk, TLS_GOOD, TLS_HANG_TLS);
	desk->question.cancel_fd = desk->cancel[0];
	assert_int_equal(write(desk->cancel[1], "x", 1), 1);
	expect(desk, DANE_UNKNOWN, DANE_CANCELLED);
}

/* --- what a link can do */

static void never_resumed(void **test)
{
	struct desk *desk = *test;
	unsigned i;
	char room[64];

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	for (i = 0; i < 3; i++) {
		expect(desk, DANE_VERIFIED, DANE_MATCHED);
		/* takes in the session tickets of TLS 1.3 */
		assert_true(dane_link_read(desk->link, room, sizeof(room),
					   desk->question.deadline) > 0);
		assert_int_equal(tls_server_resumed(desk->server), 0);
	}
	assert_int_equal(tls_server_count(desk->server), 3);
}

/* RFC 7671 section 7: the end of the aliases, else the name itself. */
static void aliases(void **test)
{
	struct desk *desk = *test;
	char name[256];

	desk->question.host = "smtp.example.lab";
	script_cname(desk->script, "smtp.example.lab", "between.lab");
	script_cname(desk->script, "between.lab", TLS_HOST);
	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	publish(desk, desk->script, "between.lab", TLS_SELF, 3, 1, 1);
	publish(desk, desk->script, "smtp.example.lab", TLS_SELF, 3, 1, 1);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	assert_string_equal(desk->report->base, TLS_HOST);
	tls_server_sni(desk->server, name);
	assert_string_equal(name, TLS_HOST);
}

static void srv_names(void **test)
{
	struct desk *desk = *test;
	char name[256];

	/* only the mail domain's name, and an unsigned SRV: RFC 7673 4.1 */
	plan(desk, TLS_ABOVE, TLS_FINE);
	desk->question.domain = TLS_DOMAIN;
	desk->question.domain_security = DNS_INSECURE;
	expect(desk, DANE_PKIX_ONLY, DANE_NO_RECORDS);
	tls_server_sni(desk->server, name);
	assert_string_equal(name, TLS_DOMAIN);
	plan(desk, TLS_GOOD, TLS_FINE);
	expect(desk, DANE_REFUSED, DANE_BAD_CERTIFICATE);
	/* a signed one vouches for the target, too */
	desk->question.domain_security = DNS_SECURE;
	expect(desk, DANE_PKIX_ONLY, DANE_NO_RECORDS);
	plan(desk, TLS_ABOVE, TLS_FINE);
	expect(desk, DANE_PKIX_ONLY, DANE_NO_RECORDS);
	publish(desk, desk->script, TLS_HOST, TLS_MIDDLE, 2, 1, 1);
	expect(desk, DANE_VERIFIED, DANE_MATCHED);
	desk->question.domain_security = DNS_INSECURE;
	expect(desk, DANE_REFUSED, DANE_MISMATCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(verified),
		DESK_TEST(next_key_is_seen),
		DESK_TEST(dane_alone_is_enough),
		DESK_TEST(pkix_alone),
		DESK_TEST(unusable_is_counted),
		DESK_TEST(an_address_has_pkix),
		DESK_TEST(a_mismatch_is_asked_once_more),
		DESK_TEST(a_roll_over_is_seen),
		DESK_TEST(the_fresh_answer_may_be_bogus),
		DESK_TEST(dns_decides_alone),
		DESK_TEST(bad_certificates),
		DESK_TEST(nobody_there),
		DESK_TEST(cancelled),
		DESK_TEST(never_resumed),
		DESK_TEST(aliases),
		DESK_TEST(srv_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
