/* test_child_tell.c - a role that takes nothing holds up nobody else */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "agent/base/clock.h"
#include "tests/unit/roles/front_stage.h"

#define FRAMES	6000	/* more than wait */
#define QUICK_MS 4000

static int setup(void **state)
{
	(void)state;
	stage_open();
	return 0;
}

static int teardown(void **state)
{
	int kind;

	(void)state;
	config_free(stage.front.config);
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		(void)close(stage.peers[kind]);
		if (stage.front.children[kind].fd >= 0)
			(void)close(stage.front.children[kind].fd);
	}
	return 0;
}

static int tell(uint32_t id)
{
	struct frame frame = { FRAME_CHECK, id, { NULL, 0 }, { 0 }, 1 };
	unsigned char payload[64];
	int r;

	memset(payload, (int)(id % 251), sizeof(payload));
	frame.payload.data = payload;
	frame.payload.len = sizeof(payload);
	frame.fds[0] = memfile_make("message", frame.payload);
	assert_true(frame.fds[0] >= 0);
	r = child_tell(&stage.front, CHILD_SENDER, &frame);
	(void)close(frame.fds[0]);
	return r;
}

/* What comes next is this one, whole, with its descriptor. */
static void comes(uint32_t id)
{
	unsigned char room[CHANNEL_FRAME_MAX];
	struct stat about;
	struct frame frame;

	assert_int_equal(channel_receive(stage.peers[CHILD_SENDER], room,
					 &frame), 1);
	assert_int_equal(frame.id, id);
	assert_int_equal(frame.payload.len, 64);
	assert_int_equal(frame.payload.data[63], id % 251);
	assert_int_equal(frame.fd_count, 1);
	assert_int_equal(fstat(frame.fds[0], &about), 0);
	assert_int_equal(about.st_size, 64);
	frame_close(&frame);
}

static uint32_t told_until_behind(uint32_t first)
{
	int64_t before = clock_now_ms();
	uint32_t id;

	for (id = first; id < FRAMES; id++) {
		assert_int_equal(tell(id), 0);
		if (child_is_behind(&stage.front.children[CHILD_SENDER]))
			break;
	}
	assert_true(clock_now_ms() - before < QUICK_MS);
	assert_true(id < FRAMES);
	return id + 1;
}

static void test_in_order(void **state)
{
	const struct child *child = &stage.front.children[CHILD_SENDER];
	uint32_t next = told_until_behind(1), more, id;

	(void)state;
	for (more = 0; more < 100; more++)
		assert_int_equal(tell(next++), 0);
	child_takes(&stage.front, CHILD_SENDER, clock_now_ms());
	assert_true(child_is_up(&stage.front, CHILD_SENDER));
	for (id = 1; id < next; id++) {
		comes(id);
		child_takes(&stage.front, CHILD_SENDER, clock_now_ms());
	}
	assert_false(child_is_behind(child));
	assert_int_equal(tell(7), 0);
	comes(7);
}

static void test_dead_in_the_end(void **state)
{
	const struct child *child = &stage.front.children[CHILD_SENDER];

	(void)state;
	(void)told_until_behind(1);
	child_takes(&stage.front, CHILD_SENDER, child->untold_until - 1);
	assert_true(child_is_up(&stage.front, CHILD_SENDER));
	child_takes(&stage.front, CHILD_SENDER, child->untold_until);
	assert_false(child_is_up(&stage.front, CHILD_SENDER));
	assert_false(child_is_behind(child));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_dead_in_the_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
