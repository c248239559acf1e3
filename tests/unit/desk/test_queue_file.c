/* test_queue_file.c - one file through its life, and torn at every byte */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/desk/queue_file.h"

static struct queue_recipient recipients[] = { { "b@x", 0, NULL },
					       { "c@x", 1, NULL } };
static struct queue_envelope envelopes[] = {
	{ "a@x", 0, 6, false, false, false, 0, 1 },
	{ "a@x", 6, 5, false, false, false, 1, 1 },
};
static const struct queue_job job = {
	.id = "0123abcd", .account = "work", .created = 5, .order = 1,
	.envelopes = envelopes, .envelope_count = 2,
	.recipients = recipients, .recipient_count = 2,
};

static int file_new(void)
{
	char name[] = "/tmp/mailseal-queue-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	return fd;
}

static int file_write(void)
{
	struct queue_writer writer;
	struct sink sink;
	int fd = file_new();

	assert_int_equal(queue_writer_open(&writer, fd), 0);
	sink = queue_writer_sink(&writer);
	assert_int_equal(sink.write(sink.ctx, bytes_of("one\r\n\n")), 0);
	assert_int_equal(sink.write(sink.ctx, bytes_of("two\r\n")), 0);
	assert_int_equal(queue_writer_close(&writer, &job), 0);
	queue_writer_free(&writer);
	return fd;
}

static int file_read(int fd, struct queue_file *out)
{
	struct arena *arena = arena_new(16 << 20);
	int r = queue_file_read(arena, fd, out);

	arena_free(arena);	/* numbers stay good */
	return r;
}

static void test_life(void **state)
{
	struct queue_mail_reader reader;
	unsigned char room[100];
	struct queue_file got;
	struct source source;
	static const bool both[] = { true, true };
	struct buf records;
	int fd = file_write(), pass;

	(void)state;
	assert_int_equal(file_read(fd, &got), 0);
	assert_int_equal(got.mail_size, 11);
	assert_int_equal(got.state.open, 2);
	source = queue_mail_source(&reader, fd, 6, 5);
	for (pass = 0; pass < 2; pass++) {
		assert_int_equal(source.read(source.ctx, room, 3), 3);
		assert_int_equal(source.read(source.ctx, room + 3, 97), 2);
		assert_int_equal(source.read(source.ctx, room + 5, 95), 0);
		assert_memory_equal(room, "two\r\n", 5);
		assert_int_equal(source.rewind(source.ctx), 0);
	}
	assert_int_equal(fcntl(fd, F_SETFL, O_APPEND), 0);
	buf_init(&records, 1000);
	queue_log_fate(&records, 9, SMTP_TAKEN, 250, "", both, 2, "ok");
	assert_int_equal(queue_log_add(fd, &records, QUEUE_ON_DISK), 0);
	buf_free(&records);
	assert_int_equal(file_read(fd, &got), 0);
	assert_int_equal(got.state.taken, 2);
	(void)close(fd);
}

/* A file that was not written to its end is none, wherever it ends. */
static void test_torn(void **state)
{
	struct queue_file got;
	struct stat about;
	off_t size;
	int fd = file_write();

	(void)state;
	assert_int_equal(fstat(fd, &about), 0);
	for (size = about.st_size - 1; size >= 0; size--) {
		assert_int_equal(ftruncate(fd, size), 0);
		assert_int_equal(file_read(fd, &got), ERR_SYNTAX);
	}
	(void)close(fd);
}

/* Without its head, which is written last, it is none either. */
static void test_no_head(void **state)
{
	struct queue_writer writer;
	struct queue_file got;
	struct sink sink;
	int fd = file_new();

	(void)state;
	assert_int_equal(queue_writer_open(&writer, fd), 0);
	sink = queue_writer_sink(&writer);
	assert_int_equal(sink.write(sink.ctx, bytes_of("one\r\n")), 0);
	queue_writer_free(&writer);
	assert_int_equal(file_read(fd, &got), ERR_SYNTAX);
	(void)close(fd);
}

static void test_bad_heads(void **state)
{
	static const char *const heads[] = {
		"mailseal-queue 2 00000000000000000011 0000000100 ",
		"mailseal-queue 1 11 0000000100 ",
		"mailseal-queue 1 99999999999999999999 0000000100 ",
		"mailseal-queue 1 00999999999999999999 0000000100 ",
		"mailseal-queue 1 00000000000000000011 9999999999 ",
		"mailseal-queue 1 00000000000000000011 0000000000 ",
		"mailseal-queue 1 00000000000000000011 x ",
	};
	struct queue_file got;
	size_t i;
	int fd = file_write();

	(void)state;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		assert_int_equal(pwrite(fd, heads[i], strlen(heads[i]), 0),
				 (ssize_t)strlen(heads[i]));
		assert_true(file_read(fd, &got) < 0);
	}
	(void)close(fd);
}

/* Large pieces and small ones, in order. */
static void test_large(void **state)
{
	size_t len = 300 * 1000, at, piece = 1;
	unsigned char *text = malloc(len), *back = malloc(len);
	struct queue_mail_reader reader;
	struct queue_writer writer;
	struct source source;
	struct sink sink;
	size_t i;
	int fd = file_new(), got;

	(void)state;
	for (i = 0; i < len; i++)
		text[i] = (unsigned char)(i * 31 >> 3);
	assert_int_equal(queue_writer_open(&writer, fd), 0);
	sink = queue_writer_sink(&writer);
	for (at = 0; at < len; at += piece) {
		piece = piece * 3 + 1;
		if (piece > len - at)
			piece = len - at;
		assert_int_equal(sink.write(sink.ctx,
			(struct bytes){ text + at, piece }), 0);
	}
	assert_int_equal(writer.size, len);
	assert_int_equal(queue_writer_close(&writer, &job), 0);
	queue_writer_free(&writer);
	source = queue_mail_source(&reader, fd, 0, len);
	for (at = 0; (got = source.read(source.ctx, back + at, 4000)) > 0;)
		at += (size_t)got;
	assert_int_equal(at, len);
	assert_memory_equal(text, back, len);
	free(text);
	free(back);
	(void)close(fd);
}

/* Whoever holds a file keeps others out until its last descriptor closes. */
static void test_lock(void **state)
{
	char name[] = "/tmp/mailseal-queue-XXXXXX";
	int first = mkstemp(name), second, copy;

	(void)state;
	second = open(name, O_RDWR | O_CLOEXEC);
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(queue_file_lock(first), 0);
	copy = dup(first);
	(void)close(first);
	assert_int_equal(queue_file_lock(second), ERR_REFUSED);
	(void)close(copy);
	assert_int_equal(queue_file_lock(second), 0);
	(void)close(second);
	(void)unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life), cmocka_unit_test(test_torn),
		cmocka_unit_test(test_no_head),
		cmocka_unit_test(test_bad_heads),
		cmocka_unit_test(test_large), cmocka_unit_test(test_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
