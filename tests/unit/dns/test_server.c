/* test_server.c - from an asking thread to a signed zone and back */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/dns/client.h"
#include "agent/dns/dns.h"
#include "agent/dns/server.h"
#include "agent/mail/domain.h"
#include "tests/lab/lab_server.h"

#define PATIENCE_MS	6000

static struct lab lab;

/* A resolver role in a thread, and an asking role with its polling thread. */
struct desk {
	int front, server_end;
	int server_result;
	pthread_t server, poller;
	struct resolver *client;
	atomic_bool stop;
};

static void *server_run(void *ctx)
{
	struct desk *desk = ctx;

	desk->server_result = dns_server_run(desk->server_end);
	return NULL;
}

static void *poller_run(void *ctx)
{
	struct desk *desk = ctx;
	struct pollfd fd;

	while (!atomic_load(&desk->stop)) {
		fd.fd = dns_client_fd(desk->client);
		fd.events = POLLIN;
		if (poll(&fd, 1, 10) > 0)
			dns_client_readable(desk->client);
	}
	return NULL;
}

static void client_connect(struct desk *desk)
{
	struct frame frame = { FRAME_CLIENT, 0, { NULL, 0 }, { 0 }, 1 };
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	frame.fds[0] = ends[1];
	assert_int_equal(channel_send(desk->front, &frame), 0);
	(void)close(ends[1]);
	dns_client_attach(desk->client, ends[0]);
}

static void settings_send(struct desk *desk, uint8_t type, unsigned port,
			  const char *anchors)
{
	struct frame frame = { FRAME_HELLO, 0, { NULL, 0 }, { 0 }, 0 };
	struct arena *arena = arena_new(65536);
	struct value *dict = value_dict(arena), *list;
	char address[64];
	struct buf wire;

	(void)snprintf(address, sizeof(address), "127.0.0.1@%u", port);
	value_put_text(arena, dict, "mode", "forward");
	value_put_text(arena, dict, "anchors", anchors);
	value_put_truth(arena, dict, "allow_loopback", true);
	list = value_put_list(arena, dict, "forwarders");
	value_put_text(arena, list, NULL, address);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	assert_int_equal(value_encode(dict, &wire), 0);
	frame.type = type;
	frame.payload = buf_bytes(&wire);
	assert_int_equal(channel_send(desk->front, &frame), 0);
	buf_free(&wire);
	arena_free(arena);
}

static int desk_up(void **test)
{
	static struct desk desk;
	int ends[2];

	memset(&desk, 0, sizeof(desk));
	atomic_store(&desk.stop, false);
	assert_int_equal(channel_pair(ends), 0);
	desk.front = ends[0];
	desk.server_end = ends[1];
	desk.client = dns_client_new();
	assert_non_null(desk.client);
	assert_int_equal(pthread_create(&desk.server, NULL, server_run,
					&desk), 0);
	assert_int_equal(pthread_create(&desk.poller, NULL, poller_run,
					&desk), 0);
	client_connect(&desk);
	*test = &desk;
	return 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	atomic_store(&desk->stop, true);
	(void)pthread_join(desk->poller, NULL);
	(void)close(desk->front);
	(void)pthread_join(desk->server, NULL);
	(void)close(desk->server_end);
	dns_client_free(desk->client);
	return desk->server_result == ERR_GONE ? 0 : -1;
}

static struct dns_request *request(struct desk *desk, int64_t ms)
{
	struct dns_request *new = dns_request_new(desk->client,
						  clock_now_ms() + ms);

	assert_non_null(new);
	return new;
}

static void expect(struct desk *desk, const char *name, enum dns_state state,
		   enum dns_security security)
{
	struct dns_request *one = request(desk, PATIENCE_MS);
	const struct dns_answer *answer = dns_await(dns_ask(one, name,
							    DNS_TXT));

	if (answer->state != state || answer->security != security)
		fail_msg("%s: state %d security %d (%s)", name,
			 (int)answer->state, (int)answer->security,
			 answer->why);
	assert_true((answer->record_count > 0) == (state == DNS_HAVE));
	dns_request_free(one);
}

