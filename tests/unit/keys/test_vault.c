/* test_vault.c - keys that lock by themselves, and what is left of them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "agent/base/err.h"
#include "agent/keys/remote_key.h"
#include "agent/keys/vault.h"

static EVP_PKEY *p256;
static uint8_t id[KEYS_ID_SIZE];

static int setup(void **test)
{
	(void)test;
	p256 = EVP_EC_gen("P-256");
	return remote_key_id(p256, id);
}

static int teardown(void **test)
{
	(void)test;
	EVP_PKEY_free(p256);
	return 0;
}

static struct vault_key *add(struct vault *vault)
{
	struct keyfile file = { NULL, 0 };

	assert_int_equal(vault_add(vault, id, &file), 0);
	return vault_find(vault, id);
}

static struct vault_key *add_unlocked(struct vault *vault, int64_t now)
{
	struct vault_key *key = add(vault);

	assert_int_equal(vault_unlock(key, EVP_PKEY_dup(p256),
				      KEYS_FOR_SIGNING | KEYS_FOR_OPENING,
				      now), 0);
	return key;
}

static void idle_keys_lock(void **test)
{
	const struct vault_rules rules = { 100, 0, false };
	struct vault *vault = vault_new();
	struct vault_key *key;

	(void)test;
	vault_rule(vault, &rules);
	assert_int_equal(vault_next(vault), -1);
	key = add_unlocked(vault, 1000);
	assert_int_equal(vault_next(vault), 1100);
	assert_false(vault_expire(vault, 1099));
	assert_non_null(key->key);
	key->used_at = 1050;
	assert_false(vault_expire(vault, 1100));
	assert_true(vault_expire(vault, 1150));
	assert_null(key->key);
	assert_false(vault_expire(vault, 1150));
	assert_int_equal(vault_next(vault), -1);
	vault_free(vault);
}

static void a_life_ends_whatever_is_done(void **test)
{
	const struct vault_rules rules = { 100, 150, false };
	struct vault *vault = vault_new();
	struct vault_key *key;

	(void)test;
	vault_rule(vault, &rules);
	key = add_unlocked(vault, 1000);
	key->used_at = 1140;
	assert_int_equal(vault_next(vault), 1150);
	assert_true(vault_expire(vault, 1150));
	assert_null(key->key);
	vault_free(vault);
}

static void never_is_never(void **test)
{
	struct vault *vault = vault_new();
	struct vault_key *key = add_unlocked(vault, 0);

	(void)test;
	assert_int_equal(vault_next(vault), -1);
	assert_false(vault_expire(vault, INT64_MAX));
	assert_non_null(key->key);
	vault_lock_all(vault);
	assert_null(key->key);
	vault_free(vault);
	vault_free(NULL);
}

static void another_key_is_not_taken(void **test)
{
	struct vault *vault = vault_new();
	struct vault_key *key = add(vault);

	(void)test;
	assert_int_equal(vault_unlock(key, EVP_EC_gen("P-256"),
				      KEYS_FOR_SIGNING, 1), ERR_SYNTAX);
	assert_null(key->key);
	vault_free(vault);
}

static void adding_again_locks(void **test)
{
	struct vault *vault = vault_new();
	struct vault_key *key = add_unlocked(vault, 1);

	(void)test;
	key->signatures = 7;
	assert_ptr_equal(add(vault), key);
	assert_null(key->key);
	assert_int_equal(key->signatures, 7);
	vault_free(vault);
}

static void only_so_many_and_removing(void **test)
{
	struct keyfile file = { NULL, 0 };
	uint8_t name[KEYS_ID_SIZE] = { 0 };
	struct vault *vault = vault_new();
	unsigned i;

	(void)test;
	for (i = 0; i < VAULT_KEYS_MAX; i++) {
		name[0] = (uint8_t)i;
		assert_int_equal(vault_add(vault, name, &file), 0);
	}
	assert_int_equal(vault_add(vault, id, &file), ERR_LIMIT);
	name[0] = 3;
	vault_remove(vault, name);
	assert_null(vault_find(vault, name));
	vault_remove(vault, name);
	assert_int_equal(vault_add(vault, id, &file), 0);
	for (i = 0; vault_nth(vault, i) != NULL; i++)
		;
	assert_int_equal(i, VAULT_KEYS_MAX);
	name[0] = VAULT_KEYS_MAX - 1;
	assert_non_null(vault_find(vault, name));
	vault_free(vault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_keys_lock),
		cmocka_unit_test(a_life_ends_whatever_is_done),
		cmocka_unit_test(never_is_never),
		cmocka_unit_test(another_key_is_not_taken),
		cmocka_unit_test(adding_again_locks),
		cmocka_unit_test(only_so_many_and_removing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
