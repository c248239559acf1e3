/* shake.h - one handshake with a world of certificates, and what came of it */
#ifndef MAILSEAL_TESTS_DANE_SHAKE_H
#define MAILSEAL_TESTS_DANE_SHAKE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "agent/base/clock.h"
#include "agent/dane/dial.h"
#include "agent/dane/handshake.h"
#include "agent/dane/trust.h"
#include "tests/unit/dane/pair.h"

#define RECORDS_MAX 8

static struct tls_world *world;
static struct dane_trust *with_roots, *without_roots;
static unsigned shaken;

enum store { STORE, NO_STORE };

/* What came of one handshake. */
struct outcome {
	enum decide_wire wire;
	enum decide_match match;
	enum decide_pkix pkix;
	int depth, verified_at;	/* which record; -1: none */
	bool session;
};

static inline struct outcome shake(const struct tls_plan *plan,
				   struct handshake_wish *wish,
				   enum store store)
{
	struct dial_patience patience = { clock_now_ms() + 30000, -1 };
	struct handshake out;
	struct outcome outcome;
	struct pair pair;
	size_t i;

	pair_start(&pair, world, plan);
	dane_handshake(pair.ours, store == STORE ? with_roots :
		       without_roots, wish, &patience, &out);
	outcome.wire = out.wire;
	outcome.match = out.match;
	outcome.pkix = out.pkix;
	outcome.depth = out.depth;
	outcome.verified_at = -1;
	outcome.session = out.ssl != NULL;
	for (i = 0; i < wish->record_count; i++)
		if (wish->records[i].verified)
			outcome.verified_at = (int)i;
	dane_handshake_end(&out);
	(void)close(pair.ours);
	pair_end(&pair);
	shaken++;
	return outcome;
}

/* Records as text: "3 1 1 good", "!" behind it: another last byte; ";"
 * between them.  Kinds "short", "junk" and "empty" are data of no use. */
struct records {
	struct dane_record list[RECORDS_MAX];
	unsigned char rdata[RECORDS_MAX][4096];
	size_t count;
};

static inline void record_add(struct records *records, unsigned usage,
			      unsigned selector, unsigned matching,
			      const char *kind, bool changed)
{
	unsigned char *rdata = records->rdata[records->count];
	struct dane_record *record = &records->list[records->count++];
	struct bytes bytes = { rdata, 3 };

	memset(record, 0, sizeof(*record));
	record->depth = -1;
	if (strcmp(kind, "short") == 0)
		bytes.len += 20;
	else if (strcmp(kind, "junk") == 0)
		bytes.len += 100;
	else if (strcmp(kind, "empty") != 0)
		bytes.len = tls_rdata(world, tls_kind_of(kind), usage,
				      selector, matching > 2 ? 1 : matching,
				      rdata);
	rdata[0] = (unsigned char)usage;
	rdata[1] = (unsigned char)selector;
	rdata[2] = (unsigned char)matching;
	if (changed)
		rdata[bytes.len - 1] ^= 1;
	record->use = tlsa_read(bytes, &record->tlsa);
}

static inline void records_read(struct records *records, const char *text)
{
	unsigned usage, selector, matching;
	char kind[32], *mark;

	memset(records, 0, sizeof(*records));
	while (text != NULL && *text != 0) {
		if (sscanf(text, "%u %u %u %31[^;]", &usage, &selector,
			   &matching, kind) != 4)
			fail_msg("no record: %s", text);
		mark = strchr(kind, '!');
		if (mark != NULL)
			*mark = 0;
		record_add(records, usage, selector, matching, kind,
			   mark != NULL);
		text = strchr(text, ';');
		if (text != NULL)
			text++;
	}
}

static inline struct dane_trust *trust_make(enum store store)
{
	struct dane_trust *trust = dane_trust_new();
	char *pem = tls_pem(world, TLS_ROOT);

	if (trust != NULL && store == STORE &&
	    dane_trust_add(trust, bytes_of(pem)) != 1)
		abort();
	OPENSSL_free(pem);
	return trust;
}

static inline int set_up(void **test)
{
	(void)test;
	dane_trust_prepare();
	world = tls_world_new();
	with_roots = trust_make(STORE);
	without_roots = trust_make(NO_STORE);
	return with_roots == NULL || without_roots == NULL ? -1 : 0;
}

static inline int tear_down(void **test)
{
	(void)test;
	dane_trust_free(with_roots);
	dane_trust_free(without_roots);
	tls_world_free(world);
	return 0;
}

#endif
