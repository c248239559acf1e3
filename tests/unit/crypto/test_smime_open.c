/* test_smime_open.c - texts inside signatures, and what is none */
#include "tests/unit/crypto/smime_open_desk.h"

static void text_inside(void **state)
{
	CMS_ContentInfo *cms = signed_by(&desk.alice, CMS_BINARY);
	size_t at;

	(void)state;
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	assert_int_equal(desk_open_blob(buf_bytes(&desk.blob)), 0);
	state_is("good");
	assert_int_equal(desk.facts.opening, SEAL_NOT_ENCRYPTED);
	assert_string_equal(buf_string(&desk.out), DESK_TEXT);
	at = (size_t)((unsigned char *)memmem(desk.blob.data, desk.blob.len,
					      "noon", 4) - desk.blob.data);
	desk.blob.data[at] = 'm';
	assert_int_equal(desk_open_blob(buf_bytes(&desk.blob)), 0);
	state_is("bad");
}

/* The same as BER in pieces, as a streaming peer writes it. */
static void text_inside_in_pieces(void **state)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY |
					CMS_PARTIAL | CMS_STREAM);
	char *text = malloc(300001);
	struct bytes blob;
	BIO *in, *out = BIO_new(BIO_s_mem());
	char *data;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 300000);
	text[300000] = 0;
	in = BIO_new_mem_buf(text, 300000);
	assert_non_null(CMS_add1_signer(cms, desk.alice.certificate,
					desk.alice.key, EVP_sha512(),
					CMS_BINARY | CMS_PARTIAL));
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in, CMS_BINARY |
					    CMS_STREAM | CMS_PARTIAL), 1);
	blob.len = (size_t)BIO_get_mem_data(out, &data);
	blob.data = (unsigned char *)data;
	assert_int_equal(desk_open_blob(blob), 0);
	state_is("good");
	assert_string_equal(desk.facts.signers[0].digest, "sha512");
	assert_string_equal(buf_string(&desk.out), text);
	blob.len -= 40;
	assert_int_equal(desk_open_blob(blob), 0);
	state_is("bad");
	BIO_free(in);
	BIO_free(out);
	CMS_ContentInfo_free(cms);
	free(text);
}

/* C1: a signature beside a text that carries another one. */
static void text_of_its_own(void **state)
{
	(void)state;
	verify_is(signed_by(&desk.alice, CMS_BINARY), "bad");
	assert_int_equal(desk.facts.signer_count, 0);
	assert_non_null(strstr(desk.facts.reason, "a text of its own"));
}

/* C2: several signers, both right, in both orders. */
static void several_signers(void **state)
{
	const struct lab_identity *order[2] = { &desk.alice, &desk.bob };
	CMS_ContentInfo *cms;
	unsigned round, i;
	BIO *text;

	(void)state;
	for (round = 0; round < 2; round++) {
		text = BIO_new_mem_buf(DESK_TEXT, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, DETACHED |
			       CMS_PARTIAL);
		for (i = 0; i < 2; i++)
			assert_non_null(CMS_add1_signer(cms,
				order[i ^ round]->certificate,
				order[i ^ round]->key, EVP_sha256(),
				DETACHED | CMS_PARTIAL));
		assert_int_equal(CMS_final(cms, text, NULL, DETACHED), 1);
		verify_is(cms, "bad");
		assert_int_equal(desk.facts.signer_count, 0);
		BIO_free(text);
	}
}

/* C3: nobody signed, with and without certificates. */
static void no_signers(void **state)
{
	CMS_ContentInfo *cms;
	BIO *text;
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		text = BIO_new_mem_buf(DESK_TEXT, -1);
		cms = CMS_sign(NULL, NULL, NULL, NULL, DETACHED |
			       CMS_PARTIAL);
		if (round == 0)
			(void)CMS_add1_cert(cms, desk.alice.certificate);
		(void)CMS_final(cms, text, NULL, DETACHED);	/* says no */
		verify_is(cms, "bad");
		assert_non_null(strstr(desk.facts.reason, "empty"));
		BIO_free(text);
	}
}

/* The same with its text inside. */
static void no_signers_inside(void **state)
{
	static const unsigned char object[] = {
		0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01, 0x07, 0x02, 0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01,
		0x31, 0x00, 0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
		0xf7, 0x0d, 0x01, 0x07, 0x01, 0xa0, 0x80, 0x04, 0x02, 'h',
		'i', 0, 0, 0, 0, 0x31, 0x00, 0, 0, 0, 0, 0, 0
	};
	const struct bytes whole = { object, sizeof(object) };

	(void)state;
	assert_int_equal(desk_open_blob(whole), 0);
	state_is("bad");
	assert_non_null(strstr(desk.facts.reason, "empty"));
	assert_string_equal(buf_string(&desk.out), "hi");
	assert_int_equal(desk_open_blob(bytes_slice(whole, 0, 52)), 0);
	state_is("bad");
	assert_non_null(strstr(desk.facts.reason, "damaged"));
}

