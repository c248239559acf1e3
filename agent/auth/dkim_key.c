/* dkim_key.c - tags of the record, then the key itself
 *
 * RSA keys are read from their DER by hand and handed over as numbers:
 * OpenSSL's decoder takes twenty times as long. */
#include "agent/auth/dkim_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "agent/auth/dkim_base64.h"
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/taglist.h"

#define DER_SEQUENCE	0x30
#define DER_INTEGER	0x02
#define DER_BITS	0x03

#define ED25519_KEY	32	/* bytes, RFC 8032 section 5.1.5 */
#define RSA_EXPONENT_MAX 8	/* bytes; OpenSSL refuses longer ones too */

static int bad(const char **code, const char **text, const char *why_code,
	       const char *why)
{
	*code = why_code;
	*text = why;
	return ERR_SYNTAX;
}

/* --- a strict and small reader of DER: definite lengths, the shortest form */

static bool der_take(struct bytes *from, unsigned char tag,
		     struct bytes *content)
{
	unsigned char got, first, more;
	size_t len, i;

	if (!take_byte(from, &got) || got != tag || !take_byte(from, &first))
		return false;
	len = first;
	if (first >= 0x80) {
		if (first != 0x81 && first != 0x82)
			return false;
		for (len = 0, i = 0; i < (size_t)(first - 0x80); i++) {
			if (!take_byte(from, &more))
				return false;
			len = len << 8 | more;
		}
		if (len < 0x80 || (first == 0x82 && len < 0x100))
			return false;
	}
	return take_bytes(from, len, content);
}

/* A positive INTEGER without needless zeros in front; its content without
 * the zero that keeps it positive. */
static bool der_positive(struct bytes *from, struct bytes *number)
{
	if (!der_take(from, DER_INTEGER, number) || number->len == 0 ||
	    (number->data[0] & 0x80) != 0)
		return false;
	if (number->data[0] != 0)
		return true;
	*number = bytes_slice(*number, 1, number->len);
	return number->len > 0 && (number->data[0] & 0x80) != 0;
}

static bool rsa_numbers(struct bytes der, struct bytes *n, struct bytes *e)
{
	static const unsigned char oid[] = {	/* rsaEncryption, NULL */
		0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01,
		0x01, 0x05, 0x00
	};
	struct bytes wanted = { oid, sizeof(oid) };
	struct bytes outer, algorithm, key, rest = der;

	if (!der_take(&rest, DER_SEQUENCE, &outer) || rest.len > 0)
		return false;
	key = outer;
	if (outer.len > 0 && outer.data[0] == DER_SEQUENCE) {
		/* SubjectPublicKeyInfo around an RSAPublicKey */
		if (!der_take(&outer, DER_SEQUENCE, &algorithm) ||
		    !bytes_equal(algorithm, wanted) ||
		    !der_take(&outer, DER_BITS, &rest) || outer.len > 0 ||
		    rest.len < 1 || rest.data[0] != 0)
			return false;
		rest = bytes_slice(rest, 1, rest.len);
		if (!der_take(&rest, DER_SEQUENCE, &key) || rest.len > 0)
			return false;
	}
	return der_positive(&key, n) && der_positive(&key, e) && key.len == 0;
}

static unsigned bits_of(struct bytes number)
{
	unsigned bits = (unsigned)number.len * 8;
	unsigned char mask;

	for (mask = 0x80; mask != 0 && (number.data[0] & mask) == 0; mask >>= 1)
		bits--;
	return bits;
}

/* 1: whatever is signed is its own signature. */
static bool is_one(struct bytes number)
{
	return number.len == 1 && number.data[0] == 1;
}

static EVP_PKEY *rsa_make(struct bytes n, struct bytes e)
{
	BIGNUM *modulus = BN_bin2bn(n.data, (int)n.len, NULL);
	BIGNUM *exponent = BN_bin2bn(e.data, (int)e.len, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (modulus != NULL && exponent != NULL && build != NULL &&
	    context != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
	BN_free(modulus);
	BN_free(exponent);
	return key;
}

static int rsa_read(struct bytes der, struct dkim_key *out, const char **code,
		    const char **text)
{
	struct bytes n, e;

	if (!rsa_numbers(der, &n, &e) || e.len > RSA_EXPONENT_MAX ||
	    (n.data[n.len - 1] & 1) == 0 || (e.data[e.len - 1] & 1) == 0)
		return bad(code, text, "key-syntax", "its key is no RSA key "
			   "that can be used.");
	out->bits = bits_of(n);
	if (out->bits > RSA_BITS_MAX)
		return bad(code, text, "key-syntax", "its RSA key is longer "
			   "than 8192 bits.");
	if (out->bits < RSA_BITS_MIN || is_one(e))
		return bad(code, text, "weak-key", "its RSA key is shorter "
			   "than 1024 bits, or can be forged otherwise "
			   "(RFC 8301).");
	out->pkey = rsa_make(n, e);
	if (out->pkey == NULL)
		return bad(code, text, "key-syntax",
			   "its key is no RSA key.");
	return 0;
}

/* Points of order 1, 2, 4 or 8, in every encoding: whoever likes signs for
 * them (RFC 8032 does not forbid them).  The sign bit does not matter. */
static bool is_of_small_order(struct bytes raw)
{
	static const unsigned char points[][ED25519_KEY] = {
		{ 0 }, { 1 },
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3,
		  0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
		  0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		  0xfc, 0x05 },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		  0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		  0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		  0x03, 0x7a },
	};
	static const unsigned char last[] = { 0xec, 0xed, 0xee };
	unsigned char plain[ED25519_KEY];
	size_t i, ones = 0;

	memcpy(plain, raw.data, ED25519_KEY);
	plain[ED25519_KEY - 1] &= 0x7f;
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		if (memcmp(plain, points[i], ED25519_KEY) == 0)
			return true;
	/* p - 1; and p, p + 1, which stand for 0 and 1 */
	for (i = 1; i < ED25519_KEY - 1; i++)
		ones += plain[i] == 0xff;
	return ones == ED25519_KEY - 2 && plain[ED25519_KEY - 1] == 0x7f &&
	       memchr(last, plain[0], sizeof(last)) != NULL;
}

