/* test_file.c - files, and what stands in the place of one */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/file.h"

#define MOST 10000

static char folder[] = "/tmp/mailseal-file.XXXXXX";
static char path[sizeof(folder) + 8];

static void expect(const char *name, int wanted, const char *reason)
{
	int64_t before = clock_now_ms();
	char why[128] = "";
	struct buf to;

	buf_init(&to, MOST);
	assert_int_equal(file_read(name, &to, why, sizeof(why)), wanted);
	assert_string_equal(why, reason);
	assert_true(clock_now_ms() - before < FILE_WAIT_MS / 2);
	buf_free(&to);
}

static void test_what_is_no_file(void **state)
{
	struct sockaddr_un address = { AF_UNIX, "" };
	int fd;

	(void)state;
	expect(folder, ERR_IO, "Is a directory");
	expect(path, ERR_IO, "No such file or directory");
	assert_int_equal(symlink(path, path), 0);
	expect(path, ERR_IO, "Too many levels of symbolic links");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(path, ERR_IO, "it is a pipe that nobody writes into");
	assert_int_equal(unlink(path), 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
			      sizeof(address)), 0);
	expect(path, ERR_IO, "No such device or address");
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	expect("/dev/zero", ERR_LIMIT, "");
	expect("/dev/null", 0, "");
}

static void test_sizes(void **state)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	(void)state;
	expect(path, 0, "");
	assert_int_equal(ftruncate(fd, MOST), 0);
	expect(path, 0, "");
	assert_int_equal(ftruncate(fd, (off_t)1 << 30), 0);
	expect(path, ERR_LIMIT, "");
	assert_int_equal(ftruncate(fd, 1), 0);
	assert_int_equal(fchmod(fd, 0662), 0);
	expect(path, ERR_IO, "everybody can write into it; if nobody else "
	       "did, make it yours with \"chmod o-w\"");
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

static void *write_slowly(void *fd)
{
	const char *text = "[dns]\n";

	for (; *text != 0; text++) {
		(void)usleep(10000);
		if (write(*(int *)fd, text, 1) != 1)
			break;
	}
	(void)close(*(int *)fd);
	return NULL;
}

/* What a shell makes of "<(...)". */
static void test_a_pipe_with_a_writer(void **state)
{
	char name[32], why[128];
	pthread_t writer;
	struct buf to;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(pthread_create(&writer, NULL, write_slowly, ends + 1),
			 0);
	(void)snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	buf_init(&to, MOST);
	assert_int_equal(file_read(name, &to, why, sizeof(why)), 0);
	assert_string_equal(buf_string(&to), "[dns]\n");
	buf_free(&to);
	assert_int_equal(pthread_join(writer, NULL), 0);
	assert_int_equal(close(ends[0]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_file),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_a_pipe_with_a_writer),
	};
	int r;

	if (mkdtemp(folder) == NULL)
		return EXIT_FAILURE;
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	(void)rmdir(folder);
	return r;
}
