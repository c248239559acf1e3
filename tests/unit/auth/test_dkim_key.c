/* test_dkim_key.c - key records, DER, and the keys kept */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/auth/dkim_key.h"
#include "agent/auth/dkim_key_cache.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "tests/lab/dkim_signer.h"

#define DER_MAX 2048

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(16 * 1024 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	dkim_key_cache_clear();
	return 0;
}

/* The code, "" when it is a key; `bits` may be NULL. */
static const char *code_of(const char *record, enum dkim_algorithm algorithm,
			   unsigned *bits)
{
	const char *code = NULL, *text = NULL;
	struct dkim_key key;
	int r = dkim_key_parse(arena, bytes_of(record), algorithm, &key, &code,
			       &text);

	if (bits != NULL)
		*bits = key.bits;
	if (r == 0) {
		assert_non_null(key.pkey);
		code = "";
	} else {
		assert_int_equal(r, ERR_SYNTAX);
		assert_null(key.pkey);
		assert_non_null(text);
	}
	dkim_key_clear(&key);
	return code;
}

/* The same of DER bytes. */
static const char *code_of_der(const unsigned char *der, size_t len,
			       unsigned *bits)
{
	unsigned char text[DER_MAX * 2];

	assert_true(len <= DER_MAX);
	(void)EVP_EncodeBlock(text, der, (int)len);
	return code_of(arena_print(arena, "p=%s", (const char *)text),
		       DKIM_RSA_SHA256, bits);
}

/* --- DER by hand */

struct der {
	unsigned char data[DER_MAX];
	size_t len;
};

static struct der wrap(unsigned char tag, struct der inner)
{
	struct der out = { { tag }, 1 };

	if (inner.len >= 0x100) {
		out.data[out.len++] = 0x82;
		out.data[out.len++] = (unsigned char)(inner.len >> 8);
	} else if (inner.len >= 0x80) {
		out.data[out.len++] = 0x81;
	}
	out.data[out.len++] = (unsigned char)inner.len;
	memcpy(out.data + out.len, inner.data, inner.len);
	out.len += inner.len;
	return out;
}

static struct der join(struct der a, struct der b)
{
	memcpy(a.data + a.len, b.data, b.len);
	a.len += b.len;
	return a;
}

/* `bytes` octets of 0xAB, `first` in front and `last` at the end. */
static struct der number(size_t bytes, unsigned char first,
			 unsigned char last)
{
	struct der inner;

	memset(&inner, 0, sizeof(inner));
	if (first >= 0x80)
		inner.len = 1;
	memset(inner.data + inner.len, 0xAB, bytes);
	inner.data[inner.len] = first;
	inner.len += bytes;
	inner.data[inner.len - 1] = last;
	return wrap(0x02, inner);
}

static struct der rsa(struct der n, struct der e)
{
	return wrap(0x30, join(n, e));
}

static void numbers_have_bounds(void **state)
{
	struct der e = number(3, 0x01, 0x01), odd = number(1, 3, 3), key;
	unsigned bits = 0;

	(void)state;
	key = rsa(number(256, 0xFF, 1), e);
	assert_string_equal(code_of_der(key.data, key.len, &bits), "");
	assert_int_equal(bits, 2048);
	key = rsa(number(256, 0xFF, 1), odd);
	assert_string_equal(code_of_der(key.data, key.len, &bits), "");
	key = rsa(number(128, 0x80, 1), e);
	assert_string_equal(code_of_der(key.data, key.len, &bits), "");
	assert_int_equal(bits, 1024);
	key = rsa(number(128, 0x7F, 1), e);
	assert_string_equal(code_of_der(key.data, key.len, &bits), "weak-key");
	assert_int_equal(bits, 1023);
	key = rsa(number(1024, 0xFF, 1), e);
	assert_string_equal(code_of_der(key.data, key.len, &bits), "");
	assert_int_equal(bits, 8192);
	key = rsa(number(1025, 0x01, 1), e);
	assert_string_equal(code_of_der(key.data, key.len, &bits),
			    "key-syntax");
	assert_int_equal(bits, 8193);
	/* even numbers, the exponent 1, exponents of nine bytes */
	key = rsa(number(256, 0xFF, 2), e);
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	key = rsa(number(256, 0xFF, 1), number(1, 2, 2));
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	key = rsa(number(256, 0xFF, 1), number(1, 1, 1));
	assert_string_equal(code_of_der(key.data, key.len, NULL), "weak-key");
	key = rsa(number(256, 0xFF, 1), number(9, 1, 1));
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
}

static void der_is_strict(void **state)
{
	struct der e = number(3, 0x01, 0x01), n = number(256, 0xFF, 1), key;
	struct der negative = number(256, 0x01, 1), padded, more = { { 0 }, 1 };
	size_t len;

	(void)state;
	key = rsa(n, e);
	for (len = 1; len < key.len; len++)
		assert_string_equal(code_of_der(key.data, len, NULL),
				    "key-syntax");
	key = join(rsa(n, e), more);
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	key = wrap(0x30, join(join(n, e), more));
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	negative.data[4] = 0xFF;
	key = rsa(negative, e);
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	padded = number(256, 0x00, 1);		/* a needless zero */
	padded.data[5] = 0x01;
	key = rsa(padded, e);
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	key = rsa(n, e);
	key.data[0] = 0x31;
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
	key.data[0] = 0x30;
	key.data[1] = 0x80;			/* of no definite length */
	assert_string_equal(code_of_der(key.data, key.len, NULL),
			    "key-syntax");
}

