/* test_queue_folder.c - the queue's folders on a real file system */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/desk/queue_folder.h"

/* What the folder does with the disk, in its order. */
static char deeds[200];

static void deed(const char *word)
{
	size_t len = strlen(deeds);

	(void)snprintf(deeds + len, sizeof(deeds) - len, "%s ", word);
}

int fsync(int fd)
{
	deed("fsync");
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	deed("fdatasync");
	return (int)syscall(SYS_fdatasync, fd);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	deed("rename");
	return (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

static char state_path[] = "/tmp/mailseal-folder-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(state_path) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	char command[100];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", state_path);
	return system(command);
}

static int count_one(void *ctx, const char *id)
{
	(void)id;
	++*(size_t *)ctx;
	return 0;
}

static size_t count(struct queue_folder *folder, enum queue_place place)
{
	size_t found = 0;

	assert_int_equal(queue_folder_each(folder, place, count_one, &found),
			 0);
	return found;
}

static void test_life(void **state)
{
	struct queue_folder folder;
	struct stat about;
	char path[200];
	int fd;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	fd = queue_folder_make(&folder, "0123abcd");
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(write(fd, "x", 1), 1);
	(void)close(fd);
	assert_int_equal(count(&folder, QUEUE_NEW), 1);
	assert_int_equal(queue_folder_move(&folder, "0123abcd", QUEUE_NEW,
					   QUEUE_JOBS), 0);
	assert_int_equal(queue_folder_move(&folder, "0123abcd", QUEUE_NEW,
					   QUEUE_JOBS), ERR_IO);
	assert_int_equal(count(&folder, QUEUE_JOBS), 1);
	fd = queue_folder_file(&folder, "0123abcd", QUEUE_JOBS);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "y", 1), 1);	/* behind what is there */
	assert_int_equal(lseek(fd, 0, SEEK_END), 2);
	(void)close(fd);
	/* What was being written when the agent ended is swept. */
	(void)close(queue_folder_make(&folder, "half-written"));
	queue_folder_close(&folder);
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	assert_int_equal(count(&folder, QUEUE_NEW), 0);
	assert_int_equal(count(&folder, QUEUE_JOBS), 1);
	assert_int_equal(queue_folder_move(&folder, "0123abcd", QUEUE_JOBS,
					   QUEUE_FAILED), 0);
	assert_int_equal(queue_folder_remove(&folder, "0123abcd",
					     QUEUE_FAILED), 0);
	assert_int_equal(queue_folder_remove(&folder, "0123abcd",
					     QUEUE_FAILED), 0);
	assert_true(queue_folder_file(&folder, "0123abcd", QUEUE_FAILED) < 0);
	(void)snprintf(path, sizeof(path), "%s/queue/jobs", state_path);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0700);
	queue_folder_close(&folder);
	queue_folder_close(&folder);
}

