/* test_vault_answer.c - who may use a key for what, and how it is told */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "agent/keys/remote_key.h"
#include "agent/keys/vault.h"

static struct {
	struct vault *vault;
	EVP_PKEY *rsa, *p256;
	struct vault_key *rsa_key, *p256_key;
	struct keys_request sign_rsa, sign_p256, unwrap, derive;
	int64_t now;
} world;

static struct vault_key *add(EVP_PKEY *key, struct keys_request *request)
{
	struct keyfile file = { NULL, 0 };
	struct vault_key *added;
	uint8_t id[KEYS_ID_SIZE];

	assert_int_equal(remote_key_id(key, id), 0);
	assert_int_equal(vault_add(world.vault, id, &file), 0);
	added = vault_find(world.vault, id);
	request->version = KEYS_VERSION;
	request->id = 99;
	memcpy(request->key, id, sizeof(id));
	return added;
}

static void unlock(struct vault_key *key, EVP_PKEY *private, unsigned usage)
{
	assert_int_equal(vault_unlock(key, EVP_PKEY_dup(private), usage,
				      world.now), 0);
}

static int setup(void **test)
{
	size_t len;
	unsigned char *point = NULL;

	(void)test;
	memset(&world, 0, sizeof(world));
	world.now = 5000000;
	world.vault = vault_new();
	world.rsa = EVP_RSA_gen(2048);
	world.p256 = EVP_EC_gen("P-256");
	world.rsa_key = add(world.rsa, &world.sign_rsa);
	world.p256_key = add(world.p256, &world.sign_p256);
	world.unwrap = world.sign_rsa;
	world.derive = world.sign_p256;
	world.sign_rsa.verb = world.sign_p256.verb = KEYS_SIGN;
	world.sign_rsa.scheme = KEYS_RSA_PKCS1;
	world.sign_p256.scheme = KEYS_ECDSA;
	world.sign_rsa.hash = world.sign_p256.hash = KEYS_SHA256;
	world.sign_rsa.len = world.sign_p256.len = 32;
	world.unwrap.verb = KEYS_UNWRAP;
	world.unwrap.scheme = KEYS_RSA_PKCS1;
	world.unwrap.want = 32;
	world.unwrap.len = 256;
	world.unwrap.data[255] = 7;
	world.derive.verb = KEYS_DERIVE;
	world.derive.scheme = KEYS_ECDH_X963;
	world.derive.hash = KEYS_SHA256;
	world.derive.want = 32;
	len = EVP_PKEY_get1_encoded_public_key(world.p256, &point);
	world.derive.len = (uint16_t)len;
	memcpy(world.derive.data, point, len);
	OPENSSL_free(point);
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

static enum keys_answer ask(const struct keys_request *request)
{
	struct keys_reply reply;

	assert_true(keys_request_fits(request, sizeof(*request)));
	vault_answer(world.vault, request, &reply, world.now);
	assert_true(keys_reply_fits(&reply, sizeof(reply)));
	assert_int_equal(reply.id, request->id);
	assert_int_equal(reply.len > 0, reply.answer == KEYS_DONE);
	return (enum keys_answer)reply.answer;
}

static void locked_and_unknown(void **test)
{
	struct keys_request request = world.sign_rsa;
	struct keys_reply reply;

	(void)test;
	assert_int_equal(ask(&request), KEYS_LOCKED);
	request.key[5] ^= 1;
	assert_int_equal(ask(&request), KEYS_UNKNOWN);
	memset(&request.verb, 0, 1);
	request = (struct keys_request){ .version = KEYS_VERSION, .id = 4,
					 .verb = KEYS_STATE };
	memcpy(request.key, world.sign_rsa.key, KEYS_ID_SIZE);
	vault_answer(world.vault, &request, &reply, world.now);
	assert_int_equal(reply.answer, KEYS_DONE);
	assert_int_equal(reply.unlocked, 0);
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING);
	vault_answer(world.vault, &request, &reply, world.now);
	assert_int_equal(reply.unlocked, 1);
	assert_int_equal(reply.usage, KEYS_FOR_SIGNING);
}

static void a_signing_key_does_not_open_nor_the_reverse(void **test)
{
	(void)test;
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING);
	unlock(world.p256_key, world.p256, KEYS_FOR_SIGNING);
	assert_int_equal(ask(&world.sign_rsa), KEYS_DONE);
	assert_int_equal(ask(&world.sign_p256), KEYS_DONE);
	assert_int_equal(ask(&world.unwrap), KEYS_WRONG_USE);
	assert_int_equal(ask(&world.derive), KEYS_WRONG_USE);
	unlock(world.rsa_key, world.rsa, KEYS_FOR_OPENING);
	unlock(world.p256_key, world.p256, KEYS_FOR_OPENING);
	assert_int_equal(ask(&world.sign_rsa), KEYS_WRONG_USE);
	assert_int_equal(ask(&world.sign_p256), KEYS_WRONG_USE);
	assert_int_equal(ask(&world.unwrap), KEYS_DONE);
	assert_int_equal(ask(&world.derive), KEYS_DONE);
	/* Locked again, it is still known what it is not for. */
	vault_lock_all(world.vault);
	assert_int_equal(ask(&world.sign_rsa), KEYS_WRONG_USE);
	assert_int_equal(ask(&world.unwrap), KEYS_LOCKED);
	/* A key that says that it is for nothing is for nothing. */
	unlock(world.rsa_key, world.rsa, 0);
	assert_int_equal(ask(&world.sign_rsa), KEYS_WRONG_USE);
	assert_int_equal(ask(&world.unwrap), KEYS_WRONG_USE);
}

