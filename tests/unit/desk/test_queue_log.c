/* test_queue_log.c - what records come to, torn ones too */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/desk/queue_log.h"

static struct arena *replay(struct bytes log, size_t count,
			    struct queue_state *out)
{
	struct arena *arena = arena_new(1 << 20);

	assert_non_null(arena);
	assert_int_equal(queue_log_read(arena, log, count, out), 0);
	return arena;
}

static void test_life(void **state)
{
	static const bool two[] = { true, true, false, false };
	static const bool last[] = { false, false, false, true };
	struct smtp_outcome left = { SMTP_LATER, SMTP_AT_RCPT, 450, "4.2.1",
				     "busy\nnow" };
	struct queue_state got;
	struct arena *arena;
	struct buf log;

	(void)state;
	buf_init(&log, 10000);
	arena = replay(buf_bytes(&log), 4, &got);
	assert_int_equal(got.open, 4);
	assert_int_equal(got.attempts, 0);
	assert_false(got.in_hand);
	arena_free(arena);

	queue_log_mark(&log, "attempt", 100, NULL);
	arena = replay(buf_bytes(&log), 4, &got);
	assert_true(got.in_hand);
	assert_int_equal(got.attempts, 1);
	arena_free(arena);

	queue_log_fate(&log, 101, SMTP_REFUSED, 550, "5.1.1", last, 4,
		       "no such user");
	queue_log_ending(&log, 101, two, 4);
	arena = replay(buf_bytes(&log), 4, &got);
	assert_int_equal(got.open, 3);
	assert_int_equal(got.refused, 1);
	assert_int_equal(got.fates[0].standing, QUEUE_ENDING);
	assert_int_equal(got.unknowns, 0);
	arena_free(arena);

	queue_log_fate(&log, 102, SMTP_TAKEN, 250, "", two, 4, "queued as 1");
	queue_log_left(&log, 103, &left);
	arena = replay(buf_bytes(&log), 4, &got);
	assert_int_equal(got.taken, 2);
	assert_int_equal(got.refused, 1);
	assert_int_equal(got.open, 1);
	assert_int_equal(got.unknowns, 0);
	assert_false(got.in_hand);
	assert_int_equal(got.last, 103);
	assert_string_equal(got.fates[0].text, "queued as 1");
	assert_string_equal(got.fates[3].status, "5.1.1");
	assert_int_equal(got.fates[3].code, 550);
	assert_string_equal(got.why, "busy?now");
	arena_free(arena);
	buf_free(&log);
}

/* Whatever ended without an answer is open again, and counted. */
static void test_unknown(void **state)
{
	static const bool all[] = { true };
	struct smtp_outcome left = { SMTP_UNKNOWN, SMTP_AT_END, 0, "", "cut" };
	struct queue_state got;
	struct arena *arena;
	struct buf log;

	(void)state;
	buf_init(&log, 10000);
	/* The connection broke. */
	queue_log_mark(&log, "attempt", 1, NULL);
	queue_log_ending(&log, 1, all, 1);
	queue_log_left(&log, 2, &left);
	/* The sender was killed. */
	queue_log_mark(&log, "attempt", 3, NULL);
	queue_log_ending(&log, 3, all, 1);
	queue_log_mark(&log, "died", 4, NULL);
	/* Everything was: the next attempt closes this one. */
	queue_log_mark(&log, "attempt", 5, NULL);
	queue_log_ending(&log, 5, all, 1);
	queue_log_mark(&log, "attempt", 6, NULL);
	arena = replay(buf_bytes(&log), 1, &got);
	assert_int_equal(got.unknowns, 3);
	assert_int_equal(got.deaths, 1);
	assert_int_equal(got.attempts, 4);
	assert_int_equal(got.open, 1);
	assert_true(got.in_hand);
	arena_free(arena);
	/* An answer that was recorded is final, whatever follows. */
	queue_log_fate(&log, 7, SMTP_TAKEN, 250, "", all, 1, "ok");
	queue_log_ending(&log, 8, all, 1);
	queue_log_fate(&log, 8, SMTP_LATER, 450, "", all, 1, "no");
	arena = replay(buf_bytes(&log), 1, &got);
	assert_int_equal(got.taken, 1);
	assert_int_equal(got.open, 0);
	arena_free(arena);
	buf_free(&log);
}

