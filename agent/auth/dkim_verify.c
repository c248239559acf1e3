/* dkim_verify.c - canonical bytes into SHA-256, and the one verification */
#include "agent/auth/dkim_verify.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "agent/auth/dkim_key.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"

#define SHARE		32768	/* of a body that several hashes take in turn:
				 * it stays in the processor's cache */
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

static EVP_MD_CTX *hash_new(void)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context != NULL && dkim_sha256() != NULL &&
	    EVP_DigestInit_ex2(context, dkim_sha256(), NULL) == 1)
		return context;
	EVP_MD_CTX_free(context);
	return NULL;
}

/* Ends and frees it; false: OpenSSL failed. */
static bool hash_end(EVP_MD_CTX *context, unsigned char sum[DKIM_HASH])
{
	unsigned len = 0;
	bool fine = context != NULL &&
		    EVP_DigestFinal_ex(context, sum, &len) == 1 &&
		    len == DKIM_HASH;

	EVP_MD_CTX_free(context);
	return fine;
}

/* --- the body */

static void body_take(void *ctx, struct bytes piece)
{
	struct dkim_body_hash *hash = ctx;

	if (EVP_DigestUpdate(hash->context, piece.data, piece.len) != 1)
		hash->failed = true;
}

static void body_share(struct dkim_body_hash *list, size_t count,
		       struct bytes piece)
{
	size_t at, step = count == 1 ? piece.len : SHARE, i;

	for (at = 0; at < piece.len; at += step)
		for (i = 0; i < count; i++)
			canon_body_more(&list[i].canon,
					bytes_slice(piece, at, at + step));
}

static int body_read(const struct dkim_input *input,
		     struct dkim_body_hash *list, size_t count)
{
	struct bytes piece = input->message->body;
	uint64_t offset = 0;
	int r;

	if (input->body.next == NULL) {
		body_share(list, count, piece);
		return 0;
	}
	while ((r = input->body.next(input->body.ctx, offset, &piece)) > 0) {
		body_share(list, count, piece);
		offset += piece.len;
	}
	return r;
}

int dkim_body_hash(const struct dkim_input *input, struct dkim_body_hash *list,
		   size_t count)
{
	struct canon_sink sink = { body_take, NULL };
	size_t i;
	int r = 0;

	for (i = 0; i < count; i++) {
		sink.ctx = &list[i];
		list[i].failed = false;
		list[i].context = hash_new();
		if (list[i].context == NULL)
			r = ERR_MEMORY;
		canon_body_start(&list[i].canon, list[i].form, list[i].limit,
				 &sink);
	}
	if (r == 0 && count > 0)
		r = body_read(input, list, count);
	for (i = 0; i < count; i++) {
		if (r == 0) {
			canon_body_end(&list[i].canon);
			list[i].length = list[i].canon.length;
		}
		if (!hash_end(list[i].context, list[i].sum) || list[i].failed)
			r = r < 0 ? r : ERR_MEMORY;
		list[i].context = NULL;
	}
	return r;
}

/* --- the header */

static uint32_t name_hash(struct bytes name)
{
	uint32_t hash = 2166136261u;	/* FNV-1a, ASCII case ignored */
	size_t i;

	for (i = 0; i < name.len; i++)
		hash = (hash ^ byte_lower(name.data[i])) * 16777619u;
	return hash;
}

int dkim_header_open(struct arena *arena, const struct message *message,
		     struct dkim_header *out)
{
	size_t count = message->field_count, i;

	out->message = message;
	out->names = arena_array(arena, count, sizeof(*out->names));
	out->used = arena_array(arena, count, sizeof(*out->used));
	if (out->names == NULL || out->used == NULL)
		return ERR_LIMIT;
	for (i = 0; i < count; i++)
		out->names[i] = name_hash(message->fields[i].name);
	return 0;
}

struct field_sink {
	EVP_MD_CTX *context;
	bool failed;
};

static void field_take(void *ctx, struct bytes piece)
{
	struct field_sink *sink = ctx;

	if (EVP_DigestUpdate(sink->context, piece.data, piece.len) != 1)
		sink->failed = true;
}

/* The lowest field of that name that was not taken (section 5.4.2); never
 * the signature itself, which its signer could not see.  A blank before the
 * colon is allowed (section 3.4.5, "B : Y"). */
static const struct field *field_next(struct dkim_header *header,
				      const struct dkim_signature *signature,
				      struct bytes name)
{
	uint32_t hash = name_hash(name);
	const struct field *field;
	size_t i;

	for (i = header->message->field_count; i > 0; i--) {
		if (header->names[i - 1] != hash || header->used[i - 1])
			continue;
		field = &header->message->fields[i - 1];
		if (field == signature->field ||
		    !bytes_equal_nocase(field->name, name))
			continue;
		header->used[i - 1] = true;
		return field;
	}
	return NULL;
}

static void take_fields(struct dkim_header *header,
			const struct dkim_signature *signature,
			const struct canon_sink *sink)
{
	const struct field *field;
	size_t i;

	memset(header->used, 0,
	       header->message->field_count * sizeof(*header->used));
	for (i = 0; i < signature->name_count; i++) {
		field = field_next(header, signature, signature->names[i]);
		if (field != NULL)
			canon_field(signature->header_form, field->whole,
				    CANON_WITH_CRLF, sink);
	}
}

/* The signature's own field without what b= says, and without all white
 * space around that (section 3.5, "b="). */
static bool take_own(const struct dkim_signature *signature,
		     const struct canon_sink *sink)
{
	struct bytes whole = signature->field->whole, out;
	size_t before = (size_t)(signature->b_value.data - whole.data);
	size_t behind = before + signature->b_value.len;
	unsigned char *room = malloc(whole.len + 1);

	if (room == NULL)
		return false;
	while (before > 0 && byte_is_space(whole.data[before - 1]))
		before--;
	while (behind < whole.len && byte_is_space(whole.data[behind]))
		behind++;
	memcpy(room, whole.data, before);
	memcpy(room + before, whole.data + behind, whole.len - behind);
	out.data = room;
	out.len = before + whole.len - behind;
	canon_field(signature->header_form, out, CANON_NO_CRLF, sink);
	free(room);
	return true;
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

int dkim_header_verify(struct dkim_header *header,
		       const struct dkim_signature *signature,
		       const struct dkim_key *key)
{
	struct field_sink fields = { hash_new(), false };
	struct canon_sink sink = { field_take, &fields };
	unsigned char sum[DKIM_HASH];
	int r;

	if (fields.context == NULL)
		return ERR_MEMORY;
	take_fields(header, signature, &sink);
	if (!take_own(signature, &sink))
		fields.failed = true;
	if (!hash_end(fields.context, sum) || fields.failed)
		return ERR_MEMORY;
	r = signature->algorithm == DKIM_ED25519_SHA256 ?
	    verify_ed25519(signature, key, sum) :
	    verify_rsa(signature, key, sum);
	if (r != 1)
		ERR_clear_error();	/* the thread's own list of them */
	return r;
}
