/* test_secret.c - passwords out of pipes, and wiped */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/smtp/secret.h"

static int read_from(const char *text, size_t len, int ms, bool close_it,
		     struct buf *secret)
{
	int ends[2], r;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, len), (ssize_t)len);
	if (close_it)
		(void)close(ends[1]);
	r = secret_read(ends[0], clock_now_ms() + ms, secret);
	(void)close(ends[0]);
	if (!close_it)
		(void)close(ends[1]);
	return r;
}

static void test_lines(void **state)
{
	static const struct { const char *text, *secret; int r; } cases[] = {
		{ "pencil\n", "pencil", 0 }, { "pencil", "pencil", 0 },
		{ "pencil\r\n", "pencil", 0 },
		{ "pencil\nuser: alice\nurl: x\n", "pencil", 0 },
		{ " with blanks \n", " with blanks ", 0 },
		{ "\n", "", ERR_GONE }, { "", "", ERR_GONE },
		{ "p\303\244ss\n", "p\303\244ss", 0 },
	};
	struct buf secret;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
		assert_int_equal(read_from(cases[i].text,
					   strlen(cases[i].text), 5000, true,
					   &secret), cases[i].r);
		if (cases[i].r == 0)
			assert_string_equal(buf_string(&secret),
					    cases[i].secret);
		secret_free(&secret);
		secret_free(&secret);
	}
}

static void test_limits(void **state)
{
	char *much = malloc(SECRET_MAX + 10);
	struct buf secret;

	(void)state;
	memset(much, 'x', SECRET_MAX + 10);
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	assert_int_equal(read_from(much, SECRET_MAX + 10, 5000, true, &secret),
			 ERR_LIMIT);
	secret_free(&secret);
	free(much);
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	assert_int_equal(read_from("a\0b\n", 4, 5000, true, &secret),
			 ERR_SYNTAX);
	secret_free(&secret);
	/* A line's end is enough; without one the pipe's end is waited for. */
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	assert_int_equal(read_from("done\n", 5, 5000, false, &secret), 0);
	secret_free(&secret);
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	assert_int_equal(read_from("more", 4, 1, false, &secret), ERR_TIMEOUT);
	secret_free(&secret);
}

/* Filling it to the brim does not move it: no copy is left elsewhere. */
static void test_stays(void **state)
{
	struct buf secret;
	const void *at;
	size_t i;

	(void)state;
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	at = secret.data;
	for (i = 0; i < SECRET_MAX; i++)
		buf_byte(&secret, 'x');
	assert_false(secret.full);
	(void)buf_string(&secret);
	assert_ptr_equal(secret.data, at);
	buf_byte(&secret, 'x');
	assert_true(secret.full);
	secret_free(&secret);
	assert_null(secret.data);
}

static void test_shows(void **state)
{
	struct buf secret;

	(void)state;
	assert_int_equal(secret_init(&secret, SECRET_MAX), 0);
	buf_text(&secret, "pencil-case");
	assert_true(secret_shows(&secret, bytes_of("no pencil-case here")));
	assert_true(secret_shows(&secret, bytes_of("you said "
						   "cGVuY2lsLWNhc2U=")));
	/* x, xx and xxx in front of it, y behind */
	assert_true(secret_shows(&secret, bytes_of("eHBlbmNpbC1jYXNleQ==")));
	assert_true(secret_shows(&secret, bytes_of("eHhwZW5jaWwtY2FzZXk=")));
	assert_true(secret_shows(&secret, bytes_of("eHh4cGVuY2lsLWNhc2V5")));
	assert_false(secret_shows(&secret, bytes_of("no pencil")));
	assert_false(secret_shows(&secret, bytes_of("")));
	secret_free(&secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stays), cmocka_unit_test(test_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