static void test_marks(void **state)
{
	struct queue_state got;
	struct arena *arena;
	struct buf log;

	(void)state;
	buf_init(&log, 10000);
	queue_log_mark(&log, "died", 1, NULL);
	queue_log_mark(&log, "died", 2, NULL);
	queue_log_mark(&log, "held", 3, "login the password is wrong");
	arena = replay(buf_bytes(&log), 1, &got);
	assert_int_equal(got.deaths, 2);
	assert_true(got.held);
	assert_string_equal(got.held_for, "login");
	assert_string_equal(got.why, "the password is wrong");
	arena_free(arena);
	queue_log_mark(&log, "freed", 4, NULL);
	queue_log_mark(&log, "failed", 5, "cancelled by the user");
	arena = replay(buf_bytes(&log), 1, &got);
	assert_false(got.held);
	assert_int_equal(got.deaths, 0);
	assert_true(got.failed);
	assert_string_equal(got.why, "cancelled by the user");
	arena_free(arena);
	buf_free(&log);
}

/* Cut anywhere, no recipient is taken that was not, nothing is read that was
 * not written, and what is added behind counts. */
static void test_torn(void **state)
{
	static const bool some[] = { true, false, true, true };
	struct queue_state whole, got;
	struct arena *arena, *other;
	struct buf log, torn;
	size_t cut, i;

	(void)state;
	buf_init(&log, 10000);
	queue_log_mark(&log, "attempt", 100, NULL);
	queue_log_ending(&log, 101, some, 4);
	queue_log_fate(&log, 102, SMTP_TAKEN, 250, "2.0.0", some, 4, "ok");
	other = replay(buf_bytes(&log), 4, &whole);
	for (cut = 0; cut < log.len; cut++) {
		buf_init(&torn, 10000);
		buf_add(&torn, bytes_slice(buf_bytes(&log), 0, cut));
		arena = replay(buf_bytes(&torn), 4, &got);
		for (i = 0; i < 4; i++)
			if (got.fates[i].standing == QUEUE_TAKEN)
				assert_int_equal(whole.fates[i].standing,
						 QUEUE_TAKEN);
		arena_free(arena);
		queue_log_mark(&torn, "held", 200, "unknown x");
		arena = replay(buf_bytes(&torn), 4, &got);
		assert_true(got.held);
		assert_int_not_equal(got.fates[1].standing, QUEUE_TAKEN);
		arena_free(arena);
		buf_free(&torn);
	}
	arena_free(other);
	buf_free(&log);
}

static void test_bad_lines(void **state)
{
	static const char log[] = "\nfate 1 taken 250 - 0-9 x\n"
		"fate 1 taken 250 - 1-0 x\nfate 1 taken 250 - 0,,1 x\n"
		"fate 1 taken 250 - 0-1,99 x\nfate 1 took 250 - 0 x\n"
		"fate 1 taken 2500 - 0 x\nfate 1 taken 250 "
		"5.1.1111111111111 0 x\nfate x taken 250 - 0 x\nfate\n"
		"fate 1 taken 250 -\nattempt\nending 1 \nending 1 -1\n\n\n";
	struct queue_state got;
	struct arena *arena;

	(void)state;
	arena = replay(bytes_of(log), 2, &got);
	assert_int_equal(got.open, 2);
	assert_int_equal(got.attempts, 0);
	assert_int_equal(got.fates[0].standing, QUEUE_OPEN);
	assert_int_equal(got.fates[1].standing, QUEUE_OPEN);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_marks), cmocka_unit_test(test_torn),
		cmocka_unit_test(test_bad_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
