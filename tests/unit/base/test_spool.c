/* test_spool.c - what is visible when, in memory and in a file */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/base/spool.h"

#define LARGE	(SPOOL_MEMORY + 3 * SPOOL_CHUNK + 17)
#define IDLE_MS	60000

static int let_go;		/* ciphers freed */

static int toy_seal(void *ctx, uint64_t nth, struct bytes from,
		    unsigned char *to, unsigned char *tag)
{
	unsigned char sum = 0;
	size_t i;

	(void)ctx;
	for (i = 0; i < from.len; i++) {
		sum = (unsigned char)(sum * 31 + from.data[i]);
		to[i] = from.data[i] ^ 0x5a;
	}
	memset(tag, sum ^ (unsigned char)nth, SPOOL_TAG);
	return 0;
}

static int toy_open(void *ctx, uint64_t nth, struct bytes from,
		    const unsigned char *tag, unsigned char *to)
{
	unsigned char sum = 0;
	size_t i;

	(void)ctx;
	for (i = 0; i < from.len; i++) {
		to[i] = from.data[i] ^ 0x5a;
		sum = (unsigned char)(sum * 31 + to[i]);
	}
	return tag[0] == (sum ^ (unsigned char)nth) ? 0 : ERR_IO;
}

static void toy_free(void *ctx)
{
	(void)ctx;
	let_go++;
}

static const struct spool_cipher toy = { toy_seal, toy_open, toy_free, NULL };

static int file_new(void)
{
	char path[] = "/tmp/test_spool.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	return fd;
}

static unsigned char byte_at(uint64_t at)
{
	return (unsigned char)(at * 7 + at / 251);
}

/* `size` bytes in pieces of odd lengths. */
static void fill(struct spool *spool, uint64_t size, int wanted)
{
	static unsigned char room[50021];
	struct bytes piece = { room, 0 };
	uint64_t at = 0;
	size_t i;
	int r = 0;

	while (at < size && r == 0) {
		piece.len = sizeof(room);
		if (size - at < piece.len)
			piece.len = (size_t)(size - at);
		for (i = 0; i < piece.len; i++)
			room[i] = byte_at(at + i);
		r = spool_write(spool, piece);
		at += piece.len;
	}
	assert_int_equal(r, wanted);
}

static void check_read(struct spool *spool, uint64_t offset, size_t size)
{
	unsigned char *room = malloc(size);
	size_t i;

	assert_non_null(room);
	assert_int_equal(spool_read(spool, offset, room, size), size);
	for (i = 0; i < size; i++)
		assert_int_equal(room[i], byte_at(offset + i));
	free(room);
}

static struct bytes read_whole(int fd)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to = malloc(2 * LARGE);
	ssize_t got;

	assert_non_null(to);
	while ((got = read(fd, to + out.len, 2 * LARGE - out.len)) > 0)
		out.len += (size_t)got;
	assert_int_equal(got, 0);
	out.data = to;
	return out;
}

static void bytes_let_go(struct bytes bytes)
{
	void *at;

	memcpy(&at, &bytes.data, sizeof(at));
	free(at);
}

static void in_memory(void **state)
{
	struct spool *spool = spool_new(-1, &toy);
	struct bytes got;
	int fd;

	(void)state;
	let_go = 0;
	fill(spool, 100000, 0);
	assert_int_equal(spool_size(spool), 100000);
	check_read(spool, 0, 100000);
	check_read(spool, 65530, 100);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	assert_false(spool_has_pipe(spool));
	assert_int_equal(fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE, F_SEAL_WRITE);
	got = read_whole(fd);
	assert_int_equal(got.len, 100000);
	assert_int_equal(got.data[99999], byte_at(99999));
	bytes_let_go(got);
	assert_true(write(fd, "x", 1) < 0);
	(void)close(fd);
	assert_true(spool_write(spool, bytes_of("late")) < 0);
	assert_true(spool_release(spool, NULL, 0, &fd) < 0);
	spool_free(spool);
	assert_int_equal(let_go, 1);
}

static void in_pieces(void **state)
{
	const struct spool_piece pieces[] = {
		{ bytes_of("head\n"), 0, 0 }, { { NULL, 0 }, 5, 10 },
		{ { NULL, 0 }, 9, 9 }, { bytes_of("tail"), 0, 0 },
	};
	const struct spool_piece wrong = { { NULL, 0 }, 5, 21 };
	struct spool *spool = spool_new(-1, NULL);
	struct bytes got;
	int fd;

	(void)state;
	assert_int_equal(spool_write(spool, bytes_of("0123456789abcdefghij")),
			 0);
	assert_int_equal(spool_release(spool, &wrong, 1, &fd), ERR_LIMIT);
	assert_int_equal(fd, -1);
	assert_int_equal(spool_release(spool, pieces, 4, &fd), 0);
	got = read_whole(fd);
	assert_true(bytes_is(got, "head\n56789tail"));
	bytes_let_go(got);
	(void)close(fd);
	spool_free(spool);
}

