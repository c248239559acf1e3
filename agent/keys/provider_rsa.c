/* provider_rsa.c - KEYMGMT of RSA: the public half, for whoever asks
 *
 * The private half cannot be exported, and that is what makes OpenSSL come to
 * our SIGNATURE and ASYM_CIPHER: it first tries to hand the whole key to the
 * default provider, and we refuse.  The public half alone must go out: CMS
 * compares key and certificate.  HAS is asked with no key at all, too. */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include "agent/keys/provider.h"

#define KEY_PARAMS							\
	OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),			\
	OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0)

static void *rsa_new(void *provider)
{
	(void)provider;
	return provider_key_new();
}

static void *rsa_dup(const void *held, int selection)
{
	const struct provider_key *from = held;
	struct provider_key *key = provider_key_copy(from, selection);

	if (key == NULL || (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0 ||
	    from->n == NULL)
		return key;
	key->n = BN_dup(from->n);
	key->e = BN_dup(from->e);
	if (key->n != NULL && key->e != NULL)
		return key;
	provider_key_free(key);
	return NULL;
}

static int rsa_has(const void *held, int selection)
{
	const struct provider_key *key = held;

	if (key == NULL)
		return 0;
	if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 && key->n == NULL)
		return 0;
	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 ||
	       key->link != NULL;
}

static const OSSL_PARAM *rsa_import_types(int selection)
{
	static const OSSL_PARAM types[] = {
		KEY_PARAMS,
		OSSL_PARAM_octet_string(PROVIDER_PARAM_LINK, NULL, 0),
		OSSL_PARAM_octet_string(PROVIDER_PARAM_ID, NULL, 0),
		OSSL_PARAM_END
	};

	(void)selection;
	return types;
}

static int rsa_import(void *held, int selection, const OSSL_PARAM params[])
{
	struct provider_key *key = held;
	const OSSL_PARAM *n, *e;

	(void)selection;
	/* A private exponent has no business here. */
	if (OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_RSA_D) != NULL)
		return 0;
	n = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_RSA_N);
	e = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_RSA_E);
	return n != NULL && e != NULL && key->n == NULL && key->e == NULL &&
	       OSSL_PARAM_get_BN(n, &key->n) == 1 &&
	       OSSL_PARAM_get_BN(e, &key->e) == 1 &&
	       provider_key_import(key, params);
}

static const OSSL_PARAM *rsa_export_types(int selection)
{
	static const OSSL_PARAM types[] = { KEY_PARAMS, OSSL_PARAM_END };

	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0 ? NULL :
								    types;
}

static int rsa_export(void *held, int selection, OSSL_CALLBACK *take,
		      void *ctx)
{
	const struct provider_key *key = held;
	OSSL_PARAM_BLD *build = NULL;
	OSSL_PARAM *params = NULL;
	int r = 0;

	if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0)
		return 0;
	build = OSSL_PARAM_BLD_new();
	if (build == NULL ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, key->n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, key->e) != 1)
		goto out;
	params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		r = take(params, ctx);
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return r;
}

static int rsa_match(const void *one, const void *other, int selection)
{
	const struct provider_key *a = one, *b = other;

	if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0)
		return 1;
	return a->n != NULL && b->n != NULL && BN_cmp(a->n, b->n) == 0 &&
	       BN_cmp(a->e, b->e) == 0;
}

/* NIST SP 800-57 part 1, table 2 */
static int security_bits(int bits)
{
	if (bits >= 7680)
		return 192;
	if (bits >= 3072)
		return 128;
	return bits >= 2048 ? 112 : 80;
}

static int rsa_get_params(void *held, OSSL_PARAM params[])
{
	const struct provider_key *key = held;
	int bits = key->n == NULL ? 0 : BN_num_bits(key->n);
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_BITS);
	if (p != NULL && OSSL_PARAM_set_int(p, bits) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_SECURITY_BITS);
	if (p != NULL && OSSL_PARAM_set_int(p, security_bits(bits)) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_MAX_SIZE);
	if (p != NULL && OSSL_PARAM_set_int(p, (bits + 7) / 8) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_DEFAULT_DIGEST);
	if (p != NULL && OSSL_PARAM_set_utf8_string(p, "SHA256") != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_RSA_N);
	if (p != NULL && OSSL_PARAM_set_BN(p, key->n) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_RSA_E);
	if (p != NULL && OSSL_PARAM_set_BN(p, key->e) != 1)
		return 0;
	return provider_key_get(key, params);
}

static const OSSL_PARAM *rsa_gettable(void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL,
				       0),
		KEY_PARAMS,
		OSSL_PARAM_int(PROVIDER_PARAM_ANSWER, NULL),
		OSSL_PARAM_octet_string(PROVIDER_PARAM_SUM, NULL, 0),
		OSSL_PARAM_END
	};

	(void)provider;
	return types;
}

static int rsa_set_params(void *held, const OSSL_PARAM params[])
{
	return provider_key_set(held, params);
}

static const OSSL_PARAM *rsa_settable(void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_size_t(PROVIDER_PARAM_EXPECT, NULL), OSSL_PARAM_END
	};

	(void)provider;
	return types;
}

#define ROW(name, function) { name, (provider_function)(function) }

const OSSL_DISPATCH provider_rsa_keymgmt[] = {
	ROW(OSSL_FUNC_KEYMGMT_NEW, rsa_new),
	ROW(OSSL_FUNC_KEYMGMT_FREE, provider_key_free),
	ROW(OSSL_FUNC_KEYMGMT_DUP, rsa_dup),
	ROW(OSSL_FUNC_KEYMGMT_HAS, rsa_has),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT, rsa_import),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, rsa_import_types),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT, rsa_export),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, rsa_export_types),
	ROW(OSSL_FUNC_KEYMGMT_MATCH, rsa_match),
	ROW(OSSL_FUNC_KEYMGMT_GET_PARAMS, rsa_get_params),
	ROW(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, rsa_gettable),
	ROW(OSSL_FUNC_KEYMGMT_SET_PARAMS, rsa_set_params),
	ROW(OSSL_FUNC_KEYMGMT_SETTABLE_PARAMS, rsa_settable),
	{ 0, NULL }
};
