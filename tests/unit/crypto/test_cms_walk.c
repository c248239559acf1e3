/* test_cms_walk.c - frames and contents, definite or not, whole or not */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/cms_walk.h"

#define SIGNED	"0609 2a864886f70d010702"
#define DATA	"0609 2a864886f70d010701"
#define ENVELOPED "0609 2a864886f70d010703"
#define AUTH	"060b 2a864886f70d0109100117"

static struct buf object, content, frame;
static struct cms_walk_facts facts;

/* "30 80 0609 ..." as octets. */
static void hex(struct buf *to, const char *text)
{
	unsigned value;
	char two[3] = "";

	buf_clear(to);
	for (; *text != 0; text++) {
		if (*text == ' ')
			continue;
		two[0] = text[0];
		two[1] = *++text;
		assert_int_equal(sscanf(two, "%2x", &value), 1);
		buf_byte(to, (unsigned char)value);
	}
}

static int walked(struct bytes from, size_t size)
{
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader, from);
	struct cms_walk *walk = cms_walk_new(&source);
	unsigned char room[64];
	struct bytes piece = { room, 0 };
	int got, r;

	assert_non_null(walk);
	buf_clear(&content);
	buf_clear(&frame);
	r = cms_walk_head(walk);
	if (r == 0 && cms_walk_facts(walk)->kind < CMS_WALK_CLEAR) {
		while ((got = cms_walk_content(walk, room, size)) > 0) {
			assert_true((size_t)got <= size);
			piece.len = (size_t)got;
			buf_add(&content, piece);
		}
		r = got;
		if (r == 0)
			r = cms_walk_tail(walk);
		if (r == 0)
			r = cms_walk_frame(walk, &frame);
	}
	facts = *cms_walk_facts(walk);
	cms_walk_free(walk);
	return r;
}

static void is(const char *from, const char *wanted, const char *framed)
{
	struct buf other;
	size_t size;

	buf_init(&other, 100000);
	hex(&object, from);
	hex(&other, framed);
	for (size = 1; size <= 64; size *= 4) {
		assert_int_equal(walked(buf_bytes(&object), size), 0);
		assert_string_equal(buf_string(&content), wanted);
		assert_true(bytes_equal(buf_bytes(&frame),
					buf_bytes(&other)));
	}
	buf_free(&other);
	/* Cut short anywhere it is no object. */
	for (size = 0; size < object.len; size++)
		assert_int_equal(walked(bytes_slice(buf_bytes(&object), 0,
						    size), 64), ERR_SYNTAX);
	assert_int_equal(walked(buf_bytes(&object), 64), 0);
}

static void contents(void **state)
{
	const char *framed = "3080 " SIGNED " a080 3080 020101 3100"
			     "3080" DATA " 0000 3102 0500 0000 0000 0000";

	(void)state;
	/* Definite, primitive. */
	is("302b " SIGNED " a01e 301c 020101 3100 3011 " DATA
	   "a004 0402 6869 3102 0500", "hi", framed);
	assert_int_equal(facts.kind, CMS_WALK_SIGNED);
	assert_true(facts.has_content);
	assert_false(facts.has_more);
	assert_int_equal(facts.content_type.len, 9);
	/* Indefinite, in pieces, pieces of pieces, empty pieces. */
	is("3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
	   "a080 2480 0401 68 0400 2403 0401 69 2480 0401 21 0000 0000 0000"
	   "0000 3102 0500 0000 0000 0000", "hi!", framed);
	/* None. */
	is("3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
	   "0000 3102 0500 0000 0000 0000", "", framed);
	assert_false(facts.has_content);
	/* Octets behind it. */
	hex(&object, "3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
	    "0000 3102 0500 0000 0000 0000 0a");
	assert_int_equal(walked(buf_bytes(&object), 64), 0);
	assert_true(facts.has_more);
}

