/* test_client.c - frames out, answers in, and a resolver that was restarted */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dns/client.h"
#include "agent/dns/dns.h"
#include "agent/dns/wire.h"

#define HELD_MAX 128

static unsigned char room[CHANNEL_FRAME_MAX];

/* The test is the resolver at the far end, and polls by hand. */
struct desk {
	struct resolver *client;
	struct dns_request *request;
	int far;
	struct wire_question held[HELD_MAX];	/* of the last frames */
	size_t count;
};

static void desk_attach(struct desk *desk)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	if (desk->far >= 0)
		(void)close(desk->far);
	desk->far = ends[1];
	dns_client_attach(desk->client, ends[0]);
}

static int desk_up(void **test)
{
	static struct desk desk;

	memset(&desk, 0, sizeof(desk));
	desk.far = -1;
	desk.client = dns_client_new();
	desk.request = dns_request_new(desk.client, clock_now_ms() + 60000);
	assert_int_equal(dns_client_fd(desk.client), -1);
	desk_attach(&desk);
	*test = &desk;
	return 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	dns_request_free(desk->request);
	dns_client_free(desk->client);
	if (desk->far >= 0)
		(void)close(desk->far);
	return 0;
}

/* How many frames of that type are there; ASK fills what is held. */
static size_t frames(struct desk *desk, uint8_t type)
{
	struct frame frame;
	size_t count = 0;
	int r;

	desk->count = 0;
	while (channel_receive(desk->far, room, &frame) > 0) {
		if (frame.type != type)
			continue;
		count++;
		if (type != FRAME_ASK)
			continue;
		do {
			assert_true(desk->count < HELD_MAX);
			r = wire_take_question(&frame.payload,
					       &desk->held[desk->count]);
			if (r > 0)
				desk->count++;
		} while (r > 0);
		assert_int_equal(r, 0);
	}
	return count;
}

static void tell(struct desk *desk, uint32_t id, enum dns_state state,
		 uint32_t ttl)
{
	struct frame frame = { FRAME_ANSWER, 0, { NULL, 0 }, { 0 }, 0 };
	struct bytes record = { (const unsigned char *)"\3one", 4 };
	struct dns_answer answer = { DNS_HAVE, DNS_SECURE, 0, "example.org",
				     NULL, 0, "", 0, 0 };
	struct buf wire;

	answer.state = state;
	answer.ttl = ttl;
	answer.records = &record;
	answer.record_count = state == DNS_HAVE ? 1 : 0;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	wire_put_answer(&wire, id, &answer);
	frame.payload = buf_bytes(&wire);
	assert_int_equal(channel_send(desk->far, &frame), 0);
	buf_free(&wire);
	dns_client_readable(desk->client);
}

