/* provider_hash.c - digests by the names that OpenSSL has for them */
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "agent/keys/provider.h"

#define NAME_MAX_LEN 32

static const struct {
	const char *name;	/* the first of a hash is the one we tell */
	unsigned hash;
	const EVP_MD *(*md)(void);
} names[] = {
	{ "SHA256", KEYS_SHA256, EVP_sha256 },
	{ "SHA384", KEYS_SHA384, EVP_sha384 },
	{ "SHA512", KEYS_SHA512, EVP_sha512 },
	{ "SHA1", KEYS_SHA1, EVP_sha1 },
	{ "SHA2-256", KEYS_SHA256, EVP_sha256 },
	{ "SHA-256", KEYS_SHA256, EVP_sha256 },
	{ "SHA2-384", KEYS_SHA384, EVP_sha384 },
	{ "SHA-384", KEYS_SHA384, EVP_sha384 },
	{ "SHA2-512", KEYS_SHA512, EVP_sha512 },
	{ "SHA-512", KEYS_SHA512, EVP_sha512 },
	{ "SHA-1", KEYS_SHA1, EVP_sha1 },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

unsigned provider_hash(const char *name)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (OPENSSL_strcasecmp(name, names[i].name) == 0)
			return names[i].hash;
	return KEYS_HASH_NONE;
}

const char *provider_hash_name(unsigned hash)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].hash == hash)
			return names[i].name;
	return "";
}

const EVP_MD *provider_hash_md(unsigned hash)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].hash == hash)
			return names[i].md();
	return NULL;
}

bool provider_hash_param(const OSSL_PARAM *param, uint8_t *hash)
{
	char name[NAME_MAX_LEN];
	char *to = name;
	unsigned found;

	if (OSSL_PARAM_get_utf8_string(param, &to, sizeof(name)) != 1)
		return false;
	found = provider_hash(name);
	*hash = (uint8_t)found;
	return found != KEYS_HASH_NONE;
}
