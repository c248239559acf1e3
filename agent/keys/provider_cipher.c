/* provider_cipher.c - ASYM_CIPHER of RSA: recover a content key there
 *
 * Only DECRYPT: what is encrypted to somebody takes his public key, and that
 * is the default provider's work. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "agent/keys/provider.h"

#define LABEL_MAX	256

struct cipher_context {
	struct provider_key *key;
	uint8_t scheme;			/* enum keys_scheme */
	uint8_t hash, mask_hash;	/* enum keys_hash */
	bool labelled;			/* an OAEP label: not ours */
};

static void *context_new(void *provider)
{
	struct cipher_context *context = OPENSSL_zalloc(sizeof(*context));

	(void)provider;
	if (context != NULL)
		context->scheme = KEYS_RSA_PKCS1;
	return context;
}

static void context_free(void *held)
{
	struct cipher_context *context = held;

	if (context == NULL)
		return;
	provider_key_free(context->key);
	OPENSSL_free(context);
}

static const struct provider_padding paddings[] = {
	{ RSA_PKCS1_PADDING, OSSL_PKEY_RSA_PAD_MODE_PKCSV15, KEYS_RSA_PKCS1 },
	{ RSA_PKCS1_OAEP_PADDING, OSSL_PKEY_RSA_PAD_MODE_OAEP, KEYS_RSA_OAEP },
	{ 0, NULL, 0 }
};

static bool label_set(struct cipher_context *context, const OSSL_PARAM *param)
{
	unsigned char label[LABEL_MAX];
	void *to = label;
	size_t len;

	if (OSSL_PARAM_get_octet_string(param, &to, sizeof(label), &len) != 1)
		return false;
	context->labelled = len > 0;
	return true;
}

static int context_set(void *held, const OSSL_PARAM params[])
{
	struct cipher_context *context = held;
	const OSSL_PARAM *p;

	if (params == NULL)
		return 1;
	p = OSSL_PARAM_locate_const(params, OSSL_ASYM_CIPHER_PARAM_PAD_MODE);
	if (p != NULL && !provider_padding(p, paddings, &context->scheme))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST);
	if (p != NULL && !provider_hash_param(p, &context->hash))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST);
	if (p != NULL && !provider_hash_param(p, &context->mask_hash))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL);
	return p == NULL || label_set(context, p);
}

static const OSSL_PARAM *context_settable(void *held, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, NULL,
				       0),
		OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST,
				       NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST,
				       NULL, 0),
		OSSL_PARAM_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL,
					NULL, 0),
		OSSL_PARAM_END
	};

	(void)held;
	(void)provider;
	return types;
}

static int decrypt_init(void *held, void *key, const OSSL_PARAM params[])
{
	struct cipher_context *context = held;

	if (key != NULL) {
		(void)provider_key_hold(key);
		provider_key_free(context->key);
		context->key = key;
	}
	return context->key != NULL && context->key->link != NULL &&
	       context_set(context, params) == 1;
}

/* Without a word both hashes of OAEP are SHA-1, and MGF1's is OAEP's
 * (RFC 8017 appendix A.2.1; OpenSSL's defaults). */
static void oaep_request(const struct cipher_context *context,
			 struct keys_request *request)
{
	request->hash = context->hash;
	if (request->hash == KEYS_HASH_NONE)
		request->hash = KEYS_SHA1;
	request->mask_hash = context->mask_hash;
	if (request->mask_hash == KEYS_HASH_NONE)
		request->mask_hash = request->hash;
}

static int decrypt(void *held, unsigned char *to, size_t *len, size_t room,
		   const unsigned char *from, size_t from_len)
{
	struct cipher_context *context = held;
	struct provider_key *key = context->key;
	struct keys_request request;
	size_t size = (size_t)BN_num_bytes(key->n);

	*len = size;
	if (to == NULL)
		return 1;
	memset(&request, 0, sizeof(request));
	request.verb = KEYS_UNWRAP;
	request.scheme = context->scheme;
	if (context->scheme == KEYS_RSA_OAEP)
		oaep_request(context, &request);
	else
		request.want = (uint16_t)key->expect;
	if (context->labelled || key->expect > KEYS_SECRET_MAX ||
	    (context->scheme == KEYS_RSA_PKCS1 && key->expect == 0)) {
		atomic_store(&key->answer, KEYS_UNSUPPORTED);
		return 0;
	}
	if (from_len > size || size > sizeof(request.data)) {
		atomic_store(&key->answer, KEYS_FAILED);
		return 0;
	}
	/* A number: leading zeros that somebody left out are put back. */
	request.len = (uint16_t)size;
	memcpy(request.data + (size - from_len), from, from_len);
	return provider_key_ask(key, &request, to, room, len);
}

#define ROW(name, function) { name, (provider_function)(function) }

const OSSL_DISPATCH provider_rsa_cipher[] = {
	ROW(OSSL_FUNC_ASYM_CIPHER_NEWCTX, context_new),
	ROW(OSSL_FUNC_ASYM_CIPHER_FREECTX, context_free),
	ROW(OSSL_FUNC_ASYM_CIPHER_DECRYPT_INIT, decrypt_init),
	ROW(OSSL_FUNC_ASYM_CIPHER_DECRYPT, decrypt),
	ROW(OSSL_FUNC_ASYM_CIPHER_SET_CTX_PARAMS, context_set),
	ROW(OSSL_FUNC_ASYM_CIPHER_SETTABLE_CTX_PARAMS, context_settable),
	{ 0, NULL }
};
