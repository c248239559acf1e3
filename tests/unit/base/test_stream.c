/* test_stream.c - sources, sinks and the way between them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"

#define TEXT "one piece, and another"

static void test_pieces(void **state)
{
	unsigned char room[10];
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, bytes_of(TEXT));

	(void)state;
	assert_int_equal(source.read(source.ctx, room, 10), 10);
	assert_memory_equal(room, "one piece,", 10);
	assert_int_equal(source.read(source.ctx, room, 10), 10);
	assert_int_equal(source.read(source.ctx, room, 10), 2);
	assert_int_equal(source.read(source.ctx, room, 10), 0);
	assert_int_equal(source.read(source.ctx, room, 10), 0);
	assert_int_equal(source.rewind(source.ctx), 0);
	assert_int_equal(source.read(source.ctx, room, 3), 3);
	assert_memory_equal(room, "one", 3);
}

static void test_copy(void **state)
{
	static unsigned char large[3 * STREAM_PIECE + 7];
	struct bytes all = { large, sizeof(large) };
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, all);
	struct sink sink;
	struct buf buf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(large); i++)
		large[i] = (unsigned char)(i * 31 + i / 256);
	buf_init(&buf, sizeof(large));
	sink = sink_of_buf(&buf);
	assert_int_equal(stream_copy(&source, &sink), 0);
	assert_true(bytes_equal(buf_bytes(&buf), all));
	buf_free(&buf);
}

static int broken_read(void *ctx, unsigned char *room, size_t size)
{
	int *turns = ctx;

	room[0] = 'x';
	return size > 0 && (*turns)-- > 0 ? 1 : ERR_IO;
}

static void test_errors(void **state)
{
	int turns = 3;
	struct source broken = { broken_read, NULL, &turns };
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, bytes_of(TEXT));
	struct source empty;
	struct bytes_reader none;
	struct sink sink;
	struct buf buf;

	(void)state;
	buf_init(&buf, 8);
	sink = sink_of_buf(&buf);
	assert_int_equal(stream_copy(&source, &sink), ERR_LIMIT);
	assert_int_equal(buf.len, 0);
	assert_true(buf.full);
	buf_clear(&buf);
	assert_int_equal(stream_copy(&broken, &sink), ERR_IO);
	assert_int_equal(buf.len, 3);
	buf_clear(&buf);
	empty = source_of_bytes(&none, bytes_of(NULL));
	assert_int_equal(stream_copy(&empty, &sink), 0);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