/* Foreign names are left alone, links are not followed. */
static void test_foreign(void **state)
{
	struct queue_folder folder;
	char path[200];
	int fd;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	(void)snprintf(path, sizeof(path), "%s/queue/jobs/.hidden123",
		       state_path);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(count(&folder, QUEUE_JOBS), 0);
	(void)snprintf(path, sizeof(path), "%s/queue/jobs/link1234",
		       state_path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_true(queue_folder_file(&folder, "link1234", QUEUE_JOBS) < 0);
	queue_folder_close(&folder);
}

static void test_receipts(void **state)
{
	struct queue_folder folder;
	struct buf text;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	buf_init(&text, QUEUE_RECEIPT_MAX);
	assert_int_equal(queue_receipt_read(&folder, "0123abcd", &text),
			 ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(queue_receipt_write(&folder, "0123abcd",
					     bytes_of("receipt")), 0);
	assert_int_equal(queue_receipt_write(&folder, "0123abcd",
					     bytes_of("newer")), 0);
	assert_int_equal(queue_receipt_read(&folder, "0123abcd", &text), 0);
	assert_string_equal(buf_string(&text), "newer");
	queue_receipts_sweep(&folder, clock_wall() - 100);
	assert_int_equal(count(&folder, QUEUE_DONE), 1);
	queue_receipts_sweep(&folder, clock_wall() + 100);
	assert_int_equal(count(&folder, QUEUE_DONE), 0);
	buf_free(&text);
	queue_folder_close(&folder);
}

/* On the disk before it has its name, and the name before that is told; the
 * file of a mail with the same id is another one. */
static void test_receipt_durable(void **state)
{
	struct queue_folder folder;
	struct buf text;
	int fd;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	fd = queue_folder_make(&folder, "durable1");
	assert_true(fd >= 0);
	deeds[0] = 0;
	assert_int_equal(queue_receipt_write(&folder, "durable1",
					     bytes_of("receipt")), 0);
	assert_string_equal(deeds, "fdatasync rename fsync ");
	assert_int_equal(count(&folder, QUEUE_NEW), 1);
	assert_int_equal(count(&folder, QUEUE_DRAFTS), 0);
	(void)close(fd);
	buf_init(&text, QUEUE_RECEIPT_MAX);
	assert_int_equal(queue_receipt_read(&folder, "durable1", &text), 0);
	assert_string_equal(buf_string(&text), "receipt");
	buf_free(&text);
	/* A draft that was not written to its end is swept. */
	fd = openat(folder.places[QUEUE_DRAFTS], "durable2",
		    O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	queue_folder_close(&folder);
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	assert_int_equal(count(&folder, QUEUE_DRAFTS), 0);
	queue_folder_close(&folder);
}

static char *place_of(char *path, size_t size, const char *name)
{
	(void)snprintf(path, size, "%s/queue/%s", state_path, name);
	return path;
}

/* Something else with the receipt's name: it is not said that there is none,
 * and nobody waits for a pipe's other end. */
static void test_receipt_strange(void **state)
{
	static const char *const names[] = { "pipe1234", "folder12",
					     "link1234" };
	struct queue_folder folder;
	struct buf text;
	char path[200];
	size_t i;
	int r;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, state_path), 0);
	assert_int_equal(mkfifo(place_of(path, sizeof(path), "done/pipe1234"),
				0600), 0);
	assert_int_equal(mkdir(place_of(path, sizeof(path), "done/folder12"),
			       0700), 0);
	assert_int_equal(symlink("/nonexistent", place_of(path, sizeof(path),
			 "done/link1234")), 0);
	buf_init(&text, QUEUE_RECEIPT_MAX);
	(void)alarm(20);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		errno = 0;
		r = queue_receipt_read(&folder, names[i], &text);
		assert_true(r < 0);
		assert_false(r == ERR_IO && errno == ENOENT);
	}
	assert_int_equal(mkfifo(place_of(path, sizeof(path), "jobs/pipe1234"),
				0600), 0);
	assert_true(queue_folder_file(&folder, "pipe1234", QUEUE_JOBS) < 0);
	(void)alarm(0);
	assert_int_equal(queue_receipt_write(&folder, "pipe1234",
					     bytes_of("receipt")), 0);
	assert_int_equal(queue_receipt_read(&folder, "pipe1234", &text), 0);
	assert_int_equal(queue_receipt_write(&folder, "folder12",
					     bytes_of("receipt")), ERR_IO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(count(&folder, QUEUE_DRAFTS), 0);
	buf_free(&text);
	assert_int_equal(rmdir(place_of(path, sizeof(path), "done/folder12")),
			 0);
	queue_folder_close(&folder);
}

static void test_no_folder(void **state)
{
	struct queue_folder folder;

	(void)state;
	assert_int_equal(queue_folder_open(&folder, "/nonexistent/state"),
			 ERR_IO);
	queue_folder_close(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life), cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_receipts),
		cmocka_unit_test(test_receipt_durable),
		cmocka_unit_test(test_receipt_strange),
		cmocka_unit_test(test_no_folder),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
