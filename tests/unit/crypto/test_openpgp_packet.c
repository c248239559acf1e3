/* test_openpgp_packet.c - the shape that an OpenPGP object must have */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/crypto/openpgp_packet.h"
#include "agent/crypto/scheme.h"

/* A packet is written as "tag:length:first bytes"; "p": partial lengths,
 * "o": old format, "e": old format without an end. */
struct packet_case {
	const char *name;
	enum packet_shape shape;
	enum packet_fault wanted;
	const char *packets;
};

#define SIG	"2:70:0400"

static const struct packet_case cases[] = {
	{ "a message", PACKETS_MESSAGE, PACKET_FINE, "1:84:03 18:900:01" },
	{ "two recipients, old format", PACKETS_MESSAGE, PACKET_FINE,
	  "o1:268:03 o1:268:03 o18:3:01" },
	{ "in parts", PACKETS_MESSAGE, PACKET_FINE, "1:84:03 p18:5000:01" },
	{ "AEAD of GnuPG", PACKETS_MESSAGE, PACKET_FINE, "1:84:03 20:70000:01"
	},
	{ "a marker and padding", PACKETS_MESSAGE, PACKET_FINE,
	  "10:3:504750 1:84:03 21:40:00 18:300:01" },
	{ "nothing", PACKETS_MESSAGE, PACKET_BROKEN, "" },
	{ "for nobody", PACKETS_MESSAGE, PACKET_STRANGE, "18:300:01" },
	{ "without protection", PACKETS_MESSAGE, PACKET_UNPROTECTED,
	  "1:84:03 9:300:01" },
	{ "without protection or end", PACKETS_MESSAGE, PACKET_UNPROTECTED,
	  "1:84:03 e9:300:01" },
	{ "protection of RFC 9580", PACKETS_MESSAGE, PACKET_NEWER,
	  "1:84:06 18:300:02" },
	{ "with a passphrase", PACKETS_MESSAGE, PACKET_PASSPHRASE,
	  "3:13:0409 18:300:01" },
	{ "a passphrase beside", PACKETS_MESSAGE, PACKET_PASSPHRASE,
	  "1:84:03 3:13:0409 18:300:01" },
	{ "plain text", PACKETS_MESSAGE, PACKET_STRANGE, "11:300:6200" },
	{ "compressed", PACKETS_MESSAGE, PACKET_STRANGE, "8:300:02" },
	{ "signed only", PACKETS_MESSAGE, PACKET_STRANGE,
	  "4:13:03 11:300:62 " SIG },
	{ "plain text behind", PACKETS_MESSAGE, PACKET_BEHIND,
	  "1:84:03 18:300:01 11:30:62" },
	{ "plain text before", PACKETS_MESSAGE, PACKET_STRANGE,
	  "11:30:62 1:84:03 18:300:01" },
	{ "a second message", PACKETS_MESSAGE, PACKET_BEHIND,
	  "1:84:03 18:300:01 1:84:03 18:300:01" },
	{ "no data behind the keys", PACKETS_MESSAGE, PACKET_BROKEN,
	  "1:84:03" },
	{ "keys in parts", PACKETS_MESSAGE, PACKET_BROKEN, "p1:5000:03" },
	{ "a signature", PACKETS_SIGNATURE, PACKET_FINE, SIG },
	{ "of text", PACKETS_SIGNATURE, PACKET_FINE, "2:500:0401" },
	{ "of version 3", PACKETS_SIGNATURE, PACKET_FINE, "o2:90:030500" },
	{ "two", PACKETS_SIGNATURE, PACKET_SEVERAL, SIG " " SIG },
	{ "none", PACKETS_SIGNATURE, PACKET_BROKEN, "10:3:50" },
	{ "of a key", PACKETS_SIGNATURE, PACKET_STRANGE, "2:70:0413" },
	{ "of nothing", PACKETS_SIGNATURE, PACKET_STRANGE, "2:70:0402" },
	{ "of version 6", PACKETS_SIGNATURE, PACKET_NEWER, "2:70:0600" },
	{ "of version 2", PACKETS_SIGNATURE, PACKET_BROKEN, "2:70:0200" },
	{ "an empty one", PACKETS_SIGNATURE, PACKET_BROKEN, "2:0:" },
	{ "with its own text", PACKETS_SIGNATURE, PACKET_STRANGE,
	  "4:13:03 11:300:62 " SIG },
	{ "text behind it", PACKETS_SIGNATURE, PACKET_STRANGE,
	  SIG " 11:300:62" },
	{ "a key", PACKETS_KEY, PACKET_FINE,
	  "6:51:04 13:20:41 2:90:0413 14:56:04 2:90:0418" },
	{ "two keys", PACKETS_KEY, PACKET_SEVERAL, "6:51:04 6:51:04" },
	{ "a private key", PACKETS_KEY, PACKET_SECRET, "5:90:04" },
	{ "a private subkey", PACKETS_KEY, PACKET_SECRET, "6:51:04 7:90:04" },
	{ "a user id first", PACKETS_KEY, PACKET_STRANGE, "13:20:41 6:51:04" },
	{ "a message in a key", PACKETS_KEY, PACKET_STRANGE,
	  "6:51:04 1:84:03" },
};

