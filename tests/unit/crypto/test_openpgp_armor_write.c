/* test_openpgp_armor_write.c - armor made, and read again */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/openpgp_armor_write.h"

#define LARGE	200000		/* octets; more than are written at once */

/* In pieces of `size`; what armor_writer_end() answered. */
static int armored(struct bytes from, size_t size, struct buf *to)
{
	struct sink sink = sink_of_buf(to), in;
	struct armor_writer *writer = armor_writer_new(&sink, ARMOR_MESSAGE);
	size_t at;
	int r = 0;

	assert_non_null(writer);
	in = armor_writer_sink(writer);
	for (at = 0; at < from.len && r == 0; at += size)
		r = in.write(in.ctx, bytes_slice(from, at, at + size));
	if (r == 0)
		r = armor_writer_end(writer);
	armor_writer_free(writer);
	return r;
}

static void read_again(struct bytes text, struct buf *to)
{
	struct armor *armor = malloc(sizeof(*armor));
	struct sink sink = sink_of_buf(to);

	assert_non_null(armor);
	armor_start(armor, ARMOR_MESSAGE);
	assert_int_equal(armor_push(armor, text, &sink), 0);
	assert_int_equal(armor->place, ARMOR_AFTER);
	assert_int_equal(armor_end(armor, &sink), 0);
	free(armor);
}

/* As gpg --enarmor has it. */
static void test_text(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(armored(bytes_of("hello\n"), 4, &out), 0);
	assert_string_equal(buf_string(&out), "-----BEGIN PGP MESSAGE-----\n\n"
			    "aGVsbG8K\n=WALx\n-----END PGP MESSAGE-----\n");
	buf_free(&out);
}

static void test_lines(void **state)
{
	struct bytes line, rest;
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	assert_int_equal(armored(bytes_of(
		"A text that is somewhat longer than one line of armor is, so "
		"that there are two lines and the beginning of the third one, "
		"which ends with padding"), 1000, &out), 0);
	rest = buf_bytes(&out);
	while (bytes_cut(rest, '\n', &line, &rest)) {
		assert_true(line.len <= 76);
		assert_false(bytes_has(line, '\r'));
	}
	buf_free(&out);
}

static void test_there_and_back(void **state)
{
	unsigned char *octets = malloc(LARGE);
	const size_t sizes[] = { 1, 2, 3, 56, 57, 58, 113, 114, 115, 116,
				 1000, 65536, LARGE };
	struct bytes all = { octets, LARGE }, some;
	struct buf text, out;
	size_t i, j;

	(void)state;
	assert_non_null(octets);
	for (i = 0; i < LARGE; i++)
		octets[i] = (unsigned char)(i * 7 + i / 251);
	buf_init(&text, 2 * LARGE);
	buf_init(&out, LARGE);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (j = i < 9 ? 0 : 8; j < sizeof(sizes) / sizeof(sizes[0]);
		     j++) {
			some = bytes_slice(all, 0, sizes[i]);
			buf_clear(&text);
			buf_clear(&out);
			assert_int_equal(armored(some, sizes[j], &text), 0);
			read_again(buf_bytes(&text), &out);
			assert_true(bytes_equal(buf_bytes(&out), some));
		}
	buf_free(&text);
	buf_free(&out);
	free(octets);
}

static void test_nothing(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(armored(bytes_of(""), 1, &out), ERR_SYNTAX);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

static void test_sink_fails(void **state)
{
	static unsigned char octets[LARGE];
	struct bytes all = { octets, sizeof(octets) };
	struct buf out;

	(void)state;
	buf_init(&out, 70000);
	assert_int_equal(armored(all, 1000, &out), ERR_LIMIT);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_sink_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
