/* unwrap.c - recovering a content key, with and without a word about it
 *
 * OAEP says when it fails.  PKCS #1 1.5 must not: whoever learns which
 * ciphertexts are well padded can open any message (Bleichenbacher's attack;
 * by mail, RFC 3218).  So the padding is taken off here, in constant time and
 * for one length only, and a wrong one gives bytes that look like a key. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "agent/base/err.h"
#include "agent/keys/operation.h"
#include "agent/keys/unpad.h"

#define HMAC_SIZE	32
_Static_assert(KEYS_SECRET_MAX <= 2 * HMAC_SIZE, "two blocks are enough");

int operation_rejection(EVP_PKEY *key,
			uint8_t rejection[OPERATION_REJECTION_SIZE])
{
	static const char purpose[] = "mailseal implicit rejection";
	unsigned char *number = NULL;
	BIGNUM *d = NULL;
	int len, r = ERR_MEMORY;

	memset(rejection, 0, OPERATION_REJECTION_SIZE);
	if (EVP_PKEY_is_a(key, "RSA") != 1)
		return 0;
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &d) != 1)
		goto out;
	len = EVP_PKEY_get_size(key);
	number = OPENSSL_secure_malloc((size_t)len);
	if (number != NULL && BN_bn2binpad(d, number, len) == len &&
	    HMAC(EVP_sha256(), number, len, (const unsigned char *)purpose,
		 sizeof(purpose) - 1, rejection, NULL) != NULL)
		r = 0;
	OPENSSL_secure_clear_free(number, (size_t)len);
out:
	BN_clear_free(d);
	return r;
}

/* Bytes in the place of a key: of the secret and the ciphertext alone. */
static bool substitute(const uint8_t *rejection,
		       const struct keys_request *request,
		       uint8_t to[2 * HMAC_SIZE])
{
	uint8_t text[KEYS_DATA_MAX + 1];
	uint8_t i;

	memcpy(text, request->data, request->len);
	for (i = 0; i < 2; i++) {
		text[request->len] = i;
		if (HMAC(EVP_sha256(), rejection, OPERATION_REJECTION_SIZE,
			 text, (size_t)request->len + 1, to + HMAC_SIZE * i,
			 NULL) == NULL)
			return false;
	}
	return true;
}

static enum keys_answer unwrap_pkcs1(EVP_PKEY_CTX *context,
				     const uint8_t *rejection,
				     const struct keys_request *request,
				     struct keys_reply *reply, unsigned *bad)
{
	uint8_t padded[KEYS_DATA_MAX], fake[2 * HMAC_SIZE];
	size_t len = sizeof(padded);
	enum keys_answer answer = KEYS_FAILED;

	/* A number as large as the modulus fails, and is no secret. */
	if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) > 0 &&
	    substitute(rejection, request, fake) &&
	    EVP_PKEY_decrypt(context, padded, &len, request->data,
			     request->len) > 0 &&
	    len == request->len) {
		unpad(padded, len, request->want, fake, reply->data, bad);
		reply->len = request->want;
		answer = KEYS_DONE;
	}
	OPENSSL_cleanse(padded, sizeof(padded));
	OPENSSL_cleanse(fake, sizeof(fake));
	return answer;
}

static const EVP_MD *oaep_md(unsigned hash)
{
	switch (hash) {
	case KEYS_SHA256:	return EVP_sha256();
	case KEYS_SHA384:	return EVP_sha384();
	case KEYS_SHA512:	return EVP_sha512();
	default:		return EVP_sha1();
	}
}

static enum keys_answer unwrap_oaep(EVP_PKEY_CTX *context,
				    const struct keys_request *request,
				    struct keys_reply *reply)
{
	size_t len = sizeof(reply->data);

	if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) <=
	    0 ||
	    EVP_PKEY_CTX_set_rsa_oaep_md(context, oaep_md(request->hash)) <=
	    0 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(context,
					 oaep_md(request->mask_hash)) <= 0)
		return KEYS_UNSUPPORTED;
	if (EVP_PKEY_decrypt(context, reply->data, &len, request->data,
			     request->len) <= 0 ||
	    len == 0 || len > KEYS_SECRET_MAX) {
		OPENSSL_cleanse(reply->data, sizeof(reply->data));
		return KEYS_FAILED;
	}
	reply->len = (uint16_t)len;
	return KEYS_DONE;
}

enum keys_answer
operation_unwrap(EVP_PKEY *key,
		 const uint8_t rejection[OPERATION_REJECTION_SIZE],
		 const struct keys_request *request, struct keys_reply *reply,
		 unsigned *bad)
{
	EVP_PKEY_CTX *context = NULL;
	enum keys_answer answer = KEYS_UNSUPPORTED;

	*bad = 0;
	if (EVP_PKEY_is_a(key, "RSA") != 1)
		return answer;
	if (EVP_PKEY_get_size(key) != request->len) {
		*bad = 1;
		return KEYS_FAILED;
	}
	context = EVP_PKEY_CTX_new(key, NULL);
	if (context == NULL || EVP_PKEY_decrypt_init(context) <= 0)
		goto out;
	if (request->scheme == KEYS_RSA_PKCS1)
		answer = unwrap_pkcs1(context, rejection, request, reply, bad);
	else
		answer = unwrap_oaep(context, request, reply);
	if (answer == KEYS_FAILED)
		*bad = 1;
out:
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return answer;
}
