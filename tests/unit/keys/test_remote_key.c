/* test_remote_key.c - every algorithm over the wall against OpenSSL's own */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include "agent/base/err.h"
#include "agent/keys/remote_key.h"
#include "tests/lab/keys_desk.h"

#define BOTH (KEYS_FOR_SIGNING | KEYS_FOR_OPENING)

static struct {
	struct keys_desk *desk;
	EVP_PKEY *rsa, *p256, *p384;
	EVP_PKEY *far_rsa, *far_p256, *far_p384;
} world;

static int setup(void **test)
{
	(void)test;
	world.desk = keys_desk_new();
	world.rsa = EVP_RSA_gen(2048);
	world.p256 = EVP_EC_gen("P-256");
	world.p384 = EVP_EC_gen("P-384");
	world.far_rsa = keys_desk_add(world.desk, world.rsa, BOTH);
	world.far_p256 = keys_desk_add(world.desk, world.p256, BOTH);
	world.far_p384 = keys_desk_add(world.desk, world.p384, BOTH);
	return 0;
}

static int teardown(void **test)
{
	(void)test;
	EVP_PKEY_free(world.far_rsa);
	EVP_PKEY_free(world.far_p256);
	EVP_PKEY_free(world.far_p384);
	EVP_PKEY_free(world.rsa);
	EVP_PKEY_free(world.p256);
	EVP_PKEY_free(world.p384);
	keys_desk_free(world.desk);
	return 0;
}

enum padding { PAD_NONE, PAD_PKCS1, PAD_PSS };

static void padding_choose(EVP_PKEY_CTX *context, enum padding padding)
{
	if (padding != PAD_PSS)
		return;
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context,
						 RSA_PKCS1_PSS_PADDING) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(
			context, RSA_PSS_SALTLEN_DIGEST) > 0);
}

static const char text[] = "Text that is longer than a block of any hash, so "
	"that hashing it takes more than one step, and a little more than that";

static size_t sign_text(EVP_PKEY *key, const EVP_MD *md, enum padding padding,
			unsigned char *to, size_t room)
{
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();
	EVP_PKEY_CTX *context;
	size_t len = 0;

	assert_true(EVP_DigestSignInit(hashing, &context, md, NULL, key) > 0);
	padding_choose(context, padding);
	assert_true(EVP_DigestSignUpdate(hashing, text, 10) > 0);
	assert_true(EVP_DigestSignUpdate(hashing, text + 10,
					 sizeof(text) - 10) > 0);
	assert_true(EVP_DigestSignFinal(hashing, NULL, &len) > 0);
	assert_true(len <= room);
	assert_true(EVP_DigestSignFinal(hashing, to, &len) > 0);
	EVP_MD_CTX_free(hashing);
	return len;
}

static int verify_text(EVP_PKEY *key, const EVP_MD *md, enum padding padding,
		       const unsigned char *signature, size_t len)
{
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();
	EVP_PKEY_CTX *context;
	int r;

	assert_true(EVP_DigestVerifyInit(hashing, &context, md, NULL, key) > 0);
	padding_choose(context, padding);
	r = EVP_DigestVerify(hashing, signature, len,
			     (const unsigned char *)text, sizeof(text));
	EVP_MD_CTX_free(hashing);
	return r;
}

static void signatures_verify(void **test)
{
	const EVP_MD *const hashes[] = { EVP_sha256(), EVP_sha384(),
					 EVP_sha512() };
	const struct {
		EVP_PKEY *far, *near;
		enum padding padding;
	} keys[] = {
		{ world.far_rsa, world.rsa, PAD_PKCS1 },
		{ world.far_rsa, world.rsa, PAD_PSS },
		{ world.far_p256, world.p256, PAD_NONE },
		{ world.far_p384, world.p384, PAD_NONE },
	};
	unsigned char made[512];
	size_t i, j, len;

	(void)test;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (j = 0; j < 3; j++) {
			len = sign_text(keys[i].far, hashes[j],
					keys[i].padding, made, sizeof(made));
			assert_int_equal(remote_key_answer(keys[i].far),
					 KEYS_DONE);
			assert_int_equal(verify_text(keys[i].near, hashes[j],
						     keys[i].padding, made,
						     len), 1);
			made[len / 2] ^= 1;
			assert_int_not_equal(verify_text(keys[i].near,
							 hashes[j],
							 keys[i].padding, made,
							 len), 1);
		}
}

