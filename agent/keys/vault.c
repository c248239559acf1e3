/* vault.c - keeping, locking and letting go of keys */
#include "agent/keys/vault.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "agent/base/err.h"
#include "agent/keys/remote_key.h"

struct vault {
	struct vault_rules rules;
	struct vault_key keys[VAULT_KEYS_MAX];
	size_t count;
};

struct vault *vault_new(void)
{
	return calloc(1, sizeof(struct vault));
}

void vault_lock(struct vault_key *key)
{
	EVP_PKEY_free(key->key);
	key->key = NULL;
	OPENSSL_cleanse(key->rejection, sizeof(key->rejection));
	memset(key->allowed_until, 0, sizeof(key->allowed_until));
}

void vault_lock_all(struct vault *vault)
{
	size_t i;

	for (i = 0; i < vault->count; i++)
		vault_lock(&vault->keys[i]);
}

void vault_free(struct vault *vault)
{
	size_t i;

	if (vault == NULL)
		return;
	vault_lock_all(vault);
	for (i = 0; i < vault->count; i++)
		keyfile_free(&vault->keys[i].file);
	OPENSSL_cleanse(vault, sizeof(*vault));
	free(vault);
}

bool vault_confirms(const struct vault *vault)
{
	return vault->rules.confirm;
}

void vault_rule(struct vault *vault, const struct vault_rules *rules)
{
	vault->rules = *rules;
}

struct vault_key *vault_find(struct vault *vault,
			     const uint8_t id[KEYS_ID_SIZE])
{
	size_t i;

	for (i = 0; i < vault->count; i++)
		if (memcmp(vault->keys[i].id, id, KEYS_ID_SIZE) == 0)
			return &vault->keys[i];
	return NULL;
}

struct vault_key *vault_nth(struct vault *vault, size_t nth)
{
	return nth < vault->count ? &vault->keys[nth] : NULL;
}

int vault_add(struct vault *vault, const uint8_t id[KEYS_ID_SIZE],
	      struct keyfile *file)
{
	struct vault_key *key = vault_find(vault, id);

	if (key == NULL) {
		if (vault->count == VAULT_KEYS_MAX)
			return ERR_LIMIT;
		key = &vault->keys[vault->count++];
		memset(key, 0, sizeof(*key));
		memcpy(key->id, id, KEYS_ID_SIZE);
	}
	vault_lock(key);
	keyfile_free(&key->file);
	key->file = *file;
	memset(file, 0, sizeof(*file));	/* handed over */
	return 0;
}

void vault_remove(struct vault *vault, const uint8_t id[KEYS_ID_SIZE])
{
	struct vault_key *key = vault_find(vault, id);

	if (key == NULL)
		return;
	vault_lock(key);
	keyfile_free(&key->file);
	*key = vault->keys[--vault->count];
	OPENSSL_cleanse(&vault->keys[vault->count], sizeof(*key));
}

int vault_unlock(struct vault_key *key, EVP_PKEY *private, unsigned usage,
		 int64_t now)
{
	uint8_t id[KEYS_ID_SIZE];
	int r = remote_key_id(private, id);

	if (r == 0 && memcmp(id, key->id, sizeof(id)) != 0)
		r = ERR_SYNTAX;
	vault_lock(key);
	if (r == 0)
		r = operation_rejection(private, key->rejection);
	if (r < 0) {
		EVP_PKEY_free(private);
		return r;
	}
	key->key = private;
	key->usage = usage;
	key->unlocked_at = key->used_at = now;
	return 0;
}

/* When this key locks by itself; -1: never, or it is locked. */
static int64_t key_end(const struct vault *vault, const struct vault_key *key)
{
	int64_t end = -1, idle;

	if (key->key == NULL)
		return -1;
	if (vault->rules.life_ms > 0)
		end = key->unlocked_at + vault->rules.life_ms;
	if (vault->rules.idle_ms > 0) {
		idle = key->used_at + vault->rules.idle_ms;
		if (end < 0 || idle < end)
			end = idle;
	}
	return end;
}

int64_t vault_next(const struct vault *vault)
{
	int64_t next = -1, end;
	size_t i;

	for (i = 0; i < vault->count; i++) {
		end = key_end(vault, &vault->keys[i]);
		if (end >= 0 && (next < 0 || end < next))
			next = end;
	}
	return next;
}

bool vault_expire(struct vault *vault, int64_t now)
{
	bool locked = false;
	int64_t end;
	size_t i;

	for (i = 0; i < vault->count; i++) {
		end = key_end(vault, &vault->keys[i]);
		if (end < 0 || now < end)
			continue;
		vault_lock(&vault->keys[i]);
		locked = true;
	}
	return locked;
}