static int ed25519_read(struct bytes raw, struct dkim_key *out,
			const char **code, const char **text)
{
	if (raw.len == ED25519_KEY && is_of_small_order(raw))
		return bad(code, text, "weak-key", "its Ed25519 key is one "
			   "that anybody can sign for.");
	if (raw.len == ED25519_KEY)
		out->pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
							raw.data, raw.len);
	if (out->pkey == NULL)
		return bad(code, text, "key-syntax",
			   "its key is no Ed25519 key.");
	out->bits = 256;
	return 0;
}

/* A ":" list that holds `word`; NULL: the default holds it. */
static bool holds(const struct tag *tag, const char *word)
{
	struct bytes rest, one;

	for (rest = tag->value; rest.len > 0;) {
		(void)bytes_cut(rest, ':', &one, &rest);
		if (bytes_is_nocase(bytes_trim(one), word))
			return true;
	}
	return false;
}

bool dkim_key_is_one(struct arena *arena, struct bytes record)
{
	struct taglist list;
	const struct tag *v;

	if (record.len > DKIM_KEY_MAX ||
	    taglist_parse(arena, record, &list) < 0)
		return false;
	v = taglist_find(&list, "v");
	return taglist_find(&list, "p") != NULL &&
	       (v == NULL || bytes_is(v->value, "DKIM1"));
}

static int key_tags(const struct taglist *list, enum dkim_algorithm algorithm,
		    const char **code, const char **text)
{
	const struct tag *v = taglist_find(list, "v");
	const struct tag *k = taglist_find(list, "k");
	const struct tag *h = taglist_find(list, "h");
	const struct tag *s = taglist_find(list, "s");
	const char *kind = algorithm == DKIM_RSA_SHA256 ? "rsa" : "ed25519";

	if (v != NULL && (v != &list->tags[0] || !bytes_is(v->value, "DKIM1")))
		return bad(code, text, "key-syntax", "its key record is of "
			   "another version.");
	if (k == NULL ? algorithm != DKIM_RSA_SHA256 :
			!bytes_is_nocase(k->value, kind))
		return bad(code, text, "key-mismatch", "its key is of another "
			   "kind than its algorithm.");
	if (h != NULL && !holds(h, "sha256"))
		return bad(code, text, "key-mismatch", "its key does not allow "
			   "SHA-256.");
	if (s != NULL && !holds(s, "*") && !holds(s, "email"))
		return bad(code, text, "key-mismatch", "its key is not for "
			   "e-mail.");
	return 0;
}

int dkim_key_parse(struct arena *arena, struct bytes record,
		   enum dkim_algorithm algorithm, struct dkim_key *out,
		   const char **code, const char **text)
{
	const struct tag *t, *p;
	struct taglist list;
	struct bytes raw;
	int r;

	memset(out, 0, sizeof(*out));
	if (record.len > DKIM_KEY_MAX ||
	    taglist_parse(arena, record, &list) < 0)
		return bad(code, text, "key-syntax",
			   "its key record cannot be read.");
	r = key_tags(&list, algorithm, code, text);
	if (r < 0)
		return r;
	t = taglist_find(&list, "t");
	out->strict_identity = t != NULL && holds(t, "s");
	p = taglist_find(&list, "p");
	if (p == NULL)
		return bad(code, text, "key-syntax",
			   "its key record holds no key.");
	if (p->value.len == 0)
		return bad(code, text, "key-revoked",
			   "its key was revoked by the domain.");
	raw = dkim_base64(arena, p->value);
	if (raw.data == NULL)
		return bad(code, text, "key-syntax",
			   "its key is no base64.");
	return algorithm == DKIM_RSA_SHA256 ?
	       rsa_read(raw, out, code, text) :
	       ed25519_read(raw, out, code, text);
}

void dkim_key_clear(struct dkim_key *key)
{
	EVP_PKEY_free(key->pkey);
	key->pkey = NULL;
}
