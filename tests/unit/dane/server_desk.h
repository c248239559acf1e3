/* server_desk.h - whole openings: scripted DNS, a real server with faults */
#ifndef MAILSEAL_TESTS_DANE_SERVER_DESK_H
#define MAILSEAL_TESTS_DANE_SERVER_DESK_H

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

static struct tls_world *world;
static struct dane_trust *trust;

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

static inline int desk_up(void **test)
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

static inline int desk_down(void **test)
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

static inline void publish(const struct desk *desk,
			   struct script_resolver *where, const char *base,
			   enum tls_kind kind, unsigned usage,
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

static inline void plan(struct desk *desk, enum tls_kind leaf,
			enum tls_fault fault)
{
	desk->plan.leaf = leaf;
	desk->plan.fault = fault;
	tls_server_switch(desk->server, &desk->plan);
}

static inline void open_it(struct desk *desk)
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

static inline void expect(struct desk *desk, enum dane_verdict verdict,
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

static inline int set_up(void **test)
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

static inline int tear_down(void **test)
{
	(void)test;
	dane_trust_free(trust);
	tls_world_free(world);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

#endif
