/* test_vault_oracle.c - no verb does another's work, and no answer tells more
 * than it must
 *
 * Whoever took over a role that reads mail can say any request: none may sign
 * what is no digest, open what was signed, or tell wrong paddings apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "agent/keys/remote_key.h"
#include "agent/keys/vault.h"

#define SIZE	256		/* octets of the modulus */

static struct {
	struct vault *vault;
	EVP_PKEY *rsa, *p256;
	uint8_t rsa_id[KEYS_ID_SIZE], p256_id[KEYS_ID_SIZE];
} world;

static void add(EVP_PKEY *key, uint8_t id[KEYS_ID_SIZE])
{
	struct keyfile file = { NULL, 0 };

	assert_int_equal(remote_key_id(key, id), 0);
	assert_int_equal(vault_add(world.vault, id, &file), 0);
	assert_int_equal(vault_unlock(vault_find(world.vault, id),
				      EVP_PKEY_dup(key), KEYS_FOR_SIGNING |
				      KEYS_FOR_OPENING, 0), 0);
}

static int setup(void **test)
{
	(void)test;
	world.vault = vault_new();
	world.rsa = EVP_RSA_gen(8 * SIZE);
	world.p256 = EVP_EC_gen("P-256");
	add(world.rsa, world.rsa_id);
	add(world.p256, world.p256_id);
	return 0;
}

static int teardown(void **test)
{
	(void)test;
	vault_free(world.vault);
	EVP_PKEY_free(world.rsa);
	EVP_PKEY_free(world.p256);
	return 0;
}

static struct keys_request rsa_request(enum keys_verb verb,
				       enum keys_scheme scheme)
{
	struct keys_request request;

	memset(&request, 0, sizeof(request));
	request.version = KEYS_VERSION;
	request.verb = (uint8_t)verb;
	request.scheme = (uint8_t)scheme;
	memcpy(request.key, world.rsa_id, KEYS_ID_SIZE);
	if (verb == KEYS_SIGN) {
		request.hash = KEYS_SHA256;
		request.len = 32;
	} else {
		request.len = SIZE;
		request.want = scheme == KEYS_RSA_PKCS1 ? 32 : 0;
		request.hash = scheme == KEYS_RSA_PKCS1 ? 0 : KEYS_SHA256;
		request.mask_hash = request.hash;
	}
	return request;
}

static enum keys_answer ask(const struct keys_request *request,
			    struct keys_reply *reply)
{
	assert_true(keys_request_fits(request, sizeof(*request)));
	vault_answer(world.vault, request, reply, 0);
	return (enum keys_answer)reply->answer;
}

/* What anybody can do with the public half. */
static void public_of(const uint8_t *in, uint8_t out[SIZE])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.rsa, NULL);
	size_t len = SIZE;

	assert_true(EVP_PKEY_encrypt_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) > 0);
	assert_true(EVP_PKEY_encrypt(context, out, &len, in, SIZE) > 0);
	EVP_PKEY_CTX_free(context);
}

/* EMSA-PKCS1-v1_5 of SHA-256, RFC 8017 section 9.2. */
static void signature_block(const uint8_t digest[32], uint8_t block[SIZE])
{
	static const uint8_t info[] = {
		0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20
	};

	memset(block, 0xff, SIZE);
	block[0] = 0;
	block[1] = 1;
	block[SIZE - 33 - sizeof(info)] = 0;
	memcpy(block + SIZE - 32 - sizeof(info), info, sizeof(info));
	memcpy(block + SIZE - 32, digest, 32);
}

/* --- the table has these rows, and no more */

static bool fits(unsigned verb, unsigned scheme, unsigned hash, unsigned mask,
		 unsigned len, unsigned want)
{
	struct keys_request request;

	memset(&request, 0, sizeof(request));
	request.version = KEYS_VERSION;
	request.verb = (uint8_t)verb;
	request.scheme = (uint8_t)scheme;
	request.hash = (uint8_t)hash;
	request.mask_hash = (uint8_t)mask;
	request.len = (uint16_t)len;
	request.want = (uint16_t)want;
	return keys_request_fits(&request, sizeof(request));
}

