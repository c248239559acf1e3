/* test_mime_code.c - codes there and back, whatever the pieces */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/mime_code.h"

#define OUT_MAX	(4 * 1024 * 1024)

static void written(struct buf *out, struct bytes from, enum mime_step step,
		    size_t piece)
{
	struct sink to = sink_of_buf(out), in;
	struct mime_writer *writer = mime_writer_new(&to, step);
	size_t at;

	assert_non_null(writer);
	in = mime_writer_sink(writer);
	for (at = 0; at < from.len; at += piece)
		assert_int_equal(in.write(in.ctx, bytes_slice(from, at, at +
							      piece)), 0);
	assert_int_equal(mime_writer_end(writer), 0);
	mime_writer_free(writer);
}

/* A source that gives at most `step` octets at once. */
struct drip {
	struct bytes_reader reader;
	struct source inner;
	size_t step;
};

static int drip_read(void *ctx, unsigned char *room, size_t size)
{
	struct drip *drip = ctx;

	return drip->inner.read(drip->inner.ctx, room,
				size < drip->step ? size : drip->step);
}

static int drip_rewind(void *ctx)
{
	struct drip *drip = ctx;

	return drip->inner.rewind(drip->inner.ctx);
}

static void drained(struct buf *out, const struct source *from, size_t size)
{
	unsigned char *room = malloc(size);
	struct bytes piece = { room, 0 };
	int got;

	assert_non_null(room);
	while ((got = from->read(from->ctx, room, size)) > 0) {
		assert_true((size_t)got <= size);
		piece.len = (size_t)got;
		buf_add(out, piece);
	}
	assert_int_equal(got, 0);
	assert_int_equal(from->read(from->ctx, room, size), 0);
	free(room);
}

static void read_again(struct buf *out, struct bytes from,
		       enum mime_step step, size_t piece, size_t size)
{
	struct drip drip;
	struct source dripping = { drip_read, drip_rewind, &drip }, source;
	struct mime_reader *reader;

	drip.inner = source_of_bytes(&drip.reader, from);
	drip.step = piece;
	reader = mime_reader_new(&dripping, step);
	assert_non_null(reader);
	source = mime_reader_source(reader);
	drained(out, &source, size);
	buf_clear(out);
	assert_int_equal(source.rewind(source.ctx), 0);
	drained(out, &source, size);
	mime_reader_free(reader);
}

static void reads(const char *from, enum mime_step step, const char *wanted)
{
	static const size_t sizes[] = { 1, 3, 1000, 70000 };
	struct buf out;
	size_t i, j;

	buf_init(&out, OUT_MAX);
	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++) {
			buf_clear(&out);
			read_again(&out, bytes_of(from), step, sizes[i],
				   sizes[j]);
			assert_string_equal(buf_string(&out), wanted);
		}
	buf_free(&out);
}

static void writes(const char *from, enum mime_step step, const char *wanted)
{
	static const size_t sizes[] = { 1, 2, 3, 1000 };
	struct buf out;
	size_t i;

	buf_init(&out, OUT_MAX);
	for (i = 0; i < 4; i++) {
		buf_clear(&out);
		written(&out, bytes_of(from), step, sizes[i]);
		assert_string_equal(buf_string(&out), wanted);
	}
	buf_free(&out);
}

static void base64(void **state)
{
	(void)state;
	writes("", MIME_TO_BASE64, "");
	writes("f", MIME_TO_BASE64, "Zg==\r\n");
	writes("fo", MIME_TO_BASE64, "Zm8=\r\n");
	writes("foobar", MIME_TO_BASE64, "Zm9vYmFy\r\n");
	writes("123456789012345678901234567890123456789012345678901234567",
	       MIME_TO_BASE64,
	       "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1"
	       "Njc4OTAxMjM0NTY3\r\n");
	writes("1234567890123456789012345678901234567890123456789012345678",
	       MIME_TO_BASE64,
	       "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1"
	       "Njc4OTAxMjM0NTY3\r\nOA==\r\n");
	reads("Zm9vYmFy", MIME_FROM_BASE64, "foobar");
	reads("Zm9v\r\nYmFy\r\n", MIME_FROM_BASE64, "foobar");
	reads("Z m=\n", MIME_FROM_BASE64, "f");
	reads("Zm8=Zm8=", MIME_FROM_BASE64, "fo");
	reads("Z!m\xff" "8", MIME_FROM_BASE64, "");
	reads("Zm8=", MIME_AS_IS, "Zm8=");
}

