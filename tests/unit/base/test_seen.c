/* test_seen.c - what was added is found, little else is */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/base/seen.h"

/* A generator is random enough (splitmix64). */
static void id_of(uint64_t number, unsigned char id[SEEN_ID])
{
	uint64_t z;
	unsigned i;

	for (i = 0; i < SEEN_ID / sizeof(z); i++) {
		z = (number * 2 + i + 1) * 0x9E3779B97F4A7C15;
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
		z ^= z >> 31;
		memcpy(id + i * sizeof(z), &z, sizeof(z));
	}
}

static void nothing_is_lost(void **state)
{
	struct seen *writer = seen_new(), *reader;
	unsigned char id[SEEN_ID];
	unsigned wrong = 0;
	uint64_t i;

	(void)state;
	assert_non_null(writer);
	reader = seen_open(dup(seen_fd(writer)));
	assert_non_null(reader);
	id_of(0, id);
	/* Before it is complete, nothing is new. */
	assert_true(seen_may_have(reader, id));
	seen_complete(writer);
	assert_false(seen_may_have(reader, id));
	for (i = 0; i < 100000; i++) {
		id_of(i, id);
		seen_add(writer, id);
	}
	for (i = 0; i < 100000; i++) {
		id_of(i, id);
		assert_true(seen_may_have(reader, id));
	}
	for (i = 1000000; i < 1100000; i++) {
		id_of(i, id);
		wrong += seen_may_have(reader, id) ? 1 : 0;
	}
	assert_in_range(wrong, 0, 60);
	seen_free(reader);
	seen_free(writer);
}

static void only_the_writer_writes(void **state)
{
	struct seen *writer = seen_new();
	int fd = dup(seen_fd(writer));

	(void)state;
	assert_true(write(fd, "x", 1) < 0);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			      fd, 0), MAP_FAILED);
	assert_true(ftruncate(fd, 0) < 0);
	close(fd);
	seen_free(writer);
}

static void others_are_refused(void **state)
{
	unsigned char id[SEEN_ID] = { 0 };
	int fd = memfd_create("other", MFD_CLOEXEC);

	(void)state;
	assert_null(seen_open(fd));
	assert_null(seen_open(open("/dev/null", O_RDONLY | O_CLOEXEC)));
	assert_null(seen_open(-1));
	assert_true(seen_may_have(NULL, id));
	seen_add(NULL, id);
	seen_complete(NULL);
	seen_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(only_the_writer_writes),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
