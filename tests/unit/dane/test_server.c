/* test_server.c - whole openings: scripted DNS, a real server with faults */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dane/link.h"
#include "agent/dane/server.h"
#include "agent/dane/trust.h"
#include "tests/lab/script_resolver.h"
#include "tests/lab/tls_server.h"

#define PATIENCE_MS	20000
#define SHORT_MS	300	/* for what hangs */

static struct tls_world *world;
static struct dane_trust *trust;
static char plain[TLS_HEARD_MAX], secret[TLS_HEARD_MAX];

/* One server, one script, one opening. */
struct desk {
	struct script_resolver *script, *fresh;
	struct tls_server *server;
	struct tls_plan plan;
	struct dane_question question;
	struct arena *arena;
	struct dns_request *request;
	struct dane_report *report;
	struct dane_link *link;
	int cancel[2];
};

static int desk_up(void **test)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	desk->script = script_resolver_new();
	desk->fresh = script_resolver_new();
	desk->plan.leaf = TLS_GOOD;
	desk->plan.chain[0] = TLS_MIDDLE;
	desk->plan.chain_count = 1;
	desk->server = tls_server_start(world, &desk->plan);
	desk->arena = arena_new(4 * 1024 * 1024);
	desk->question.host = TLS_HOST;
	desk->question.port = tls_server_port(desk->server);
	desk->question.cancel_fd = -1;
	desk->question.detail = DANE_EXPLAIN;
	desk->question.deadline = clock_now_ms() + PATIENCE_MS;
	script_a(desk->script, TLS_HOST, "127.0.0.1");
	*test = desk;
	return desk->arena == NULL || pipe(desk->cancel) < 0 ? -1 : 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	dane_link_free(desk->link);
	dns_request_free(desk->request);
	tls_server_stop(desk->server);
	script_resolver_free(desk->script);
	script_resolver_free(desk->fresh);
	arena_free(desk->arena);
	(void)close(desk->cancel[0]);
	(void)close(desk->cancel[1]);
	free(desk);
	return 0;
}

static void publish(const struct desk *desk, struct script_resolver *where,
		    const char *base, enum tls_kind kind, unsigned usage,
		    unsigned selector, unsigned matching)
{
	unsigned char room[4096];
	struct bytes rdata = { room, 0 };
	char owner[300];

	(void)snprintf(owner, sizeof(owner), "_%u._tcp.%s",
		       desk->question.port, base);
	rdata.len = tls_rdata(world, kind, usage > 3 ? 3 : usage, selector,
			      matching, room);
	room[0] = (unsigned char)usage;
	script_raw(where, owner, DNS_TLSA, rdata);
}

static void plan(struct desk *desk, enum tls_kind leaf, enum tls_fault fault)
{
	desk->plan.leaf = leaf;
	desk->plan.fault = fault;
	tls_server_switch(desk->server, &desk->plan);
}

static void open_it(struct desk *desk)
{
	dane_link_free(desk->link);
	dns_request_free(desk->request);
	desk->request = dns_request_new(script_resolver_door(desk->script),
					desk->question.deadline);
	assert_non_null(desk->request);
	desk->report = dane_server_open(desk->arena, desk->request, trust,
					&desk->question, &desk->link);
	assert_non_null(desk->report);
	assert_int_equal(desk->link != NULL,
			 desk->report->verdict == DANE_VERIFIED ||
			 desk->report->verdict == DANE_PKIX_ONLY);
	assert_true(strlen(desk->report->sentence) > 20);
}

static void expect(struct desk *desk, enum dane_verdict verdict,
		   enum dane_reason reason)
{
	open_it(desk);
	if (desk->report->verdict != verdict ||
	    desk->report->reason != reason)
		fail_msg("%s %s, wanted %s %s: %s",
			 dane_verdict_word(desk->report->verdict),
			 dane_reason_word(desk->report->reason),
			 dane_verdict_word(verdict), dane_reason_word(reason),
			 desk->report->sentence);
}

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

/* --- faults on the way to TLS: nothing secret was sent, ever */

