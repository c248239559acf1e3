/* dkim_signer.c - plain and slow, to be read against RFC 6376 section 3.7 */
#include "tests/lab/dkim_signer.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FOLD_AT		60	/* base64 characters a line */
#define TEXT_MAX	(16 * 1024 * 1024)

struct dkim_lab_key {
	EVP_PKEY *pkey;
	enum dkim_lab_kind kind;
};

/* A string that grows. */
struct text {
	char *data;
	size_t len, room;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "dkim_signer: %s\n", what);
	abort();
}

static void put(struct text *text, const char *data, size_t len)
{
	if (text->len + len + 1 > text->room) {
		text->room = (text->len + len + 1) * 2;
		must(text->room < TEXT_MAX, "too large");
		text->data = realloc(text->data, text->room);
		must(text->data != NULL, "no memory");
	}
	if (len > 0)
		memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = 0;
}

static void say(struct text *text, const char *string)
{
	put(text, string, strlen(string));
}

/* --- keys */

struct dkim_lab_key *dkim_lab_key_new(enum dkim_lab_kind kind, unsigned bits)
{
	struct dkim_lab_key *key = calloc(1, sizeof(*key));

	must(key != NULL, "no memory");
	key->kind = kind;
	key->pkey = kind == DKIM_LAB_RSA ?
		    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits) :
		    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	must(key->pkey != NULL, "no key");
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

	must(out != NULL, "no memory");
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
		must(EVP_PKEY_get_raw_public_key(key->pkey, raw,
						 &raw_len) == 1, "no raw key");
		return base64(raw, raw_len);
	}
	len = form == DKIM_LAB_SPKI ? i2d_PUBKEY(key->pkey, &der) :
				      i2d_PublicKey(key->pkey, &der);
	must(len > 0, "no DER");
	out = base64(der, (size_t)len);
	OPENSSL_free(der);
	return out;
}

char *dkim_lab_key_record(const struct dkim_lab_key *key)
{
	char *p = dkim_lab_key_p(key, DKIM_LAB_SPKI);
	struct text text = { NULL, 0, 0 };

	say(&text, "v=DKIM1; k=");
	say(&text, key->kind == DKIM_LAB_RSA ? "rsa" : "ed25519");
	say(&text, "; p=");
	say(&text, p);
	free(p);
	return text.data;
}

/* --- canonical forms, line by line */

/* The line at *from without its end; *from moves behind it. */
static size_t line_len(const char *from, size_t *with_end)
{
	size_t len = strcspn(from, "\n");

	*with_end = len + (from[len] == '\n');
	if (from[len] == '\n' && len > 0 && from[len - 1] == '\r')
		len--;
	return len;
}

static bool is_relaxed(const char *form)
{
	return strncmp(form, "relaxed", 7) == 0;
}

/* Runs of blanks one blank, none at the end. */
static void put_relaxed(struct text *out, const char *data, size_t len)
{
	bool blank = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' ||
		    data[i] == '\n') {
			blank = true;
			continue;
		}
		if (blank)
			put(out, " ", 1);
		blank = false;
		put(out, data + i, 1);
	}
}

static struct text body_canonical(const char *body, bool relaxed)
{
	struct text out = { NULL, 0, 0 };
	size_t len, whole, before, keep = 0;

	say(&out, "");
	for (; *body != 0; body += whole) {
		len = line_len(body, &whole);
		before = out.len;
		if (relaxed)
			put_relaxed(&out, body, len);
		else
			put(&out, body, len);
		if (out.len > before)	/* no empty line */
			keep = out.len + 2;
		say(&out, "\r\n");
	}
	if (keep == 0 && !relaxed) {
		out.len = 0;
		say(&out, "\r\n");
		keep = 2;
	}
	out.len = keep < out.len ? keep : out.len;
	return out;
}

