/* dkim_signer.c - plain and slow, to be read against RFC 6376 section 3.7 */
#include "tests/lab/dkim_signer.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/lab/lab_canon.h"

#define FOLD_AT		60	/* base64 characters a line */

struct dkim_lab_key {
	EVP_PKEY *pkey;
	enum dkim_lab_kind kind;
};

/* --- keys */

struct dkim_lab_key *dkim_lab_key_new(enum dkim_lab_kind kind, unsigned bits)
{
	struct dkim_lab_key *key = calloc(1, sizeof(*key));

	lab_must(key != NULL, "no memory");
	key->kind = kind;
	key->pkey = kind == DKIM_LAB_RSA ?
		    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits) :
		    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	lab_must(key->pkey != NULL, "no key");
	return key;
}

void dkim_lab_key_free(struct dkim_lab_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

static char *base64(const unsigned char *data, size_t len)
{
	char *out = malloc(len / 3 * 4 + 5);

	lab_must(out != NULL, "no memory");
	(void)EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	return out;
}

char *dkim_lab_key_p(const struct dkim_lab_key *key, enum dkim_lab_form form)
{
	unsigned char raw[32], *der = NULL;
	size_t raw_len = sizeof(raw);
	char *out;
	int len;

	if (key->kind == DKIM_LAB_ED25519) {
		lab_must(EVP_PKEY_get_raw_public_key(key->pkey, raw,
						 &raw_len) == 1, "no raw key");
		return base64(raw, raw_len);
	}
	len = form == DKIM_LAB_SPKI ? i2d_PUBKEY(key->pkey, &der) :
				      i2d_PublicKey(key->pkey, &der);
	lab_must(len > 0, "no DER");
	out = base64(der, (size_t)len);
	OPENSSL_free(der);
	return out;
}

char *dkim_lab_key_record(const struct dkim_lab_key *key)
{
	char *p = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	struct lab_text text = { NULL, 0, 0 };

	lab_say(&text, "v=DKIM1; k=");
	lab_say(&text, key->kind == DKIM_LAB_RSA ? "rsa" : "ed25519");
	lab_say(&text, "; p=");
	lab_say(&text, p);
	free(p);
	return text.data;
}

/* --- signing */

/* Where each field begins; how long it is without its last line end. */
struct fields {
	const char *at[1000];
	size_t len[1000];
	bool used[1000];
	size_t count;
	const char *body;
};

static void fields_read(struct fields *fields, const char *message)
{
	size_t len, whole;

	memset(fields, 0, sizeof(*fields));
	for (; *message != 0; message += whole) {
		len = lab_line(message, &whole);
		if (len == 0) {
			message += whole;
			break;
		}
		if ((*message == ' ' || *message == '\t') &&
		    fields->count > 0) {
			fields->len[fields->count - 1] = (size_t)
				(message + len - fields->at[fields->count - 1]);
			continue;
		}
		lab_must(fields->count < 1000, "too many fields");
		fields->at[fields->count] = message;
		fields->len[fields->count++] = len;
	}
	fields->body = message;
}

static void put_named(struct lab_text *out, struct fields *fields,
		      const char *name, size_t len, bool relaxed)
{
	size_t i;

	for (i = fields->count; i > 0; i--) {
		if (fields->used[i - 1] ||
		    strncasecmp(fields->at[i - 1], name, len) != 0 ||
		    fields->at[i - 1][len + strspn(fields->at[i - 1] + len,
						   " \t")] != ':')
			continue;
		fields->used[i - 1] = true;
		lab_canon_field(out, fields->at[i - 1], fields->len[i - 1],
				relaxed);
		lab_say(out, "\r\n");
		return;
	}
}

static size_t digest(const struct dkim_sign_options *options,
		     const struct lab_text *text, unsigned char sum[32])
{
	unsigned len = 0;

	lab_must(EVP_Digest(text->data, text->len, sum, &len, options->sha1 ?
			EVP_sha1() : EVP_sha256(), NULL) == 1, "no digest");
	return len;
}

static char *signature(const struct dkim_sign_options *options,
		       const unsigned char *sum, size_t sum_len)
{
	unsigned char out[1024];
	size_t len = sizeof(out);
	EVP_PKEY_CTX *rsa;
	EVP_MD_CTX *ed;

	if (options->key->kind == DKIM_LAB_ED25519) {
		ed = EVP_MD_CTX_new();
		lab_must(EVP_DigestSignInit(ed, NULL, NULL, NULL,
					options->key->pkey) == 1 &&
		     EVP_DigestSign(ed, out, &len, sum, sum_len) == 1,
		     "no Ed25519 signature");
		EVP_MD_CTX_free(ed);
		return base64(out, len);
	}
	rsa = EVP_PKEY_CTX_new(options->key->pkey, NULL);
	lab_must(EVP_PKEY_sign_init(rsa) == 1 &&
	     EVP_PKEY_CTX_set_signature_md(rsa, options->sha1 ?
					   EVP_sha1() : EVP_sha256()) == 1 &&
	     EVP_PKEY_sign(rsa, out, &len, sum, sum_len) == 1,
	     "no RSA signature");
	EVP_PKEY_CTX_free(rsa);
	return base64(out, len);
}

static const char *or(const char *text, const char *other)
{
	return text == NULL ? other : text;
}

static const char *head_of(const struct dkim_sign_options *options)
{
	if (options->head != NULL)
		return options->head;
	if (options->key->kind == DKIM_LAB_ED25519)
		return "v=1; a=ed25519-sha256";
	return options->sha1 ? "v=1; a=rsa-sha1" : "v=1; a=rsa-sha256";
}

static void put_tags(struct lab_text *out,
		     const struct dkim_sign_options *options, const char *bh,
		     const char *end)
{
	char length[32];

	lab_say(out, or(options->name, "DKIM-Signature"));
	lab_say(out, ": ");
	lab_say(out, head_of(options));
	if (!options->is_seal) {
		lab_say(out, "; c=");
		lab_say(out, or(options->canon, "relaxed/relaxed"));
	}
	lab_say(out, "; d=");
	lab_say(out, or(options->domain, "example.org"));
	lab_say(out, ";");
	lab_say(out, end);
	lab_say(out, "\ts=");
	lab_say(out, or(options->selector, "lab"));
	if (options->has_length || options->length_text != NULL) {
		(void)snprintf(length, sizeof(length), "%llu",
			       (unsigned long long)options->length);
		lab_say(out, "; l=");
		lab_say(out, or(options->length_text, length));
	}
	if (options->extra != NULL) {
		lab_say(out, "; ");
		lab_say(out, options->extra);
	}
	if (!options->is_seal) {
		lab_say(out, "; h=");
		lab_say(out, or(options->fields, "from:to:subject:date"));
		lab_say(out, ";");
		lab_say(out, end);
		lab_say(out, "\tbh=");
		lab_say(out, bh);
	}
	lab_say(out, ";");
	lab_say(out, end);
	lab_say(out, "\tb=");
}

char *dkim_sign(const char *message, const struct dkim_sign_options *options)
{
	const char *canon = or(options->canon, "relaxed/relaxed");
	const char *names = or(options->fields, "from:to:subject:date");
	const char *end = strstr(message, "\r\n") != NULL ? "\r\n" : "\n";
	const char *slash = strchr(canon, '/');
	bool relaxed = lab_is_relaxed(canon);
	struct fields *fields = malloc(sizeof(*fields));
	struct lab_text hashed = { NULL, 0, 0 }, out = { NULL, 0, 0 }, body;
	unsigned char sum[32];
	char *bh, *b;
	size_t len, i;

	lab_must(fields != NULL, "no memory");
	fields_read(fields, message);
	body = lab_canon_body(fields->body,
			      slash != NULL && lab_is_relaxed(slash + 1));
	if (options->has_length && options->length < body.len)
		body.len = (size_t)options->length;
	len = digest(options, &body, sum);
	bh = base64(sum, len);
	put_tags(&out, options, bh, end);
	for (; *names != 0; names += len + (names[len] == ':')) {
		len = strcspn(names, ":");
		put_named(&hashed, fields, names, len, relaxed);
	}
	lab_canon_field(&hashed, out.data, out.len, relaxed);
	len = digest(options, &hashed, sum);
	b = signature(options, sum, len);
	for (i = 0; i < strlen(b); i += FOLD_AT) {
		lab_say(&out, end);
		lab_say(&out, "\t ");
		len = strlen(b + i);
		lab_put(&out, b + i, len < FOLD_AT ? len : FOLD_AT);
	}
	lab_say(&out, end);
	lab_say(&out, message);
	free(b);
	free(bh);
	free(body.data);
	free(hashed.data);
	free(fields);
	return out.data;
}