static void quoted(void **state)
{
	(void)state;
	writes("a=b\n", MIME_TO_QUOTED, "a=3Db\r\n");
	writes("a \r\nb\t\nc ", MIME_TO_QUOTED, "a=20\r\nb=09\r\nc=20");
	writes("From me\n.\n--x\n", MIME_TO_QUOTED,
	       "=46rom me\r\n=2E\r\n=2D-x\r\n");
	writes("\xc3\xa4 \x01\r", MIME_TO_QUOTED, "=C3=A4 =01=0D");
	writes("a\rb", MIME_TO_QUOTED, "a=0Db");
	writes("1234567890123456789012345678901234567890123456789012345678901"
	       "234567890123456", MIME_TO_QUOTED,
	       "1234567890123456789012345678901234567890123456789012345678901"
	       "23456789012345=\r\n6");
	reads("a=3Db\r\n", MIME_FROM_QUOTED, "a=b\r\n");
	reads("a=\r\nb=\nc", MIME_FROM_QUOTED, "abc");
	reads("a \t\r\nb  c \nd ", MIME_FROM_QUOTED, "a\r\nb  c\nd");
	reads("a=4", MIME_FROM_QUOTED, "a=4");
	reads("a=zz=c3=A4=\rx", MIME_FROM_QUOTED, "a=zz\xc3\xa4=\rx");
}

static void line_ends(void **state)
{
	(void)state;
	reads("a\nb\r\n\n\rc\r", MIME_TO_CRLF, "a\r\nb\r\n\r\n\rc\r");
	writes("a\nb\r\n\n\rc\r", MIME_TO_CRLF, "a\r\nb\r\n\r\n\rc\r");
}

/* What a long text becomes, seen octet by octet. */
static void any_line_ends(void **state)
{
	struct bytes all = { NULL, 0 };
	unsigned char *room = malloc(60000);
	uint32_t number = 1;
	struct buf wanted, out;
	size_t i, shape;

	(void)state;
	assert_non_null(room);
	all.data = room;
	all.len = 60000;
	buf_init(&wanted, OUT_MAX);
	buf_init(&out, OUT_MAX);
	for (shape = 2; shape < 200; shape = shape * 2 + 1) {
		for (i = 0; i < all.len; i++) {
			number = number * 1103515245u + 12345u;
			room[i] = (unsigned char)('a' + (number >> 16) % 26);
			if ((number >> 16) % shape == 0)
				room[i] = (number >> 28) % 3 == 0 ? '\r' :
								    '\n';
		}
		buf_clear(&wanted);
		for (i = 0; i < all.len; i++) {
			if (room[i] == '\n' && (i == 0 || room[i - 1] != '\r'))
				buf_text(&wanted, "\r");
			buf_add(&wanted, bytes_slice(all, i, i + 1));
		}
		for (i = 1; i < 60000; i = i * 7 + 1) {
			buf_clear(&out);
			written(&out, all, MIME_TO_CRLF, i);
			assert_true(bytes_equal(buf_bytes(&out),
						buf_bytes(&wanted)));
			buf_clear(&out);
			read_again(&out, all, MIME_TO_CRLF, i, 30 + i);
			assert_true(bytes_equal(buf_bytes(&out),
						buf_bytes(&wanted)));
		}
	}
	buf_free(&wanted);
	buf_free(&out);
	free(room);
}

/* Any octets come back, and no line is over 76. */
static void there_and_back(void **state)
{
	unsigned char *room = malloc(200000);
	struct bytes all = { room, 200000 };
	struct buf coded, back;
	uint32_t number = 1;
	size_t i, column = 0;

	(void)state;
	assert_non_null(room);
	for (i = 0; i < all.len; i++) {
		number = number * 1103515245u + 12345u;
		room[i] = (unsigned char)(number >> 16);
	}
	buf_init(&coded, OUT_MAX);
	buf_init(&back, OUT_MAX);
	written(&coded, all, MIME_TO_BASE64, 777);
	for (i = 0; i < coded.len; i++) {
		column = coded.data[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 77);
	}
	read_again(&back, buf_bytes(&coded), MIME_FROM_BASE64, 1001, 4096);
	assert_true(bytes_equal(buf_bytes(&back), all));
	/* Text: the line ends come back as CRLF. */
	for (i = 0; i < all.len; i++)
		if (room[i] == '\r' || room[i] == '\n')
			room[i] = 'x';
	buf_clear(&coded);
	buf_clear(&back);
	written(&coded, all, MIME_TO_QUOTED, 777);
	for (i = column = 0; i < coded.len; i++) {
		column = coded.data[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 77 && coded.data[i] < 127);
	}
	read_again(&back, buf_bytes(&coded), MIME_FROM_QUOTED, 1001, 4096);
	assert_true(bytes_equal(buf_bytes(&back), all));
	buf_free(&coded);
	buf_free(&back);
	free(room);
}

static int refuse(void *ctx, struct bytes piece)
{
	(void)ctx;
	(void)piece;
	return ERR_IO;
}

static void errors_are_told(void **state)
{
	struct sink to = { refuse, NULL }, in;
	struct mime_writer *writer = mime_writer_new(&to, MIME_TO_BASE64);

	(void)state;
	assert_non_null(writer);
	in = mime_writer_sink(writer);
	assert_int_equal(in.write(in.ctx, bytes_of("abc")), 0);
	assert_int_equal(mime_writer_end(writer), ERR_IO);
	mime_writer_free(writer);
	mime_writer_free(NULL);
	mime_reader_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64),
		cmocka_unit_test(quoted),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(any_line_ends),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(errors_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