/* PKCS #1 1.5 has no chance in it: byte for byte the same. */
static void pkcs1_is_the_same_signature(void **test)
{
	unsigned char far[256], near[256];

	(void)test;
	assert_int_equal(sign_text(world.far_rsa, EVP_sha384(), PAD_PKCS1, far,
				   sizeof(far)), 256);
	assert_int_equal(sign_text(world.rsa, EVP_sha384(), PAD_PKCS1, near,
				   sizeof(near)), 256);
	assert_memory_equal(far, near, sizeof(far));
}

static void digests_sign(void **test)
{
	unsigned char digest[32] = "a digest that somebody else made";
	unsigned char made[512];
	size_t len = sizeof(made);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.far_p256, NULL);

	(void)test;
	assert_true(EVP_PKEY_sign_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0);
	assert_true(EVP_PKEY_sign(context, made, &len, digest, 32) > 0);
	EVP_PKEY_CTX_free(context);
	context = EVP_PKEY_CTX_new(world.p256, NULL);
	assert_true(EVP_PKEY_verify_init(context) > 0);
	assert_int_equal(EVP_PKEY_verify(context, made, len, digest, 32), 1);
	EVP_PKEY_CTX_free(context);
}

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

static const unsigned char content_key[32] = "thirty-two bytes of content key";

/* To the public half, by the default provider. */
static size_t wrap(const EVP_MD *oaep, const EVP_MD *mask, unsigned char *to)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.rsa, NULL);
	size_t len = 256;

	assert_true(EVP_PKEY_encrypt_init(context) > 0);
	if (oaep != NULL) {
		assert_true(EVP_PKEY_CTX_set_rsa_padding(
				context, RSA_PKCS1_OAEP_PADDING) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_oaep_md(context, oaep) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask) > 0);
	}
	assert_true(EVP_PKEY_encrypt(context, to, &len, content_key,
				     sizeof(content_key)) > 0);
	EVP_PKEY_CTX_free(context);
	return len;
}

static int unwrap(const EVP_MD *oaep, const EVP_MD *mask,
		  const unsigned char *from, size_t from_len,
		  unsigned char to[256], size_t *len)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.far_rsa, NULL);
	int r;

	assert_true(EVP_PKEY_decrypt_init(context) > 0);
	if (oaep != NULL) {
		assert_true(EVP_PKEY_CTX_set_rsa_padding(
				context, RSA_PKCS1_OAEP_PADDING) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_oaep_md(context, oaep) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask) > 0);
	}
	*len = 256;
	r = EVP_PKEY_decrypt(context, to, len, from, from_len);
	EVP_PKEY_CTX_free(context);
	return r;
}

static void oaep_opens(void **test)
{
	const EVP_MD *const hashes[][2] = {
		{ EVP_sha1(), EVP_sha1() }, { EVP_sha256(), EVP_sha256() },
		{ EVP_sha256(), EVP_sha1() }, { EVP_sha384(), EVP_sha384() },
		{ EVP_sha512(), EVP_sha512() },
	};
	unsigned char wrapped[256], opened[256];
	size_t i, len;

	(void)test;
	for (i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		assert_int_equal(wrap(hashes[i][0], hashes[i][1], wrapped),
				 256);
		assert_true(unwrap(hashes[i][0], hashes[i][1], wrapped, 256,
				   opened, &len) > 0);
		assert_int_equal(len, sizeof(content_key));
		assert_memory_equal(opened, content_key, len);
		wrapped[100] ^= 1;
		assert_true(unwrap(hashes[i][0], hashes[i][1], wrapped, 256,
				   opened, &len) <= 0);
		assert_int_equal(remote_key_answer(world.far_rsa),
				 KEYS_FAILED);
	}
}

