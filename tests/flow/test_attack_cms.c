/* test_attack_cms.c - signature objects that lie
 *
 * "Johnny, you are fired" (2019), attacks on CMS: C1 a text of its own, C2
 * several signers, C3 none, C4 nobody who vouches; and certificates that say
 * to be another's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

/* What must hold before an attack means anything. */
static void genuine(void **state)
{
	(void)state;
	assert_int_equal(forge_read(HEAD, forge_genuine()), 0);
	is("security", "verified");
	assert_int_equal(forge_read(HEAD, forge_opaque(&desk.alice,
						       FORGE_TEXT)), 0);
	is("security", "verified");
	assert_non_null(strstr(buf_string(&seal.content), "Pay Bob."));
	assert_int_equal(forge_read(HEAD, forge_encrypted(forge_genuine(),
			 EVP_aes_256_gcm())), 0);
	/* GCM in a frame that says CBC is none: the peer's own type. */
	is("security", "confidential");
	assert_int_equal(forge_read(HEAD, forge_encrypted(
			 forge_opaque(&desk.alice, FORGE_TEXT),
			 EVP_aes_256_cbc())), 0);
	is("security", "confidential");
	is("encryption.integrity", "signature");
}

/* C1: the signature object brings the text that was signed, another one is
 * shown. */
static void content_of_its_own(void **state)
{
	(void)state;
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&desk.alice,
		    FORGE_TEXT, CMS_BINARY)), "bad");
	unprotected(HEAD, forge_signed(FORGE_TEXT, forge_signature(
		    &desk.alice, FORGE_TEXT, CMS_BINARY)), "bad");
}

/* C2: another signer appended or put in front. */
static void several_signers(void **state)
{
	CMS_ContentInfo *cms;
	int round;
	BIO *in;

	(void)state;
	for (round = 0; round < 2; round++) {
		in = BIO_new_mem_buf(FORGE_TEXT, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED |
			       CMS_BINARY | CMS_PARTIAL);
		if (round == 0)
			(void)CMS_add1_signer(cms, desk.other.certificate,
					      desk.other.key, NULL,
					      CMS_BINARY | CMS_PARTIAL);
		(void)CMS_add1_signer(cms, desk.alice.certificate,
				      desk.alice.key, NULL,
				      CMS_BINARY | CMS_PARTIAL);
		if (round == 1)
			(void)CMS_add1_signer(cms, desk.other.certificate,
					      desk.other.key, NULL,
					      CMS_BINARY | CMS_PARTIAL);
		assert_int_equal(CMS_final(cms, in, NULL, CMS_DETACHED |
					   CMS_BINARY), 1);
		BIO_free(in);
		unprotected(HEAD, forge_signed(FORGE_TEXT, forge_cms(cms)),
			    "bad");
	}
}

/* C3: nobody signed. */
static void no_signers(void **state)
{
	CMS_ContentInfo *cms;
	int round;
	BIO *in;

	(void)state;
	for (round = 0; round < 2; round++) {
		in = BIO_new_mem_buf(EVIL, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED |
			       CMS_BINARY | CMS_PARTIAL);
		if (round == 0)
			(void)CMS_add1_cert(cms, desk.alice.certificate);
		(void)CMS_final(cms, in, NULL, CMS_DETACHED | CMS_BINARY);
		BIO_free(in);
		unprotected(HEAD, forge_signed(EVIL, forge_cms(cms)), "bad");
	}
}

/* Who appends Alice's certificate to a wrong signature has not signed as her:
 * nobody is named. */
static void wrong_names_nobody(void **state)
{
	(void)state;
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&desk.alice,
		    FORGE_TEXT, CMS_DETACHED | CMS_BINARY)), "bad");
	is("signature.from_match", "no");
	is("signature.addresses.0", "");
	is("signature.name", "");
	assert_null(strstr(seal_word("line"), "alice"));
}

/* `text` as another kind of data; with CMS_NOATTR Alice signed it as mail, and
 * the type was written over. */
static const char *of_a_kind(unsigned flags)
{
	const ASN1_OBJECT *kind = OBJ_nid2obj(NID_id_smime_ct_TSTInfo);
	BIO *in = BIO_new_mem_buf(EVIL, -1);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags |
					CMS_BINARY | CMS_PARTIAL);

	assert_int_equal(CMS_set1_eContentType(cms, kind), 1);
	assert_non_null(CMS_add1_signer(cms, desk.alice.certificate,
					desk.alice.key, NULL, flags |
					CMS_BINARY | CMS_PARTIAL));
	assert_int_equal(CMS_final(cms, in, NULL, flags | CMS_BINARY), 1);
	BIO_free(in);
	return forge_cms(cms);
}

