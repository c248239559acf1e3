/* raw.c - OpenSSL alone, at its best */
#include "tests/bench/raw.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "agent/auth/dkim_base64.h"
#include "agent/auth/dkim_signature.h"
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/canon.h"
#include "agent/mail/message.h"
#include "tests/bench/bench.h"

#define HASH	32
#define ARENA	(64 * 1024 * 1024)

struct prepared {
	struct buf header, body;	/* canonical */
	struct bytes signature;
};

struct raw {
	struct arena *arena;
	struct prepared list[LETTERS_MAX];
	size_t count;
	EVP_MD_CTX *hash, *ed;
	EVP_PKEY_CTX *rsa;
	EVP_PKEY *key;
};

static void take(void *ctx, struct bytes piece)
{
	buf_add(ctx, piece);
}

static void header_prepare(struct prepared *one, const struct message *message,
			   const struct dkim_signature *signature)
{
	struct canon_sink sink = { take, &one->header };
	struct buf own;
	const struct field *field;
	size_t i, at;

	for (i = 0; i < signature->name_count; i++) {
		char name[64] = { 0 };

		memcpy(name, signature->names[i].data,
		       signature->names[i].len);
		field = message_find(message, name, 0);
		if (field != NULL)
			canon_field(CANON_RELAXED, field->whole,
				    CANON_WITH_CRLF, &sink);
	}
	/* b= stands last, as our signer writes it */
	at = (size_t)(signature->b_value.data -
		      signature->field->whole.data);
	buf_init(&own, 65536);
	buf_add(&own, bytes_slice(signature->field->whole, 0, at));
	canon_field(CANON_RELAXED, buf_bytes(&own), CANON_NO_CRLF, &sink);
	buf_free(&own);
}

static void prepare(struct raw *raw, struct prepared *one, struct bytes letter)
{
	struct dkim_signature signature;
	struct canon_sink sink = { take, &one->body };
	const char *code = NULL, *why = NULL;
	struct message *message;
	struct canon_body body;

	buf_init(&one->header, 1024 * 1024);
	buf_init(&one->body, 16 * 1024 * 1024);
	bench_must(message_parse(raw->arena, letter, &message) == 0 &&
		   dkim_signature_parse(raw->arena, DKIM_SIGNATURE,
				message_find(message, "DKIM-Signature", 0),
				&signature, &code, &why) == 0,
		   "a letter cannot be read");
	one->signature = signature.signature;
	header_prepare(one, message, &signature);
	canon_body_start(&body, CANON_RELAXED, CANON_NO_LIMIT, &sink);
	canon_body_more(&body, message->body);
	canon_body_end(&body);
}

static EVP_PKEY *key_of(struct arena *arena, enum dkim_lab_kind kind,
			const char *p)
{
	struct bytes der = dkim_base64(arena, bytes_of(p));
	const unsigned char *at = der.data;

	if (kind == DKIM_LAB_ED25519)
		return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						   der.data, der.len);
	return d2i_PUBKEY(NULL, &at, (long)der.len);
}

struct raw *raw_new(const struct letters *letters, enum dkim_lab_kind kind,
		    const char *p)
{
	struct raw *raw = calloc(1, sizeof(*raw));
	size_t i;

	bench_must(raw != NULL, "no memory");
	raw->arena = arena_new(ARENA);
	bench_must(raw->arena != NULL, "no memory");
	raw->key = key_of(raw->arena, kind, p);
	raw->hash = EVP_MD_CTX_new();
	bench_must(raw->key != NULL && raw->hash != NULL, "no key");
	if (kind == DKIM_LAB_ED25519) {
		raw->ed = EVP_MD_CTX_new();
		bench_must(raw->ed != NULL, "no memory");
	} else {
		raw->rsa = EVP_PKEY_CTX_new(raw->key, NULL);
		bench_must(EVP_PKEY_verify_init(raw->rsa) == 1 &&
			   EVP_PKEY_CTX_set_signature_md(raw->rsa,
					EVP_sha256()) == 1, "no RSA");
	}
	raw->count = letters->count;
	for (i = 0; i < raw->count; i++)
		prepare(raw, &raw->list[i], letters->list[i]);
	return raw;
}

void raw_free(struct raw *raw)
{
	size_t i;

	for (i = 0; i < raw->count; i++) {
		buf_free(&raw->list[i].header);
		buf_free(&raw->list[i].body);
	}
	EVP_PKEY_CTX_free(raw->rsa);
	EVP_MD_CTX_free(raw->ed);
	EVP_MD_CTX_free(raw->hash);
	EVP_PKEY_free(raw->key);
	arena_free(raw->arena);
	free(raw);
}

static void hash(struct raw *raw, const EVP_MD *sha256, const struct buf *text,
		 unsigned char sum[HASH])
{
	bench_must(EVP_DigestInit_ex(raw->hash, sha256, NULL) == 1 &&
		   EVP_DigestUpdate(raw->hash, text->data, text->len) == 1 &&
		   EVP_DigestFinal_ex(raw->hash, sum, NULL) == 1, "no hash");
}

void raw_run(void *ctx, size_t nth)
{
	static EVP_MD *sha256;
	struct raw *raw = ctx;
	const struct prepared *one = &raw->list[nth % raw->count];
	unsigned char sum[HASH];
	int r;

	if (sha256 == NULL)
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hash(raw, sha256, &one->body, sum);
	hash(raw, sha256, &one->header, sum);
	if (raw->rsa != NULL)
		r = EVP_PKEY_verify(raw->rsa, one->signature.data,
				    one->signature.len, sum, HASH);
	else
		r = EVP_DigestVerifyInit(raw->ed, NULL, NULL, NULL,
					 raw->key) == 1 &&
		    EVP_DigestVerify(raw->ed, one->signature.data,
				     one->signature.len, sum, HASH) == 1;
	bench_must(r == 1, "raw: not verified");
}