static void both_forms_are_read(void **state)
{
	struct dkim_lab_key *key = dkim_lab_key_new(DKIM_LAB_RSA, 2048);
	char *spki = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	char *bare = dkim_lab_key_p(key, DKIM_LAB_BARE);
	unsigned char der[DER_MAX];
	unsigned bits = 0;
	size_t i;

	(void)state;
	assert_string_equal(code_of(arena_print(arena, "p=%s", spki),
				    DKIM_RSA_SHA256, &bits), "");
	assert_int_equal(bits, 2048);
	assert_string_equal(code_of(arena_print(arena, "p=%s", bare),
				    DKIM_RSA_SHA256, &bits), "");
	assert_int_equal(bits, 2048);
	/* Of what stands around the numbers every byte counts. */
	(void)EVP_DecodeBlock(der, (const unsigned char *)spki,
			      (int)strlen(spki));
	for (i = 0; i < 33; i++) {
		der[i] ^= 1;
		if (i != 32)
			assert_string_equal(code_of_der(der, 294, NULL),
					    "key-syntax");
		der[i] ^= 1;
	}
	assert_string_equal(code_of_der(der, 294, NULL), "");
	free(spki);
	free(bare);
	dkim_lab_key_free(key);
}

static void ed25519_is_raw(void **state)
{
	(void)state;
	assert_string_equal(code_of("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPa"
				    "piMlrwIaaPcHURo=", DKIM_ED25519_SHA256,
				    NULL), "");
	assert_string_equal(code_of("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPa"
				    "piMlrwIaaPcHUQ==", DKIM_ED25519_SHA256,
				    NULL), "key-syntax");
	assert_string_equal(code_of("k=ed25519; p=MCowBQYDK2VwAyEA3SUqa9Ubfcic"
				    "Wkk7tlcJ9P1VD5pXAasg0JUn/OgjVbKE=",
				    DKIM_ED25519_SHA256, NULL), "key-syntax");
}

/* The eight points that anybody can sign for, and what else stands for
 * them. */
static void ed25519_of_small_order_is_weak(void **state)
{
	static const char *const weak[] = {
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"7P///////////////////////////////////////38=",
		"JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=",
		"xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=",
		"7f///////////////////////////////////////38=",
		"7v///////////////////////////////////////38=",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=",
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=",
		"7P////////////////////////////////////////8=",
		"JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/IU=",
		"xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA/o=",
		"7f////////////////////////////////////////8=",
		"7v////////////////////////////////////////8=",
	};
	char record[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		(void)snprintf(record, sizeof(record), "k=ed25519; p=%s",
			       weak[i]);
		assert_string_equal(code_of(record, DKIM_ED25519_SHA256, NULL),
				    "weak-key");
	}
}

static void what_is_a_key_record(void **state)
{
	static const struct {
		const char *text;
		bool is_one;
	} records[] = {
		{ "v=DKIM1; p=", true }, { "p=abc", true },
		{ "k=rsa; v=DKIM1; p=x", true }, { "v=DKIM2; p=x", false },
		{ "v=DMARC1; p=none", false }, { "v=spf1 -all", false },
		{ "", false }, { "v=DKIM1", false }, { "p=a; p=b", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_int_equal(dkim_key_is_one(arena,
						 bytes_of(records[i].text)),
				 records[i].is_one);
}

static void folding_is_allowed(void **state)
{
	(void)state;
	assert_string_equal(code_of(" v = DKIM1 ; k=ed25519 ;\tp = 11qYAYKxCrf"
				    "VS/7TyW QHOg7hcvPapiMlrwIaaPcHURo= ; ",
				    DKIM_ED25519_SHA256, NULL), "");
}

/* More keys than there is room for, in several rounds. */
static void kept_keys_are_the_same(void **state)
{
	struct dkim_key first, key;
	const char *code, *text, *record;
	unsigned i;

	(void)state;
	assert_string_equal(code_of("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPa"
				    "piMlrwIaaPcHURo=", DKIM_ED25519_SHA256,
				    NULL), "");
	/* The same record means nothing to the other algorithm. */
	assert_string_equal(code_of("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPa"
				    "piMlrwIaaPcHURo=", DKIM_RSA_SHA256, NULL),
			    "key-mismatch");
	for (i = 0; i < 3 * DKIM_CACHE_KEYS; i++) {
		record = arena_print(arena, "k=ed25519; n=%u; p=11qYAYKxCrfVS/"
				     "7TyWQHOg7hcvPapiMlrwIaaPcHURo=", i);
		assert_int_equal(dkim_key_cached(arena, bytes_of(record),
						 DKIM_ED25519_SHA256, &first,
						 &code, &text), 0);
		assert_true(dkim_key_cache_find(bytes_of(record),
						DKIM_ED25519_SHA256, &key));
		assert_ptr_equal(first.pkey, key.pkey);
		dkim_key_clear(&first);
		dkim_key_clear(&key);
	}
	record = "k=ed25519; n=0; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHU"
		 "Ro=";
	assert_false(dkim_key_cache_find(bytes_of(record), DKIM_ED25519_SHA256,
					 &key));
	dkim_key_cache_clear();
	record = "k=ed25519; n=95; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHU"
		 "Ro=";
	assert_false(dkim_key_cache_find(bytes_of(record), DKIM_ED25519_SHA256,
					 &key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_bounds),
		cmocka_unit_test(der_is_strict),
		cmocka_unit_test(both_forms_are_read),
		cmocka_unit_test(ed25519_is_raw),
		cmocka_unit_test(ed25519_of_small_order_is_weak),
		cmocka_unit_test(what_is_a_key_record),
		cmocka_unit_test(folding_is_allowed),
		cmocka_unit_test(kept_keys_are_the_same),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