static void nothing_in_it(void **state)
{
	struct spool *spool = spool_new(file_new(), &toy);
	unsigned char room[4];
	struct bytes got;
	int fd;

	(void)state;
	assert_int_equal(spool_read(spool, 0, room, sizeof(room)), 0);
	assert_int_equal(spool_read(spool, 9, room, sizeof(room)), 0);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	got = read_whole(fd);
	assert_int_equal(got.len, 0);
	bytes_let_go(got);
	(void)close(fd);
	spool_free(spool);
	spool_free(NULL);
}

static void no_file_no_more(void **state)
{
	struct spool *spool = spool_new(-1, &toy);
	int fd;

	(void)state;
	fill(spool, LARGE, ERR_LIMIT);
	assert_int_equal(spool_write(spool, bytes_of("x")), ERR_LIMIT);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), ERR_LIMIT);
	assert_int_equal(fd, -1);
	spool_free(spool);
}

static void disk_full(void **state)
{
	struct spool *spool = spool_new(open("/dev/full", O_RDWR), &toy);
	int fd;

	(void)state;
	fill(spool, LARGE, ERR_IO);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), ERR_IO);
	spool_free(spool);
}

static void *pump(void *ctx)
{
	return (void *)(intptr_t)spool_pump(ctx, IDLE_MS);
}

static void in_a_file(void **state)
{
	struct spool *spool;
	struct bytes got;
	pthread_t thread;
	void *ended;
	int file = file_new(), copy = dup(file), fd;
	size_t i;

	(void)state;
	spool = spool_new(file, &toy);
	fill(spool, LARGE, 0);
	check_read(spool, 0, SPOOL_CHUNK + 1);
	check_read(spool, SPOOL_MEMORY - 3, 2 * SPOOL_CHUNK);
	check_read(spool, LARGE - 20, 20);
	check_read(spool, 12, 1);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	assert_true(spool_has_pipe(spool));
	assert_int_equal(pthread_create(&thread, NULL, pump, spool), 0);
	got = read_whole(fd);
	assert_int_equal(pthread_join(thread, &ended), 0);
	assert_null(ended);
	assert_int_equal(got.len, LARGE);
	for (i = 0; i < got.len; i++)
		if (got.data[i] != byte_at(i))
			fail_msg("byte %zu", i);
	bytes_let_go(got);
	(void)close(fd);
	spool_free(spool);
	/* What lies on the disk is none of it. */
	assert_int_equal(lseek(copy, 0, SEEK_SET), 0);
	got = read_whole(copy);
	assert_int_equal(got.len, LARGE + (LARGE / SPOOL_CHUNK + 1) *
				  SPOOL_TAG);
	assert_int_equal(got.data[0] ^ 0x5a, byte_at(0));
	bytes_let_go(got);
	(void)close(copy);
}

static void damaged_file(void **state)
{
	unsigned char room[16];
	struct spool *spool;
	int file = file_new(), copy = dup(file);

	(void)state;
	spool = spool_new(file, &toy);
	fill(spool, LARGE, 0);
	assert_int_equal(pwrite(copy, "\0\1", 2, 70000), 2);
	check_read(spool, 0, 16);
	assert_int_equal(spool_read(spool, 70000, room, sizeof(room)),
			 ERR_IO);
	check_read(spool, 200000, 16);
	(void)close(copy);
	spool_free(spool);
}

static void clear_file(void **state)
{
	struct spool *spool = spool_new(file_new(), NULL);
	struct bytes got;
	int fd;

	(void)state;
	fill(spool, LARGE, 0);
	check_read(spool, SPOOL_MEMORY, 100);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	assert_false(spool_has_pipe(spool));
	got = read_whole(fd);
	assert_int_equal(got.len, LARGE);
	assert_int_equal(got.data[LARGE - 1], byte_at(LARGE - 1));
	bytes_let_go(got);
	(void)close(fd);
	spool_free(spool);
}

static void reader_goes(void **state)
{
	struct spool *spool = spool_new(file_new(), &toy);
	int fd;

	(void)state;
	fill(spool, LARGE, 0);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	(void)close(fd);
	assert_int_equal(spool_pump(spool, IDLE_MS), ERR_GONE);
	spool_free(spool);
}

static void reader_sleeps(void **state)
{
	struct spool *spool = spool_new(file_new(), &toy);
	int fd;

	(void)state;
	fill(spool, LARGE, 0);
	assert_int_equal(spool_release(spool, NULL, 0, &fd), 0);
	assert_int_equal(spool_pump(spool, 20), ERR_TIMEOUT);
	(void)close(fd);
	spool_free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_memory),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(nothing_in_it),
		cmocka_unit_test(no_file_no_more),
		cmocka_unit_test(disk_full),
		cmocka_unit_test(in_a_file),
		cmocka_unit_test(damaged_file),
		cmocka_unit_test(clear_file),
		cmocka_unit_test(reader_goes),
		cmocka_unit_test(reader_sleeps),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
