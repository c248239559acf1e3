/* test_tlsa.c - reading records, what is usable, what they describe */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "agent/dane/tlsa.h"
#include "tests/lab/tls_world.h"

static struct tls_world *world;

static enum tlsa_use read_of(enum tls_kind kind, unsigned usage,
			     unsigned selector, unsigned matching,
			     struct tlsa *out)
{
	static unsigned char room[4096];
	struct bytes rdata = { room, 0 };

	rdata.len = tls_rdata(world, kind, usage, selector, matching, room);
	return tlsa_read(rdata, out);
}

static void all_combinations_are_usable(void **test)
{
	unsigned usage, selector, matching;
	struct tlsa tlsa;

	(void)test;
	for (usage = 0; usage < 4; usage++)
		for (selector = 0; selector < 2; selector++)
			for (matching = 0; matching < 3; matching++) {
				assert_int_equal(read_of(TLS_GOOD, usage,
							 selector, matching,
							 &tlsa), TLSA_USABLE);
				assert_int_equal(tlsa.usage, usage);
				assert_int_equal(tlsa.selector, selector);
				assert_int_equal(tlsa.matching, matching);
				assert_null(tlsa_use_why(TLSA_USABLE));
			}
}

static void broken_records(void **test)
{
	static const struct {
		const char *head;
		size_t data;
		enum tlsa_use use;
	} rows[] = {
		{ "\4\1\1", 32, TLSA_USAGE_UNKNOWN },
		{ "\377\1\1", 32, TLSA_USAGE_UNKNOWN },
		{ "\3\2\1", 32, TLSA_SELECTOR_UNKNOWN },
		{ "\3\1\3", 32, TLSA_MATCHING_UNKNOWN },
		{ "\3\1\1", 31, TLSA_DIGEST_LENGTH },
		{ "\3\1\1", 33, TLSA_DIGEST_LENGTH },
		{ "\3\1\1", 64, TLSA_DIGEST_LENGTH },
		{ "\3\1\2", 32, TLSA_DIGEST_LENGTH },
		{ "\3\1\2", 65, TLSA_DIGEST_LENGTH },
		{ "\3\1\1", 0, TLSA_SHORT },
		{ "\3\1\1", 32, TLSA_USABLE },
		{ "\3\1\2", 64, TLSA_USABLE },
	};
	unsigned char room[128];
	struct bytes rdata = { room, 0 };
	struct tlsa tlsa;
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(room, 7, sizeof(room));
		memcpy(room, rows[i].head, 3);
		rdata.len = 3 + rows[i].data;
		assert_int_equal(tlsa_read(rdata, &tlsa), rows[i].use);
		if (rows[i].use != TLSA_USABLE)
			assert_non_null(tlsa_use_why(rows[i].use));
	}
	for (rdata.len = 0; rdata.len < 4; rdata.len++)
		assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_SHORT);
}

/* Full data: DER, all of it, and of the right thing. */
static void full_data(void **test)
{
	static unsigned char room[4096];
	struct bytes rdata = { room, 0 };
	struct tlsa tlsa;
	size_t len;

	(void)test;
	len = tls_rdata(world, TLS_GOOD, 3, 0, 0, room);
	rdata.len = len;
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_USABLE);
	rdata.len = len - 1;
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_NO_CERTIFICATE);
	room[len] = 0;
	rdata.len = len + 1;
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_NO_CERTIFICATE);
	rdata.len = len;
	room[1] = 1;			/* a certificate is no key */
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_NO_KEY);
	rdata.len = tls_rdata(world, TLS_GOOD, 3, 1, 0, room);
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_USABLE);
	room[1] = 0;			/* nor is a key a certificate */
	assert_int_equal(tlsa_read(rdata, &tlsa), TLSA_NO_CERTIFICATE);
}

static void agility(void **test)
{
	struct tlsa one, two;

	(void)test;
	(void)read_of(TLS_GOOD, 3, 1, 1, &one);
	two = one;
	assert_false(tlsa_yields(&one, &two));
	two.matching = TLSA_SHA512;
	assert_true(tlsa_yields(&one, &two));
	assert_false(tlsa_yields(&two, &one));
	two.selector = 0;
	assert_false(tlsa_yields(&one, &two));
	two.selector = 1;
	two.usage = 2;
	assert_false(tlsa_yields(&one, &two));
	two.usage = 3;
	one.matching = TLSA_FULL;
	assert_false(tlsa_yields(&one, &two));
	assert_false(tlsa_yields(&two, &one));
}

static void matching(void **test)
{
	unsigned char *certificate = NULL, *key = NULL;
	struct bytes certificate_bytes, key_bytes;
	struct tlsa_digests digests;
	unsigned selector, kind;
	struct tlsa tlsa;
	int length;

	(void)test;
	length = i2d_X509(world->certificates[TLS_GOOD], &certificate);
	certificate_bytes.data = certificate;
	certificate_bytes.len = (size_t)length;
	length = i2d_PUBKEY(world->keys[TLS_GOOD], &key);
	key_bytes.data = key;
	key_bytes.len = (size_t)length;
	assert_int_equal(tlsa_digests(certificate_bytes, key_bytes,
				      &digests), 0);
	for (selector = 0; selector < 2; selector++)
		for (kind = 0; kind < 3; kind++) {
			(void)read_of(TLS_GOOD, 3, selector, kind, &tlsa);
			assert_true(tlsa_matches(&tlsa, certificate_bytes,
						 key_bytes));
			if (kind == TLSA_SHA256)
				assert_memory_equal(tlsa.data.data,
						    digests.sha256[selector],
						    32);
			if (kind == TLSA_SHA512)
				assert_memory_equal(tlsa.data.data,
						    digests.sha512[selector],
						    64);
			(void)read_of(TLS_NEXT, 3, selector, kind, &tlsa);
			assert_false(tlsa_matches(&tlsa, certificate_bytes,
						  key_bytes));
		}
	tlsa.matching = 9;
	assert_false(tlsa_matches(&tlsa, certificate_bytes, key_bytes));
	OPENSSL_free(certificate);
	OPENSSL_free(key);
}

static void printing(void **test)
{
	static unsigned char large[2000];
	struct tlsa tlsa = { 3, 1, 1, { large, 3 } };
	char text[TLSA_TEXT_MAX], owner[256], base[260];

	(void)test;
	large[0] = 0xab;
	large[2] = 0x0f;
	tlsa_print(&tlsa, text);
	assert_string_equal(text, "3 1 1 ab000f");
	tlsa.data.len = sizeof(large);
	tlsa_print(&tlsa, text);
	assert_int_equal(strlen(text), 6 + 2 * 512 + 3);
	assert_true(tlsa_owner(465, "mail.example.org", owner,
			       sizeof(owner)));
	assert_string_equal(owner, "_465._tcp.mail.example.org");
	memset(base, 'a', sizeof(base));
	base[243] = 0;		/* "_465._tcp." and 243 are 253 */
	assert_true(tlsa_owner(465, base, owner, sizeof(owner)));
	base[243] = 'a';
	base[244] = 0;
	assert_false(tlsa_owner(465, base, owner, sizeof(owner)));
	assert_false(tlsa_owner(465, "mail.example.org", owner, 8));
}

static int set_up(void **test)
{
	(void)test;
	world = tls_world_new();
	return 0;
}

static int tear_down(void **test)
{
	(void)test;
	tls_world_free(world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_combinations_are_usable),
		cmocka_unit_test(broken_records),
		cmocka_unit_test(full_data),
		cmocka_unit_test(agility),
		cmocka_unit_test(matching),
		cmocka_unit_test(printing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
