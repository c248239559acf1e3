/* test_range.c - ranges of files and spools, read as sources */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/spool.h"

static void copied(const struct range *range, const char *wanted)
{
	struct range_reader reader;
	struct source source = source_of_range(&reader, range);
	struct buf out;
	struct sink to = sink_of_buf(&out);
	unsigned times;

	buf_init(&out, 1000);
	for (times = 0; times < 2; times++) {
		buf_clear(&out);
		assert_int_equal(stream_copy(&source, &to), 0);
		assert_string_equal(buf_string(&out), wanted);
		assert_int_equal(source.rewind(source.ctx), 0);
	}
	buf_free(&out);
}

static void within(const struct range *whole)
{
	struct range part = range_within(whole, 2, 5);
	unsigned char room[4];

	copied(whole, "3456789");
	copied(&part, "567");
	assert_int_equal(range_size(&part), 3);
	assert_int_equal(range_read(&part, 1, room, sizeof(room)), 2);
	assert_memory_equal(room, "67", 2);
	assert_int_equal(range_read(&part, 3, room, sizeof(room)), 0);
	part = range_within(&part, 1, 100);
	copied(&part, "67");
	part = range_within(&part, 9, 4);
	copied(&part, "");
}

static int file_of(const char *text)
{
	char path[] = "/tmp/test_range.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static void of_files(void **state)
{
	struct memfile file;
	struct range range = { &file, NULL, 3, 10 };

	(void)state;
	/* All in memory, mapped, and all but the first octets on disk. */
	assert_int_equal(memfile_open(file_of("0123456789"), 100, &file), 0);
	within(&range);
	memfile_close(&file);
	assert_int_equal(memfile_open(memfile_make("x",
						   bytes_of("0123456789")),
				      100, &file), 0);
	within(&range);
	memfile_close(&file);
	assert_int_equal(memfile_open(file_of("0123456789"), 4, &file), 0);
	within(&range);
	memfile_close(&file);
}

static void of_a_spool(void **state)
{
	struct spool *spool = spool_new(-1, NULL);
	struct range range = { NULL, spool, 3, 10 };

	(void)state;
	assert_int_equal(spool_write(spool, bytes_of("0123456789")), 0);
	within(&range);
	spool_free(spool);
}

static void shorter_than_it_was(void **state)
{
	struct memfile file;
	struct range range = { &file, NULL, 0, 10 };
	int fd = file_of("0123456789"), copy = dup(fd);
	unsigned char room[10];

	(void)state;
	assert_int_equal(memfile_open(fd, 4, &file), 0);
	assert_int_equal(ftruncate(copy, 6), 0);
	assert_int_equal(range_read(&range, 7, room, 1), ERR_IO);
	(void)close(copy);
	memfile_close(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_files),
		cmocka_unit_test(of_a_spool),
		cmocka_unit_test(shorter_than_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
