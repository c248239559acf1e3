/* test_sample_people.c - people with certificates as RFC 9216 shapes them
 *
 * Alice and Bob: RSA, one certificate to sign and another one to encrypt, of
 * one address; Carlos: Ed25519; Dana: X25519.  OpenSSL 3.0's CMS knows the
 * latter two as certificates and no further: that is said, and is never "not
 * signed" or "not encrypted".  The certificates are made here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

#define FROM_ALICE	"From: alice@smime.example\r\n" \
			"To: bob@smime.example\r\nSubject: noon\r\n"
#define FROM_CARLOS	"From: carlos@smime.example\r\n" \
			"To: dana@smime.example\r\nSubject: noon\r\n"
#define SIGNS	"digitalSignature,nonRepudiation"

static struct {
	struct lab_identity rsa, edwards;	/* authorities */
	struct lab_identity alice_signs, alice_reads, bob_signs, bob_reads;
	struct lab_identity carlos_signs, carlos_reads, dana_signs, dana_reads;
} people;

static void person(struct lab_identity *out, enum lab_key kind,
		   const char *name, const char *address, const char *usage,
		   const struct lab_identity *issuer)
{
	struct lab_wish wish = { .kind = kind, .name = name,
				 .address = address, .usage = usage,
				 .extended = "emailProtection",
				 .issuer = issuer,
				 .authority = address == NULL };

	if (wish.authority)
		wish.usage = wish.extended = NULL;
	*out = lab_identity_make(&wish);
}

static int people_setup(void **state)
{
	struct lab_identity *rsa = &people.rsa, *edwards = &people.edwards;

	if (setup(state) != 0)
		return -1;
	person(rsa, LAB_RSA_2048, "Sample RSA authority", NULL, NULL, NULL);
	person(edwards, LAB_ED25519, "Sample Ed25519 authority", NULL, NULL,
	       NULL);
	person(&people.alice_signs, LAB_RSA_2048, "Alice",
	       "alice@smime.example", SIGNS, rsa);
	person(&people.alice_reads, LAB_RSA_2048, "Alice",
	       "alice@smime.example", "keyEncipherment", rsa);
	person(&people.bob_signs, LAB_RSA_2048, "Bob", "bob@smime.example",
	       SIGNS, rsa);
	person(&people.bob_reads, LAB_RSA_2048, "Bob", "bob@smime.example",
	       "keyEncipherment", rsa);
	person(&people.carlos_signs, LAB_ED25519, "Carlos",
	       "carlos@smime.example", SIGNS, edwards);
	person(&people.carlos_reads, LAB_X25519, "Carlos",
	       "carlos@smime.example", "keyAgreement", edwards);
	person(&people.dana_signs, LAB_ED25519, "Dana", "dana@smime.example",
	       SIGNS, edwards);
	person(&people.dana_reads, LAB_X25519, "Dana", "dana@smime.example",
	       "keyAgreement", edwards);
	(void)X509_STORE_add_cert(desk.authorities, rsa->certificate);
	(void)X509_STORE_add_cert(desk.authorities, edwards->certificate);
	desk.smime.own_count = 0;
	desk_own(&people.bob_signs);
	desk_own(&people.bob_reads);
	desk_own(&people.dana_signs);
	desk_own(&people.dana_reads);
	return 0;
}

static int people_teardown(void **state)
{
	struct lab_identity *all = &people.rsa;
	size_t i;

	for (i = 0; i < sizeof(people) / sizeof(*all); i++)
		lab_identity_free(&all[i]);
	return teardown(state);
}

static const char *sealed_to(const struct lab_identity *to, const char *text)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms;

	(void)sk_X509_push(list, to->certificate);
	cms = CMS_encrypt(list, in, EVP_aes_128_cbc(), CMS_BINARY);
	assert_non_null(cms);
	sk_X509_free(list);
	BIO_free(in);
	return arena_print(desk.arena, "Content-Type: application/pkcs7-mime;"
			   " smime-type=enveloped-data\r\n"
			   "Content-Transfer-Encoding: base64\r\n\r\n%s",
			   forge_cms(cms));
}

static void alice_to_bob(void **state)
{
	const char *text = forge_signed(FORGE_TEXT, forge_signature(
		&people.alice_signs, FORGE_TEXT, CMS_DETACHED | CMS_BINARY));

	(void)state;
	assert_int_equal(forge_read(FROM_ALICE, text), 0);
	is("security", "verified");
	is("signature.algorithm", "rsa-sha256");
	is("signature.trust", "pkix");
	assert_int_equal(forge_read(FROM_ALICE, forge_opaque(
			 &people.alice_signs, FORGE_TEXT)), 0);
	is("security", "verified");
	assert_int_equal(forge_read(FROM_ALICE, sealed_to(&people.bob_reads,
							  text)), 0);
	is("security", "confidential");
	is("encryption.algorithm", "aes128-cbc");
	is("encryption.integrity", "signature");
	assert_string_equal(buf_string(&seal.content), FROM_ALICE
			    "MIME-Version: 1.0\r\n" FORGE_TEXT);
}