/* The next STATE frame. */
static bool state_works(struct desk *desk, char sentence[512])
{
	static unsigned char room[CHANNEL_FRAME_MAX];
	struct pollfd fd = { desk->front, POLLIN, 0 };
	struct arena *arena = arena_new(65536);
	const struct value *works;
	struct value *dict;
	struct frame frame;
	bool result;

	assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
	assert_int_equal(channel_receive(desk->front, room, &frame), 1);
	assert_int_equal(frame.type, FRAME_STATE);
	assert_int_equal(value_decode(arena, frame.payload, &dict), 0);
	works = value_find(dict, "works", VALUE_TRUTH);
	assert_non_null(works);
	result = works->truth;
	(void)snprintf(sentence, 512, "%s", value_text(dict, "sentence"));
	arena_free(arena);
	return result;
}

static void states_go_all_the_way(void **test)
{
	struct desk *desk = *test;
	char sentence[512];

	settings_send(desk, FRAME_HELLO, lab.port, lab.anchors);
	expect(desk, "text.secure.lab", DNS_HAVE, DNS_SECURE);
	expect(desk, "mail.secure.lab", DNS_NOTHING, DNS_SECURE);
	expect(desk, "not.secure.lab", DNS_NXDOMAIN, DNS_SECURE);
	expect(desk, "text.insecure.lab", DNS_HAVE, DNS_INSECURE);
	expect(desk, "text.bogus.lab", DNS_BOGUS, DNS_SECURITY_BOGUS);
	expect(desk, "text.expired.lab", DNS_BOGUS, DNS_SECURITY_BOGUS);
	expect(desk, "loop1.secure.lab", DNS_SILENT, DNS_SECURITY_UNKNOWN);
	assert_true(state_works(desk, sentence));
}

static void many_questions_at_once(void **test)
{
	struct desk *desk = *test;
	struct dns_question *questions[DNS_QUESTIONS_MAX];
	struct dns_request *one;
	char name[64];
	unsigned i;

	settings_send(desk, FRAME_HELLO, lab.port, lab.anchors);
	one = request(desk, PATIENCE_MS);
	for (i = 0; i < DNS_QUESTIONS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "n%u.secure.lab", i);
		questions[i] = dns_ask(one, name, DNS_TXT);
	}
	for (i = 0; i < DNS_QUESTIONS_MAX; i++)
		assert_int_equal(dns_await(questions[i])->state,
				 DNS_NXDOMAIN);
	dns_request_free(one);
}

static void useless_settings_are_silent(void **test)
{
	struct desk *desk = *test;
	struct dns_request *one;
	const struct dns_answer *answer;
	char sentence[512];

	settings_send(desk, FRAME_HELLO, lab.port, "no anchor here\n");
	assert_false(state_works(desk, sentence));
	one = request(desk, PATIENCE_MS);
	answer = dns_await(dns_ask(one, "text.secure.lab", DNS_TXT));
	assert_int_equal(answer->state, DNS_SILENT);
	assert_non_null(strstr(answer->why, "trust anchor"));
	dns_request_free(one);
}

/* Whoever asks so late proves nothing about the domain. */
static void deadlines_hold_and_hurry_is_no_silence(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	struct desk *desk = *test;
	struct dns_request *one;
	int64_t start;

	settings_send(desk, FRAME_HELLO, faulty_port(faulty), lab.anchors);
	one = request(desk, 20);
	(void)dns_await(dns_ask(one, "a.secure.lab", DNS_TXT));
	(void)usleep(50000);
	dns_request_free(one);
	start = clock_now_ms();
	one = request(desk, 400);
	(void)dns_await(dns_ask(one, "b.secure.lab", DNS_TXT));
	assert_true(clock_now_ms() - start >= 390);
	dns_request_free(one);
	faulty_stop(faulty);
}

/* A silent name costs its time once a minute, and no other its own; another
 * network is asked anew. */
static void silence_is_remembered(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	struct desk *desk = *test;
	const struct dns_answer *answer;
	struct dns_request *one;

	settings_send(desk, FRAME_HELLO, faulty_port(faulty), lab.anchors);
	one = request(desk, SERVER_PATIENCE_MS + 200);
	answer = dns_await(dns_ask(one, "s1._domainkey.secure.lab", DNS_TXT));
	assert_int_equal(answer->state, DNS_SILENT);
	(void)usleep(100000);		/* the server's own deadline */
	dns_request_free(one);
	one = request(desk, PATIENCE_MS);
	answer = dns_await(dns_ask(one, "s1._domainkey.secure.lab", DNS_TXT));
	assert_int_equal(answer->state, DNS_SILENT);
	assert_non_null(strstr(answer->why, "within the last minute"));
	dns_request_free(one);
	settings_send(desk, FRAME_NETWORK, lab.port, lab.anchors);
	expect(desk, "text.secure.lab", DNS_HAVE, DNS_SECURE);
	faulty_stop(faulty);
}