static void schemes_of_the_other_kind(void **test)
{
	struct keys_request request;

	(void)test;
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	unlock(world.p256_key, world.p256, KEYS_FOR_SIGNING |
	       KEYS_FOR_OPENING);
	request = world.sign_rsa;
	request.scheme = KEYS_ECDSA;
	assert_int_equal(ask(&request), KEYS_UNSUPPORTED);
	request = world.sign_p256;
	request.scheme = KEYS_RSA_PSS;
	assert_int_equal(ask(&request), KEYS_UNSUPPORTED);
	request = world.unwrap;
	memcpy(request.key, world.sign_p256.key, KEYS_ID_SIZE);
	assert_int_equal(ask(&request), KEYS_UNSUPPORTED);
	request = world.derive;
	memcpy(request.key, world.sign_rsa.key, KEYS_ID_SIZE);
	assert_int_equal(ask(&request), KEYS_UNSUPPORTED);
}

static void every_use_is_confirmed(void **test)
{
	const struct vault_rules rules = { 0, 0, true };

	(void)test;
	vault_rule(world.vault, &rules);
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	assert_int_equal(ask(&world.sign_rsa), KEYS_CONFIRM);
	vault_allow(world.rsa_key, KEYS_FOR_SIGNING, world.now);
	assert_int_equal(ask(&world.unwrap), KEYS_CONFIRM);
	assert_int_equal(ask(&world.sign_rsa), KEYS_DONE);
	assert_int_equal(ask(&world.sign_rsa), KEYS_CONFIRM);
	vault_allow(world.rsa_key, KEYS_FOR_OPENING, world.now);
	assert_int_equal(ask(&world.unwrap), KEYS_DONE);
	/* What was allowed and not used is not good for ever. */
	vault_allow(world.rsa_key, KEYS_FOR_SIGNING, world.now);
	world.now += VAULT_ALLOWED_MS;
	assert_int_equal(ask(&world.sign_rsa), KEYS_CONFIRM);
	/* Nor after it was locked. */
	vault_allow(world.rsa_key, KEYS_FOR_SIGNING, world.now);
	vault_lock(world.rsa_key);
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING);
	assert_int_equal(ask(&world.sign_rsa), KEYS_CONFIRM);
}

static void uses_are_counted(void **test)
{
	(void)test;
	unlock(world.rsa_key, world.rsa, KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	unlock(world.p256_key, world.p256, KEYS_FOR_OPENING);
	assert_int_equal(world.rsa_key->last_use, 0);
	(void)ask(&world.sign_rsa);
	(void)ask(&world.sign_rsa);
	(void)ask(&world.unwrap);
	(void)ask(&world.derive);
	(void)ask(&world.sign_p256);	/* not for that: not counted */
	assert_int_equal(world.rsa_key->signatures, 2);
	assert_int_equal(world.rsa_key->openings, 1);
	assert_int_equal(world.rsa_key->failures, 1);
	assert_true(world.rsa_key->last_use > 0);
	assert_int_equal(world.p256_key->openings, 1);
	assert_int_equal(world.p256_key->signatures, 0);
	assert_int_equal(world.p256_key->failures, 0);
}

static void points_that_are_none_fail(void **test)
{
	struct keys_request request = world.derive;

	(void)test;
	unlock(world.p256_key, world.p256, KEYS_FOR_OPENING);
	request.data[20] ^= 1;		/* off the curve */
	assert_int_equal(ask(&request), KEYS_FAILED);
	assert_int_equal(world.p256_key->failures, 1);
	memset(request.data, 0, sizeof(request.data));	/* infinity */
	assert_int_equal(ask(&request), KEYS_FAILED);
	request = world.derive;
	request.len = 97;		/* of another curve */
	assert_int_equal(ask(&request), KEYS_FAILED);
}

static void too_many_failures_rest_the_key(void **test)
{
	(void)test;
	unlock(world.p256_key, world.p256, KEYS_FOR_OPENING);
	assert_int_equal(ask(&world.derive), KEYS_DONE);
	world.p256_key->failures = VAULT_FAILURES_MAX;
	assert_int_equal(ask(&world.derive), KEYS_REFUSED);
	world.now += VAULT_FAILURES_MS;
	assert_int_equal(ask(&world.derive), KEYS_DONE);
	assert_int_equal(world.p256_key->failures, 0);
}

static void asking_finds_that_time_is_over(void **test)
{
	const struct vault_rules rules = { 100, 0, false };

	(void)test;
	vault_rule(world.vault, &rules);
	unlock(world.p256_key, world.p256, KEYS_FOR_SIGNING);
	world.now += 99;
	assert_int_equal(ask(&world.sign_p256), KEYS_DONE);
	world.now += 99;
	assert_int_equal(ask(&world.sign_p256), KEYS_DONE);
	world.now += 100;
	assert_int_equal(ask(&world.sign_p256), KEYS_LOCKED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(locked_and_unknown),
		TEST(a_signing_key_does_not_open_nor_the_reverse),
		TEST(schemes_of_the_other_kind),
		TEST(every_use_is_confirmed),
		TEST(uses_are_counted),
		TEST(points_that_are_none_fail),
		TEST(too_many_failures_rest_the_key),
		TEST(asking_finds_that_time_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
