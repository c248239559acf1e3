/* test_remote_key.c - every algorithm over the wall against OpenSSL's own */
#include "tests/unit/keys/remote_desk.h"

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

/* However it is wrapped: the same content key is known again. */
static void a_content_key_is_known_again(void **test)
{
	const EVP_MD *const md = EVP_sha256();
	unsigned char wrapped[256], opened[256];
	uint8_t first[REMOTE_KEY_SUM], second[REMOTE_KEY_SUM];
	uint8_t other[REMOTE_KEY_SUM];
	EVP_PKEY *peers[2] = { peer_new("P-256"), peer_new("P-256") };
	size_t len, i;

	(void)test;
	assert_false(remote_key_sum(world.far_p384, first));
	(void)wrap(md, md, wrapped);
	assert_true(unwrap(md, md, wrapped, 256, opened, &len) > 0);
	assert_true(remote_key_sum(world.far_rsa, first));
	assert_null(memmem(first, sizeof(first), content_key, 8));
	(void)wrap(EVP_sha1(), EVP_sha1(), wrapped);
	assert_true(unwrap(EVP_sha1(), EVP_sha1(), wrapped, 256, opened,
			   &len) > 0);
	assert_true(remote_key_sum(world.far_rsa, second));
	assert_memory_equal(first, second, sizeof(first));
	/* Another one with another peer. */
	for (i = 0; i < 2; i++) {
		assert_true(derive(world.far_p256, peers[i], md, 32,
				   opened) > 0);
		assert_true(remote_key_sum(world.far_p256, i == 0 ? second :
								    other));
		EVP_PKEY_free(peers[i]);
	}
	assert_memory_not_equal(second, other, sizeof(other));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_verify),
		cmocka_unit_test(pkcs1_is_the_same_signature),
		cmocka_unit_test(digests_sign),
		cmocka_unit_test(oaep_opens),
		cmocka_unit_test(a_content_key_is_known_again),
		cmocka_unit_test(pkcs1_opens_only_when_the_length_is_said),
		cmocka_unit_test(derivations_are_the_same),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
