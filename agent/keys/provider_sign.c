/* provider_sign.c - SIGNATURE: hash here, sign there
 *
 * RSA and ECDSA differ in the scheme they begin with, and in that RSA lets
 * the padding be chosen.  CMS finishes a context twice (once for the size),
 * so DUPCTX has to be there, and it reads the AlgorithmIdentifier that goes
 * beside the signature from here. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "agent/keys/provider.h"

#define SALT_DIGEST	RSA_PSS_SALTLEN_DIGEST
#define WORD_MAX	16

struct sign_context {
	struct provider_key *key;
	EVP_MD_CTX *digest;
	uint8_t scheme;			/* enum keys_scheme */
	uint8_t hash, mask_hash;	/* enum keys_hash */
	int salt;			/* bytes; or RSA_PSS_SALTLEN_... */
};

static struct sign_context *context_new(enum keys_scheme scheme)
{
	struct sign_context *context = OPENSSL_zalloc(sizeof(*context));

	if (context == NULL)
		return NULL;
	context->scheme = (uint8_t)scheme;
	context->salt = SALT_DIGEST;
	return context;
}

static void *rsa_new_context(void *provider, const char *properties)
{
	(void)provider;
	(void)properties;
	return context_new(KEYS_RSA_PKCS1);
}

static void *ecdsa_new_context(void *provider, const char *properties)
{
	(void)provider;
	(void)properties;
	return context_new(KEYS_ECDSA);
}

static void context_free(void *held)
{
	struct sign_context *context = held;

	if (context == NULL)
		return;
	EVP_MD_CTX_free(context->digest);
	provider_key_free(context->key);
	OPENSSL_free(context);
}

static void *context_dup(void *held)
{
	const struct sign_context *from = held;
	struct sign_context *context = OPENSSL_memdup(from, sizeof(*from));

	if (context == NULL)
		return NULL;
	context->key = provider_key_hold(from->key);
	context->digest = NULL;
	if (from->digest == NULL)
		return context;
	context->digest = EVP_MD_CTX_new();
	if (context->digest != NULL &&
	    EVP_MD_CTX_copy_ex(context->digest, from->digest) == 1)
		return context;
	context_free(context);
	return NULL;
}

static const struct provider_padding paddings[] = {
	{ RSA_PKCS1_PADDING, OSSL_PKEY_RSA_PAD_MODE_PKCSV15, KEYS_RSA_PKCS1 },
	{ RSA_PKCS1_PSS_PADDING, OSSL_PKEY_RSA_PAD_MODE_PSS, KEYS_RSA_PSS },
	{ 0, NULL, 0 }
};

static bool padding_set(struct sign_context *context, const OSSL_PARAM *param)
{
	return context->scheme != KEYS_ECDSA &&
	       provider_padding(param, paddings, &context->scheme);
}

static bool salt_set(struct sign_context *context, const OSSL_PARAM *param)
{
	char word[WORD_MAX] = "";
	char *to = word;

	if (param->data_type == OSSL_PARAM_INTEGER)
		return OSSL_PARAM_get_int(param, &context->salt) == 1;
	if (OSSL_PARAM_get_utf8_string(param, &to, sizeof(word)) != 1 ||
	    strcmp(word, OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST) != 0)
		return false;
	context->salt = SALT_DIGEST;
	return true;
}

static int context_set(void *held, const OSSL_PARAM params[])
{
	struct sign_context *context = held;
	const OSSL_PARAM *p;
	uint8_t hash;

	if (params == NULL)
		return 1;
	p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
	if (p != NULL && !padding_set(context, p))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_DIGEST);
	if (p != NULL) {
		if (!provider_hash_param(p, &hash) ||
		    (context->digest != NULL && hash != context->hash))
			return 0;	/* already hashing with another */
		context->hash = hash;
	}
	p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_MGF1_DIGEST);
	if (p != NULL && !provider_hash_param(p, &context->mask_hash))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PSS_SALTLEN);
	return p == NULL || salt_set(context, p);
}

static const OSSL_PARAM *context_settable(void *held, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, NULL,
				       0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL,
				       0),
		OSSL_PARAM_END
	};

	(void)held;
	(void)provider;
	return types;
}

/* AlgorithmIdentifiers in DER; where they differ by the hash, a number that
 * follows it: of the last arc of an object identifier, or the salt. */
static int algorithm_get(const struct sign_context *context, OSSL_PARAM *param)
{
	uint8_t nth = (uint8_t)(context->hash - KEYS_SHA256);	/* 0, 1, 2 */
	uint8_t arc = (uint8_t)(nth + 1);
	/* RFC 4055 section 5: sha256WithRSAEncryption and its brothers */
	const uint8_t pkcs1[] = {
		0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1,
		(uint8_t)(11 + nth), 5, 0
	};
	/* RFC 5758 section 3.2: ecdsa-with-SHA256 and its brothers */
	const uint8_t ecdsa[] = {
		0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3,
		(uint8_t)(2 + nth)
	};
	/* RFC 4055 section 3.1: id-RSASSA-PSS with hash, MGF1 and salt */
	const uint8_t pss[] = {
		0x30, 0x41, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10,
		0x30, 0x34,
		0xa0, 0x0f, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2,
		arc, 5, 0,
		0xa1, 0x1c, 0x30, 0x1a, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 1, 1, 8,
		0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, arc, 5, 0,
		0xa2, 3, 2, 1, (uint8_t)keys_hash_size(context->hash)
	};

	if (context->hash < KEYS_SHA256 || context->hash > KEYS_SHA512)
		return 0;
	if (context->scheme == KEYS_ECDSA)
		return OSSL_PARAM_set_octet_string(param, ecdsa,
						   sizeof(ecdsa));
	if (context->scheme == KEYS_RSA_PSS)
		return OSSL_PARAM_set_octet_string(param, pss, sizeof(pss));
	return OSSL_PARAM_set_octet_string(param, pkcs1, sizeof(pkcs1));
}

