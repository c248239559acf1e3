/* provider_key.c - a key as OpenSSL holds it: what RSA and EC share */
#include "agent/keys/provider.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "agent/keys/link.h"

struct provider_key *provider_key_new(void)
{
	struct provider_key *key = OPENSSL_zalloc(sizeof(*key));

	if (key == NULL)
		return NULL;
	atomic_init(&key->users, 1);
	atomic_init(&key->answer, KEYS_DONE);
	return key;
}

struct provider_key *provider_key_copy(const struct provider_key *from,
				       int selection)
{
	struct provider_key *key = provider_key_new();

	if (key != NULL &&
	    (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) {
		key->link = from->link;
		memcpy(key->id, from->id, sizeof(key->id));
	}
	return key;
}

struct provider_key *provider_key_hold(struct provider_key *key)
{
	if (key != NULL)
		(void)atomic_fetch_add(&key->users, 1);
	return key;
}

void provider_key_free(void *held)
{
	struct provider_key *key = held;

	if (key == NULL || atomic_fetch_sub(&key->users, 1) != 1)
		return;
	BN_free(key->n);
	BN_free(key->e);
	OPENSSL_free(key);
}

bool provider_key_import(struct provider_key *key, const OSSL_PARAM params[])
{
	const OSSL_PARAM *link, *id;
	void *to;
	size_t len;

	link = OSSL_PARAM_locate_const(params, PROVIDER_PARAM_LINK);
	id = OSSL_PARAM_locate_const(params, PROVIDER_PARAM_ID);
	if (link == NULL && id == NULL)
		return true;
	if (link == NULL || id == NULL)
		return false;
	to = &key->link;
	if (OSSL_PARAM_get_octet_string(link, &to, sizeof(key->link), &len) !=
	    1 || len != sizeof(key->link))
		return false;
	to = key->id;
	return OSSL_PARAM_get_octet_string(id, &to, sizeof(key->id), &len) ==
	       1 && len == sizeof(key->id);
}

bool provider_key_set(struct provider_key *key, const OSSL_PARAM params[])
{
	const OSSL_PARAM *param;

	param = OSSL_PARAM_locate_const(params, PROVIDER_PARAM_EXPECT);
	return param == NULL || OSSL_PARAM_get_size_t(param, &key->expect) == 1;
}

bool provider_key_get(const struct provider_key *key, OSSL_PARAM params[])
{
	OSSL_PARAM *param = OSSL_PARAM_locate(params, PROVIDER_PARAM_ANSWER);

	if (param != NULL &&
	    OSSL_PARAM_set_int(param, atomic_load(&key->answer)) != 1)
		return false;
	param = OSSL_PARAM_locate(params, PROVIDER_PARAM_SUM);
	return param == NULL ||
	       OSSL_PARAM_set_octet_string(param, key->sum,
					   sizeof(key->sum)) == 1;
}

/* By which the same ciphertext is known again. */
static void secret_sum(struct provider_key *key,
		       const struct keys_reply *reply)
{
	static const char purpose[] = "mailseal content key";
	unsigned char text[sizeof(purpose) + KEYS_SECRET_MAX];

	if (reply->len > KEYS_SECRET_MAX)
		return;
	memcpy(text, purpose, sizeof(purpose));
	memcpy(text + sizeof(purpose), reply->data, reply->len);
	if (EVP_Digest(text, sizeof(purpose) + reply->len, key->sum, NULL,
		       EVP_sha256(), NULL) != 1)
		memset(key->sum, 0, sizeof(key->sum));
	OPENSSL_cleanse(text, sizeof(text));
}

bool provider_key_ask(struct provider_key *key, struct keys_request *request,
		      unsigned char *to, size_t room, size_t *len)
{
	struct keys_reply reply;
	enum keys_answer answer;
	bool fine;

	if (key->link == NULL)
		return false;
	memcpy(request->key, key->id, sizeof(request->key));
	answer = keys_link_ask(key->link, request, &reply);
	atomic_store(&key->answer, (int)answer);
	fine = answer == KEYS_DONE && reply.len > 0 && reply.len <= room;
	if (fine) {
		memcpy(to, reply.data, reply.len);
		*len = reply.len;
		if (request->verb != KEYS_SIGN)
			secret_sum(key, &reply);
	}
	OPENSSL_cleanse(&reply, sizeof(reply));
	return fine;
}

size_t provider_group_bits(const char *group)
{
	static const struct {
		const char *name;
		size_t bits;
	} groups[] = {
		{ "prime256v1", 256 }, { "P-256", 256 }, { "secp256r1", 256 },
		{ "secp384r1", 384 }, { "P-384", 384 },
	};
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (OPENSSL_strcasecmp(group, groups[i].name) == 0)
			return groups[i].bits;
	return 0;
}
