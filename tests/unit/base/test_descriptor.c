/* test_descriptor.c - whole pieces, whatever interrupts */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/descriptor.h"
#include "agent/base/err.h"

static int file_new(void)
{
	char name[] = "/tmp/mailseal-descriptor.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	(void)unlink(name);
	return fd;
}

static void all_of_it_comes_back(void **state)
{
	unsigned char room[64];
	int fd = file_new();

	(void)state;
	assert_int_equal(descriptor_write(fd, bytes_of("0123456789")), 0);
	assert_int_equal(descriptor_write(fd, bytes_of("")), 0);
	assert_int_equal(descriptor_write(fd, bytes_of("abcdef")), 0);
	assert_int_equal(descriptor_read(fd, room, 12, 3), 12);
	assert_memory_equal(room, "3456789abcde", 12);
	/* fewer only at the end */
	assert_int_equal(descriptor_read(fd, room, sizeof(room), 10), 6);
	assert_memory_equal(room, "abcdef", 6);
	assert_int_equal(descriptor_read(fd, room, sizeof(room), 16), 0);
	assert_int_equal(descriptor_read(fd, room, 0, 0), 0);
	descriptor_close(&fd);
	assert_int_equal(fd, -1);
	descriptor_close(&fd);
	assert_int_equal(descriptor_read(fd, room, 1, 0), ERR_IO);
	assert_int_equal(errno, EBADF);
}

/* A pipe that takes 64 kB at once, and a reader that is slow. */
static void a_short_write_is_gone_on_with(void **state)
{
	const size_t size = 1000000;
	unsigned char *data = malloc(size);
	struct bytes bytes = { data, size };
	int ends[2], status;
	ssize_t got;
	pid_t pid;
	size_t total = 0;

	(void)state;
	assert_non_null(data);
	memset(data, 'x', size);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(ends[1]);
		while ((got = read(ends[0], data, 999)) > 0)
			total += (size_t)got;
		_exit(total == size ? 0 : 1);
	}
	(void)close(ends[0]);
	assert_int_equal(descriptor_write(ends[1], bytes), 0);
	(void)close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	free(data);
}

static void a_full_disk_is_an_error(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(descriptor_write(fd, bytes_of("x")), ERR_IO);
	assert_int_equal(errno, ENOSPC);
	descriptor_close(&fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_comes_back),
		cmocka_unit_test(a_short_write_is_gone_on_with),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
