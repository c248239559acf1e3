/* test_chain.c - several sources, one text */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/chain.h"
#include "agent/base/err.h"

static int fails(void *ctx, unsigned char *room, size_t size)
{
	(void)ctx;
	(void)room;
	(void)size;
	return ERR_IO;
}

static void one_behind_the_other(void **state)
{
	static const char *const texts[] = { "a", "", "bc", "" };
	struct bytes_reader readers[4];
	struct source source;
	struct chain chain;
	struct buf out;
	struct sink to = sink_of_buf(&out);
	size_t i;

	(void)state;
	buf_init(&out, 100);
	chain_start(&chain);
	for (i = 0; i < 4; i++) {
		source = source_of_bytes(&readers[i], bytes_of(texts[i]));
		chain_add(&chain, &source);
	}
	source = source_of_chain(&chain);
	assert_int_equal(stream_copy(&source, &to), 0);
	assert_string_equal(buf_string(&out), "abc");
	assert_int_equal(stream_copy(&source, &to), 0);
	assert_string_equal(buf_string(&out), "abc");
	assert_int_equal(source.rewind(source.ctx), 0);
	assert_int_equal(stream_copy(&source, &to), 0);
	assert_string_equal(buf_string(&out), "abcabc");
	buf_free(&out);
}

static void nothing_and_errors(void **state)
{
	struct source source = { fails, NULL, NULL };
	struct chain chain;
	unsigned char room[4];

	(void)state;
	chain_start(&chain);
	chain_add(&chain, &source);
	source = source_of_chain(&chain);
	assert_int_equal(source.read(source.ctx, room, 4), ERR_IO);
	chain_start(&chain);
	assert_int_equal(source.read(source.ctx, room, 4), 0);
	assert_int_equal(source.rewind(source.ctx), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_behind_the_other),
		cmocka_unit_test(nothing_and_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
