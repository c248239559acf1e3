/* dkim_verify.c - canonical bytes into SHA-256, and the one verification */
#include "agent/auth/dkim_verify.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "agent/auth/dkim_key.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"

#define STAGE 16384	/* small pieces are gathered before they are hashed */

struct hasher {
	EVP_MD_CTX *context;
	size_t used;
	unsigned char stage[STAGE];
};

static void hasher_flush(struct hasher *hasher)
{
	(void)EVP_DigestUpdate(hasher->context, hasher->stage, hasher->used);
	hasher->used = 0;
}

static void hasher_take(void *ctx, struct bytes piece)
{
	struct hasher *hasher = ctx;

	if (piece.len > STAGE - hasher->used)
		hasher_flush(hasher);
	if (piece.len >= STAGE) {
		(void)EVP_DigestUpdate(hasher->context, piece.data, piece.len);
		return;
	}
	memcpy(hasher->stage + hasher->used, piece.data, piece.len);
	hasher->used += piece.len;
}

static struct hasher *hasher_new(void)
{
	struct hasher *hasher = malloc(sizeof(*hasher));

	if (hasher == NULL)
		return NULL;
	hasher->used = 0;
	hasher->context = EVP_MD_CTX_new();
	if (hasher->context != NULL &&
	    EVP_DigestInit_ex(hasher->context, EVP_sha256(), NULL) == 1)
		return hasher;
	EVP_MD_CTX_free(hasher->context);
	free(hasher);
	return NULL;
}

/* Ends it; false: OpenSSL failed. */
static bool hasher_end(struct hasher *hasher, unsigned char sum[DKIM_HASH])
{
	unsigned len = 0;
	bool fine;

	hasher_flush(hasher);
	fine = EVP_DigestFinal_ex(hasher->context, sum, &len) == 1 &&
	       len == DKIM_HASH;
	EVP_MD_CTX_free(hasher->context);
	free(hasher);
	return fine;
}

static int body_pieces(const struct dkim_input *input,
		       struct canon_body *canon)
{
	uint64_t offset = 0;
	struct bytes piece;
	int r;

	if (input->body.next == NULL) {
		canon_body_more(canon, input->message->body);
		return 0;
	}
	while ((r = input->body.next(input->body.ctx, offset, &piece)) > 0) {
		canon_body_more(canon, piece);
		offset += piece.len;
	}
	return r;
}

int dkim_body_hash(const struct dkim_input *input,
		   struct dkim_body_hash *hash)
{
	struct hasher *hasher = hasher_new();
	struct canon_sink sink = { hasher_take, hasher };
	struct canon_body canon;
	int r;

	if (hasher == NULL)
		return ERR_MEMORY;
	canon_body_start(&canon, hash->form, hash->limit, &sink);
	r = body_pieces(input, &canon);
	canon_body_end(&canon);
	hash->length = canon.length;
	if (!hasher_end(hasher, hash->sum) && r == 0)
		r = ERR_MEMORY;
	return r;
}

/* The field without what b= says (RFC 6376 section 3.5, "b="). */
static void signature_field(const struct dkim_signature *signature,
			    unsigned char *room, struct bytes *out)
{
	struct bytes whole = signature->field->whole;
	size_t before = (size_t)(signature->b_value.data - whole.data);
	size_t behind = before + signature->b_value.len;

	/* All white space of the value goes with it. */
	while (before > 0 && byte_is_space(whole.data[before - 1]))
		before--;
	while (behind < whole.len && byte_is_space(whole.data[behind]))
		behind++;
	memcpy(room, whole.data, before);
	memcpy(room + before, whole.data + behind, whole.len - behind);
	out->data = room;
	out->len = before + whole.len - behind;
}

/* Fields of one name are taken from the bottom up (section 5.4.2). */
static void hash_fields(const struct message *message,
			const struct dkim_signature *signature, bool *used,
			const struct canon_sink *sink)
{
	const struct field *field;
	size_t i, j;

	for (i = 0; i < signature->name_count; i++)
		for (j = message->field_count; j > 0; j--) {
			field = &message->fields[j - 1];
			if (used[j - 1] || field->odd_name ||
			    !bytes_equal_nocase(field->name,
						signature->names[i]))
				continue;
			used[j - 1] = true;
			if (field != signature->field)
				canon_field(signature->header_form,
					    field->whole, CANON_WITH_CRLF,
					    sink);
			break;
		}
}

static int verify_sum(const struct dkim_signature *signature,
		      const struct dkim_key *key,
		      const unsigned char sum[DKIM_HASH])
{
	EVP_PKEY_CTX *rsa = NULL;
	EVP_MD_CTX *ed = NULL;
	int r = 0;

	if (signature->algorithm == DKIM_ED25519_SHA256) {
		/* PureEdDSA over the hash (RFC 8463 section 3) */
		ed = EVP_MD_CTX_new();
		r = ed != NULL && signature->signature.len == 64 &&
		    EVP_DigestVerifyInit(ed, NULL, NULL, NULL,
					 key->pkey) == 1 &&
		    EVP_DigestVerify(ed, signature->signature.data, 64, sum,
				     DKIM_HASH) == 1;
		EVP_MD_CTX_free(ed);
		return r;
	}
	rsa = EVP_PKEY_CTX_new(key->pkey, NULL);
	r = rsa != NULL && EVP_PKEY_verify_init(rsa) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(rsa, EVP_sha256()) == 1 &&
	    EVP_PKEY_verify(rsa, signature->signature.data,
			    signature->signature.len, sum, DKIM_HASH) == 1;
	EVP_PKEY_CTX_free(rsa);
	return r;
}

int dkim_header_verify(const struct message *message,
		       const struct dkim_signature *signature,
		       const struct dkim_key *key)
{
	struct hasher *hasher = hasher_new();
	struct canon_sink sink = { hasher_take, hasher };
	bool *used = calloc(message->field_count + 1, sizeof(*used));
	unsigned char *room = malloc(signature->field->whole.len + 1);
	unsigned char sum[DKIM_HASH];
	struct bytes own;
	bool fine;

	if (hasher == NULL || used == NULL || room == NULL) {
		if (hasher != NULL)
			(void)hasher_end(hasher, sum);
		free(used);
		free(room);
		return ERR_MEMORY;
	}
	hash_fields(message, signature, used, &sink);
	signature_field(signature, room, &own);
	canon_field(signature->header_form, own, CANON_NO_CRLF, &sink);
	fine = hasher_end(hasher, sum);
	free(used);
	free(room);
	return fine ? verify_sum(signature, key, sum) : ERR_MEMORY;
}
