/* tls_world.c - a table of certificates */
#include "tests/lab/tls_world.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY 86400

static const struct order {
	const char *name;
	enum tls_kind issuer;
	const char *common;		/* NULL: none */
	const char *san;		/* NULL: none */
	int from, until;		/* days from now */
	int is_ca;
} orders[TLS_KINDS] = {
	[TLS_ROOT] = { "root", TLS_ROOT, "Lab Root", NULL, -30, 3650, 1 },
	[TLS_MIDDLE] = { "middle", TLS_ROOT, "Lab Middle", NULL, -30, 1800,
			 1 },
	[TLS_GOOD] = { "good", TLS_MIDDLE, "good",
		       "DNS:" TLS_HOST ",DNS:" TLS_PLAIN_HOST, -10, 80, 0 },
	[TLS_NEXT] = { "next", TLS_MIDDLE, "next", "DNS:" TLS_HOST, -1, 89,
		       0 },
	[TLS_EXPIRED] = { "expired", TLS_MIDDLE, "expired", "DNS:" TLS_HOST,
			  -90, -2, 0 },
	[TLS_FUTURE] = { "future", TLS_MIDDLE, "future", "DNS:" TLS_HOST, 5,
			 90, 0 },
	[TLS_SOON] = { "soon", TLS_MIDDLE, "soon", "DNS:" TLS_HOST, -87, 3,
		       0 },
	[TLS_OTHER] = { "other", TLS_MIDDLE, "other", "DNS:other.example", -1,
			90, 0 },
	[TLS_OTHER_EXPIRED] = { "other-expired", TLS_MIDDLE, "other",
				"DNS:other.example", -90, -2, 0 },
	[TLS_WILD] = { "wild", TLS_MIDDLE, "wild", "DNS:*." TLS_DOMAIN, -1,
		       90, 0 },
	[TLS_ABOVE] = { "above", TLS_MIDDLE, "above", "DNS:" TLS_DOMAIN, -1,
			90, 0 },
	[TLS_COMMON] = { "common", TLS_MIDDLE, TLS_HOST, NULL, -1, 90, 0 },
	[TLS_NAMELESS] = { "nameless", TLS_MIDDLE, NULL, NULL, -1, 90, 0 },
	[TLS_ADDRESS] = { "address", TLS_MIDDLE, "address", "IP:127.0.0.1",
			  -1, 90, 0 },
	[TLS_SELF] = { "self", TLS_SELF, "self", "DNS:" TLS_HOST, -1, 90, 0 },
	[TLS_SELF_OTHER] = { "self-other", TLS_SELF_OTHER, "self other",
			     "DNS:other.example", -90, -2, 0 },
	[TLS_OTHER_ROOT] = { "other-root", TLS_OTHER_ROOT, "Other Root", NULL,
			     -30, 3650, 1 },
	[TLS_STRANGER] = { "stranger", TLS_OTHER_ROOT, "stranger",
			   "DNS:" TLS_HOST, -1, 90, 0 },
	[TLS_MIDDLE_EXPIRED] = { "middle-expired", TLS_ROOT,
				 "Lab Middle Expired", NULL, -90, -2, 1 },
	[TLS_UNDER_EXPIRED] = { "under-expired", TLS_MIDDLE_EXPIRED,
				"under expired", "DNS:" TLS_HOST, -1, 90, 0 },
};

const char *const tls_kind_name[TLS_KINDS] = {
	"root", "middle", "good", "next", "expired", "future", "soon",
	"other", "other-expired", "wild", "above", "common", "nameless",
	"address", "self", "self-other", "other-root", "stranger",
	"middle-expired", "under-expired"
};

static void fault(const char *what)
{
	(void)fprintf(stderr, "tls_world: %s\n", what);
	abort();
}

static void extension_add(X509 *to, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, to, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	if (extension == NULL || X509_add_ext(to, extension, -1) != 1)
		fault(value);
	X509_EXTENSION_free(extension);
}

