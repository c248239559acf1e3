/* test_remote_refused.c - what the wall does not let through */
#include "tests/unit/keys/remote_desk.h"

/* Without a hash, or with one too short or SHA-1: nothing is sent. */
static void raw_digests_do_not_sign(void **test)
{
	unsigned char digest[64] = { 0 };
	unsigned char made[512];
	size_t len = sizeof(made);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.far_rsa, NULL);
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();

	(void)test;
	assert_true(EVP_PKEY_sign_init(context) > 0);
	assert_true(EVP_PKEY_sign(context, made, &len, digest, 32) <= 0);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) <= 0);
	assert_true(EVP_PKEY_CTX_set_signature_md(context, EVP_sha512()) > 0);
	len = sizeof(made);
	assert_true(EVP_PKEY_sign(context, made, &len, digest, 32) <= 0);
	assert_true(EVP_PKEY_CTX_set_signature_md(context, EVP_sha1()) > 0);
	len = sizeof(made);
	assert_true(EVP_PKEY_sign(context, made, &len, digest, 20) <= 0);
	assert_true(EVP_DigestSignInit(hashing, NULL, EVP_sha1(), NULL,
				       world.far_rsa) <= 0);
	EVP_PKEY_CTX_free(context);
	EVP_MD_CTX_free(hashing);
}

/* The shared secret itself does not come out. */
static void plain_agreement_is_refused(void **test)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.far_p256, NULL);
	EVP_PKEY *peer = peer_new("P-256");
	unsigned char out[64];
	size_t len = sizeof(out);

	(void)test;
	assert_true(EVP_PKEY_derive_init(context) > 0);
	assert_true(EVP_PKEY_derive_set_peer(context, peer) > 0);
	assert_true(EVP_PKEY_derive(context, out, &len) <= 0);
	assert_int_equal(remote_key_answer(world.far_p256), KEYS_UNSUPPORTED);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(peer);
}

static void private_halves_stay_where_they_are(void **test)
{
	EVP_PKEY *const keys[] = { world.far_rsa, world.far_p256 };
	BIGNUM *number = NULL;
	BIO *to = BIO_new(BIO_s_mem());
	unsigned char *der = NULL;
	size_t i;

	(void)test;
	for (i = 0; i < 2; i++) {
		assert_int_equal(EVP_PKEY_get_bn_param(keys[i], "d", &number),
				 0);
		assert_int_equal(EVP_PKEY_get_bn_param(keys[i], "priv",
						       &number), 0);
		assert_int_equal(PEM_write_bio_PrivateKey(to, keys[i], NULL,
							  NULL, 0, NULL, NULL),
				 0);
		assert_true(i2d_PrivateKey(keys[i], &der) <= 0);
	}
	assert_int_equal(EVP_PKEY_eq(world.far_rsa, world.rsa), 1);
	assert_int_equal(EVP_PKEY_eq(world.far_p256, world.p256), 1);
	assert_int_not_equal(EVP_PKEY_eq(world.far_p256, world.p384), 1);
	BIO_free(to);
}

static void other_kinds_are_unsupported(void **test)
{
	EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *p521 = EVP_EC_gen("P-521");
	EVP_PKEY *out;

	(void)test;
	assert_int_equal(remote_key_new(keys_desk_link(world.desk), ed, &out),
			 ERR_UNSUPPORTED);
	assert_null(out);
	assert_int_equal(remote_key_new(keys_desk_link(world.desk), p521, &out),
			 ERR_UNSUPPORTED);
	assert_null(out);
	EVP_PKEY_free(ed);
	EVP_PKEY_free(p521);
}

/* Keys of everybody else are the default provider's, as before. */
static void other_keys_are_not_ours(void **test)
{
	EVP_PKEY *local = EVP_RSA_gen(2048);
	const OSSL_PROVIDER *of = EVP_PKEY_get0_provider(local);

	(void)test;
	assert_string_equal(OSSL_PROVIDER_get0_name(of), "default");
	of = EVP_PKEY_get0_provider(world.far_rsa);
	assert_string_equal(OSSL_PROVIDER_get0_name(of), "mailseal");
	EVP_PKEY_free(local);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_digests_do_not_sign),
		cmocka_unit_test(plain_agreement_is_refused),
		cmocka_unit_test(private_halves_stay_where_they_are),
		cmocka_unit_test(other_kinds_are_unsupported),
		cmocka_unit_test(other_keys_are_not_ours),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