static const struct fault_row {
	enum tls_fault fault;
	enum dane_verdict verdict;
	enum dane_reason reason;
	unsigned speeches;		/* bits of enum tls_speech */
} faults[] = {
#define ALL	(1U << TLS_SMTP | 1U << TLS_IMAP | 1U << TLS_POP3)
#define SMTP	(1U << TLS_SMTP)
	{ TLS_FINE, DANE_VERIFIED, DANE_MATCHED, ALL | 1U << TLS_AT_ONCE },
	{ TLS_CUT_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_HANG_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_LATER_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_LONG_LINE, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_ENDLESS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_NUL, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_NONSENSE, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_CUT_HELLO, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_HANG_HELLO, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_NOT_OFFERED, DANE_REFUSED, DANE_NO_STARTTLS, ALL },
	{ TLS_INJECT_EARLY, DANE_REFUSED, DANE_INJECTED, SMTP },
	{ TLS_INJECT, DANE_REFUSED, DANE_INJECTED, ALL },
	{ TLS_REFUSED, DANE_REFUSED, DANE_NO_STARTTLS, ALL },
	{ TLS_LATER, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_CUT_STARTTLS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_HANG_STARTTLS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_CUT_TLS, DANE_UNKNOWN, DANE_BROKEN, ALL | 1U << TLS_AT_ONCE },
	{ TLS_HANG_TLS, DANE_UNKNOWN, DANE_BROKEN, ALL | 1U << TLS_AT_ONCE },
	{ TLS_OLD, DANE_REFUSED, DANE_OLD_TLS, SMTP | 1U << TLS_AT_ONCE },
	{ TLS_ALERT, DANE_REFUSED, DANE_TLS_FAILED,
	  SMTP | 1U << TLS_AT_ONCE },
	{ TLS_PLAIN, DANE_REFUSED, DANE_TLS_FAILED, 1U << TLS_AT_ONCE },
	{ TLS_PREAUTH, DANE_REFUSED, DANE_NO_STARTTLS, 1U << TLS_IMAP },
};

static bool fault_hangs(enum tls_fault fault)
{
	return fault == TLS_HANG_GREETING || fault == TLS_HANG_HELLO ||
	       fault == TLS_HANG_STARTTLS || fault == TLS_HANG_TLS;
}

/* All that may ever be said in the clear. */
static void expect_nothing_else(const char *said)
{
	static const char *const allowed[] = {
		"EHLO localhost\r\n", "STARTTLS\r\n", "a STARTTLS\r\n",
		"STLS\r\n"
	};
	size_t i;

	while (*said != 0) {
		for (i = 0; i < 4; i++)
			if (strncmp(said, allowed[i],
				    strlen(allowed[i])) == 0)
				break;
		if (i == 4)
			fail_msg("said in the clear: %s", said);
		said += strlen(allowed[i]);
	}
}

static void faults_before_tls(void **test)
{
	struct desk *desk = *test;
	size_t i;
	int speech;

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		for (speech = TLS_AT_ONCE; speech <= TLS_POP3; speech++) {
			if ((faults[i].speeches >> speech & 1) == 0)
				continue;
			desk->plan.speech = (enum tls_speech)speech;
			desk->question.start = (enum dane_start)speech;
			plan(desk, TLS_GOOD, faults[i].fault);
			desk->question.deadline = clock_now_ms() +
				(fault_hangs(faults[i].fault) ? SHORT_MS :
				 PATIENCE_MS);
			expect(desk, faults[i].verdict, faults[i].reason);
			dane_link_free(desk->link);
			desk->link = NULL;
			tls_server_heard(desk->server, plain, secret);
			expect_nothing_else(plain);
			assert_string_equal(secret, "");
		}
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

static int set_up(void **test)
{
	char *pem;

	(void)test;
	dane_trust_prepare();
	world = tls_world_new();
	trust = dane_trust_new();
	pem = tls_pem(world, TLS_ROOT);
	if (trust == NULL || dane_trust_add(trust, bytes_of(pem)) != 1)
		return -1;
	OPENSSL_free(pem);
	return 0;
}

static int tear_down(void **test)
{
	(void)test;
	dane_trust_free(trust);
	tls_world_free(world);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

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
		DESK_TEST(faults_before_tls),
		DESK_TEST(cancelled),
		DESK_TEST(never_resumed),
		DESK_TEST(aliases),
		DESK_TEST(srv_names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