static void make(struct tls_world *world, enum tls_kind kind)
{
	const struct order *order = &orders[kind];
	X509 *out = X509_new(), *issuer;
	X509_NAME *name;

	world->keys[kind] = EVP_EC_gen("P-256");
	if (out == NULL || world->keys[kind] == NULL)
		fault("no memory");
	world->certificates[kind] = out;
	issuer = world->certificates[order->issuer];
	(void)X509_set_version(out, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(out), (long)kind + 1000);
	(void)X509_gmtime_adj(X509_getm_notBefore(out),
			      (long)order->from * DAY);
	(void)X509_gmtime_adj(X509_getm_notAfter(out),
			      (long)order->until * DAY);
	name = X509_get_subject_name(out);
	if (order->common != NULL)
		(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
				(const unsigned char *)order->common, -1, -1,
				0);
	(void)X509_set_issuer_name(out, X509_get_subject_name(issuer));
	(void)X509_set_pubkey(out, world->keys[kind]);
	extension_add(out, issuer, NID_basic_constraints, order->is_ca ?
		      "critical,CA:TRUE" : "critical,CA:FALSE");
	if (order->is_ca)
		extension_add(out, issuer, NID_key_usage,
			      "critical,keyCertSign,cRLSign");
	if (order->san != NULL)
		extension_add(out, issuer, NID_subject_alt_name, order->san);
	extension_add(out, issuer, NID_subject_key_identifier, "hash");
	if (X509_sign(out, world->keys[order->issuer], EVP_sha256()) == 0)
		fault("cannot sign");
}

struct tls_world *tls_world_new(void)
{
	struct tls_world *world = calloc(1, sizeof(*world));
	int kind;

	if (world == NULL)
		fault("no memory");
	for (kind = 0; kind < TLS_KINDS; kind++)
		make(world, (enum tls_kind)kind);
	return world;
}

void tls_world_free(struct tls_world *world)
{
	int kind;

	if (world == NULL)
		return;
	for (kind = 0; kind < TLS_KINDS; kind++) {
		X509_free(world->certificates[kind]);
		EVP_PKEY_free(world->keys[kind]);
	}
	free(world);
}

enum tls_kind tls_kind_of(const char *name)
{
	int kind = 0;

	while (kind < TLS_KINDS && strcmp(tls_kind_name[kind], name) != 0)
		kind++;
	return (enum tls_kind)kind;
}

size_t tls_rdata(const struct tls_world *world, enum tls_kind kind,
		 unsigned usage, unsigned selector, unsigned matching,
		 unsigned char out[4096])
{
	X509 *certificate = world->certificates[kind];
	unsigned char *der = NULL;
	unsigned length = 0;
	int size = selector == 1 ?
		   i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der) :
		   i2d_X509(certificate, &der);

	if (size <= 0 || size > 4000)
		fault("no DER");
	out[0] = (unsigned char)usage;
	out[1] = (unsigned char)selector;
	out[2] = (unsigned char)matching;
	if (matching == 0) {
		memcpy(out + 3, der, (size_t)size);
		length = (unsigned)size;
	} else if (EVP_Digest(der, (size_t)size, out + 3, &length,
			      matching == 2 ? EVP_sha512() : EVP_sha256(),
			      NULL) != 1) {
		fault("no digest");
	}
	OPENSSL_free(der);
	return 3 + length;
}

char *tls_pem(const struct tls_world *world, enum tls_kind kind)
{
	BIO *to = BIO_new(BIO_s_mem());
	char *out, *data;
	long length;

	if (to == NULL ||
	    PEM_write_bio_X509(to, world->certificates[kind]) != 1)
		fault("no PEM");
	length = BIO_get_mem_data(to, &data);
	out = OPENSSL_zalloc((size_t)length + 1);
	if (out == NULL)
		fault("no memory");
	memcpy(out, data, (size_t)length);
	BIO_free(to);
	return out;
}
