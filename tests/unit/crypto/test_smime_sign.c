/* test_smime_sign.c - signatures of every kind that we make and read */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/crypto/smime_desk.h"

#define TEXT	bytes_of(DESK_TEXT)

static int setup(void **state)
{
	(void)state;
	smime_prepare();
	desk_open(LAB_RSA_2048, LAB_P256);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close();
	return 0;
}

static void good_by(const struct lab_identity *who, const char *algorithm,
		    const char *digest)
{
	const struct seal_signer *signer = &desk.facts.signers[0];

	assert_int_equal(desk_sign(TEXT, who), 0);
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	assert_string_equal(seal_state_name[desk.facts.state], "good");
	assert_int_equal(desk.facts.opening, SEAL_NOT_ENCRYPTED);
	assert_int_equal(desk.facts.signer_count, 1);
	assert_int_equal(signer->trust, SEAL_TRUST_PKIX);
	assert_string_equal(signer->algorithm, algorithm);
	assert_string_equal(signer->digest, digest);
	assert_string_equal(signer->addresses[0], "alice@example.org");
	assert_string_equal(signer->name, "Alice");
	assert_int_equal(strlen(signer->fingerprint), 64);
	assert_true(signer->signed_at > clock_wall() - 600 &&
		    signer->signed_at <= clock_wall());
	assert_int_equal(signer->reads, SMIME_READS_GCM | SMIME_READS_OAEP);
	assert_true(signer->blob.len > 100);
	/* One octet of the text, or of the signature. */
	assert_int_equal(desk_verify(bytes_of("meet me at one"),
				     buf_bytes(&desk.blob)), 0);
	assert_string_equal(seal_state_name[desk.facts.state], "bad");
	assert_non_null(desk.facts.reason);
	desk.blob.data[desk.blob.len - 9] ^= 1;
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	assert_string_equal(seal_state_name[desk.facts.state], "bad");
}

static void of_every_kind(void **state)
{
	static const struct {
		enum lab_key kind;
		const char *algorithm, *digest;
	} kinds[] = {
		{ LAB_P256, "ecdsa-p256", "sha256" },
		{ LAB_P384, "ecdsa-p384", "sha384" },
		{ LAB_P521, "ecdsa-p521", "sha256" },
		{ LAB_RSA_PSS, "rsa-pss", "sha256" },
	};
	struct lab_wish wish = { .name = "Alice",
				 .address = "alice@example.org",
				 .issuer = &desk.root };
	struct lab_identity who;
	size_t i;

	(void)state;
	good_by(&desk.alice, "rsa", "sha256");
	desk.smime.padding = SMIME_PADDING_PSS;
	good_by(&desk.alice, "rsa", "sha256");
	desk.smime.padding = SMIME_PADDING_PKCS1;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		wish.kind = kinds[i].kind;
		who = lab_identity_make(&wish);
		desk_own(&who);
		good_by(&who, kinds[i].algorithm, kinds[i].digest);
		desk.smime.own_count--;
		lab_identity_free(&who);
	}
}

/* What a peer writes: OpenSSL's own signatures, with and without attributes,
 * by the address of the certificate or of its key. */
static void of_a_peer(void **state)
{
	static const unsigned flags[] = { 0, CMS_NOATTR, CMS_NOSMIMECAP,
					  CMS_USE_KEYID, CMS_CADES };
	CMS_ContentInfo *cms;
	BIO *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		text = BIO_new_mem_buf(DESK_TEXT, -1);
		cms = CMS_sign(desk.alice.certificate, desk.alice.key, NULL,
			       text, CMS_DETACHED | CMS_BINARY | flags[i]);
		assert_non_null(cms);
		desk_blob_of(cms);
		assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
		assert_string_equal(seal_state_name[desk.facts.state],
				    "good");
		CMS_ContentInfo_free(cms);
		BIO_free(text);
	}
}

static void without_certificate(void **state)
{
	BIO *text = BIO_new_mem_buf(DESK_TEXT, -1);
	CMS_ContentInfo *cms = CMS_sign(desk.other.certificate,
					desk.other.key, NULL, text,
					CMS_DETACHED | CMS_BINARY |
					CMS_NOCERTS);

	(void)state;
	desk_blob_of(cms);
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	assert_string_equal(seal_state_name[desk.facts.state], "unknown-key");
	CMS_ContentInfo_free(cms);
	BIO_free(text);
}

