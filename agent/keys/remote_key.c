/* remote_key.c - the provider, and keys made with it */
#include "agent/keys/remote_key.h"

#include <pthread.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "agent/base/err.h"
#include "agent/keys/provider.h"

#define RSA_NAMES	"RSA:rsaEncryption:1.2.840.113549.1.1.1"
#define EC_NAMES	"EC:id-ecPublicKey:1.2.840.10045.2.1"

static const OSSL_ALGORITHM keymgmts[] = {
	{ RSA_NAMES, PROVIDER_PROPERTY, provider_rsa_keymgmt, NULL },
	{ EC_NAMES, PROVIDER_PROPERTY, provider_ec_keymgmt, NULL },
	{ NULL, NULL, NULL, NULL }
};

static const OSSL_ALGORITHM signatures[] = {
	{ RSA_NAMES, PROVIDER_PROPERTY, provider_rsa_signature, NULL },
	{ "ECDSA", PROVIDER_PROPERTY, provider_ecdsa_signature, NULL },
	{ NULL, NULL, NULL, NULL }
};

static const OSSL_ALGORITHM ciphers[] = {
	{ RSA_NAMES, PROVIDER_PROPERTY, provider_rsa_cipher, NULL },
	{ NULL, NULL, NULL, NULL }
};

static const OSSL_ALGORITHM exchanges[] = {
	{ "ECDH", PROVIDER_PROPERTY, provider_ecdh_exchange, NULL },
	{ NULL, NULL, NULL, NULL }
};

static const OSSL_ALGORITHM *provider_query(void *provider, int operation,
					    int *no_cache)
{
	(void)provider;
	*no_cache = 0;
	switch (operation) {
	case OSSL_OP_KEYMGMT:		return keymgmts;
	case OSSL_OP_SIGNATURE:		return signatures;
	case OSSL_OP_ASYM_CIPHER:	return ciphers;
	case OSSL_OP_KEYEXCH:		return exchanges;
	default:			return NULL;
	}
}

static const OSSL_DISPATCH provider_functions[] = {
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION,
	  (provider_function)provider_query },
	{ 0, NULL }
};

static int provider_start(const OSSL_CORE_HANDLE *handle,
			  const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
			  void **context)
{
	static char nothing;

	(void)handle;
	(void)in;
	*out = provider_functions;
	*context = &nothing;		/* NULL would mean that it failed */
	return 1;
}

static pthread_once_t prepare_once = PTHREAD_ONCE_INIT;
static OSSL_PROVIDER *default_provider, *own_provider;
static bool prepared;

/* The default provider is named, because loading any other one by name ends
 * its being there by itself; it is preferred, so that everybody's keys but
 * the keeper's are its business. */
static void prepare(void)
{
	default_provider = OSSL_PROVIDER_load(NULL, "default");
	if (default_provider == NULL ||
	    OSSL_PROVIDER_add_builtin(NULL, PROVIDER_NAME, provider_start) != 1)
		return;
	own_provider = OSSL_PROVIDER_load(NULL, PROVIDER_NAME);
	prepared = own_provider != NULL &&
		   EVP_set_default_properties(NULL, "?provider=default") == 1;
}

int remote_key_prepare(void)
{
	/* Both stay loaded, and known to whoever looks for leaks. */
	if (pthread_once(&prepare_once, prepare) != 0 || !prepared ||
	    default_provider == NULL || own_provider == NULL)
		return ERR_UNSUPPORTED;
	return 0;
}

int remote_key_id(EVP_PKEY *public, uint8_t id[KEYS_ID_SIZE])
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(public, &der);
	bool fine;

	fine = len > 0 && EVP_Digest(der, (size_t)len, id, NULL, EVP_sha256(),
				     NULL) == 1;
	OPENSSL_free(der);
	return fine ? 0 : ERR_MEMORY;
}
_Static_assert(KEYS_ID_SIZE == SHA256_DIGEST_LENGTH, "a key's name");

/* What EVP_PKEY_fromdata reads: parameters, and the room they point into. */
struct key_params {
	OSSL_PARAM params[5];
	size_t count;
	unsigned char n[KEYS_DATA_MAX], e[KEYS_DATA_MAX];
	unsigned char point[KEYS_POINT_MAX];
	char group[PROVIDER_GROUP_MAX];
};

/* A parameter's number is in the machine's own byte order. */
static bool number_put(struct key_params *to, const char *name, EVP_PKEY *from,
		       unsigned char room[KEYS_DATA_MAX])
{
	BIGNUM *number = NULL;
	int len = 0;

	if (EVP_PKEY_get_bn_param(from, name, &number) == 1)
		len = BN_num_bytes(number);
	if (len > KEYS_DATA_MAX || BN_bn2nativepad(number, room, len) != len)
		len = 0;
	BN_free(number);
	to->params[to->count++] = OSSL_PARAM_construct_BN(name, room,
							  (size_t)len);
	return len > 0;
}

