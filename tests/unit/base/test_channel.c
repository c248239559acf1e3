/* test_channel.c - frames arrive whole, or the other side is hung up on */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/channel.h"
#include "agent/base/err.h"

static unsigned char room[CHANNEL_FRAME_MAX];
static unsigned char payload[CHANNEL_PAYLOAD_MAX + 1];

struct pair {
	int ends[2];
};

static int pair_open(void **state)
{
	static struct pair pair;

	*state = &pair;
	return channel_pair(pair.ends);
}

static int pair_close(void **state)
{
	struct pair *pair = *state;
	int i;

	for (i = 0; i < 2; i++)
		if (pair->ends[i] >= 0)
			(void)close(pair->ends[i]);
	return 0;
}

static void a_frame_of_every_size_arrives(void **state)
{
	static const size_t sizes[] = { 0, 1, 100, CHANNEL_PAYLOAD_MAX };
	struct pair *pair = *state;
	struct frame out, in;
	size_t i;

	memset(payload, 7, sizeof(payload));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(&out, 0, sizeof(out));
		out.type = FRAME_CHECK;
		out.id = 0xFFFFFFF0;
		out.payload.data = payload;
		out.payload.len = sizes[i];
		assert_int_equal(channel_send(pair->ends[0], &out), 0);
		assert_int_equal(channel_receive(pair->ends[1], room, &in), 1);
		assert_int_equal(in.type, FRAME_CHECK);
		assert_int_equal(in.id, 0xFFFFFFF0);
		assert_int_equal(in.payload.len, sizes[i]);
		assert_memory_equal(in.payload.data, payload, sizes[i]);
	}
	out.payload.len = CHANNEL_PAYLOAD_MAX + 1;
	assert_int_equal(channel_send(pair->ends[0], &out), ERR_LIMIT);
}

static void descriptors_come_along_and_can_be_taken(void **state)
{
	struct pair *pair = *state;
	struct frame out, in;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), taken;
	size_t i;

	memset(&out, 0, sizeof(out));
	out.fd_count = CHANNEL_FDS_MAX;
	for (i = 0; i < CHANNEL_FDS_MAX; i++)
		out.fds[i] = null;
	assert_int_equal(channel_send(pair->ends[0], &out), 0);
	assert_int_equal(channel_receive(pair->ends[1], room, &in), 1);
	assert_int_equal(in.fd_count, CHANNEL_FDS_MAX);
	taken = frame_take(&in, 3);
	assert_true(taken >= 0);
	assert_true((fcntl(taken, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(frame_take(&in, 3), -1);
	assert_int_equal(frame_take(&in, CHANNEL_FDS_MAX), -1);
	i = (size_t)in.fds[0];
	frame_close(&in);
	assert_int_equal(fcntl((int)i, F_GETFD), -1);	/* closed */
	assert_true(fcntl(taken, F_GETFD) >= 0);	/* ours */
	(void)close(taken);
	(void)close(null);
}

static void nothing_there_is_no_waiting(void **state)
{
	struct pair *pair = *state;
	struct frame in;

	assert_int_equal(channel_receive(pair->ends[1], room, &in),
			 ERR_TIMEOUT);
	(void)close(pair->ends[0]);
	pair->ends[0] = -1;
	assert_int_equal(channel_receive(pair->ends[1], room, &in), 0);
	memset(&in, 0, sizeof(in));
	assert_int_equal(channel_send(pair->ends[1], &in), ERR_GONE);
}

/* What breaks the rules, byte by byte of the header. */
static void what_breaks_the_rules_is_refused(void **state)
{
	static const unsigned char good[CHANNEL_HEADER + 2] = {
		CHANNEL_VERSION, FRAME_CHECK, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2,
		'a', 'b'
	};
	struct pair *pair = *state;
	unsigned char bad[sizeof(good)];
	struct frame in;
	size_t len;

	assert_true(send(pair->ends[0], good, sizeof(good), 0) > 0);
	assert_int_equal(channel_receive(pair->ends[1], room, &in), 1);
	for (len = 1; len < sizeof(good); len++) {
		assert_true(send(pair->ends[0], good, len, 0) > 0);
		assert_int_equal(channel_receive(pair->ends[1], room, &in),
				 ERR_PROTOCOL);
	}
	memcpy(bad, good, sizeof(good));
	bad[0] = CHANNEL_VERSION + 1;
	assert_true(send(pair->ends[0], bad, sizeof(bad), 0) > 0);
	assert_int_equal(channel_receive(pair->ends[1], room, &in),
			 ERR_PROTOCOL);
	memcpy(bad, good, sizeof(good));
	bad[8] = 0xFF;
	assert_true(send(pair->ends[0], bad, sizeof(bad), 0) > 0);
	assert_int_equal(channel_receive(pair->ends[1], room, &in),
			 ERR_PROTOCOL);
	memcpy(bad, good, sizeof(good));
	bad[11] = 1;
	assert_true(send(pair->ends[0], bad, sizeof(bad), 0) > 0);
	assert_int_equal(channel_receive(pair->ends[1], room, &in),
			 ERR_PROTOCOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_frame_of_every_size_arrives,
						pair_open, pair_close),
		cmocka_unit_test_setup_teardown(
			descriptors_come_along_and_can_be_taken, pair_open,
			pair_close),
		cmocka_unit_test_setup_teardown(nothing_there_is_no_waiting,
						pair_open, pair_close),
		cmocka_unit_test_setup_teardown(
			what_breaks_the_rules_is_refused, pair_open,
			pair_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