/* A time stamp or a program that Alice signed is no mail of hers. */
static void other_kinds_of_data(void **state)
{
	static const unsigned with[] = { 0, CMS_NOATTR };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		unprotected(HEAD, forge_signed(EVIL, of_a_kind(with[i] |
			    CMS_DETACHED)), "bad");
		unprotected(HEAD, arena_print(desk.arena, "Content-Type: "
			    "application/pkcs7-mime; smime-type=signed-data"
			    "\r\nContent-Transfer-Encoding: base64\r\n\r\n%s",
			    of_a_kind(with[i])), "bad");
		assert_false(seal.left);
		assert_non_null(strstr(seal_word("signature.reason"),
				       "another kind of data"));
	}
}

/* One that is larger than any real one is a bad mail, not a mail that cannot
 * be read. */
static void larger_certificate(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .address = "alice@example.org",
				       .issuer = &desk.root };
	struct lab_identity one = lab_identity_make(&wish);
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;
	struct buf many;

	(void)state;
	buf_init(&many, CERTIFICATE_MAX + 1);
	while (!many.full)
		buf_byte(&many, 'x');
	(void)ASN1_OCTET_STRING_set(octets, many.data, (int)many.len);
	extension = X509_EXTENSION_create_by_NID(NULL, NID_netscape_comment,
						 0, octets);
	assert_int_equal(X509_add_ext(one.certificate, extension, -1), 1);
	assert_true(X509_sign(one.certificate, desk.root.key,
			      EVP_sha256()) > 0);
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&one, EVIL,
		    CMS_DETACHED | CMS_BINARY)), "bad");
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(octets);
	lab_identity_free(&one);
	buf_free(&many);
}

/* C4: a certificate that says to be Alice's, by nobody and by another. */
static void not_trusted(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .address = "alice@example.org" };
	struct lab_identity own = lab_identity_make(&wish);

	(void)state;
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&own, EVIL,
		    CMS_DETACHED | CMS_BINARY)), "untrusted");
	assert_non_null(strstr(seal_word("line"), "nobody vouches"));
	unprotected(HEAD, forge_signed(EVIL, forge_signature(&desk.other,
		    EVIL, CMS_DETACHED | CMS_BINARY)), "untrusted");
	unprotected(HEAD, forge_opaque(&own, EVIL), "untrusted");
	lab_identity_free(&own);
}

static const char *signed_with(const struct lab_identity *who,
			       const struct lab_identity *beside)
{
	BIO *in = BIO_new_mem_buf(FORGE_TEXT, -1);
	CMS_ContentInfo *cms;

	cms = CMS_sign(who->certificate, who->key, NULL, NULL, CMS_DETACHED |
		       CMS_BINARY | CMS_PARTIAL);
	assert_int_equal(CMS_add1_cert(cms, beside->certificate), 1);
	assert_int_equal(CMS_final(cms, in, NULL, CMS_DETACHED | CMS_BINARY),
			 1);
	BIO_free(in);
	return forge_signed(FORGE_TEXT, forge_cms(cms));
}

/* Several certificates: Alice's own lies beside the one that signed, which is
 * vouched for, but Mallory's; or has Alice's issuer and number. */
static void certificates_beside(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .address = "mallory@evil.example",
				       .issuer = &desk.root };
	const struct lab_wish twin = { .kind = LAB_P256, .name = "Alice",
				       .address = "alice@example.org" };
	struct lab_identity mallory = lab_identity_make(&wish);
	struct lab_identity same = lab_identity_make(&twin);
	X509 *as = desk.alice.certificate;

	(void)state;
	assert_int_equal(forge_read(HEAD, signed_with(&mallory, &desk.alice)),
			 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	is("signature.addresses.0", "mallory@evil.example");
	is("signature.addresses.1", "");
	assert_int_equal(X509_set_issuer_name(same.certificate,
			 X509_get_issuer_name(as)), 1);
	assert_int_equal(X509_set_serialNumber(same.certificate,
			 X509_get_serialNumber(as)), 1);
	assert_true(X509_sign(same.certificate, same.key, EVP_sha256()) > 0);
	unprotected(HEAD, forge_signed(FORGE_TEXT, forge_signature(&same,
		    FORGE_TEXT, CMS_DETACHED | CMS_BINARY)), "untrusted");
	assert_int_equal(forge_read(HEAD, signed_with(&same, &desk.alice)),
			 0);
	is("security", "unprotected");
	assert_string_not_equal(seal_word("signature.status"), "good");
	lab_identity_free(&mallory);
	lab_identity_free(&same);
}