static void put_length(struct buf *to, unsigned long len)
{
	if (len < 192) {
		buf_byte(to, (unsigned char)len);
	} else if (len < 8384) {
		buf_byte(to, (unsigned char)((len - 192) / 256 + 192));
		buf_byte(to, (unsigned char)(len - 192));
	} else {
		buf_byte(to, 255);
		buf_u32(to, (uint32_t)len);
	}
}

static void put_header(struct buf *to, char form, unsigned tag,
		       unsigned long len)
{
	if (form == 'e') {
		buf_byte(to, (unsigned char)(0x83 | tag << 2));
	} else if (form == 'o' && tag < 16) {
		buf_byte(to, (unsigned char)(0x81 | tag << 2));
		buf_u16(to, (uint16_t)len);
	} else {
		buf_byte(to, (unsigned char)(0xc0 | tag));
		if (form != 'p')
			put_length(to, len);
	}
}

static void put_body(struct buf *to, char form, unsigned long len,
		     const char *hex)
{
	unsigned long i;
	char two[3] = { 0 };

	for (i = 0; i < len; i++) {
		if (form == 'p' && i % 512 == 0 && len - i > 512)
			buf_byte(to, 224 + 9);
		else if (form == 'p' && i % 512 == 0)
			put_length(to, len - i);
		if (hex[0] != 0 && hex[0] != ' ') {
			memcpy(two, hex, 2);
			hex += 2;
			buf_byte(to, (unsigned char)strtoul(two, NULL, 16));
		} else {
			buf_byte(to, (unsigned char)(i * 7));
		}
	}
}

static void put_packets(struct buf *to, const char *text)
{
	char *end;
	unsigned long tag, len;
	char form;

	while (*text != 0) {
		form = *text;
		if (!byte_is_digit((unsigned char)form))
			text++;
		tag = strtoul(text, &end, 10);
		len = strtoul(end + 1, &end, 10);
		put_header(to, form, (unsigned)tag, len);
		put_body(to, form, len, end + 1);
		text = strchr(end, ' ');
		text = text == NULL ? "" : text + 1;
	}
}

static enum packet_fault walk_all(enum packet_shape shape,
				  struct bytes all, size_t size,
				  struct packet_walk *walk)
{
	int r = 0;

	packet_start(walk, shape);
	while (all.len > 0 && r == 0) {
		r = packet_push(walk, bytes_slice(all, 0, size));
		all = bytes_slice(all, size, all.len);
	}
	if (r == 0)
		r = packet_end(walk);
	assert_int_equal(r, walk->fault == PACKET_FINE ? 0 : ERR_SYNTAX);
	return walk->fault;
}