/* SEC 1 section 2.3.3: 4, then both coordinates; whatever form the
 * certificate has. */
static bool point_put(struct key_params *to, EVP_PKEY *from)
{
	BIGNUM *x = NULL, *y = NULL;
	size_t size, len = 0;
	bool fine = false;

	if (EVP_PKEY_get_group_name(from, to->group, sizeof(to->group), &len) !=
	    1)
		return false;
	size = provider_group_bits(to->group) / 8;
	if (size == 0 ||
	    EVP_PKEY_get_bn_param(from, OSSL_PKEY_PARAM_EC_PUB_X, &x) != 1 ||
	    EVP_PKEY_get_bn_param(from, OSSL_PKEY_PARAM_EC_PUB_Y, &y) != 1)
		goto out;
	to->point[0] = 4;
	if (BN_bn2binpad(x, to->point + 1, (int)size) < 0 ||
	    BN_bn2binpad(y, to->point + 1 + size, (int)size) < 0)
		goto out;
	to->params[to->count++] = OSSL_PARAM_construct_utf8_string(
		OSSL_PKEY_PARAM_GROUP_NAME, to->group, 0);
	to->params[to->count++] = OSSL_PARAM_construct_octet_string(
		OSSL_PKEY_PARAM_PUB_KEY, to->point, 1 + 2 * size);
	fine = true;
out:
	BN_free(x);
	BN_free(y);
	return fine;
}

int remote_key_new(struct keys_link *link, EVP_PKEY *public, EVP_PKEY **out)
{
	uint8_t id[KEYS_ID_SIZE];
	int r = remote_key_id(public, id);

	*out = NULL;
	return r < 0 ? r : remote_key_named(link, public, id, out);
}

int remote_key_named(struct keys_link *link, EVP_PKEY *public,
		     const uint8_t name[KEYS_ID_SIZE], EVP_PKEY **out)
{
	struct key_params to;
	EVP_PKEY_CTX *context = NULL;
	uint8_t id[KEYS_ID_SIZE];
	bool rsa = EVP_PKEY_is_a(public, "RSA") == 1;
	int r = ERR_UNSUPPORTED;

	*out = NULL;
	to.count = 0;
	if (remote_key_prepare() < 0)
		goto out;
	if (rsa ? !number_put(&to, OSSL_PKEY_PARAM_RSA_N, public, to.n) ||
		  !number_put(&to, OSSL_PKEY_PARAM_RSA_E, public, to.e) :
		  EVP_PKEY_is_a(public, "EC") != 1 || !point_put(&to, public))
		goto out;
	r = 0;
	memcpy(id, name, sizeof(id));
	to.params[to.count++] = OSSL_PARAM_construct_octet_string(
		PROVIDER_PARAM_LINK, &link, sizeof(link));
	to.params[to.count++] = OSSL_PARAM_construct_octet_string(
		PROVIDER_PARAM_ID, id, sizeof(id));
	to.params[to.count] = OSSL_PARAM_construct_end();
	context = EVP_PKEY_CTX_new_from_name(NULL, rsa ? "RSA" : "EC",
					     PROVIDER_PROPERTY);
	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, out, EVP_PKEY_KEYPAIR, to.params) != 1)
		r = ERR_MEMORY;
out:
	EVP_PKEY_CTX_free(context);
	return r;
}

EVP_PKEY *remote_key_copy(const EVP_PKEY *key)
{
	EVP_PKEY *from;

	memcpy(&from, &key, sizeof(from));	/* it is only read */
	return EVP_PKEY_dup(from);
}

void remote_key_expect(EVP_PKEY *key, size_t content_key)
{
	OSSL_PARAM params[2];

	params[0] = OSSL_PARAM_construct_size_t(PROVIDER_PARAM_EXPECT,
						&content_key);
	params[1] = OSSL_PARAM_construct_end();
	/* Without it an unwrap is refused, so a failure here fails closed. */
	(void)EVP_PKEY_set_params(key, params);
}

enum keys_answer remote_key_answer(const EVP_PKEY *key)
{
	int answer = KEYS_GONE;

	if (EVP_PKEY_get_int_param(key, PROVIDER_PARAM_ANSWER, &answer) != 1)
		return KEYS_GONE;
	return (enum keys_answer)answer;
}

bool remote_key_sum(const EVP_PKEY *key, uint8_t sum[REMOTE_KEY_SUM])
{
	static const uint8_t none[REMOTE_KEY_SUM];
	size_t len = 0;

	return EVP_PKEY_get_octet_string_param(key, PROVIDER_PARAM_SUM, sum,
					       REMOTE_KEY_SUM, &len) == 1 &&
	       len == REMOTE_KEY_SUM &&
	       memcmp(sum, none, sizeof(none)) != 0;
}