static void so_many_requests_are_ones(void **test)
{
	static const unsigned lens[] = { 0, 20, 32, 48, 64, 65, 97, 256 };
	static const unsigned wants[] = { 0, 32, 64, 65 };
	unsigned counts[256] = { 0 };
	unsigned verb, scheme, hash, mask, len, want;

	(void)test;
	for (verb = 0; verb < 256; verb++)
	for (scheme = 0; scheme < 16; scheme++)
	for (hash = 0; hash < 6; hash++)
	for (mask = 0; mask < 6; mask++)
	for (len = 0; len < sizeof(lens) / sizeof(lens[0]); len++)
	for (want = 0; want < sizeof(wants) / sizeof(wants[0]); want++)
		counts[verb] += fits(verb, scheme, hash, mask, lens[len],
				     wants[want]);
	assert_int_equal(counts[KEYS_STATE], 1);
	assert_int_equal(counts[KEYS_SIGN], 3 * 3);	/* SHA-2 alone */
	assert_int_equal(counts[KEYS_UNWRAP], 2 + 4 * 4);
	assert_int_equal(counts[KEYS_DERIVE], 4 * 2 * 2);
	for (verb = 0; verb < 256; verb++)
		assert_true(verb == KEYS_STATE || verb == KEYS_SIGN ||
			    verb == KEYS_UNWRAP || verb == KEYS_DERIVE ||
			    counts[verb] == 0);
}

/* --- signing does not open */

/* Whatever the digest is, what comes out is a signature over it. */
static void a_signature_is_over_a_digest(void **test)
{
	struct keys_request request = rsa_request(KEYS_SIGN, KEYS_RSA_PKCS1);
	struct keys_reply reply;
	uint8_t sealed[SIZE], block[SIZE], back[SIZE];
	size_t i;

	(void)test;
	/* Of a ciphertext: as much as fits, from the front and the end. */
	memset(block, 0x5a, sizeof(block));
	block[0] = 0;
	public_of(block, sealed);
	for (i = 0; i < 4; i++) {
		memset(request.data, 0, sizeof(request.data));
		if (i == 1)
			memset(request.data, 0xff, 32);
		if (i == 2)
			memcpy(request.data, sealed, 32);
		if (i == 3)
			memcpy(request.data, sealed + SIZE - 32, 32);
		/* What stands behind the digest is not looked at. */
		memcpy(request.data + 32, sealed, SIZE);
		assert_int_equal(ask(&request, &reply), KEYS_DONE);
		assert_int_equal(reply.len, SIZE);
		signature_block(request.data, block);
		public_of(reply.data, back);
		assert_memory_equal(back, block, SIZE);
	}
	request.len = SIZE;		/* a ciphertext as it is */
	assert_false(keys_request_fits(&request, sizeof(request)));
}

/* --- opening does not sign */

static bool holds(const uint8_t *whole, size_t size, const uint8_t *part,
		  size_t len)
{
	size_t i;

	for (i = 0; i + len <= size; i++)
		if (memcmp(whole + i, part, len) == 0)
			return true;
	return false;
}

static void a_signature_block_does_not_open(void **test)
{
	static const uint8_t nothing[KEYS_DATA_MAX];
	struct keys_request sign = rsa_request(KEYS_SIGN, KEYS_RSA_PKCS1);
	struct keys_request unwrap = rsa_request(KEYS_UNWRAP, KEYS_RSA_PKCS1);
	struct keys_request oaep = rsa_request(KEYS_UNWRAP, KEYS_RSA_OAEP);
	struct keys_reply signature, reply;
	unsigned want;

	(void)test;
	assert_int_equal(RAND_bytes(sign.data, 32), 1);
	assert_int_equal(ask(&sign, &signature), KEYS_DONE);
	/* The private half of this block is the signature. */
	signature_block(sign.data, unwrap.data);
	memcpy(oaep.data, unwrap.data, SIZE);
	for (want = 8; want <= KEYS_SECRET_MAX; want += 8) {
		unwrap.want = (uint16_t)want;
		assert_int_equal(ask(&unwrap, &reply), KEYS_DONE);
		assert_int_equal(reply.len, want);
		assert_false(holds(signature.data, SIZE, reply.data, 8));
		assert_memory_equal(reply.data + want, nothing,
				    sizeof(reply.data) - want);
	}
	assert_int_equal(ask(&oaep, &reply), KEYS_FAILED);
	assert_int_equal(reply.len, 0);
	assert_memory_equal(reply.data, nothing, sizeof(reply.data));
}

/* --- answers do not tell */

