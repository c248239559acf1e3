/* test_smime_signer.c - signers that are not, or no more, to be believed */
#include "tests/unit/crypto/smime_open_desk.h"

/* C4: its own authority, one that nobody knows, the user's word. */
static void not_trusted(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .address = "alice@example.org" };
	struct lab_identity own = lab_identity_make(&wish);

	(void)state;
	verify_is(signed_by(&own, DETACHED), "untrusted");
	assert_int_equal(desk.facts.signers[0].trust, SEAL_TRUST_NONE);
	assert_string_equal(desk.facts.signers[0].addresses[0],
			    "alice@example.org");
	verify_is(signed_by(&desk.other, DETACHED), "untrusted");
	desk.vouched = SEAL_TRUST_SEEN;
	verify_is(signed_by(&own, DETACHED), "untrusted");
	assert_int_equal(desk.facts.signers[0].trust, SEAL_TRUST_SEEN);
	desk.vouched = SEAL_TRUST_OWN;
	verify_is(signed_by(&own, DETACHED), "good");
	desk.vouched = SEAL_TRUST_DANE;
	verify_is(signed_by(&own, DETACHED), "good");
	assert_int_equal(desk.facts.signers[0].trust, SEAL_TRUST_DANE);
	desk.vouched = SEAL_TRUST_REFUSED;
	verify_is(signed_by(&desk.alice, DETACHED), "untrusted");
	desk.vouched = SEAL_TRUST_NONE;
	verify_is(signed_by(&desk.alice, DETACHED), "good");
	lab_identity_free(&own);
}

static void wrong_for_this(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				 .address = "alice@example.org",
				 .issuer = &desk.root };

	(void)state;
	by(&wish, EVP_sha256(), "good");
	by(&wish, EVP_sha1(), "weak");
	wish.usage = "keyAgreement";
	by(&wish, EVP_sha256(), "untrusted");
	wish.usage = NULL;
	wish.extended = "serverAuth";
	by(&wish, EVP_sha256(), "untrusted");
	wish.extended = NULL;
	wish.from = -9000;
	wish.until = -8000;
	by(&wish, EVP_sha256(), "expired");
	wish.from = 9000;
	wish.until = 10000;
	by(&wish, EVP_sha256(), "untrusted");
	wish.from = wish.until = 0;
	wish.digest = EVP_sha1();	/* the authority's own signature */
	by(&wish, EVP_sha256(), "untrusted");
	wish.digest = NULL;
	wish.kind = LAB_RSA_1024;
	by(&wish, EVP_sha256(), "good");
	assert_int_equal(desk.facts.signers[0].key_bits, 1024);
	wish.kind = LAB_RSA_512;
	by(&wish, EVP_sha256(), "weak");
}

static void unsupported_digest(void **state)
{
	static const unsigned char sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65,
						0x03, 0x04, 0x02, 0x01 };
	CMS_ContentInfo *cms = signed_by(&desk.alice, DETACHED);
	unsigned char *at;

	(void)state;
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	while ((at = memmem(desk.blob.data, desk.blob.len, sha256,
			    sizeof(sha256))) != NULL)
		at[8] = 0x08;		/* SHA3-256 */
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	state_is("unsupported");
	assert_non_null(strstr(desk.facts.reason, "2.16.840.1.101.3.4.2.8"));
}

/* An algorithm that OpenSSL 3.0 lacks is no missing signature. */
static void unsupported_signature(void **state)
{
	static const unsigned char ecdsa[] = { 0x06, 0x08, 0x2a, 0x86, 0x48,
		0xce, 0x3d, 0x04, 0x03, 0x02 };
	CMS_ContentInfo *cms = signed_by(&desk.alice, DETACHED);
	unsigned char *at, *last = NULL, *from;

	(void)state;
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	from = desk.blob.data;
	while ((at = memmem(from, desk.blob.len - (size_t)(from -
			    desk.blob.data), ecdsa, sizeof(ecdsa))) != NULL) {
		last = at;		/* behind the certificates' */
		from = at + 1;
	}
	assert_non_null(last);
	last[9] = 0x7f;			/* a name that nobody has given */
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	state_is("unsupported");
	assert_int_equal(desk.facts.signer_count, 1);
}

static void revoked(void **state)
{
	X509_CRL *list = lab_crl_make(&desk.root, desk.alice.certificate);
	X509_CRL *forged = lab_crl_make(&desk.other_root,
					desk.alice.certificate);
	CMS_ContentInfo *cms = signed_by(&desk.alice, DETACHED);

	(void)state;
	assert_int_equal(CMS_add1_crl(cms, list), 1);
	verify_is(cms, "revoked");
	cms = signed_by(&desk.alice, DETACHED);
	assert_int_equal(CMS_add1_crl(cms, forged), 1);
	verify_is(cms, "good");
	cms = signed_by(&desk.bob, DETACHED);
	assert_int_equal(CMS_add1_crl(cms, list), 1);
	verify_is(cms, "good");
	X509_CRL_free(list);
	X509_CRL_free(forged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_trusted),
		cmocka_unit_test(wrong_for_this),
		cmocka_unit_test(unsupported_digest),
		cmocka_unit_test(unsupported_signature),
		cmocka_unit_test(revoked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