static void refused(const struct lab_wish *wish, const char *part)
{
	struct lab_identity who = lab_identity_make(wish);

	desk_own(&who);
	buf_clear(&desk.why);
	assert_true(desk_sign(TEXT, &who) < 0);
	assert_int_equal(desk.blob.len, 0);
	if (strstr(buf_string(&desk.why), part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part,
			 buf_string(&desk.why));
	assert_non_null(strstr(buf_string(&desk.why), "alice@example.org"));
	desk.smime.own_count--;
	lab_identity_free(&who);
}

static void not_fit_to_sign(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .name = "Alice",
				 .issuer = &desk.root };

	(void)state;
	wish.usage = "keyAgreement";
	refused(&wish, "not one for signing");
	wish.usage = NULL;
	wish.extended = "serverAuth";
	refused(&wish, "not one for signing");
	wish.extended = NULL;
	wish.from = -9000;
	wish.until = -8000;
	refused(&wish, "expired");
	wish.from = 8000;
	wish.until = 9000;
	refused(&wish, "not valid yet");
	wish.from = wish.until = 0;
	wish.kind = LAB_ED25519;
	refused(&wish, "ed25519");
	wish.kind = LAB_RSA_1024;
	refused(&wish, "1024 bits");
}

static void no_key(void **state)
{
	EVP_PKEY *key = desk.alice.key;

	(void)state;
	assert_int_equal(desk_sign(TEXT, &desk.other), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "mailseal keys"));
	desk.alice.key = NULL;
	assert_int_equal(desk_sign(TEXT, &desk.alice), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "not here"));
	desk.alice.key = key;
}

/* A key that will not sign: its public half alone. */
static void keeper_says_no(void **state)
{
	EVP_PKEY *key = desk.alice.key;

	(void)state;
	desk.alice.key = X509_get_pubkey(desk.alice.certificate);
	desk.state = SMIME_KEY_LOCKED;
	assert_int_equal(desk_sign(TEXT, &desk.alice), ERR_LOCKED);
	desk.state = SMIME_KEY_GONE;
	assert_int_equal(desk_sign(TEXT, &desk.alice), ERR_GONE);
	desk.state = SMIME_KEY_FAILED;
	assert_int_equal(desk_sign(TEXT, &desk.alice), ERR_UNSUPPORTED);
	assert_int_equal(desk.blob.len, 0);
	EVP_PKEY_free(desk.alice.key);
	desk.alice.key = key;
}

static int source_fails(void *ctx, unsigned char *room, size_t size)
{
	(void)ctx;
	(void)room;
	(void)size;
	return ERR_IO;
}

static void text_that_ends_badly(void **state)
{
	struct source from = { source_fails, NULL, NULL };
	struct sink to = sink_of_buf(&desk.blob);
	struct seal_key key = desk_seal_key(&desk.alice, NULL);
	struct seal_signed done;

	(void)state;
	assert_int_equal(scheme_smime.sign(&desk.job, &key, &from, &to,
					   &done), ERR_IO);
	assert_int_equal(desk.blob.len, 0);
	assert_int_equal(desk_sign(TEXT, &desk.alice), 0);
	assert_int_equal(scheme_smime.verify(&desk.job, &from,
					     buf_bytes(&desk.blob),
					     &desk.facts), ERR_IO);
	desk.job.deadline = 0;
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)),
			 ERR_TIMEOUT);
}

static void names_and_types(void **state)
{
	static const struct {
		struct seal_type type;
		enum seal_kind kind;
	} cases[] = {
		{ { "multipart/signed", "application/pkcs7-signature", NULL,
		    NULL }, SEAL_KIND_DETACHED },
		{ { "multipart/signed", "Application/X-PKCS7-Signature", NULL,
		    NULL }, SEAL_KIND_DETACHED },
		{ { "multipart/signed", "application/pgp-signature", NULL,
		    NULL }, SEAL_KIND_NONE },
		{ { "multipart/signed", NULL, NULL, NULL }, SEAL_KIND_NONE },
		{ { "application/pkcs7-mime", NULL, "enveloped-data", NULL },
		  SEAL_KIND_ENVELOPE },
		{ { "application/x-pkcs7-mime", NULL, NULL, NULL },
		  SEAL_KIND_ENVELOPE },
		{ { "application/pkcs7-mime", NULL, "certs-only", NULL },
		  SEAL_KIND_NONE },
		{ { "application/pkcs7-mime", NULL, NULL, "x.p7c" },
		  SEAL_KIND_NONE },
		{ { "application/octet-stream", NULL, NULL, "smime.P7M" },
		  SEAL_KIND_ENVELOPE },
		{ { "application/octet-stream", NULL, NULL, "a.p7" },
		  SEAL_KIND_NONE },
		{ { "text/plain", NULL, NULL, "smime.p7m" }, SEAL_KIND_NONE },
		{ { NULL, NULL, NULL, NULL }, SEAL_KIND_NONE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(scheme_smime.knows(&cases[i].type),
				 cases[i].kind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_kind),
		cmocka_unit_test(of_a_peer),
		cmocka_unit_test(without_certificate),
		cmocka_unit_test(not_fit_to_sign),
		cmocka_unit_test(no_key),
		cmocka_unit_test(keeper_says_no),
		cmocka_unit_test(names_and_types),
		cmocka_unit_test(text_that_ends_badly),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
