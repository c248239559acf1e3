/* test_smimea.c - certificates of a mailbox: brought, named, narrowed */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/dane/smimea.h"
#include "agent/dane/tlsa.h"

/* One certificate and its key, DER. */
static struct bytes certificate, spki;

static int setup(void **state)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509 *x509 = X509_new();
	unsigned char *der = NULL, *public = NULL;
	int len, public_len;

	(void)state;
	if (key == NULL || x509 == NULL)
		return -1;
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x509), 86400);
	(void)X509_set_pubkey(x509, key);
	if (X509_sign(x509, key, EVP_sha256()) == 0)
		return -1;
	len = i2d_X509(x509, &der);
	public_len = i2d_PUBKEY(key, &public);
	X509_free(x509);
	EVP_PKEY_free(key);
	if (len <= 0 || public_len <= 0)
		return -1;
	certificate.data = der;
	certificate.len = (size_t)len;
	spki.data = public;
	spki.len = (size_t)public_len;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	OPENSSL_free((void *)(uintptr_t)certificate.data);
	OPENSSL_free((void *)(uintptr_t)spki.data);
	return 0;
}

/* "usage selector matching" with what matches. */
static struct bytes record(struct buf *to, unsigned char usage,
			   unsigned char selector, unsigned char matching)
{
	static const char *const names[] = { NULL, "SHA256", "SHA512" };
	struct bytes of = selector == TLSA_CERT ? certificate : spki;
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct bytes hashed = { digest, 0 };

	buf_byte(to, usage);
	buf_byte(to, selector);
	buf_byte(to, matching);
	if (matching == TLSA_FULL) {
		buf_add(to, of);
	} else {
		assert_int_equal(EVP_Q_digest(NULL, names[matching], NULL,
					      of.data, of.len, digest,
					      &hashed.len), 1);
		buf_add(to, hashed);
	}
	return buf_bytes(to);
}

static void test_certificate(void **state)
{
	struct bytes rdata;
	unsigned char usage;
	struct buf to;

	(void)state;
	buf_init(&to, 10000);
	for (usage = 0; usage < 5; usage++) {
		buf_clear(&to);
		rdata = record(&to, usage, TLSA_CERT, TLSA_FULL);
		if (usage == TLSA_DANE_EE || usage == TLSA_PKIX_EE)
			assert_true(bytes_equal(smimea_certificate(rdata),
						certificate));
		else
			assert_int_equal(smimea_certificate(rdata).len, 0);
	}
	buf_clear(&to);
	rdata = record(&to, TLSA_DANE_EE, TLSA_SPKI, TLSA_FULL);
	assert_int_equal(smimea_certificate(rdata).len, 0);
	buf_clear(&to);
	rdata = record(&to, TLSA_DANE_EE, TLSA_CERT, TLSA_SHA256);
	assert_int_equal(smimea_certificate(rdata).len, 0);
	assert_int_equal(smimea_certificate(bytes_of("")).len, 0);
	assert_int_equal(smimea_certificate(bytes_of("\3")).len, 0);
	buf_free(&to);
}

static void test_judge(void **state)
{
	struct bytes records[2];
	struct buf one, two;
	unsigned char selector, matching;

	(void)state;
	buf_init(&one, 10000);
	buf_init(&two, 10000);
	for (selector = 0; selector < 2; selector++)
		for (matching = 0; matching < 3; matching++) {
			buf_clear(&one);
			records[0] = record(&one, TLSA_DANE_EE, selector,
					    matching);
			assert_int_equal(smimea_judge(records, 1, certificate,
						      spki), SMIMEA_NAMES);
			assert_int_equal(smimea_judge(records, 1, spki,
						      certificate),
					 SMIMEA_NOTHING);
			buf_clear(&one);
			records[0] = record(&one, TLSA_PKIX_EE, selector,
					    matching);
			assert_int_equal(smimea_judge(records, 1, certificate,
						      spki), SMIMEA_NARROWS);
			buf_clear(&one);
			records[0] = record(&one, TLSA_DANE_TA, selector,
					    matching);
			assert_int_equal(smimea_judge(records, 1, certificate,
						      spki), SMIMEA_NOTHING);
		}
	/* The stronger of two records counts, and the better of two words. */
	buf_clear(&one);
	records[0] = record(&one, TLSA_DANE_EE, TLSA_CERT, TLSA_SHA256);
	records[1] = record(&two, TLSA_DANE_EE, TLSA_CERT, TLSA_SHA512);
	two.data[10] ^= 1;
	assert_int_equal(smimea_judge(records, 2, certificate, spki),
			 SMIMEA_NOTHING);
	buf_clear(&two);
	records[1] = record(&two, TLSA_PKIX_EE, TLSA_CERT, TLSA_SHA256);
	assert_int_equal(smimea_judge(records, 2, certificate, spki),
			 SMIMEA_NAMES);
	assert_int_equal(smimea_judge(records, 0, certificate, spki),
			 SMIMEA_NOTHING);
	buf_free(&one);
	buf_free(&two);
}

static void test_print(void **state)
{
	static unsigned char large[MAILBOX_RECORD_MAX + 1];
	struct bytes over = { large, sizeof(large) };
	struct buf rdata, text;

	(void)state;
	buf_init(&rdata, 20000);
	buf_init(&text, 40000);
	smimea_put(&rdata, certificate);
	assert_true(bytes_equal(smimea_certificate(buf_bytes(&rdata)),
				certificate));
	assert_true(smimea_print(&text, "x._smimecert.example.org",
				 certificate));
	assert_true(bytes_starts(buf_bytes(&text), "x._smimecert.example.org. "
				 "IN SMIMEA 3 0 0 30"));
	assert_false(smimea_print(&text, "x", over));
	buf_free(&rdata);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_certificate),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
