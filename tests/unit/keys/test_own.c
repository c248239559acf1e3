/* test_own.c - the user's certificates, as the front sends them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "agent/base/buf.h"
#include "agent/keys/keeper_inside.h"
#include "agent/keys/own.h"
#include "agent/keys/remote_key.h"

static struct {
	EVP_PKEY *key, *other;
	char name[KEEPER_HEX_SIZE];
	struct buf pem, other_pem;
} world;

static void certify(EVP_PKEY *key, struct buf *pem)
{
	X509 *made = X509_new();
	BIO *to = BIO_new(BIO_s_mem());
	char *text;
	long len;

	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(made), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(made), 1000));
	assert_true(X509_set_pubkey(made, key));
	assert_true(X509_sign(made, key, EVP_sha256()) > 0);
	assert_true(PEM_write_bio_X509(to, made));
	len = BIO_get_mem_data(to, &text);
	buf_init(pem, 65536);
	buf_add(pem, (struct bytes){ (unsigned char *)text, (size_t)len });
	BIO_free(to);
	X509_free(made);
}

static int setup(void **test)
{
	uint8_t id[KEYS_ID_SIZE];

	(void)test;
	world.key = EVP_EC_gen("P-256");
	world.other = EVP_EC_gen("P-256");
	if (remote_key_id(world.key, id) < 0)
		return -1;
	keeper_hex(id, sizeof(id), world.name);
	certify(world.key, &world.pem);
	certify(world.other, &world.other_pem);
	return 0;
}

static int teardown(void **test)
{
	(void)test;
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.other);
	buf_free(&world.pem);
	buf_free(&world.other_pem);
	return 0;
}

/* %k its name's line, %c its certificate, %o the other one's. */
static struct own *read_of(const char *pattern)
{
	struct own *own;
	unsigned char *copy;
	struct buf text;

	buf_init(&text, OWN_TEXT_MAX);
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == 'k') {
			buf_text(&text, OWN_KEY_LINE);
			buf_text(&text, world.name);
			buf_byte(&text, '\n');
		} else if (*pattern == 'c') {
			buf_add(&text, buf_bytes(&world.pem));
		} else if (*pattern == 'o') {
			buf_add(&text, buf_bytes(&world.other_pem));
		} else {
			buf_text(&text, "Mailseal-Name: x\n\n");
		}
	}
	/* A block of exactly its size: one byte too far is seen. */
	copy = malloc(text.len + 1);
	assert_non_null(copy);
	memcpy(copy, text.len == 0 ? (const void *)"" : text.data, text.len);
	own = own_read((struct bytes){ copy, text.len });
	free(copy);
	buf_free(&text);
	assert_non_null(own);
	return own;
}

static void reads(void **test)
{
	static const struct {
		const char *text;
		size_t own;
		int helpers;
	} cases[] = {
		{ "", 0, 0 }, { "k", 0, 0 }, { "c", 0, 0 }, { "kc", 1, 0 },
		{ "kkxc", 1, 0 }, { "kxco", 1, 1 }, { "ko", 0, 0 },
		{ "koc", 0, 0 }, { "kx", 0, 0 }, { "kcokc", 2, 1 },
		{ "xkc", 1, 0 },
	};
	struct own *own;
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		own = read_of(cases[i].text);
		assert_int_equal(own->count, cases[i].own);
		assert_int_equal(sk_X509_num(own->helpers), cases[i].helpers);
		own_free(own);
	}
	own_free(NULL);
}

static void keeps_to_its_limit(void **test)
{
	char pattern[2 * OWN_MAX + 8];
	struct own *own;
	size_t i;

	(void)test;
	for (i = 0; i + 2 < sizeof(pattern); i += 2) {
		pattern[i] = 'k';
		pattern[i + 1] = 'c';
	}
	pattern[i] = '\0';
	own = read_of(pattern);
	assert_int_equal(own->count, OWN_MAX);
	own_free(own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(keeps_to_its_limit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