static void put_field(struct text *out, const char *field, size_t len,
		      bool relaxed)
{
	size_t colon, i, name;
	const char *value;
	char c;

	if (!relaxed) {
		for (i = 0; i < len; i++) {
			if (field[i] == '\n' && (i == 0 ||
						 field[i - 1] != '\r'))
				put(out, "\r", 1);
			put(out, field + i, 1);
		}
		return;
	}
	colon = strcspn(field, ":");
	for (name = colon; name > 0 && (field[name - 1] == ' ' ||
					field[name - 1] == '\t'); name--)
		;
	for (i = 0; i < name; i++) {
		c = field[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		put(out, &c, 1);
	}
	put(out, ":", 1);
	value = field + colon + 1;
	len -= colon + 1;
	while (len > 0 && strchr(" \t\r\n", *value) != NULL) {
		value++;
		len--;
	}
	put_relaxed(out, value, len);
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
		len = line_len(message, &whole);
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
		must(fields->count < 1000, "too many fields");
		fields->at[fields->count] = message;
		fields->len[fields->count++] = len;
	}
	fields->body = message;
}

static void put_named(struct text *out, struct fields *fields,
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
		put_field(out, fields->at[i - 1], fields->len[i - 1], relaxed);
		say(out, "\r\n");
		return;
	}
}

static size_t digest(const struct dkim_sign_options *options,
		     const struct text *text, unsigned char sum[32])
{
	unsigned len = 0;

	must(EVP_Digest(text->data, text->len, sum, &len, options->sha1 ?
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
		must(EVP_DigestSignInit(ed, NULL, NULL, NULL,
					options->key->pkey) == 1 &&
		     EVP_DigestSign(ed, out, &len, sum, sum_len) == 1,
		     "no Ed25519 signature");
		EVP_MD_CTX_free(ed);
		return base64(out, len);
	}
	rsa = EVP_PKEY_CTX_new(options->key->pkey, NULL);
	must(EVP_PKEY_sign_init(rsa) == 1 &&
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

static void put_tags(struct text *out, const struct dkim_sign_options *options,
		     const char *bh, const char *end)
{
	char length[32];

	say(out, "DKIM-Signature: ");
	say(out, head_of(options));
	say(out, "; c=");
	say(out, or(options->canon, "relaxed/relaxed"));
	say(out, "; d=");
	say(out, or(options->domain, "example.org"));
	say(out, ";");
	say(out, end);
	say(out, "\ts=");
	say(out, or(options->selector, "lab"));
	if (options->has_length || options->length_text != NULL) {
		(void)snprintf(length, sizeof(length), "%llu",
			       (unsigned long long)options->length);
		say(out, "; l=");
		say(out, or(options->length_text, length));
	}
	if (options->extra != NULL) {
		say(out, "; ");
		say(out, options->extra);
	}
	say(out, "; h=");
	say(out, or(options->fields, "from:to:subject:date"));
	say(out, ";");
	say(out, end);
	say(out, "\tbh=");
	say(out, bh);
	say(out, ";");
	say(out, end);
	say(out, "\tb=");
}

char *dkim_sign(const char *message, const struct dkim_sign_options *options)
{
	const char *canon = or(options->canon, "relaxed/relaxed");
	const char *names = or(options->fields, "from:to:subject:date");
	const char *end = strstr(message, "\r\n") != NULL ? "\r\n" : "\n";
	const char *slash = strchr(canon, '/');
	bool relaxed = is_relaxed(canon);
	struct fields *fields = malloc(sizeof(*fields));
	struct text hashed = { NULL, 0, 0 }, out = { NULL, 0, 0 }, body;
	unsigned char sum[32];
	char *bh, *b;
	size_t len, i;

	must(fields != NULL, "no memory");
	fields_read(fields, message);
	body = body_canonical(fields->body,
			      slash != NULL && is_relaxed(slash + 1));
	if (options->has_length && options->length < body.len)
		body.len = (size_t)options->length;
	len = digest(options, &body, sum);
	bh = base64(sum, len);
	put_tags(&out, options, bh, end);
	for (; *names != 0; names += len + (names[len] == ':')) {
		len = strcspn(names, ":");
		put_named(&hashed, fields, names, len, relaxed);
	}
	put_field(&hashed, out.data, out.len, relaxed);
	len = digest(options, &hashed, sum);
	b = signature(options, sum, len);
	for (i = 0; i < strlen(b); i += FOLD_AT) {
		say(&out, end);
		say(&out, "\t ");
		len = strlen(b + i);
		put(&out, b + i, len < FOLD_AT ? len : FOLD_AT);
	}
	say(&out, end);
	say(&out, message);
	free(b);
	free(bh);
	free(body.data);
	free(hashed.data);
	free(fields);
	return out.data;
}
