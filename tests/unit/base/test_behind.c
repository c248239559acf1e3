/* test_behind.c - all of it, in order, whoever writes it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/base/behind.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"

#define ALL	(5 * BEHIND_ROOM + 12345)

struct taker {
	struct buf got;
	size_t fails_at;		/* octets; 0: never */
	unsigned failures;
	useconds_t pause;
};

static int take(void *ctx, struct bytes piece)
{
	struct taker *taker = ctx;

	if (taker->pause > 0)
		(void)usleep(taker->pause);
	if (taker->fails_at > 0 && taker->got.len >= taker->fails_at) {
		taker->failures++;
		return ERR_IO;
	}
	buf_add(&taker->got, piece);
	return 0;
}

static int written(struct taker *taker, struct bytes all, size_t step)
{
	struct sink to = { take, taker }, sink;
	struct behind *behind = behind_new(&to);
	int r = 0;
	size_t at;

	assert_non_null(behind);
	sink = behind_sink(behind);
	for (at = 0; r == 0 && at < all.len; at += step)
		r = sink.write(sink.ctx, bytes_slice(all, at, at + step));
	if (r == 0)
		r = behind_end(behind);
	behind_free(behind);
	return r;
}

static unsigned char *octets_new(void)
{
	unsigned char *room = malloc(ALL);
	uint32_t number = 1;
	size_t i;

	assert_non_null(room);
	for (i = 0; i < ALL; i++) {
		number = number * 1103515245u + 12345u;
		room[i] = (unsigned char)(number >> 16);
	}
	return room;
}

static void all_of_it(void **state)
{
	static const size_t steps[] = { 100, 65536, BEHIND_ROOM, ALL };
	static const size_t sizes[] = { 0, 1, BEHIND_ROOM, BEHIND_ROOM + 1,
					2 * BEHIND_ROOM, ALL };
	unsigned char *room = octets_new();
	struct bytes all = { room, 0 };
	struct taker taker = { .pause = 0 };
	size_t i, j;

	(void)state;
	buf_init(&taker.got, ALL);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			all.len = sizes[j];
			taker.pause = i % 2 == 0 ? 0 : 2000;
			buf_clear(&taker.got);
			assert_int_equal(written(&taker, all, steps[i]), 0);
			assert_true(bytes_equal(buf_bytes(&taker.got), all));
		}
	buf_free(&taker.got);
	free(room);
}

/* Nothing follows what failed, and its writer hears of it. */
static void errors_are_told(void **state)
{
	unsigned char *room = octets_new();
	struct bytes all = { room, ALL };
	struct taker taker = { .fails_at = 2 * BEHIND_ROOM };

	(void)state;
	buf_init(&taker.got, ALL);
	assert_int_equal(written(&taker, all, 1000), ERR_IO);
	assert_int_equal(taker.got.len, 2 * BEHIND_ROOM);
	assert_int_equal(taker.failures, 1);
	/* The last, partial room. */
	buf_clear(&taker.got);
	taker.failures = 0;
	taker.fails_at = ALL / BEHIND_ROOM * BEHIND_ROOM;
	assert_int_equal(written(&taker, all, ALL), ERR_IO);
	assert_int_equal(taker.failures, 1);
	buf_free(&taker.got);
	free(room);
}

/* Given up halfway: what is in the rooms is wiped, the thread ends. */
static void given_up(void **state)
{
	unsigned char *room = octets_new();
	struct bytes all = { room, 2 * BEHIND_ROOM + 1 };
	struct taker taker = { .pause = 1000 };
	struct sink to = { take, &taker }, sink;
	struct behind *behind = behind_new(&to);

	(void)state;
	buf_init(&taker.got, ALL);
	assert_non_null(behind);
	sink = behind_sink(behind);
	assert_int_equal(sink.write(sink.ctx, all), 0);
	behind_free(behind);
	behind_free(NULL);
	buf_free(&taker.got);
	free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it),
		cmocka_unit_test(errors_are_told),
		cmocka_unit_test(given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
