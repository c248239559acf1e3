/* test_signed.c - the dates of signatures in a packet */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/dns/signed.h"

#define TYPE_TXT	16
#define TYPE_RRSIG	46

static const unsigned char name[] = { 1, 'a', 0 };
static const unsigned char pointer[] = { 0xC0, 12 };

static void put(struct buf *packet, const unsigned char *bytes, size_t len)
{
	struct bytes all = { bytes, len };

	buf_add(packet, all);
}

static void head(struct buf *packet, uint16_t answers, uint16_t authorities)
{
	buf_init(packet, 4096);
	buf_u32(packet, 0x000081a0);
	buf_u16(packet, 1);
	buf_u16(packet, answers);
	buf_u16(packet, authorities);
	buf_u16(packet, 0);
	put(packet, name, sizeof(name));
	buf_u16(packet, TYPE_TXT);
	buf_u16(packet, 1);
}

static void text(struct buf *packet)
{
	put(packet, name, sizeof(name));
	buf_u16(packet, TYPE_TXT);
	buf_u16(packet, 1);
	buf_u32(packet, 300);
	buf_u16(packet, 2);
	buf_u16(packet, 0x0178);
}

static void signature(struct buf *packet, uint32_t until, uint32_t from)
{
	put(packet, pointer, sizeof(pointer));
	buf_u16(packet, TYPE_RRSIG);
	buf_u16(packet, 1);
	buf_u32(packet, 300);
	buf_u16(packet, 20);
	buf_u64(packet, 0x00100d020000012c);
	buf_u32(packet, until);
	buf_u32(packet, from);
	buf_u32(packet, 0);
}

static struct dns_answer read_all(struct buf *packet)
{
	struct dns_answer answer = { DNS_HAVE, DNS_SECURE, 1, "a", NULL, 0,
				     "", 0, 0 };

	signed_read(packet->data, packet->len, &answer);
	return answer;
}

static void the_first_to_end_counts(void **test)
{
	struct dns_answer answer;
	struct buf packet;

	(void)test;
	head(&packet, 3, 1);
	signature(&packet, 2000, 1000);
	text(&packet);
	signature(&packet, 1900, 1100);
	signature(&packet, 2100, 900);		/* in the authority section */
	signature(&packet, 1, 1);		/* beyond what was counted */
	answer = read_all(&packet);
	assert_int_equal(answer.signed_until, 1900);
	assert_int_equal(answer.signed_from, 1100);
	buf_free(&packet);
}

static void unsigned_has_none(void **test)
{
	struct dns_answer answer;
	struct buf packet;

	(void)test;
	head(&packet, 1, 0);
	text(&packet);
	answer = read_all(&packet);
	assert_int_equal(answer.signed_until, 0);
	assert_int_equal(answer.signed_from, 0);
	signed_read(NULL, 0, &answer);
	assert_int_equal(answer.signed_until, 0);
	buf_free(&packet);
}

/* Whatever is cut off is not read. */
static void cut_packets_are_harmless(void **test)
{
	struct dns_answer answer;
	struct buf packet;
	size_t whole;

	(void)test;
	head(&packet, 1, 0);
	signature(&packet, 2000, 1000);
	whole = packet.len;
	for (packet.len = 0; packet.len < whole; packet.len++) {
		answer = read_all(&packet);
		assert_int_equal(answer.signed_until, 0);
	}
	answer = read_all(&packet);
	assert_int_equal(answer.signed_until, 2000);
	buf_free(&packet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_to_end_counts),
		cmocka_unit_test(unsigned_has_none),
		cmocka_unit_test(cut_packets_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