/* Digests are named once, and four at most, however often they stand there. */
static void digests(void **state)
{
	static const char set[] = "3003 0601 01 3003 0601 01 3080 0601 02 0500"
		"0000";
	char text[512];

	(void)state;
	(void)snprintf(text, sizeof(text), "3080 " SIGNED " a080 3080 020101 "
		       "3113 %s 3080 " DATA " 0000 3102 0500 0000 0000 0000",
		       set);
	hex(&object, text);
	assert_int_equal(walked(buf_bytes(&object), 64), 0);
	assert_int_equal(facts.digest_count, 2);
	assert_int_equal(facts.digests[1].len, 1);
	assert_int_equal(facts.digests[1].octets[0], 2);
	hex(&object, "3080 " SIGNED " a080 3080 020101 3119 3003 0601 01 3003"
	    "0601 02 3003 0601 03 3003 0601 04 3003 0601 05 3080 " DATA
	    " 0000 3102 0500 0000 0000 0000");
	assert_int_equal(walked(buf_bytes(&object), 64), 0);
	assert_int_equal(facts.digest_count, CMS_WALK_DIGESTS_MAX);
}

static void enveloped(void **state)
{
	const char *framed = "3080 " ENVELOPED " a080 3080 020100 3102 0500"
			     "3080" DATA "3005 0603 2a0304 0000 a102 0500"
			     "0000 0000 0000";

	(void)state;
	is("3080 " ENVELOPED " a080 3080 020100 3102 0500 3080 " DATA
	   "3005 0603 2a0304 8003 616263 0000 a102 0500 0000 0000 0000",
	   "abc", framed);
	assert_int_equal(facts.kind, CMS_WALK_ENVELOPED);
	assert_int_equal(facts.cipher.len, 3);
	assert_memory_equal(facts.cipher.octets, "\x2a\x03\x04", 3);
	is("3080 " ENVELOPED " a080 3080 020100 3102 0500 3080 " DATA
	   "3005 0603 2a0304 a080 0401 61 0402 6263 0000 0000 a102 0500 0000"
	   "0000 0000", "abc", framed);
	is("3080 " ENVELOPED " a080 3080 020100 3102 0500 3080 " DATA
	   "3005 0603 2a0304 8000 0000 a102 0500 0000 0000 0000", "",
	   framed);
	assert_true(facts.has_content);
}

static void auth_enveloped(void **state)
{
	(void)state;
	is("3080 " AUTH " a080 3080 020100 3102 0500 3080 " DATA
	   "3080 0603 2a0304 0000 8001 61 0000 a102 0500 0403 010203 0000"
	   "0000 0000", "a",
	   "3080 " AUTH " a080 3080 020100 3102 0500 3080 " DATA
	   "3080 0603 2a0304 0000 0000 a102 0500 0403 010203 0000 0000 0000");
	assert_int_equal(facts.kind, CMS_WALK_AUTH_ENVELOPED);
	assert_true(facts.has_attributes);
	assert_int_equal(facts.cipher.len, 3);
	assert_int_equal(facts.mac_len, 3);
	assert_memory_equal(facts.mac, "\1\2\3", 3);
	/* Of two MACs none is the right one. */
	hex(&object, "3080 " AUTH " a080 3080 020100 3102 0500 3080 " DATA
	    "3005 0603 2a0304 8001 61 0000 0403 010203 0403 010203 0000 0000"
	    "0000");
	assert_int_equal(walked(buf_bytes(&object), 64), ERR_SYNTAX);
}

/* How long a MAC is by the cipher's parameters. */
static void mac_length(void **state)
{
	static const struct {
		const char *algorithm;
		size_t len;
	} cases[] = {
		{ "3011 0603 2a0304 300a 0405 0102030405 0201 10", 16 },
		{ "300e 0603 2a0304 3007 0405 0102030405", 12 },
		{ "3080 0603 2a0304 3080 0401 01 0201 0d 0000 0000", 13 },
		{ "30810e 0603 2a0304 308106 0401 01 0201 0f", 15 },
		{ "300e 0603 2a0304 3007 0401 01 0202 0010", 0 },
		{ "300d 0603 2a0304 3006 0409 01 0201 10", 0 },
		{ "3005 0603 2a0304", 0 }, { "3007 0603 2a0304 0500", 0 },
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text), "3080 " AUTH " a080 3080 "
			       "020100 3102 0500 3080 " DATA "%s 8001 61 0000 "
			       "0403 010203 0000 0000 0000",
			       cases[i].algorithm);
		hex(&object, text);
		assert_int_equal(walked(buf_bytes(&object), 64), 0);
		assert_int_equal(facts.tag_len, cases[i].len);
		assert_int_equal(facts.cipher.len, 3);
	}
}