/* What the cache holds is no answer to it. */
static void fresh_goes_past_the_cache(void **test)
{
	struct desk *desk = *test;
	struct dns_question *one, *two;

	one = dns_ask(desk->request, "example.org", DNS_TXT);
	dns_send(desk->request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	assert_false(desk->held[0].fresh);
	tell(desk, desk->held[0].id, DNS_HAVE, 60);
	assert_true(dns_is_answered(one));
	two = dns_ask_fresh(desk->request, "example.org", DNS_TXT);
	assert_ptr_not_equal(one, two);
	assert_ptr_equal(dns_ask_fresh(desk->request, "example.org", DNS_TXT),
			 two);
	assert_int_equal(dns_request_count(desk->request), 2);
	dns_send(desk->request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	assert_int_equal(desk->count, 1);
	assert_true(desk->held[0].fresh);
	assert_false(dns_is_answered(two));
	tell(desk, desk->held[0].id, DNS_NXDOMAIN, 60);
	assert_int_equal(dns_await(two)->state, DNS_NXDOMAIN);
}

static void one_frame_for_all(void **test)
{
	struct desk *desk = *test;
	struct dns_question *one, *two;

	one = dns_ask(desk->request, "example.org", DNS_TXT);
	two = dns_ask(desk->request, "example.org", DNS_MX);
	dns_send(desk->request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	assert_int_equal(desk->count, 2);
	assert_string_equal(desk->held[0].name, "example.org");
	assert_int_equal(desk->held[1].type, DNS_MX);
	assert_in_range(desk->held[0].ms, 10000, 60000);
	tell(desk, desk->held[1].id, DNS_NXDOMAIN, 60);
	assert_true(dns_is_answered(two));
	assert_false(dns_is_answered(one));
	tell(desk, desk->held[0].id, DNS_HAVE, 60);
	assert_int_equal(dns_await(one)->state, DNS_HAVE);
	assert_int_equal(dns_await(two)->state, DNS_NXDOMAIN);
}

/* One question of a second request: is it answered without being sent? */
static bool is_kept(struct desk *desk, const char *name, enum dns_type type)
{
	struct dns_request *again = dns_request_new(desk->client,
						    clock_now_ms() + 60000);
	struct dns_question *question = dns_ask(again, name, type);
	bool kept;

	dns_send(again);
	kept = dns_is_answered(question);
	assert_int_equal(frames(desk, FRAME_ASK), kept ? 0 : 1);
	dns_request_free(again);
	(void)frames(desk, FRAME_FORGET);
	return kept;
}

static void answer_one(struct desk *desk, const char *name,
		       enum dns_type type, enum dns_state state, uint32_t ttl)
{
	(void)dns_ask(desk->request, name, type);
	dns_send(desk->request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	tell(desk, desk->held[0].id, state, ttl);
}

static void whole_texts_are_kept(void **test)
{
	struct desk *desk = *test;

	answer_one(desk, "have.example", DNS_TXT, DNS_HAVE, 60);
	answer_one(desk, "none.example", DNS_TXT, DNS_NOTHING, 60);
	answer_one(desk, "nx.example", DNS_TXT, DNS_NXDOMAIN, 60);
	answer_one(desk, "bogus.example", DNS_TXT, DNS_BOGUS, 60);
	answer_one(desk, "silent.example", DNS_TXT, DNS_SILENT, 60);
	answer_one(desk, "zero.example", DNS_TXT, DNS_HAVE, 0);
	answer_one(desk, "mx.example", DNS_MX, DNS_HAVE, 60);
	answer_one(desk, "short.example", DNS_TXT, DNS_HAVE, 2);
	assert_true(is_kept(desk, "have.example", DNS_TXT));
	assert_true(is_kept(desk, "none.example", DNS_TXT));
	assert_true(is_kept(desk, "nx.example", DNS_TXT));
	assert_false(is_kept(desk, "bogus.example", DNS_TXT));
	assert_false(is_kept(desk, "silent.example", DNS_TXT));
	assert_false(is_kept(desk, "zero.example", DNS_TXT));
	assert_false(is_kept(desk, "mx.example", DNS_MX));
	assert_true(is_kept(desk, "short.example", DNS_TXT));
	(void)usleep(2050000);
	assert_false(is_kept(desk, "short.example", DNS_TXT));
	assert_true(is_kept(desk, "have.example", DNS_TXT));
}

static void a_new_resolver_is_asked_again(void **test)
{
	struct desk *desk = *test;
	struct dns_question *one, *two;
	uint32_t id;

	one = dns_ask(desk->request, "one.example", DNS_TXT);
	two = dns_ask(desk->request, "two.example", DNS_TXT);
	dns_send(desk->request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	tell(desk, desk->held[0].id, DNS_HAVE, 0);
	id = desk->held[1].id;
	(void)close(desk->far);		/* it died */
	desk->far = -1;
	dns_client_readable(desk->client);
	assert_int_equal(dns_client_fd(desk->client), -1);
	assert_true(dns_is_answered(one));
	assert_false(dns_is_answered(two));
	(void)dns_ask(desk->request, "three.example", DNS_TXT);
	dns_send(desk->request);	/* meanwhile */
	desk_attach(desk);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	assert_int_equal(desk->count, 2);
	tell(desk, id, DNS_HAVE, 0);
	assert_int_equal(dns_await(two)->state, DNS_HAVE);
}

static void without_a_resolver_deadlines_hold(void **test)
{
	struct desk *desk = *test;
	struct dns_request *request;
	int64_t start = clock_now_ms();

	(void)close(desk->far);
	desk->far = -1;
	dns_client_readable(desk->client);
	request = dns_request_new(desk->client, start + 100);
	assert_int_equal(dns_await(dns_ask(request, "one.example",
					   DNS_TXT))->state, DNS_SILENT);
	assert_true(clock_now_ms() - start >= 95);
	dns_request_free(request);
	desk_attach(desk);
	assert_int_equal(frames(desk, FRAME_ASK), 0);	/* forgotten */
}

static void what_is_over_is_forgotten(void **test)
{
	struct desk *desk = *test;
	struct dns_request *request;
	uint32_t id;

	request = dns_request_new(desk->client, clock_now_ms() + 60000);
	(void)dns_ask(request, "one.example", DNS_TXT);
	dns_send(request);
	assert_int_equal(frames(desk, FRAME_ASK), 1);
	id = desk->held[0].id;
	dns_request_free(request);
	assert_int_equal(frames(desk, FRAME_FORGET), 1);
	tell(desk, id, DNS_HAVE, 60);	/* too late, and harmless */
	assert_int_not_equal(dns_client_fd(desk->client), -1);
}

static void broken_answers_end_the_channel(void **test)
{
	static const uint8_t types[] = { FRAME_ANSWER, FRAME_ASK, 99 };
	struct frame frame = { 0, 0, { NULL, 0 }, { 0 }, 0 };
	struct desk *desk = *test;
	size_t i;

	for (i = 0; i < sizeof(types); i++) {
		frame.type = types[i];
		assert_int_equal(channel_send(desk->far, &frame), 0);
		dns_client_readable(desk->client);
		assert_int_equal(dns_client_fd(desk->client), -1);
		desk_attach(desk);
	}
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(one_frame_for_all),
		DESK_TEST(fresh_goes_past_the_cache),
		DESK_TEST(whole_texts_are_kept),
		DESK_TEST(a_new_resolver_is_asked_again),
		DESK_TEST(without_a_resolver_deadlines_hold),
		DESK_TEST(what_is_over_is_forgotten),
		DESK_TEST(broken_answers_end_the_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