static void pkcs1_opens_only_when_the_length_is_said(void **test)
{
	unsigned char wrapped[256], opened[256];
	size_t len;

	(void)test;
	assert_int_equal(wrap(NULL, NULL, wrapped), 256);
	remote_key_expect(world.far_rsa, 0);
	assert_true(unwrap(NULL, NULL, wrapped, 256, opened, &len) <= 0);
	assert_int_equal(remote_key_answer(world.far_rsa), KEYS_UNSUPPORTED);
	remote_key_expect(world.far_rsa, sizeof(content_key));
	assert_true(unwrap(NULL, NULL, wrapped, 256, opened, &len) > 0);
	assert_int_equal(len, sizeof(content_key));
	assert_memory_equal(opened, content_key, len);
}

static size_t derive(EVP_PKEY *key, EVP_PKEY *peer, const EVP_MD *md,
		     size_t want, unsigned char *to)
{
	static const unsigned char shared[] = "what both sides know";
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	unsigned char *copy = OPENSSL_memdup(shared, sizeof(shared));
	size_t len = want;

	assert_true(EVP_PKEY_derive_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_ecdh_cofactor_mode(context, 0) > 0);
	assert_true(EVP_PKEY_CTX_set_ecdh_kdf_type(
			context, EVP_PKEY_ECDH_KDF_X9_63) > 0);
	assert_int_equal(EVP_PKEY_CTX_get_ecdh_kdf_type(context),
			 EVP_PKEY_ECDH_KDF_X9_63);
	assert_true(EVP_PKEY_CTX_set_ecdh_kdf_md(context, md) > 0);
	assert_true(EVP_PKEY_CTX_set_ecdh_kdf_outlen(context, (int)want) > 0);
	assert_true(EVP_PKEY_CTX_set0_ecdh_kdf_ukm(context, copy,
						   sizeof(shared)) > 0);
	assert_true(EVP_PKEY_derive_set_peer(context, peer) > 0);
	assert_true(EVP_PKEY_derive(context, to, &len) > 0);
	EVP_PKEY_CTX_free(context);
	return len;
}

/* The public half of a fresh key, as it comes in a message. */
static EVP_PKEY *peer_new(const char *group)
{
	EVP_PKEY *whole = EVP_EC_gen(group), *public = EVP_PKEY_new();
	unsigned char *point = NULL;
	size_t len = EVP_PKEY_get1_encoded_public_key(whole, &point);

	assert_true(EVP_PKEY_copy_parameters(public, whole) > 0);
	assert_true(EVP_PKEY_set1_encoded_public_key(public, point, len) > 0);
	OPENSSL_free(point);
	EVP_PKEY_free(whole);
	return public;
}

static void derivations_are_the_same(void **test)
{
	const EVP_MD *const hashes[] = { EVP_sha1(), EVP_sha256(),
					 EVP_sha384(), EVP_sha512() };
	EVP_PKEY *peer256 = peer_new("P-256"), *peer384 = peer_new("P-384");
	unsigned char far[64], near[64];
	size_t i;

	(void)test;
	for (i = 0; i < 4; i++) {
		assert_int_equal(derive(world.far_p256, peer256, hashes[i], 32,
					far), 32);
		assert_int_equal(derive(world.p256, peer256, hashes[i], 32,
					near), 32);
		assert_memory_equal(far, near, 32);
		assert_int_equal(derive(world.far_p384, peer384, hashes[i], 16,
					far), 16);
		assert_int_equal(derive(world.p384, peer384, hashes[i], 16,
					near), 16);
		assert_memory_equal(far, near, 16);
	}
	EVP_PKEY_free(peer256);
	EVP_PKEY_free(peer384);
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
		cmocka_unit_test(signatures_verify),
		cmocka_unit_test(pkcs1_is_the_same_signature),
		cmocka_unit_test(digests_sign),
		cmocka_unit_test(raw_digests_do_not_sign),
		cmocka_unit_test(oaep_opens),
		cmocka_unit_test(pkcs1_opens_only_when_the_length_is_said),
		cmocka_unit_test(derivations_are_the_same),
		cmocka_unit_test(plain_agreement_is_refused),
		cmocka_unit_test(private_halves_stay_where_they_are),
		cmocka_unit_test(other_kinds_are_unsupported),
		cmocka_unit_test(other_keys_are_not_ours),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
