/* test_spool_cipher.c - what lies on the disk says nothing, and is checked */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/base/spool.h"
#include "agent/crypto/spool_cipher.h"

#define WORD	"a secret that must not lie on the disk. "
#define LARGE	(SPOOL_MEMORY + 2 * SPOOL_CHUNK)

static int file_new(void)
{
	char path[] = "/tmp/test_spool_cipher.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	return fd;
}

static struct spool *filled(int file)
{
	struct spool *spool = spool_sealed_new(file);

	assert_non_null(spool);
	while (spool_size(spool) < LARGE)
		assert_int_equal(spool_write(spool, bytes_of(WORD)), 0);
	return spool;
}

static void nothing_to_read_on_the_disk(void **state)
{
	int file = file_new(), copy = dup(file);
	struct spool *spool = filled(file);
	unsigned char *room = malloc(LARGE);
	ssize_t got;

	(void)state;
	assert_non_null(room);
	got = pread(copy, room, LARGE, 0);
	assert_true(got > SPOOL_MEMORY);
	assert_null(memmem(room, (size_t)got, "secret", 6));
	assert_int_equal(spool_read(spool, 40 * 1000, room, 40), 40);
	assert_memory_equal(room, WORD, 40);
	assert_int_equal(spool_read(spool, 40 * 100000, room, 40), 40);
	assert_memory_equal(room, WORD, 40);
	free(room);
	(void)close(copy);
	spool_free(spool);
}

/* A flipped bit, a chunk in another's place, a file cut short. */
static void what_was_changed_is_not_read(void **state)
{
	unsigned char record[SPOOL_CHUNK + SPOOL_TAG], room[8];
	int file = file_new(), copy = dup(file);
	struct spool *spool = filled(file);

	(void)state;
	assert_int_equal(pread(copy, record, sizeof(record), 0),
			 sizeof(record));
	assert_int_equal(pwrite(copy, record, sizeof(record), sizeof(record)),
			 sizeof(record));
	assert_int_equal(spool_read(spool, SPOOL_CHUNK, room, 8), ERR_IO);
	record[SPOOL_CHUNK] ^= 1;		/* the tag */
	assert_int_equal(pwrite(copy, record, sizeof(record), 0),
			 sizeof(record));
	assert_int_equal(spool_read(spool, 0, room, 8), ERR_IO);
	assert_int_equal(spool_read(spool, 2 * SPOOL_CHUNK, room, 8), 8);
	assert_int_equal(ftruncate(copy, 3 * SPOOL_CHUNK), 0);
	assert_int_equal(spool_read(spool, 5 * SPOOL_CHUNK, room, 8), ERR_IO);
	(void)close(copy);
	spool_free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_read_on_the_disk),
		cmocka_unit_test(what_was_changed_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
