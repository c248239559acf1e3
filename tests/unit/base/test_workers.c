/* test_workers.c - turns, shares and bounds of the pool */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "agent/base/err.h"
#include "agent/base/workers.h"

#define STACK		(256 * 1024)
#define SECONDS		20	/* until a test is given up */

/* What jobs tell each other. */
struct desk {
	sem_t gate;		/* a blocking job waits here */
	sem_t begun;		/* one post a job that began */
	pthread_mutex_t lock;
	unsigned done;
	char turns[64];		/* who ran, in order */
	size_t turn_count;
};

struct note {
	struct desk *desk;
	char who;
};

static void desk_init(struct desk *desk)
{
	memset(desk, 0, sizeof(*desk));
	assert_int_equal(sem_init(&desk->gate, 0, 0), 0);
	assert_int_equal(sem_init(&desk->begun, 0, 0), 0);
	assert_int_equal(pthread_mutex_init(&desk->lock, NULL), 0);
}

static void desk_free(struct desk *desk)
{
	(void)sem_destroy(&desk->gate);
	(void)sem_destroy(&desk->begun);
	(void)pthread_mutex_destroy(&desk->lock);
}

static void block(void *ctx)
{
	struct desk *desk = ctx;

	(void)sem_post(&desk->begun);
	while (sem_wait(&desk->gate) != 0)
		;
	(void)pthread_mutex_lock(&desk->lock);
	desk->done++;
	(void)pthread_mutex_unlock(&desk->lock);
}

static void write_turn(void *ctx)
{
	struct note *note = ctx;
	struct desk *desk = note->desk;

	(void)pthread_mutex_lock(&desk->lock);
	desk->turns[desk->turn_count++] = note->who;
	(void)pthread_mutex_unlock(&desk->lock);
	(void)sem_post(&desk->begun);
}

static void wait_begun(struct desk *desk, unsigned count)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SECONDS;
	for (; count > 0; count--)
		assert_int_equal(sem_timedwait(&desk->begun, &until), 0);
}

/* Nothing more begins, as far as a tenth of a second tells. */
static void none_begins(struct desk *desk)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 100000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	assert_int_not_equal(sem_timedwait(&desk->begun, &until), 0);
}

static void open_gate(struct desk *desk, unsigned count)
{
	for (; count > 0; count--)
		(void)sem_post(&desk->gate);
}

static void runs_everything(void **state)
{
	struct workers *workers = workers_new(4, STACK);
	struct desk desk;
	unsigned i;

	(void)state;
	desk_init(&desk);
	assert_non_null(workers);
	open_gate(&desk, 300);
	for (i = 0; i < 300; i++)
		assert_int_equal(workers_add(workers, i % 7, block, &desk), 0);
	workers_free(workers);		/* runs what still waits */
	assert_int_equal(desk.done, 300);
	desk_free(&desk);
}

static void a_new_caller_finds_a_thread(void **state)
{
	struct workers *workers = workers_new(128, STACK);
	struct desk flood, other;
	struct note note = { &other, 'b' };
	unsigned i;

	(void)state;
	desk_init(&flood);
	desk_init(&other);
	for (i = 0; i < 500; i++)
		assert_int_equal(workers_add(workers, 1, block, &flood), 0);
	wait_begun(&flood, 96);		/* three quarters of 128 */
	none_begins(&flood);
	for (i = 0; i < 10; i++) {	/* all 500 are still there */
		assert_int_equal(workers_add(workers, 2, write_turn, &note),
				 0);
		wait_begun(&other, 1);
	}
	assert_int_equal(flood.done, 0);
	open_gate(&flood, 500);
	workers_free(workers);
	assert_int_equal(flood.done, 500);
	desk_free(&flood);
	desk_free(&other);
}

static void shares_shrink_with_callers(void **state)
{
	/* Of 16: 12, then 3/4 of 4, then the last one; always one left. */
	static const unsigned share[] = { 12, 3, 1 };
	struct workers *workers = workers_new(16, STACK);
	struct desk desk;
	uint32_t caller;
	unsigned i;

	(void)state;
	desk_init(&desk);
	for (caller = 0; caller < 3; caller++) {
		for (i = 0; i < 50; i++)
			assert_int_equal(workers_add(workers, caller, block,
						     &desk), 0);
		wait_begun(&desk, share[caller]);
		none_begins(&desk);
	}
	open_gate(&desk, 150);
	workers_free(workers);
	assert_int_equal(desk.done, 150);
	desk_free(&desk);
}

static void callers_take_turns(void **state)
{
	struct workers *workers = workers_new(1, STACK);
	struct desk gate, desk;
	struct note a = { &desk, 'a' }, b = { &desk, 'b' }, c = { &desk, 'c' };
	unsigned i;

	(void)state;
	desk_init(&gate);
	desk_init(&desk);
	assert_int_equal(workers_add(workers, 9, block, &gate), 0);
	wait_begun(&gate, 1);
	for (i = 0; i < 4; i++)
		assert_int_equal(workers_add(workers, 1, write_turn, &a), 0);
	for (i = 0; i < 2; i++)
		assert_int_equal(workers_add(workers, 2, write_turn, &b), 0);
	assert_int_equal(workers_add(workers, 3, write_turn, &c), 0);
	open_gate(&gate, 1);
	workers_free(workers);
	assert_string_equal(desk.turns, "abcabaa");
	desk_free(&gate);
	desk_free(&desk);
}

static void the_queue_is_bounded(void **state)
{
	struct workers *workers = workers_new(1, STACK);
	struct desk desk;
	unsigned i;

	(void)state;
	desk_init(&desk);
	assert_int_equal(workers_add(workers, 1, block, &desk), 0);
	wait_begun(&desk, 1);
	for (i = 0; i < WORKERS_QUEUE_MAX; i++)
		assert_int_equal(workers_add(workers, i % 3, block, &desk), 0);
	assert_int_equal(workers_add(workers, 4, block, &desk), ERR_LIMIT);
	open_gate(&desk, WORKERS_QUEUE_MAX + 1);
	workers_free(workers);
	assert_int_equal(desk.done, WORKERS_QUEUE_MAX + 1);
	desk_free(&desk);
}

static void few_and_no_threads(void **state)
{
	struct workers *workers = workers_new(1, STACK);

	(void)state;
	workers_free(workers);		/* none was ever started */
	assert_null(workers_new(0, STACK));
	workers_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_everything),
		cmocka_unit_test(a_new_caller_finds_a_thread),
		cmocka_unit_test(shares_shrink_with_callers),
		cmocka_unit_test(callers_take_turns),
		cmocka_unit_test(the_queue_is_bounded),
		cmocka_unit_test(few_and_no_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