static void oaep_block(uint8_t block[SIZE])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(world.rsa, NULL);
	static const unsigned char secret[32] = "a content key of 32 octets";
	size_t len = SIZE;

	assert_true(EVP_PKEY_encrypt_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context,
						 RSA_PKCS1_OAEP_PADDING) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0);
	assert_true(EVP_PKEY_encrypt(context, block, &len, secret, 32) > 0);
	EVP_PKEY_CTX_free(context);
}

/* Manger's attack asks whether the first octet was 0. */
static void oaep_fails_one_way(void **test)
{
	struct keys_request request = rsa_request(KEYS_UNWRAP, KEYS_RSA_OAEP);
	struct keys_reply first, reply;
	uint8_t block[SIZE];
	size_t i;

	(void)test;
	oaep_block(request.data);
	assert_int_equal(ask(&request, &first), KEYS_DONE);
	assert_int_equal(first.len, 32);
	for (i = 0; i < 8; i++) {
		assert_int_equal(RAND_bytes(block, SIZE), 1);
		block[0] = (uint8_t)(i % 2);	/* below any modulus */
		public_of(block, request.data);
		if (i == 7) {		/* right, but for another label hash */
			oaep_block(request.data);
			request.hash = KEYS_SHA1;
		}
		assert_int_equal(ask(&request, &reply), KEYS_FAILED);
		if (i == 0)
			first = reply;
		assert_memory_equal(&reply, &first, sizeof(reply));
	}
}

static void pkcs1_block(uint8_t block[SIZE], unsigned how)
{
	memset(block, 0xaa, SIZE);
	block[0] = how == 1;			/* no block at all */
	block[1] = how == 2 ? 1 : 2;		/* of a signature */
	block[SIZE - 33] = how == 3 || how == 5;	/* no end there */
	if (how == 4)
		block[4] = 0;			/* too short a padding */
	if (how == 5)
		block[SIZE - 17] = 0;		/* another length */
}

/* A right padding and five wrong ones: the same answer.  That it is found the
 * same way, too, is tested in tests/secret. */
static void pkcs1_paddings_look_the_same(void **test)
{
	struct vault_key *key = vault_find(world.vault, world.rsa_id);
	struct keys_request request;
	struct keys_reply first, reply;
	uint8_t block[SIZE];
	unsigned i;

	(void)test;
	for (i = 0; i < 6; i++) {
		request = rsa_request(KEYS_UNWRAP, KEYS_RSA_PKCS1);
		pkcs1_block(block, i);
		public_of(block, request.data);
		key->failures = 0;
		assert_int_equal(ask(&request, &first), KEYS_DONE);
		assert_int_equal(first.len, request.want);
		assert_int_equal(key->failures, i == 0 ? 0 : 1);
		/* Who asks again learns nothing more. */
		assert_int_equal(ask(&request, &reply), KEYS_DONE);
		assert_memory_equal(&reply, &first, sizeof(reply));
	}
	key->failures = 0;
}

/* --- one form of a point, and none that is not on the curve */

static void points_have_one_form(void **test)
{
	struct keys_request request;
	struct keys_reply reply;
	EVP_PKEY *other = EVP_EC_gen("P-256");
	unsigned char *point = NULL;
	size_t len = EVP_PKEY_get1_encoded_public_key(other, &point);

	(void)test;
	memset(&request, 0, sizeof(request));
	request.version = KEYS_VERSION;
	request.verb = KEYS_DERIVE;
	request.scheme = KEYS_ECDH_X963;
	request.hash = KEYS_SHA256;
	request.want = 32;
	request.len = (uint16_t)len;
	memcpy(request.key, world.p256_id, KEYS_ID_SIZE);
	assert_int_equal(len, 65);
	memcpy(request.data, point, len);
	assert_int_equal(ask(&request, &reply), KEYS_DONE);
	/* The hybrid form says the same in other words. */
	request.data[0] = (uint8_t)(6 | (point[64] & 1));
	assert_int_equal(ask(&request, &reply), KEYS_FAILED);
	assert_int_equal(reply.len, 0);
	OPENSSL_free(point);
	EVP_PKEY_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_requests_are_ones),
		cmocka_unit_test(a_signature_is_over_a_digest),
		cmocka_unit_test(a_signature_block_does_not_open),
		cmocka_unit_test(oaep_fails_one_way),
		cmocka_unit_test(pkcs1_paddings_look_the_same),
		cmocka_unit_test(points_have_one_form),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