static void test_cases(void **state)
{
	static const size_t sizes[] = { 1, 2, 17, 4096, 1000000 };
	struct packet_walk walk;
	struct buf all;
	size_t i, j;

	(void)state;
	buf_init(&all, 1000000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&all);
		put_packets(&all, cases[i].packets);
		for (j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++)
			if (walk_all(cases[i].shape, buf_bytes(&all),
				     sizes[j], &walk) != cases[i].wanted)
				fail_msg("%s: %s", cases[i].name,
					 packet_fault_sentence[walk.fault]);
	}
	buf_free(&all);
}

/* However it is cut, a cut off object is not taken for a whole one. */
static void test_cut_off(void **state)
{
	struct packet_walk walk;
	struct buf all;
	size_t len;

	(void)state;
	buf_init(&all, 1000000);
	put_packets(&all, "1:84:03 p18:1300:01");
	for (len = 0; len < all.len; len++)
		assert_int_equal(walk_all(PACKETS_MESSAGE,
					  bytes_slice(buf_bytes(&all), 0, len),
					  50, &walk), PACKET_BROKEN);
	assert_int_equal(walk_all(PACKETS_MESSAGE, buf_bytes(&all), 50,
				  &walk), PACKET_FINE);
	assert_int_equal(walk.recipients, 1);
	assert_true(walk.marked);
	buf_free(&all);
}

/* The same octets in other packets are the same ciphertext. */
static void test_mark(void **state)
{
	static const char *const forms[] = {
		"1:84:03 p18:1300:01", "1:84:03 18:1300:01",
		"1:20:03 1:84:03 18:1300:01"
	};
	struct packet_walk first, walk;
	struct buf all;
	size_t i;

	(void)state;
	buf_init(&all, 1000000);
	for (i = 0; i < 3; i++) {
		buf_clear(&all);
		put_packets(&all, forms[i]);
		assert_int_equal(walk_all(PACKETS_MESSAGE, buf_bytes(&all), 7,
					  &walk), PACKET_FINE);
		assert_true(walk.marked);
		if (i == 0)
			first = walk;
		assert_memory_equal(walk.mark, first.mark, PACKET_HEAD);
	}
	/* Too short for a mark: no message of anybody's. */
	buf_clear(&all);
	put_packets(&all, "1:84:03 18:15:01");
	(void)walk_all(PACKETS_MESSAGE, buf_bytes(&all), 50, &walk);
	assert_false(walk.marked);
	buf_free(&all);
}

static void test_limits(void **state)
{
	struct packet_walk walk;
	struct buf all;
	int i;

	(void)state;
	buf_init(&all, 1000000);
	put_packets(&all, "6:51:04");
	for (i = 0; i < PACKETS_MAX - 1; i++)
		put_packets(&all, "13:1:41");
	assert_int_equal(walk_all(PACKETS_KEY, buf_bytes(&all), 4000, &walk),
			 PACKET_FINE);
	put_packets(&all, "13:1:41");
	assert_int_equal(walk_all(PACKETS_KEY, buf_bytes(&all), 4000, &walk),
			 PACKET_STRANGE);
	buf_clear(&all);
	for (i = 0; i < SEAL_RECIPIENTS_MAX; i++)
		put_packets(&all, "1:12:03");
	put_packets(&all, "18:1300:01");
	assert_int_equal(walk_all(PACKETS_MESSAGE, buf_bytes(&all), 4000,
				  &walk), PACKET_FINE);
	buf_clear(&all);
	for (i = 0; i <= SEAL_RECIPIENTS_MAX; i++)
		put_packets(&all, "1:12:03");
	assert_int_equal(walk_all(PACKETS_MESSAGE, buf_bytes(&all), 4000,
				  &walk), PACKET_CROWDED);
	buf_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
