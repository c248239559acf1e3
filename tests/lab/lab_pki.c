/* lab_pki.c - keys and certificates by OpenSSL */
#include "tests/lab/lab_pki.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define YEAR	(365 * 86400)

static void need(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "lab_pki: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(EXIT_FAILURE);
}

static EVP_PKEY *rsa_make(const char *type, int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	need(ctx != NULL && EVP_PKEY_keygen_init(ctx) > 0 &&
	     EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits) > 0 &&
	     EVP_PKEY_keygen(ctx, &key) > 0, "no RSA key");
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *key_make(enum lab_key kind)
{
	EVP_PKEY *key;

	switch (kind) {
	case LAB_RSA_512:	return rsa_make("RSA", 512);
	case LAB_RSA_1024:	return rsa_make("RSA", 1024);
	case LAB_RSA_3072:	return rsa_make("RSA", 3072);
	case LAB_RSA_PSS:	return rsa_make("RSA-PSS", 2048);
	case LAB_P256:		key = EVP_EC_gen("P-256"); break;
	case LAB_P384:		key = EVP_EC_gen("P-384"); break;
	case LAB_P521:		key = EVP_EC_gen("P-521"); break;
	case LAB_ED25519:
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case LAB_X25519:
		key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
		break;
	case LAB_RSA_2048:
	default:		return rsa_make("RSA", 2048);
	}
	need(key != NULL, "no key");
	return key;
}

static void extension(X509 *x509, const struct lab_identity *issuer, int nid,
		      const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *made;

	if (value[0] == 0)
		return;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer == NULL ? x509 : issuer->certificate,
		       x509, NULL, NULL, 0);
	made = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	need(made != NULL && X509_add_ext(x509, made, -1) == 1, value);
	X509_EXTENSION_free(made);
}

static void name_push(GENERAL_NAMES *names, const char *address)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	need(name != NULL && text != NULL &&
	     ASN1_STRING_set(text, address, -1) == 1, address);
	GENERAL_NAME_set0_value(name, GEN_EMAIL, text);
	need(sk_GENERAL_NAME_push(names, name) > 0, address);
}

/* RFC 9598. */
static void utf8_push(GENERAL_NAMES *names, const char *address)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_UTF8STRING *text = ASN1_UTF8STRING_new();
	ASN1_TYPE *value = ASN1_TYPE_new();

	need(name != NULL && text != NULL && value != NULL &&
	     ASN1_STRING_set(text, address, -1) == 1, address);
	ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
	need(GENERAL_NAME_set0_othername(name,
			OBJ_txt2obj("1.3.6.1.5.5.7.8.9", 1), value) == 1 &&
	     sk_GENERAL_NAME_push(names, name) > 0, address);
}

static void alternatives(X509 *x509, const struct lab_wish *wish)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	char list[512], *rest = list, *one;

	need(names != NULL, "no names");
	(void)snprintf(list, sizeof(list), "%s", wish->address == NULL ? "" :
		       wish->address);
	while ((one = strsep(&rest, ",")) != NULL)
		if (one[0] != 0)
			name_push(names, one);
	if (wish->utf8_address != NULL)
		utf8_push(names, wish->utf8_address);
	if (sk_GENERAL_NAME_num(names) > 0)
		need(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0,
				       0) == 1, "alternative names");
	GENERAL_NAMES_free(names);
}

static const char *or_usual(const char *wished, const char *usual)
{
	return wished == NULL ? usual : wished;
}

static void extensions(X509 *x509, const struct lab_wish *wish)
{
	const char *usage = "critical,digitalSignature,keyEncipherment,"
			    "keyAgreement";

	extension(x509, wish->issuer, NID_basic_constraints,
		  wish->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (wish->authority)
		usage = "critical,keyCertSign,cRLSign";
	extension(x509, wish->issuer, NID_key_usage,
		  or_usual(wish->usage, usage));
	extension(x509, wish->issuer, NID_ext_key_usage,
		  or_usual(wish->extended,
			   wish->authority ? "" : "emailProtection"));
	extension(x509, wish->issuer, NID_subject_key_identifier, "hash");
	alternatives(x509, wish);
}

static void name_add(X509_NAME *name, int nid, const char *text)
{
	if (text != NULL)
		need(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
						(const unsigned char *)text,
						-1, -1, 0) == 1, text);
}

static EVP_PKEY *key_of(const struct lab_wish *wish)
{
	EVP_PKEY *key = NULL;

	if (wish->same_key == NULL)
		return key_make(wish->kind);
	memcpy(&key, &wish->same_key, sizeof(key));
	need(EVP_PKEY_up_ref(key) == 1, "no reference");
	return key;
}