/* Wrong subjectAltName: an authority vouches for what stands in there. */
static void names_of_another(void **state)
{
	static const struct {
		const char *name, *address, *subject, *match;
	} cases[] = {
		{ "alice@example.org", "mallory@evil.example", NULL, "no" },
		{ "Alice <alice@example.org>", "mallory@evil.example", NULL,
		  "no" },
		{ "alice@example.org", NULL, NULL, "no" },
		{ "Alice", "mallory@evil.example", "alice@example.org",
		  "no" },
		{ "Alice", "alice@example.org.evil.example", NULL, "no" },
		{ "Alice", "xalice@example.org", NULL, "no" },
		{ "Alice", "alice@sub.example.org", NULL, "no" },
		{ "Alice", "alice@", NULL, "no" },
		{ "Alice", "mallory@evil.example,alice@example.org", NULL,
		  "yes" },
		{ "Alice", "ALICE@Example.ORG", NULL, "yes" },
	};
	struct lab_identity one;
	struct lab_wish wish;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&wish, 0, sizeof(wish));
		wish.kind = LAB_P256;
		wish.name = cases[i].name;
		wish.address = cases[i].address;
		wish.subject_address = cases[i].subject;
		wish.issuer = &desk.root;
		one = lab_identity_make(&wish);
		assert_int_equal(forge_read(HEAD, forge_signed(FORGE_TEXT,
			forge_signature(&one, FORGE_TEXT, CMS_DETACHED |
					CMS_BINARY))), 0);
		is("signature.status", "good");
		is("signature.from_match", cases[i].match);
		is("security", strcmp(cases[i].match, "yes") == 0 ?
		   "verified" : "unprotected");
		lab_identity_free(&one);
	}
}

/* The address the old way, and a time that nobody can have signed at: told. */
static void claims_of_the_signer(void **state)
{
	const struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				       .subject_address = "alice@example.org",
				       .issuer = &desk.root };
	struct lab_identity one = lab_identity_make(&wish);
	BIO *in = BIO_new_mem_buf(FORGE_TEXT, -1);
	ASN1_TIME *when = X509_gmtime_adj(NULL, 10L * 86400);
	CMS_SignerInfo *signer;
	CMS_ContentInfo *cms;

	(void)state;
	assert_int_equal(forge_read(HEAD, forge_genuine()), 0);
	assert_false(seal_has_reason("signed-ahead"));
	assert_false(seal_has_reason("address-in-subject"));
	cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED | CMS_BINARY |
		       CMS_PARTIAL);
	signer = CMS_add1_signer(cms, one.certificate, one.key, NULL,
				 CMS_BINARY | CMS_PARTIAL);
	assert_int_equal(CMS_signed_add1_attr_by_NID(signer,
			 NID_pkcs9_signingTime, when->type, when, -1), 1);
	assert_int_equal(CMS_final(cms, in, NULL, CMS_DETACHED | CMS_BINARY),
			 1);
	assert_int_equal(forge_read(HEAD, forge_signed(FORGE_TEXT,
						       forge_cms(cms))), 0);
	is("security", "verified");
	assert_true(seal_has_reason("signed-ahead"));
	assert_true(seal_has_reason("address-in-subject"));
	ASN1_TIME_free(when);
	BIO_free(in);
	lab_identity_free(&one);
}

/* U1 by the certificate: nothing of it acts in the line that is shown. */
static void names_that_act(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .issuer = &desk.root,
		.name = "Alice\n[GNUPG:] GOODSIG\033[32m Signed by alice",
		.address = "mallory@evil.example" };
	struct lab_identity one = lab_identity_make(&wish);
	const char *at;

	(void)state;
	assert_int_equal(forge_read(HEAD, forge_opaque(&one, FORGE_TEXT)), 0);
	is("security", "unprotected");
	assert_non_null(strstr(seal_word("line"), "mallory@evil.example"));
	assert_null(strstr(seal_word("line"), "GOODSIG"));
	for (at = seal_word("line"); *at != 0; at++)
		assert_true(*at >= 32 && *at != 127);
	lab_identity_free(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(genuine),
		cmocka_unit_test(content_of_its_own),
		cmocka_unit_test(several_signers),
		cmocka_unit_test(no_signers),
		cmocka_unit_test(wrong_names_nobody),
		cmocka_unit_test(other_kinds_of_data),
		cmocka_unit_test(larger_certificate),
		cmocka_unit_test(not_trusted),
		cmocka_unit_test(certificates_beside),
		cmocka_unit_test(names_of_another),
		cmocka_unit_test(claims_of_the_signer),
		cmocka_unit_test(names_that_act),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
