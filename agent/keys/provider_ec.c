/* provider_ec.c - KEYMGMT of EC: P-256 and P-384, the public half
 *
 * As provider_rsa.c, and besides: CMS makes the peer's key out of ours (DUP
 * of the parameters alone, then SET_PARAMS with the point), so a key without
 * a point is a key here, and a copy of the parameters is never private.  The
 * keeper checks the point. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "agent/keys/provider.h"

static void *ec_new(void *provider)
{
	(void)provider;
	return provider_key_new();
}

static void *ec_dup(const void *held, int selection)
{
	const struct provider_key *from = held;
	struct provider_key *key = provider_key_copy(from, selection);

	if (key == NULL)
		return NULL;
	memcpy(key->group, from->group, sizeof(key->group));
	if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0) {
		memcpy(key->point, from->point, from->point_len);
		key->point_len = from->point_len;
	}
	return key;
}

static int ec_has(const void *held, int selection)
{
	const struct provider_key *key = held;

	if (key == NULL)
		return 0;
	if ((selection & OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS) != 0 &&
	    key->group[0] == '\0')
		return 0;
	if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 &&
	    key->point_len == 0)
		return 0;
	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 ||
	       key->link != NULL;
}

/* SEC 1 section 2.3.3, uncompressed: what CMS and certificates have. */
static bool point_set(struct provider_key *key, const OSSL_PARAM *param)
{
	size_t bytes = provider_group_bits(key->group) / 8;
	void *to = key->point;

	return OSSL_PARAM_get_octet_string(param, &to, sizeof(key->point),
					   &key->point_len) == 1 &&
	       bytes > 0 && key->point_len == 1 + 2 * bytes &&
	       key->point[0] == 4;
}

static int ec_set_params(void *held, const OSSL_PARAM params[])
{
	struct provider_key *key = held;
	const OSSL_PARAM *p;
	char *group = key->group;

	p = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_GROUP_NAME);
	if (p != NULL &&
	    (OSSL_PARAM_get_utf8_string(p, &group, sizeof(key->group)) != 1 ||
	     provider_group_bits(key->group) == 0))
		return 0;
	p = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_PUB_KEY);
	if (p == NULL)
		p = OSSL_PARAM_locate_const(params,
					    OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY);
	if (p != NULL && !point_set(key, p)) {
		key->point_len = 0;
		return 0;
	}
	return provider_key_set(key, params);
}

static int ec_import(void *held, int selection, const OSSL_PARAM params[])
{
	(void)selection;
	/* A private number has no business here. */
	if (OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_PRIV_KEY) != NULL)
		return 0;
	return ec_set_params(held, params) == 1 &&
	       provider_key_import(held, params);
}

#define KEY_PARAMS							\
	OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),	\
	OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0)

static const OSSL_PARAM *ec_import_types(int selection)
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

static const OSSL_PARAM *ec_export_types(int selection)
{
	static const OSSL_PARAM types[] = { KEY_PARAMS, OSSL_PARAM_END };

	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0 ? NULL :
								    types;
}

static int ec_export(void *held, int selection, OSSL_CALLBACK *take, void *ctx)
{
	struct provider_key *key = held;
	OSSL_PARAM params[3];
	size_t count = 0;

	if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0)
		return 0;
	params[count++] = OSSL_PARAM_construct_utf8_string(
		OSSL_PKEY_PARAM_GROUP_NAME, key->group, 0);
	if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 &&
	    key->point_len > 0)
		params[count++] = OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, key->point, key->point_len);
	params[count] = OSSL_PARAM_construct_end();
	return take(params, ctx);
}

static int ec_match(const void *one, const void *other, int selection)
{
	const struct provider_key *a = one, *b = other;

	if (provider_group_bits(a->group) != provider_group_bits(b->group))
		return 0;
	if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0)
		return 1;
	return a->point_len == b->point_len &&
	       memcmp(a->point, b->point, a->point_len) == 0;
}

static int ec_validate(const void *held, int selection, int type)
{
	(void)type;
	return ec_has(held, selection);
}

static int ec_get_params(void *held, OSSL_PARAM params[])
{
	const struct provider_key *key = held;
	int bits = (int)provider_group_bits(key->group);
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_BITS);
	if (p != NULL && OSSL_PARAM_set_int(p, bits) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_SECURITY_BITS);
	if (p != NULL && OSSL_PARAM_set_int(p, bits / 2) != 1)
		return 0;
	/* SEQUENCE of two INTEGERs, each with a sign byte */
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_MAX_SIZE);
	if (p != NULL && OSSL_PARAM_set_int(p, 2 * (bits / 8) + 9) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_DEFAULT_DIGEST);
	if (p != NULL && OSSL_PARAM_set_utf8_string(p, "SHA256") != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_GROUP_NAME);
	if (p != NULL && OSSL_PARAM_set_utf8_string(p, key->group) != 1)
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY);
	if (p != NULL && OSSL_PARAM_set_octet_string(p, key->point,
						     key->point_len) != 1)
		return 0;
	return provider_key_get(key, params);
}

static const OSSL_PARAM *ec_gettable(void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL,
				       0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
					NULL, 0),
		OSSL_PARAM_int(PROVIDER_PARAM_ANSWER, NULL),
		OSSL_PARAM_octet_string(PROVIDER_PARAM_SUM, NULL, 0),
		OSSL_PARAM_END
	};

	(void)provider;
	return types;
}

static const OSSL_PARAM *ec_settable(void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
					NULL, 0),
		OSSL_PARAM_size_t(PROVIDER_PARAM_EXPECT, NULL),
		OSSL_PARAM_END
	};

	(void)provider;
	return types;
}

static const char *ec_operation(int operation)
{
	return operation == OSSL_OP_KEYEXCH ? "ECDH" : "ECDSA";
}

#define ROW(name, function) { name, (provider_function)(function) }

const OSSL_DISPATCH provider_ec_keymgmt[] = {
	ROW(OSSL_FUNC_KEYMGMT_NEW, ec_new),
	ROW(OSSL_FUNC_KEYMGMT_FREE, provider_key_free),
	ROW(OSSL_FUNC_KEYMGMT_DUP, ec_dup),
	ROW(OSSL_FUNC_KEYMGMT_HAS, ec_has),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT, ec_import),
	ROW(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, ec_import_types),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT, ec_export),
	ROW(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, ec_export_types),
	ROW(OSSL_FUNC_KEYMGMT_MATCH, ec_match),
	ROW(OSSL_FUNC_KEYMGMT_VALIDATE, ec_validate),
	ROW(OSSL_FUNC_KEYMGMT_GET_PARAMS, ec_get_params),
	ROW(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, ec_gettable),
	ROW(OSSL_FUNC_KEYMGMT_SET_PARAMS, ec_set_params),
	ROW(OSSL_FUNC_KEYMGMT_SETTABLE_PARAMS, ec_settable),
	ROW(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, ec_operation),
	{ 0, NULL }
};