/* Before the content was read, the frame ends in what stands for the rest. */
static void front_alone(void **state)
{
	struct bytes_reader reader;
	struct source source;
	struct cms_walk *walk;
	struct buf wanted;

	(void)state;
	buf_init(&wanted, 1000);
	hex(&object, "3080 " AUTH " a080 3080 020100 3102 0500 3080 " DATA
	    "3005 0603 2a0304 8001 61");
	source = source_of_bytes(&reader, buf_bytes(&object));
	walk = cms_walk_new(&source);
	assert_int_equal(cms_walk_head(walk), 0);
	buf_clear(&frame);
	assert_int_equal(cms_walk_frame(walk, &frame), 0);
	hex(&wanted, "3080 " AUTH " a080 3080 020100 3102 0500 3080 " DATA
	    "3005 0603 2a0304 0000 0410"
	    "00000000000000000000000000000000 0000 0000 0000");
	assert_true(bytes_equal(buf_bytes(&frame), buf_bytes(&wanted)));
	cms_walk_free(walk);
	cms_walk_free(NULL);
	buf_free(&wanted);
}

static void broken(void **state)
{
	static const char *const objects[] = {
		"", "30", "04 01 61", "3003 020101", "3080 020101 0000",
		"3080 " SIGNED " 0000",
		"3080 " SIGNED " a080 020101 0000 0000",
		/* a length over its parent's */
		"3013 " SIGNED " a006 3009 020101 3100",
		/* an indefinite primitive; a high tag; a length of 8 octets */
		"3080 " SIGNED " a080 3080 0280 0000",
		"3080 " SIGNED " a080 3080 1f8101 00",
		"3080 " SIGNED " a080 3080 0288 0000000000000001 01",
		/* content that is no string, or strings too deep */
		"3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
		"a080 0c02 6869 0000",
		"3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
		"a080 2480 2480 2480 2480 2480 0401 61",
		/* two contents, and an end that is none */
		"3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
		"a080 0401 61 0401 62 0000",
		"3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
		"a080 0401 61 0001 00",
		"3080 " SIGNED " a080 3080 020101 3100 3080 " DATA
		"a080 0401 61 0000 a080",
		"302b " SIGNED " a01e 301c 020101 3100 3011 " DATA
		"a004 0002 6869 3102 0500",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		hex(&object, objects[i]);
		if (walked(buf_bytes(&object), 64) != ERR_SYNTAX)
			fail_msg("not refused: %s", objects[i]);
	}
	hex(&object, "3080 0603 2a0304 a000 0000");
	assert_int_equal(walked(buf_bytes(&object), 64), 0);
	assert_int_equal(facts.kind, CMS_WALK_OTHER);
}

static void too_much(void **state)
{
	size_t i;

	(void)state;
	/* Objects within objects, in the frame and beside it. */
	hex(&object, "3080 " SIGNED " a080 3080 020101 3180");
	for (i = 0; i < 1000; i++)
		buf_u16(&object, 0x3080);
	assert_int_equal(walked(buf_bytes(&object), 64), ERR_LIMIT);
	/* A frame of more than it may have: 10,000 recipients. */
	hex(&object, "3080 " ENVELOPED " a080 3080 020100 3180");
	for (i = 0; i < 10000; i++) {
		buf_u32(&object, 0x308200c8);
		for (unsigned j = 0; j < 25; j++)
			buf_u64(&object, j);
	}
	assert_int_equal(walked(buf_bytes(&object), 64), ERR_LIMIT);
	hex(&object, "3080 " SIGNED " a080 3080 020101 31 8401000000");
	assert_int_equal(walked(buf_bytes(&object), 64), ERR_LIMIT);
	hex(&object, "3080 " SIGNED " a080 3080 020101 31 87ffffffffffffff");
	assert_int_equal(walked(buf_bytes(&object), 64), ERR_LIMIT);
}

static int setup(void **state)
{
	(void)state;
	buf_init(&object, 8 * 1024 * 1024);
	buf_init(&content, 100000);
	buf_init(&frame, 100000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_free(&object);
	buf_free(&content);
	buf_free(&frame);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents),
		cmocka_unit_test(digests),
		cmocka_unit_test(enveloped),
		cmocka_unit_test(auth_enveloped),
		cmocka_unit_test(mac_length),
		cmocka_unit_test(front_alone),
		cmocka_unit_test(broken),
		cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
