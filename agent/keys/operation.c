/* operation.c - sign, derive, and the test that both halves fit */
#include "agent/keys/operation.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

static const EVP_MD *hash_md(unsigned hash)
{
	switch (hash) {
	case KEYS_SHA256:	return EVP_sha256();
	case KEYS_SHA384:	return EVP_sha384();
	case KEYS_SHA512:	return EVP_sha512();
	case KEYS_SHA1:		return EVP_sha1();
	default:		return NULL;
	}
}

static bool pss_set(EVP_PKEY_CTX *context, const EVP_MD *md)
{
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) >
	       0 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(context, md) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context,
						RSA_PSS_SALTLEN_DIGEST) > 0;
}

static enum keys_answer sign_with(EVP_PKEY_CTX *context,
				  const struct keys_request *request,
				  struct keys_reply *reply)
{
	const EVP_MD *md = hash_md(request->hash);
	size_t len = sizeof(reply->data);

	if (context == NULL || EVP_PKEY_sign_init(context) <= 0 ||
	    (request->scheme == KEYS_RSA_PSS && !pss_set(context, md)) ||
	    EVP_PKEY_CTX_set_signature_md(context, md) <= 0 ||
	    EVP_PKEY_sign(context, reply->data, &len, request->data,
			  request->len) <= 0)
		return KEYS_UNSUPPORTED;
	reply->len = (uint16_t)len;
	return KEYS_DONE;
}

enum keys_answer operation_sign(EVP_PKEY *key,
				const struct keys_request *request,
				struct keys_reply *reply)
{
	bool ec = EVP_PKEY_is_a(key, "EC") == 1;
	EVP_PKEY_CTX *context;
	enum keys_answer answer;

	if (ec != (request->scheme == KEYS_ECDSA))
		return KEYS_UNSUPPORTED;
	context = EVP_PKEY_CTX_new(key, NULL);
	answer = sign_with(context, request, reply);
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return answer;
}

/* The context takes the copy over, but only when it says so. */
static bool shared_set(EVP_PKEY_CTX *context, const uint8_t *shared,
		       size_t len)
{
	unsigned char *copy;

	if (len == 0)
		return true;
	copy = OPENSSL_memdup(shared, len);
	if (copy != NULL &&
	    EVP_PKEY_CTX_set0_ecdh_kdf_ukm(context, copy, (int)len) > 0)
		return true;
	OPENSSL_free(copy);
	return false;
}

static enum keys_answer derive_with(EVP_PKEY_CTX *context, EVP_PKEY *peer,
				    const struct keys_request *request,
				    struct keys_reply *reply)
{
	size_t len = request->want;

	if (context == NULL || EVP_PKEY_derive_init(context) <= 0 ||
	    EVP_PKEY_CTX_set_ecdh_kdf_type(context,
					   EVP_PKEY_ECDH_KDF_X9_63) <= 0 ||
	    EVP_PKEY_CTX_set_ecdh_kdf_md(context,
					 hash_md(request->hash)) <= 0 ||
	    EVP_PKEY_CTX_set_ecdh_kdf_outlen(context, (int)len) <= 0 ||
	    !shared_set(context, request->data + request->len, request->more))
		return KEYS_UNSUPPORTED;
	if (EVP_PKEY_derive_set_peer(context, peer) <= 0 ||
	    EVP_PKEY_derive(context, reply->data, &len) <= 0 ||
	    len != request->want)
		return KEYS_FAILED;
	reply->len = (uint16_t)len;
	return KEYS_DONE;
}

enum keys_answer operation_derive(EVP_PKEY *key,
				  const struct keys_request *request,
				  struct keys_reply *reply)
{
	EVP_PKEY_CTX *context = NULL;
	EVP_PKEY *peer = NULL;
	enum keys_answer answer = KEYS_UNSUPPORTED;

	if (EVP_PKEY_is_a(key, "EC") != 1 ||
	    (size_t)request->len + request->more > sizeof(request->data))
		return answer;
	/* Setting the point checks that it is on our curve; of its forms the
	 * uncompressed one is the protocol's. */
	answer = KEYS_FAILED;
	peer = EVP_PKEY_new();
	if (peer == NULL || request->len == 0 ||
	    request->data[0] != POINT_CONVERSION_UNCOMPRESSED ||
	    EVP_PKEY_copy_parameters(peer, key) <= 0 ||
	    EVP_PKEY_set1_encoded_public_key(peer, request->data,
					     request->len) <= 0)
		goto out;
	context = EVP_PKEY_CTX_new(key, NULL);
	answer = derive_with(context, peer, request, reply);
out:
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(peer);
	ERR_clear_error();
	return answer;
}

bool operation_self_test(EVP_PKEY *key)
{
	struct keys_request request;
	struct keys_reply reply;
	EVP_PKEY_CTX *context = NULL;
	bool fine;

	memset(&request, 0, sizeof(request));
	memset(&reply, 0, sizeof(reply));
	request.scheme = KEYS_RSA_PKCS1;
	if (EVP_PKEY_is_a(key, "EC") == 1)
		request.scheme = KEYS_ECDSA;
	request.hash = KEYS_SHA256;
	request.len = (uint16_t)keys_hash_size(KEYS_SHA256);
	fine = operation_sign(key, &request, &reply) == KEYS_DONE;
	if (fine)
		context = EVP_PKEY_CTX_new(key, NULL);
	fine = context != NULL && EVP_PKEY_verify_init(context) > 0 &&
	       EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0 &&
	       EVP_PKEY_verify(context, reply.data, reply.len, request.data,
			       request.len) == 1;
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return fine;
}