/* The signed attributes of one signature as the text of another. */
static void attributes_as_text(void **state)
{
	CMS_ContentInfo *cms = signed_by(&desk.alice, DETACHED), *bare;
	CMS_SignerInfo *si, *to;
	ASN1_OCTET_STRING *signature, *copy;
	unsigned char *der = NULL;
	X509_ALGOR *algorithm;
	struct bytes set;
	BIO *text;
	int len, i;
	struct buf all;

	(void)state;
	si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	signature = CMS_SignerInfo_get0_signature(si);
	/* The DER SET, in the order in which it was signed. */
	buf_init(&all, 10000);
	for (i = 0; i < CMS_signed_get_attr_count(si); i++) {
		len = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);
		assert_true(len > 0);
		set.data = der;
		set.len = (size_t)len;
		buf_add(&all, set);
		OPENSSL_free(der);
		der = NULL;
	}
	buf_clear(&desk.out);
	buf_byte(&desk.out, 0x31);
	if (all.len > 255) {
		buf_byte(&desk.out, 0x82);
		buf_u16(&desk.out, (uint16_t)all.len);
	} else {
		buf_byte(&desk.out, 0x81);
		buf_byte(&desk.out, (unsigned char)all.len);
	}
	buf_add(&desk.out, buf_bytes(&all));
	text = BIO_new_mem_buf(desk.out.data, (int)desk.out.len);
	bare = CMS_sign(desk.alice.certificate, desk.alice.key, NULL, text,
			DETACHED | CMS_NOATTR);
	assert_non_null(bare);
	to = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(bare), 0);
	copy = CMS_SignerInfo_get0_signature(to);
	assert_int_equal(ASN1_STRING_set(copy,
					 ASN1_STRING_get0_data(signature),
					 ASN1_STRING_length(signature)), 1);
	CMS_SignerInfo_get0_algs(to, NULL, NULL, NULL, &algorithm);
	desk_blob_of(bare);
	assert_int_equal(desk_verify(buf_bytes(&desk.out),
				     buf_bytes(&desk.blob)), 0);
	state_is("bad");
	BIO_free(text);
	buf_free(&all);
	CMS_ContentInfo_free(cms);
	CMS_ContentInfo_free(bare);
}

/* Any one octet of the object: never good, never a crash. */
static void every_octet(void **state)
{
	CMS_ContentInfo *cms = signed_by(&desk.alice, DETACHED);
	struct bytes copy;
	size_t i, good = 0;

	(void)state;
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	copy = arena_bytes(desk.arena, buf_bytes(&desk.blob));
	for (i = 0; i < copy.len; i++) {
		desk.blob.data[i] ^= 0x04;
		assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)),
				 0);
		good += desk.facts.state == SEAL_GOOD;
		desk.blob.data[i] ^= 0x04;
		assert_int_equal(desk_verify(TEXT, bytes_slice(copy, 0, i)),
				 0);
		assert_int_not_equal(desk.facts.state, SEAL_GOOD);
	}
	/* What neither signature covers: version, names of unused fields. */
	assert_true(good < 40);
}

static void no_object(void **state)
{
	static const char *const blobs[] = {
		"", "x", "0", "\x30\x03\x02\x01\x01", "-----BEGIN PKCS7-----",
		"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01",
		"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(blobs) / sizeof(blobs[0]); i++) {
		assert_int_equal(desk_verify(TEXT, bytes_of(blobs[i])), 0);
		state_is("bad");
		assert_int_equal(desk_open_blob(bytes_of(blobs[i])), 0);
		/* Of bare data no more is said than that it is such. */
		assert_int_equal(desk.facts.opening, i == 5 ?
				 SEAL_NOT_ENCRYPTED : SEAL_DAMAGED);
		assert_non_null(desk.facts.reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_inside),
		cmocka_unit_test(text_inside_in_pieces),
		cmocka_unit_test(text_of_its_own),
		cmocka_unit_test(several_signers),
		cmocka_unit_test(no_signers),
		cmocka_unit_test(no_signers_inside),
		cmocka_unit_test(attributes_as_text),
		cmocka_unit_test(every_octet),
		cmocka_unit_test(no_object),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