static int padding_get(const struct sign_context *context, OSSL_PARAM *param)
{
	bool pss = context->scheme == KEYS_RSA_PSS;

	if (param->data_type == OSSL_PARAM_INTEGER)
		return OSSL_PARAM_set_int(param, pss ? RSA_PKCS1_PSS_PADDING :
						       RSA_PKCS1_PADDING);
	return OSSL_PARAM_set_utf8_string(param, pss ?
					  OSSL_PKEY_RSA_PAD_MODE_PSS :
					  OSSL_PKEY_RSA_PAD_MODE_PKCSV15);
}

static int context_get(void *held, OSSL_PARAM params[])
{
	const struct sign_context *context = held;
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
	if (p != NULL && (context->scheme == KEYS_ECDSA ||
			  padding_get(context, p) != 1))
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_DIGEST);
	if (p != NULL && OSSL_PARAM_set_utf8_string(
			p, provider_hash_name(context->hash)) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_ALGORITHM_ID);
	return p == NULL || algorithm_get(context, p) == 1;
}

static const OSSL_PARAM *context_gettable(void *held, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID,
					NULL, 0),
		OSSL_PARAM_END
	};

	(void)held;
	(void)provider;
	return types;
}

static bool key_set(struct sign_context *context, struct provider_key *key)
{
	if (key != NULL) {
		(void)provider_key_hold(key);
		provider_key_free(context->key);
		context->key = key;
	}
	return context->key != NULL && context->key->link != NULL;
}

static int sign_init(void *held, void *key, const OSSL_PARAM params[])
{
	return key_set(held, key) && context_set(held, params) == 1;
}

static size_t signature_max(const struct provider_key *key)
{
	if (key->n != NULL)
		return (size_t)BN_num_bytes(key->n);
	return 2 * (provider_group_bits(key->group) / 8) + 9;
}

/* PSS the one way we make it: MGF1 with the hash, a salt as long. */
static bool pss_is_ours(const struct sign_context *context)
{
	int size = (int)keys_hash_size(context->hash);

	return context->scheme != KEYS_RSA_PSS ||
	       ((context->mask_hash == KEYS_HASH_NONE ||
		 context->mask_hash == context->hash) &&
		(context->salt == SALT_DIGEST || context->salt == size));
}

static int sign(void *held, unsigned char *to, size_t *len, size_t room,
		const unsigned char *digest, size_t digest_len)
{
	struct sign_context *context = held;
	struct keys_request request;

	*len = signature_max(context->key);
	if (to == NULL)
		return 1;
	if (context->hash < KEYS_SHA256 || context->hash > KEYS_SHA512 ||
	    digest_len != keys_hash_size(context->hash) ||
	    !pss_is_ours(context))
		return 0;
	memset(&request, 0, sizeof(request));
	request.verb = KEYS_SIGN;
	request.scheme = context->scheme;
	request.hash = context->hash;
	request.len = (uint16_t)digest_len;
	memcpy(request.data, digest, digest_len);
	return provider_key_ask(context->key, &request, to, room, len);
}

static int digest_init(void *held, const char *hash, void *key,
		       const OSSL_PARAM params[])
{
	struct sign_context *context = held;

	if (!key_set(context, key))
		return 0;
	EVP_MD_CTX_free(context->digest);
	context->digest = NULL;
	context->hash = (uint8_t)provider_hash(hash == NULL ? "SHA256" : hash);
	if (context->hash == KEYS_HASH_NONE || context->hash == KEYS_SHA1 ||
	    context_set(context, params) != 1)
		return 0;
	context->digest = EVP_MD_CTX_new();
	return context->digest != NULL &&
	       EVP_DigestInit_ex(context->digest,
				 provider_hash_md(context->hash), NULL) == 1;
}

static int digest_update(void *held, const unsigned char *data, size_t len)
{
	struct sign_context *context = held;

	return context->digest != NULL &&
	       EVP_DigestUpdate(context->digest, data, len) == 1;
}

static int digest_final(void *held, unsigned char *to, size_t *len,
			size_t room)
{
	struct sign_context *context = held;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;

	if (to == NULL)
		return sign(context, NULL, len, 0, NULL, 0);
	return context->digest != NULL &&
	       EVP_DigestFinal_ex(context->digest, digest, &digest_len) == 1 &&
	       sign(context, to, len, room, digest, digest_len) == 1;
}

#define ROW(name, function) { name, (provider_function)(function) }
#define SHARED_ROWS							\
	ROW(OSSL_FUNC_SIGNATURE_FREECTX, context_free),			\
	ROW(OSSL_FUNC_SIGNATURE_DUPCTX, context_dup),			\
	ROW(OSSL_FUNC_SIGNATURE_SIGN_INIT, sign_init),			\
	ROW(OSSL_FUNC_SIGNATURE_SIGN, sign),				\
	ROW(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, digest_init),		\
	ROW(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, digest_update),	\
	ROW(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, digest_final),	\
	ROW(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, context_set),		\
	ROW(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, context_settable),	\
	ROW(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, context_get),		\
	ROW(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, context_gettable)

const OSSL_DISPATCH provider_rsa_signature[] = {
	ROW(OSSL_FUNC_SIGNATURE_NEWCTX, rsa_new_context),
	SHARED_ROWS,
	{ 0, NULL }
};

const OSSL_DISPATCH provider_ecdsa_signature[] = {
	ROW(OSSL_FUNC_SIGNATURE_NEWCTX, ecdsa_new_context),
	SHARED_ROWS,
	{ 0, NULL }
};
