/* test_memfile.c - which descriptors are taken, and how they are held */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/base/memfile.h"

static int plain_file(size_t size)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	while (size-- > 0)
		assert_true(fputc("abcdefghij"[size % 10], file) != EOF);
	assert_int_equal(fflush(file), 0);
	fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	(void)fclose(file);
	assert_true(fd >= 0);
	return fd;
}

static void refused(int fd)
{
	const char *why = NULL;

	assert_true(fd >= 0);
	assert_int_equal(memfile_acceptable(fd, &why), ERR_REFUSED);
	assert_non_null(why);
	(void)close(fd);
}

static void only_files_are_taken(void **state)
{
	const char *why;
	int ends[2], fd;

	(void)state;
	refused(open("/", O_RDONLY | O_CLOEXEC));
	refused(open("/dev/null", O_RDONLY | O_CLOEXEC));
	assert_int_equal(pipe(ends), 0);
	refused(ends[0]);
	(void)close(ends[1]);
	fd = plain_file(10);
	assert_int_equal(memfile_acceptable(fd, &why), 0);
	(void)close(fd);
}

static void what_cannot_be_read_is_refused(void **state)
{
	char path[] = "/tmp/memfile.XXXXXX";
	struct memfile file;
	const char *why;
	int fd;

	(void)state;
	(void)close(mkstemp(path));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	(void)unlink(path);
	if (memfile_acceptable(fd, &why) == 0)
		assert_true(memfile_open(fd, 100, &file) < 0);
	else
		(void)close(fd);
}

/* Somebody who keeps a descriptor cannot change what was taken. */
static void only_what_is_sealed_is_mapped(void **state)
{
	static unsigned char text[MEMFILE_SMALL + 1];
	struct bytes small = { text, MEMFILE_SMALL }, large = small;
	struct memfile file;
	size_t i;
	int fd, keep;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)(i % 251);
	large.len++;
	fd = memfile_make("sealed", large);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(memfile_open(fd, SIZE_MAX, &file), 0);
	assert_true(file.mapped);
	assert_true(bytes_equal(file.bytes, large));
	memfile_close(&file);
	assert_int_equal(memfile_open(memfile_make("small", small), SIZE_MAX,
				      &file), 0);
	assert_false(file.mapped);
	assert_true(bytes_equal(file.bytes, small));
	memfile_close(&file);

	fd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_int_equal(write(fd, text, large.len), large.len);
	keep = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	assert_int_equal(memfile_open(fd, SIZE_MAX, &file), 0);
	assert_false(file.mapped);
	assert_int_equal(ftruncate(keep, 0), 0);
	assert_true(bytes_equal(file.bytes, large));
	memfile_close(&file);
	(void)close(keep);
}

static void a_large_one_is_read_in_pieces(void **state)
{
	unsigned char room[64];
	struct memfile file;
	struct bytes piece;
	uint64_t at = 0;
	int r;

	(void)state;
	assert_int_equal(memfile_open(plain_file(1000), 100, &file), 0);
	assert_int_equal(file.size, 1000);
	assert_int_equal(file.bytes.len, 100);
	while ((r = memfile_piece(&file, at, room, sizeof(room), &piece)) > 0) {
		assert_true(piece.len > 0);
		assert_int_equal(piece.data[0], "abcdefghij"[(999 - at) % 10]);
		at += piece.len;
	}
	assert_int_equal(r, 0);
	assert_int_equal(at, 1000);
	memfile_close(&file);
}

static void an_empty_one_is_empty(void **state)
{
	struct memfile file;

	(void)state;
	assert_int_equal(memfile_open(plain_file(0), 100, &file), 0);
	assert_int_equal(file.bytes.len, 0);
	memfile_close(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_files_are_taken),
		cmocka_unit_test(what_cannot_be_read_is_refused),
		cmocka_unit_test(only_what_is_sealed_is_mapped),
		cmocka_unit_test(a_large_one_is_read_in_pieces),
		cmocka_unit_test(an_empty_one_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