/* Each certificate for what it is for. */
static void not_the_other_one(void **state)
{
	const struct lab_identity *reads[1] = { &people.alice_signs };

	(void)state;
	assert_int_equal(desk_sign(bytes_of(FORGE_TEXT), &people.bob_reads),
			 ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "not one for signing"));
	assert_int_equal(desk_encrypt(bytes_of(FORGE_TEXT), reads, 1),
			 ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why),
			       "not one for encrypting"));
	/* Somebody else's program did so. */
	unprotected(FROM_ALICE, forge_signed(FORGE_TEXT, forge_signature(
		    &people.alice_reads, FORGE_TEXT, CMS_DETACHED |
		    CMS_BINARY)), "untrusted");
}

/* One with issuer and number of `of`, but with a key that OpenSSL's CMS can
 * make objects with. */
static struct lab_identity twin_of(const struct lab_identity *of)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Twin" };
	struct lab_identity out = lab_identity_make(&wish);

	assert_int_equal(X509_set_issuer_name(out.certificate,
			 X509_get_issuer_name(of->certificate)), 1);
	assert_int_equal(X509_set_serialNumber(out.certificate,
			 X509_get_serialNumber(of->certificate)), 1);
	assert_true(X509_sign(out.certificate, out.key, EVP_sha256()) > 0);
	return out;
}

static void carlos_signs(void **state)
{
	struct lab_identity twin = twin_of(&people.carlos_signs);
	BIO *in = BIO_new_mem_buf(FORGE_TEXT, -1);
	CMS_ContentInfo *cms = CMS_sign(twin.certificate, twin.key, NULL, in,
		CMS_DETACHED | CMS_BINARY | CMS_NOCERTS);
	CMS_SignerInfo *signer =
		sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	X509_ALGOR *signature = NULL;

	(void)state;
	BIO_free(in);
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, NULL, &signature);
	assert_int_equal(X509_ALGOR_set0(signature, OBJ_nid2obj(NID_ED25519),
					 V_ASN1_UNDEF, NULL), 1);
	(void)CMS_add1_cert(cms, people.carlos_signs.certificate);
	unprotected(FROM_CARLOS, forge_signed(FORGE_TEXT, forge_cms(cms)),
		    "unsupported");
	is("covers", "whole");
	assert_true(seal_has_reason("signature-unsupported"));
	assert_non_null(strstr(seal_word("signature.reason"), "ED25519"));
	assert_non_null(strstr(seal_word("line"), "unsupported algorithm"));
	lab_identity_free(&twin);
	/* The user's own such key does not sign, and says why. */
	assert_int_equal(desk_sign(bytes_of(FORGE_TEXT), &people.dana_signs),
			 ERR_UNSUPPORTED);
}

/* As RFC 8418 has it: the sender's own X25519 key, and HKDF. */
static const char *agreed_with(const struct lab_identity *twin)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(FORGE_TEXT, -1);
	CMS_RecipientInfo *info;
	X509_ALGOR *agreement = NULL, *key = NULL;
	ASN1_BIT_STRING *point = NULL;
	CMS_ContentInfo *cms;

	(void)sk_X509_push(list, twin->certificate);
	cms = CMS_encrypt(list, in, EVP_aes_128_cbc(), CMS_BINARY);
	assert_non_null(cms);
	sk_X509_free(list);
	BIO_free(in);
	info = sk_CMS_RecipientInfo_value(CMS_get0_RecipientInfos(cms), 0);
	assert_int_equal(CMS_RecipientInfo_type(info), CMS_RECIPINFO_AGREE);
	assert_int_equal(CMS_RecipientInfo_kari_get0_orig_id(info, &key,
			 &point, NULL, NULL, NULL), 1);
	assert_int_equal(X509_ALGOR_set0(key, OBJ_nid2obj(NID_X25519),
					 V_ASN1_UNDEF, NULL), 1);
	assert_int_equal(ASN1_STRING_set(point, "0123456789abcdef0123456789ab"
					 "cdef", 32), 1);
	assert_int_equal(CMS_RecipientInfo_kari_get0_alg(info, &agreement,
							 NULL), 1);
	assert_int_equal(X509_ALGOR_set0(agreement,
			 OBJ_txt2obj("1.2.840.113549.1.9.16.3.19", 1),
			 V_ASN1_UNDEF, NULL), 1);
	return arena_print(desk.arena, "Content-Type: application/pkcs7-mime;"
			   " smime-type=enveloped-data\r\n"
			   "Content-Transfer-Encoding: base64\r\n\r\n%s",
			   forge_cms(cms));
}

static void dana_reads(void **state)
{
	struct lab_identity twin = twin_of(&people.dana_reads);
	const struct lab_identity *to[1] = { &people.dana_reads };

	(void)state;
	assert_int_equal(forge_read(FROM_CARLOS, agreed_with(&twin)), 0);
	is("security", "encrypted");
	is("encryption.status", "unsupported");
	assert_true(seal_has_reason("not-opened"));
	assert_false(seal.left);
	lab_identity_free(&twin);
	/* Nor is anything encrypted to such a key. */
	assert_int_equal(desk_encrypt(bytes_of(FORGE_TEXT), to, 1),
			 ERR_UNSUPPORTED);
	assert_non_null(strstr(buf_string(&desk.why), "x25519"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alice_to_bob),
		cmocka_unit_test(not_the_other_one),
		cmocka_unit_test(carlos_signs),
		cmocka_unit_test(dana_reads),
	};

	return cmocka_run_group_tests(tests, people_setup, people_teardown);
}