/* As one that was read: a made one holds on to its private key. */
static X509 *read_again(X509 *made)
{
	unsigned char *der = NULL;
	const unsigned char *at;
	int len = i2d_X509(made, &der);
	X509 *out;

	need(len > 0, "no octets");
	at = der;
	out = d2i_X509(NULL, &at, len);
	need(out != NULL, "not read");
	OPENSSL_free(der);
	X509_free(made);
	return out;
}

struct lab_identity lab_identity_make(const struct lab_wish *wish)
{
	const struct lab_identity *issuer = wish->issuer;
	const EVP_MD *digest = wish->digest;
	struct lab_identity out = { X509_new(), NULL };
	unsigned char serial[16];
	BIGNUM *number;
	EVP_PKEY *by;
	time_t now = time(NULL);
	int64_t until = wish->until;

	out.key = key_of(wish);
	if (wish->from == 0 && until == 0)
		until = YEAR;
	need(out.certificate != NULL && RAND_bytes(serial, 16) == 1,
	     "no certificate");
	serial[0] &= 0x7f;
	number = BN_bin2bn(serial, 16, NULL);
	need(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(
					out.certificate)) != NULL, "serial");
	BN_free(number);
	(void)X509_set_version(out.certificate, X509_VERSION_3);
	need(ASN1_TIME_set(X509_getm_notBefore(out.certificate),
			   now + (time_t)wish->from - 60) != NULL &&
	     ASN1_TIME_set(X509_getm_notAfter(out.certificate),
			   now + (time_t)until) != NULL, "times");
	name_add(X509_get_subject_name(out.certificate), NID_commonName,
		 or_usual(wish->name, "Nobody"));
	name_add(X509_get_subject_name(out.certificate),
		 NID_pkcs9_emailAddress, wish->subject_address);
	need(X509_set_issuer_name(out.certificate, X509_get_subject_name(
			issuer == NULL ? out.certificate :
			issuer->certificate)) == 1, "issuer");
	need(X509_set_pubkey(out.certificate, out.key) == 1, "public key");
	extensions(out.certificate, wish);
	by = issuer == NULL ? out.key : issuer->key;
	if (digest == NULL)
		digest = EVP_PKEY_is_a(by, "ED25519") ? NULL : EVP_sha256();
	need(X509_sign(out.certificate, by, digest) > 0, "signature");
	out.certificate = read_again(out.certificate);
	return out;
}

void lab_identity_free(struct lab_identity *identity)
{
	X509_free(identity->certificate);
	EVP_PKEY_free(identity->key);
	memset(identity, 0, sizeof(*identity));
}

X509_CRL *lab_crl_make(const struct lab_identity *issuer,
		       const X509 *revoked)
{
	X509_CRL *list = X509_CRL_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *now = ASN1_TIME_set(NULL, time(NULL) - 60);
	ASN1_INTEGER *serial =
		ASN1_INTEGER_dup(X509_get0_serialNumber(revoked));

	need(list != NULL && entry != NULL && now != NULL &&
	     serial != NULL, "no list");
	need(X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
	     X509_REVOKED_set_revocationDate(entry, now) == 1 &&
	     X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
	     X509_CRL_set_issuer_name(list, X509_get_subject_name(
						issuer->certificate)) == 1 &&
	     X509_CRL_set1_lastUpdate(list, now) == 1 &&
	     X509_CRL_set1_nextUpdate(list, now) == 1 &&
	     X509_CRL_add0_revoked(list, entry) == 1 &&
	     X509_CRL_sign(list, issuer->key, EVP_sha256()) > 0, "the list");
	ASN1_TIME_free(now);
	ASN1_INTEGER_free(serial);
	return list;
}

static FILE *open_in(const char *folder, const char *name, const char *end)
{
	char path[1024];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s.%s", folder, name, end);
	file = fopen(path, "wb");
	need(file != NULL, path);
	return file;
}

void lab_identity_write(const struct lab_identity *identity,
			const char *folder, const char *name)
{
	FILE *file = open_in(folder, name, "pem");

	need(PEM_write_X509(file, identity->certificate) == 1, name);
	need(fclose(file) == 0, name);
	file = open_in(folder, name, "key");
	need(PEM_write_PrivateKey(file, identity->key, NULL, NULL, 0, NULL,
				  NULL) == 1, name);
	need(fclose(file) == 0, name);
}
