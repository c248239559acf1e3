/* remote_desk.h - keys behind the wall, and the same ones at hand */
#ifndef MAILSEAL_TEST_REMOTE_DESK_H
#define MAILSEAL_TEST_REMOTE_DESK_H

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

static inline int setup(void **test)
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

static inline int teardown(void **test)
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

static inline void padding_choose(EVP_PKEY_CTX *context, enum padding padding)
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

static inline size_t sign_text(EVP_PKEY *key, const EVP_MD *md,
			       enum padding padding, unsigned char *to,
			       size_t room)
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

static inline int verify_text(EVP_PKEY *key, const EVP_MD *md,
			      enum padding padding,
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

static const unsigned char content_key[32] = "thirty-two bytes of content key";

/* To the public half, by the default provider. */
static inline size_t wrap(const EVP_MD *oaep, const EVP_MD *mask,
			  unsigned char *to)
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

static inline int unwrap(const EVP_MD *oaep, const EVP_MD *mask,
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

static inline size_t derive(EVP_PKEY *key, EVP_PKEY *peer, const EVP_MD *md,
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
static inline EVP_PKEY *peer_new(const char *group)
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

#endif
