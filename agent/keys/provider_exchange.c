/* provider_exchange.c - KEYEXCH of EC: agree and derive there
 *
 * What leaves the keeper is a key-encryption key (X9.63, RFC 5753), never the
 * shared secret: a DERIVE without that KDF is refused. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "agent/keys/provider.h"

#define WORD_MAX 32

struct exchange_context {
	struct provider_key *key, *peer;
	uint8_t hash;			/* of the KDF: enum keys_hash */
	bool x963;
	int cofactor;			/* 1 in our curves: all the same */
	size_t want;
	uint8_t shared[KEYS_SHARED_MAX];	/* SharedInfo */
	size_t shared_len;
};

static void *context_new(void *provider)
{
	(void)provider;
	return OPENSSL_zalloc(sizeof(struct exchange_context));
}

static void context_free(void *held)
{
	struct exchange_context *context = held;

	if (context == NULL)
		return;
	provider_key_free(context->key);
	provider_key_free(context->peer);
	OPENSSL_free(context);
}

static void *context_dup(void *held)
{
	const struct exchange_context *from = held;
	struct exchange_context *context = OPENSSL_memdup(from, sizeof(*from));

	if (context == NULL)
		return NULL;
	(void)provider_key_hold(context->key);
	(void)provider_key_hold(context->peer);
	return context;
}

static bool kdf_set(struct exchange_context *context, const OSSL_PARAM *param)
{
	char word[WORD_MAX];
	char *to = word;

	if (OSSL_PARAM_get_utf8_string(param, &to, sizeof(word)) != 1)
		return false;
	context->x963 = OPENSSL_strcasecmp(word, OSSL_KDF_NAME_X963KDF) == 0;
	return context->x963 || word[0] == '\0';
}

static int context_set(void *held, const OSSL_PARAM params[])
{
	struct exchange_context *context = held;
	const OSSL_PARAM *p;
	void *to = context->shared;

	if (params == NULL)
		return 1;
	p = OSSL_PARAM_locate_const(params,
				    OSSL_EXCHANGE_PARAM_EC_ECDH_COFACTOR_MODE);
	if (p != NULL && OSSL_PARAM_get_int(p, &context->cofactor) != 1)
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_EXCHANGE_PARAM_KDF_TYPE);
	if (p != NULL && !kdf_set(context, p))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_EXCHANGE_PARAM_KDF_DIGEST);
	if (p != NULL && !provider_hash_param(p, &context->hash))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_EXCHANGE_PARAM_KDF_OUTLEN);
	if (p != NULL && OSSL_PARAM_get_size_t(p, &context->want) != 1)
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_EXCHANGE_PARAM_KDF_UKM);
	return p == NULL ||
	       OSSL_PARAM_get_octet_string(p, &to, sizeof(context->shared),
					   &context->shared_len) == 1;
}

static const OSSL_PARAM *context_settable(void *held, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_int(OSSL_EXCHANGE_PARAM_EC_ECDH_COFACTOR_MODE,
			       NULL),
		OSSL_PARAM_utf8_string(OSSL_EXCHANGE_PARAM_KDF_TYPE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_EXCHANGE_PARAM_KDF_DIGEST, NULL,
				       0),
		OSSL_PARAM_size_t(OSSL_EXCHANGE_PARAM_KDF_OUTLEN, NULL),
		OSSL_PARAM_octet_string(OSSL_EXCHANGE_PARAM_KDF_UKM, NULL, 0),
		OSSL_PARAM_END
	};

	(void)held;
	(void)provider;
	return types;
}

static int context_get(void *held, OSSL_PARAM params[])
{
	const struct exchange_context *context = held;
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params,
			      OSSL_EXCHANGE_PARAM_EC_ECDH_COFACTOR_MODE);
	if (p != NULL && OSSL_PARAM_set_int(p, context->cofactor) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_EXCHANGE_PARAM_KDF_TYPE);
	if (p != NULL && OSSL_PARAM_set_utf8_string(p, context->x963 ?
						    OSSL_KDF_NAME_X963KDF :
						    "") != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_EXCHANGE_PARAM_KDF_DIGEST);
	return p == NULL ||
	       OSSL_PARAM_set_utf8_string(
			p, provider_hash_name(context->hash)) == 1;
}

static const OSSL_PARAM *context_gettable(void *held, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_int(OSSL_EXCHANGE_PARAM_EC_ECDH_COFACTOR_MODE,
			       NULL),
		OSSL_PARAM_utf8_string(OSSL_EXCHANGE_PARAM_KDF_TYPE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_EXCHANGE_PARAM_KDF_DIGEST, NULL,
				       0),
		OSSL_PARAM_END
	};

	(void)held;
	(void)provider;
	return types;
}

static int exchange_init(void *held, void *key, const OSSL_PARAM params[])
{
	struct exchange_context *context = held;

	(void)provider_key_hold(key);
	provider_key_free(context->key);
	context->key = key;
	return key != NULL && context->key->link != NULL &&
	       context_set(context, params) == 1;
}

static int exchange_peer(void *held, void *other)
{
	struct exchange_context *context = held;
	struct provider_key *peer = other;

	if (peer == NULL || peer->point_len == 0 ||
	    provider_group_bits(peer->group) !=
	    provider_group_bits(context->key->group))
		return 0;
	(void)provider_key_hold(peer);
	provider_key_free(context->peer);
	context->peer = peer;
	return 1;
}

static int exchange_derive(void *held, unsigned char *to, size_t *len,
			   size_t room)
{
	struct exchange_context *context = held;
	struct keys_request request;

	if (!context->x963 || context->peer == NULL || context->want == 0 ||
	    context->want > KEYS_SECRET_MAX ||
	    context->hash == KEYS_HASH_NONE) {
		atomic_store(&context->key->answer, KEYS_UNSUPPORTED);
		return 0;
	}
	*len = context->want;
	if (to == NULL)
		return 1;
	memset(&request, 0, sizeof(request));
	request.verb = KEYS_DERIVE;
	request.scheme = KEYS_ECDH_X963;
	request.hash = context->hash;
	request.want = (uint16_t)context->want;
	request.len = (uint16_t)context->peer->point_len;
	request.more = (uint16_t)context->shared_len;
	memcpy(request.data, context->peer->point, context->peer->point_len);
	memcpy(request.data + request.len, context->shared,
	       context->shared_len);
	return provider_key_ask(context->key, &request, to, room, len);
}

#define ROW(name, function) { name, (provider_function)(function) }

const OSSL_DISPATCH provider_ecdh_exchange[] = {
	ROW(OSSL_FUNC_KEYEXCH_NEWCTX, context_new),
	ROW(OSSL_FUNC_KEYEXCH_FREECTX, context_free),
	ROW(OSSL_FUNC_KEYEXCH_DUPCTX, context_dup),
	ROW(OSSL_FUNC_KEYEXCH_INIT, exchange_init),
	ROW(OSSL_FUNC_KEYEXCH_SET_PEER, exchange_peer),
	ROW(OSSL_FUNC_KEYEXCH_DERIVE, exchange_derive),
	ROW(OSSL_FUNC_KEYEXCH_SET_CTX_PARAMS, context_set),
	ROW(OSSL_FUNC_KEYEXCH_SETTABLE_CTX_PARAMS, context_settable),
	ROW(OSSL_FUNC_KEYEXCH_GET_CTX_PARAMS, context_get),
	ROW(OSSL_FUNC_KEYEXCH_GETTABLE_CTX_PARAMS, context_gettable),
	{ 0, NULL }
};