/* What is under way when the network changes is asked there. */
static void a_new_network_answers_old_questions(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	struct desk *desk = *test;
	struct dns_question *question;
	struct dns_request *one;

	settings_send(desk, FRAME_HELLO, faulty_port(faulty), lab.anchors);
	one = request(desk, PATIENCE_MS);
	question = dns_ask(one, "text.secure.lab", DNS_TXT);
	dns_send(one);
	(void)usleep(200000);
	assert_false(dns_is_answered(question));
	settings_send(desk, FRAME_NETWORK, lab.port, lab.anchors);
	assert_int_equal(dns_await(question)->state, DNS_HAVE);
	assert_int_equal(dns_await(question)->security, DNS_SECURE);
	dns_request_free(one);
	faulty_stop(faulty);
}

static void forgotten_questions_stay_quiet(void **test)
{
	struct faulty *faulty = faulty_start(FAULT_SILENT, lab.port);
	struct desk *desk = *test;
	struct dns_request *one;
	char name[64];
	unsigned i, round;

	settings_send(desk, FRAME_HELLO, faulty_port(faulty), lab.anchors);
	for (round = 0; round < 20; round++) {
		one = request(desk, PATIENCE_MS);
		for (i = 0; i < 50; i++) {
			(void)snprintf(name, sizeof(name), "n%u-%u.secure.lab",
				       round, i);
			(void)dns_ask(one, name, DNS_TXT);
		}
		dns_send(one);
		dns_request_free(one);
	}
	settings_send(desk, FRAME_NETWORK, lab.port, lab.anchors);
	expect(desk, "text.secure.lab", DNS_HAVE, DNS_SECURE);
	faulty_stop(faulty);
}

/* A second asker that breaks the rules is hung up on; the first goes on. */
static void whoever_breaks_the_rules_is_hung_up_on(void **test)
{
	static unsigned char room[CHANNEL_FRAME_MAX];
	static const struct { uint8_t type; const char *payload; size_t len; }
	bad[] = {
		{ FRAME_ASK, "\0\0", 2 },
		{ FRAME_ASK, "\0\0\0\1\0\6\0\0\0\1\0\1a", 13 },
		{ FRAME_FORGET, "\0\0\0", 3 },
		{ FRAME_ANSWER, "", 0 },
		{ 99, "", 0 },
	};
	struct frame give = { FRAME_CLIENT, 0, { NULL, 0 }, { 0 }, 1 };
	struct frame frame = { 0, 0, { NULL, 0 }, { 0 }, 0 };
	struct desk *desk = *test;
	struct pollfd fd;
	int ends[2];
	size_t i;

	settings_send(desk, FRAME_HELLO, lab.port, lab.anchors);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(channel_pair(ends), 0);
		give.fds[0] = ends[1];
		assert_int_equal(channel_send(desk->front, &give), 0);
		(void)close(ends[1]);
		frame.type = bad[i].type;
		frame.payload.data = (const unsigned char *)bad[i].payload;
		frame.payload.len = bad[i].len;
		assert_int_equal(channel_send(ends[0], &frame), 0);
		fd.fd = ends[0];
		fd.events = POLLIN;
		assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
		assert_int_equal(channel_receive(ends[0], room, &give), 0);
		give.type = FRAME_CLIENT;
		give.id = 0;
		give.payload.len = 0;
		give.fd_count = 1;
		(void)close(ends[0]);
	}
	expect(desk, "text.secure.lab", DNS_HAVE, DNS_SECURE);
}

static int lab_up(void **test)
{
	(void)test;
	domain_prepare();
	return lab_start(&lab, NULL) ? 0 : -1;
}

static int lab_down(void **test)
{
	(void)test;
	lab_stop(&lab);
	return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_up, desk_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(states_go_all_the_way),
		DESK_TEST(many_questions_at_once),
		DESK_TEST(useless_settings_are_silent),
		DESK_TEST(deadlines_hold_and_hurry_is_no_silence),
		DESK_TEST(silence_is_remembered),
		DESK_TEST(a_new_network_answers_old_questions),
		DESK_TEST(forgotten_questions_stay_quiet),
		DESK_TEST(whoever_breaks_the_rules_is_hung_up_on),
	};

	return cmocka_run_group_tests(tests, lab_up, lab_down);
}
