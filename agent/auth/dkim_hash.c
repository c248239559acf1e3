/* dkim_hash.c - OpenSSL's digests and public keys, for DKIM and ARC */
#include "agent/auth/dkim_hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "agent/auth/dkim_key.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"

#define ED25519_BYTES	64	/* RFC 8032 section 5.1.6 */

static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;

static void sha256_fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

const EVP_MD *dkim_sha256(void)
{
	(void)pthread_once(&sha256_once, sha256_fetch);
	return sha256;
}

void dkim_hash_open(struct dkim_hash *hash)
{
	hash->context = EVP_MD_CTX_new();
	hash->failed = hash->context == NULL || dkim_sha256() == NULL ||
		       EVP_DigestInit_ex2(hash->context, dkim_sha256(),
					  NULL) != 1;
}

void dkim_hash_copy(struct dkim_hash *hash, const struct dkim_hash *from)
{
	hash->context = EVP_MD_CTX_new();
	hash->failed = from->failed || hash->context == NULL ||
		       EVP_MD_CTX_copy_ex(hash->context, from->context) != 1;
}

void dkim_hash_add(struct dkim_hash *hash, struct bytes bytes)
{
	if (!hash->failed &&
	    EVP_DigestUpdate(hash->context, bytes.data, bytes.len) != 1)
		hash->failed = true;
}

static void take(void *ctx, struct bytes piece)
{
	dkim_hash_add(ctx, piece);
}

void dkim_hash_field(struct dkim_hash *hash, enum canon form,
		     struct bytes whole)
{
	struct canon_sink sink = { take, hash };

	canon_field(form, whole, CANON_WITH_CRLF, &sink);
}

void dkim_hash_own(struct dkim_hash *hash,
		   const struct dkim_signature *signature)
{
	struct canon_sink sink = { take, hash };
	struct bytes whole = signature->field->whole, out;
	size_t before = (size_t)(signature->b_value.data - whole.data);
	size_t behind = before + signature->b_value.len;
	unsigned char *room = malloc(whole.len + 1);

	if (room == NULL) {
		hash->failed = true;
		return;
	}
	while (before > 0 && byte_is_space(whole.data[before - 1]))
		before--;
	while (behind < whole.len && byte_is_space(whole.data[behind]))
		behind++;
	memcpy(room, whole.data, before);
	memcpy(room + before, whole.data + behind, whole.len - behind);
	out.data = room;
	out.len = before + whole.len - behind;
	canon_field(signature->header_form, out, CANON_NO_CRLF, &sink);
	free(room);
}

bool dkim_hash_end(struct dkim_hash *hash, unsigned char sum[DKIM_HASH])
{
	unsigned len = 0;
	bool fine = !hash->failed &&
		    EVP_DigestFinal_ex(hash->context, sum, &len) == 1 &&
		    len == DKIM_HASH;

	EVP_MD_CTX_free(hash->context);
	hash->context = NULL;
	hash->failed = true;
	return fine;
}

/* PureEdDSA over the hash (RFC 8463 section 3). */
static int verify_ed25519(const struct dkim_signature *signature,
			  const struct dkim_key *key,
			  const unsigned char sum[DKIM_HASH])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int r = ERR_MEMORY;

	if (context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL,
						    key->pkey) == 1)
		r = signature->signature.len == ED25519_BYTES &&
		    EVP_DigestVerify(context, signature->signature.data,
				     ED25519_BYTES, sum, DKIM_HASH) == 1;
	EVP_MD_CTX_free(context);
	return r;
}

static int verify_rsa(const struct dkim_signature *signature,
		      const struct dkim_key *key,
		      const unsigned char sum[DKIM_HASH])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
	int r = ERR_MEMORY;

	if (context != NULL && EVP_PKEY_verify_init(context) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(context, dkim_sha256()) == 1)
		r = EVP_PKEY_verify(context, signature->signature.data,
				    signature->signature.len, sum,
				    DKIM_HASH) == 1;
	EVP_PKEY_CTX_free(context);
	return r;
}

int dkim_hash_verify(struct dkim_hash *hash,
		     const struct dkim_signature *signature,
		     const struct dkim_key *key)
{
	unsigned char sum[DKIM_HASH];
	int r;

	if (!dkim_hash_end(hash, sum))
		return ERR_MEMORY;
	r = signature->algorithm == DKIM_ED25519_SHA256 ?
	    verify_ed25519(signature, key, sum) :
	    verify_rsa(signature, key, sum);
	if (r != 1)
		ERR_clear_error();	/* the thread's own list of them */
	return r;
}

const char *dkim_sum_text(struct arena *arena,
			  const unsigned char sum[DKIM_HASH])
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(arena, 2 * DKIM_HASH + 1);
	size_t i;

	for (i = 0; out != NULL && i < DKIM_HASH; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	return out;
}
