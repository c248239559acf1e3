/* test_link.c - reading, writing, channel binding, deadlines, ends */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dane/dial.h"
#include "agent/dane/handshake.h"
#include "agent/dane/link.h"
#include "agent/dane/link_new.h"
#include "agent/dane/trust.h"
#include "tests/unit/dane/pair.h"

#define LARGE	(4 * 1024 * 1024)

static struct tls_world *world;
static struct dane_trust *trust;

struct desk {
	struct pair pair;
	struct dane_link *link;
	int cancel[2];
};

static void desk_open(struct desk *desk, int version)
{
	struct dial_patience patience = { clock_now_ms() + 30000, -1 };
	struct handshake_wish wish;
	struct handshake shake;
	struct tls_plan plan;

	memset(&wish, 0, sizeof(wish));
	wish.names[wish.name_count++] = TLS_HOST;
	tls_plan_usual(&plan, TLS_GOOD);
	plan.version = version;
	pair_start(&desk->pair, world, &plan);
	dane_handshake(desk->pair.ours, trust, &wish, &patience, &shake);
	assert_non_null(shake.ssl);
	assert_int_equal(pipe(desk->cancel), 0);
	desk->link = dane_link_new(desk->pair.ours, shake.ssl,
				   desk->cancel[0]);
	assert_non_null(desk->link);
	shake.ssl = NULL;
	dane_handshake_end(&shake);
}

static void desk_close(struct desk *desk)
{
	dane_link_free(desk->link);
	pair_end(&desk->pair);
	(void)close(desk->cancel[0]);
	(void)close(desk->cancel[1]);
}

static int64_t soon(void)
{
	return clock_now_ms() + 30000;
}

static void write_text(struct desk *desk, const char *text)
{
	assert_int_equal(dane_link_write(desk->link, bytes_of(text), soon()),
			 0);
}

/* The other side sends back what it gets. */
static void echo(void **test)
{
	struct desk desk;
	char room[64];
	size_t have = 0;
	int got;

	(void)test;
	desk_open(&desk, 0);
	write_text(&desk, "hello");
	while (have < 5) {
		got = dane_link_read(desk.link, room + have,
				     sizeof(room) - have, soon());
		assert_true(got > 0);
		have += (size_t)got;
	}
	assert_memory_equal(room, "hello", 5);
	assert_false(dane_link_has_input(desk.link));
	desk_close(&desk);
}

static void large_writes(void **test)
{
	unsigned char *data = calloc(1, LARGE);
	struct bytes bytes = { data, LARGE };
	struct dane_link *link;
	struct desk desk;
	char room[16];
	int r;

	(void)test;
	desk_open(&desk, 0);
	link = desk.link;
	/* Nobody reads the echo: both sides are full in the end. */
	r = dane_link_write(link, bytes, clock_now_ms() + 500);
	assert_int_equal(r, ERR_TIMEOUT);
	/* after an error nothing more is sent or read */
	assert_int_equal(dane_link_write(link, bytes_of("x"), soon()),
			 ERR_GONE);
	assert_int_equal(dane_link_read(link, room, sizeof(room), soon()),
			 ERR_GONE);
	desk_close(&desk);
	free(data);
}

static void deadlines_and_cancelling(void **test)
{
	struct desk desk;
	char room[16];

	(void)test;
	desk_open(&desk, 0);
	assert_int_equal(dane_link_read(desk.link, room, sizeof(room),
					clock_now_ms() + 50), ERR_TIMEOUT);
	desk_close(&desk);
	desk_open(&desk, 0);
	assert_int_equal(write(desk.cancel[1], "x", 1), 1);
	assert_int_equal(dane_link_read(desk.link, room, sizeof(room),
					soon()), ERR_REFUSED);
	desk_close(&desk);
}

/* A cut is not an end: somebody may have cut the last words off. */
static void cut_off(void **test)
{
	struct desk desk;
	char room[16];

	(void)test;
	desk_open(&desk, 0);
	(void)shutdown(desk.pair.theirs, SHUT_RDWR);
	assert_int_equal(dane_link_read(desk.link, room, sizeof(room),
					soon()), ERR_GONE);
	desk_close(&desk);
}

static void bindings(void **test)
{
	static const int versions[] = { TLS1_2_VERSION, 0 };
	unsigned char exporter[LINK_BINDING_MAX], other[LINK_BINDING_MAX];
	unsigned char end_point[LINK_BINDING_MAX], digest[64];
	struct desk desk;
	unsigned length;
	size_t i;

	(void)test;
	assert_int_equal(X509_digest(world->certificates[TLS_GOOD],
				     EVP_sha256(), digest, &length), 1);
	for (i = 0; i < 2; i++) {
		desk_open(&desk, versions[i]);
		assert_int_equal(dane_link_binding(desk.link,
				DANE_BINDING_EXPORTER, exporter), 32);
		assert_int_equal(dane_link_binding(desk.link,
				DANE_BINDING_END_POINT, end_point), 32);
		assert_memory_equal(end_point, digest, 32);
		if (i > 0)
			assert_memory_not_equal(exporter, other, 32);
		memcpy(other, exporter, sizeof(other));
		desk_close(&desk);
	}
}

static void freeing_nothing(void **test)
{
	(void)test;
	dane_link_free(NULL);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo),
		cmocka_unit_test(large_writes),
		cmocka_unit_test(deadlines_and_cancelling),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(bindings),
		cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
