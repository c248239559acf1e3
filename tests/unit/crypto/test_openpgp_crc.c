/* test_openpgp_crc.c - the check value, as the standard has it bit by bit */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/crypto/openpgp_crc.h"

#define ALL	300

static void fill(unsigned char octets[ALL])
{
	uint32_t next = 1;
	size_t i;

	for (i = 0; i < ALL; i++) {
		next = next * 1103515245U + 12345U;
		octets[i] = (unsigned char)(next >> 16 & 0xff);
	}
}

/* The division of RFC 4880 section 6.1, one bit after the other. */
static uint32_t divided(struct bytes octets)
{
	uint32_t rest = 0xb704ce;
	size_t i;
	int bit;

	for (i = 0; i < octets.len; i++)
		for (bit = 7; bit >= 0; bit--) {
			rest = rest << 1 ^
			       (uint32_t)(octets.data[i] >> bit & 1) << 24;
			if ((rest & 0x1000000) != 0)
				rest ^= 0x1864cfb;
		}
	return rest;
}

static void test_vectors(void **state)
{
	struct openpgp_crc crc;

	(void)state;
	openpgp_crc_start(&crc);
	assert_int_equal(openpgp_crc_sum(&crc), 0xb704ce);
	/* As catalogues of CRCs have it. */
	openpgp_crc_add(&crc, bytes_of("123456789"));
	assert_int_equal(openpgp_crc_sum(&crc), 0x21cf02);
}

static void test_every_length(void **state)
{
	unsigned char octets[ALL];
	struct bytes all = { octets, sizeof(octets) }, some;
	struct openpgp_crc crc;
	size_t len;

	(void)state;
	fill(octets);
	for (len = 0; len <= ALL; len++) {
		some = bytes_slice(all, ALL - len, ALL);
		openpgp_crc_start(&crc);
		openpgp_crc_add(&crc, some);
		assert_int_equal(openpgp_crc_sum(&crc), divided(some));
	}
}

static void test_pieces(void **state)
{
	unsigned char octets[ALL];
	struct bytes all = { octets, sizeof(octets) };
	struct openpgp_crc crc;
	size_t size, at;

	(void)state;
	fill(octets);
	for (size = 1; size < 40; size++) {
		openpgp_crc_start(&crc);
		for (at = 0; at < ALL; at += size)
			openpgp_crc_add(&crc, bytes_slice(all, at,
							  at + size));
		assert_int_equal(openpgp_crc_sum(&crc), divided(all));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
