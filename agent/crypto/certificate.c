/* certificate.c - names, addresses and key of a certificate */
#include "agent/crypto/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/crypto/scheme.h"
#include "agent/mail/address.h"

#define NAME_MAX_SHOWN	512	/* octets of a name that is shown */

X509 *certificate_parse(struct bytes der)
{
	const unsigned char *at = der.data;
	X509 *x509;

	if (der.len == 0 || der.len > CERTIFICATE_MAX)
		return NULL;
	x509 = d2i_X509(NULL, &at, (long)der.len);
	if (x509 != NULL && at != der.data + der.len) {
		X509_free(x509);
		x509 = NULL;
	}
	return x509;
}

static void hex_of(const unsigned char *from, size_t len, char *to)
{
	static const char digits[17] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++) {
		to[2 * i] = digits[from[i] >> 4];
		to[2 * i + 1] = digits[from[i] & 15];
	}
	to[2 * len] = 0;
}

int certificate_print_of(const X509 *x509, char out[CERTIFICATE_PRINT])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (X509_digest(x509, EVP_sha256(), sum, &len) != 1 ||
	    2 * len + 1 != CERTIFICATE_PRINT)
		return ERR_MEMORY;
	hex_of(sum, len, out);
	return 0;
}

/* UTF-8 of an ASN.1 string without NULs; NULL: it is none. */
static const char *text_of(struct arena *arena, const ASN1_STRING *string)
{
	struct bytes text = { NULL, 0 };
	unsigned char *utf8 = NULL;
	const char *out = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, string);

	if (len >= 0 && len <= NAME_MAX_SHOWN) {
		text.data = utf8;
		text.len = (size_t)len;
		out = arena_text(arena, text);
	}
	OPENSSL_free(utf8);
	return out;
}

static const char *name_entry(struct arena *arena, const X509_NAME *name,
			      int nid)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);

	return at < 0 ? NULL :
	       text_of(arena, X509_NAME_ENTRY_get_data(
				      X509_NAME_get_entry(name, at)));
}

static const char *name_whole(struct arena *arena, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct bytes text = { NULL, 0 };
	const char *out = NULL;
	char *data = NULL;
	long len;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 &
					      ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		len = BIO_get_mem_data(bio, &data);
		if (len > 0 && len <= NAME_MAX_SHOWN) {
			text.data = (const unsigned char *)data;
			text.len = (size_t)len;
			out = arena_text(arena, text);
		}
	}
	BIO_free(bio);
	return out;
}

static const char *serial_of(struct arena *arena, const X509 *x509)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	int len = ASN1_STRING_length(serial);
	char *out;

	if (len <= 0 || len > 64)
		return NULL;
	out = arena_alloc(arena, 2 * (size_t)len + 1);
	if (out != NULL)
		hex_of(ASN1_STRING_get0_data(serial), (size_t)len, out);
	return out;
}

struct addresses {
	struct arena *arena;
	const char **list;
	size_t count;
};

static void address_add(struct addresses *to, const ASN1_STRING *string)
{
	const char *text = text_of(to->arena, string), *normal;
	struct mailbox mailbox;
	size_t i;

	if (text == NULL || to->count == SEAL_ADDRESSES_MAX ||
	    address_parse(to->arena, bytes_of(text), &mailbox) < 0)
		return;
	normal = address_normal(to->arena, &mailbox);
	if (normal == NULL)
		return;
	for (i = 0; i < to->count; i++)
		if (strcmp(to->list[i], normal) == 0)
			return;
	to->list[to->count++] = normal;
}

/* RFC 9598: an otherName with a UTF8String. */
static void other_name_add(struct addresses *to, const OTHERNAME *other)
{
	if (OBJ_obj2nid(other->type_id) == NID_id_on_SmtpUTF8Mailbox &&
	    other->value->type == V_ASN1_UTF8STRING)
		address_add(to, other->value->value.utf8string);
}

static void alternative_names(struct addresses *to, X509 *x509)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name,
						NULL, NULL);
	const GENERAL_NAME *name;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_EMAIL)
			address_add(to, name->d.rfc822Name);
		else if (name->type == GEN_OTHERNAME)
			other_name_add(to, name->d.otherName);
	}
	GENERAL_NAMES_free(names);
}

static void subject_addresses(struct addresses *to, X509 *x509)
{
	const X509_NAME *name = X509_get_subject_name(x509);
	int at = -1;

	while ((at = X509_NAME_get_index_by_NID(name,
						NID_pkcs9_emailAddress,
						at)) >= 0)
		address_add(to, X509_NAME_ENTRY_get_data(
				    X509_NAME_get_entry(name, at)));
}

static const char *curve_name(const EVP_PKEY *key)
{
	char group[64];
	size_t len = 0;

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1)
		return NULL;
	if (strcmp(group, "prime256v1") == 0)
		return "ecdsa-p256";
	if (strcmp(group, "secp384r1") == 0)
		return "ecdsa-p384";
	return strcmp(group, "secp521r1") == 0 ? "ecdsa-p521" : NULL;
}

static const char *algorithm_of(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA"))
		return "rsa";
	if (EVP_PKEY_is_a(key, "RSA-PSS"))
		return "rsa-pss";
	if (EVP_PKEY_is_a(key, "EC"))
		return curve_name(key);
	if (EVP_PKEY_is_a(key, "ED25519"))
		return "ed25519";
	if (EVP_PKEY_is_a(key, "ED448"))
		return "ed448";
	return EVP_PKEY_is_a(key, "X25519") ? "x25519" : NULL;
}

static int64_t seconds_of(const ASN1_TIME *time)
{
	ASN1_TIME *start = ASN1_TIME_set(NULL, 0);
	int64_t out = 0;
	int days = 0, seconds = 0;

	if (start != NULL &&
	    ASN1_TIME_diff(&days, &seconds, start, time) == 1)
		out = (int64_t)days * 86400 + seconds;
	ASN1_TIME_free(start);
	return out;
}

int certificate_read(struct arena *arena, X509 *x509,
		     struct certificate *out)
{
	const X509_NAME *subject = X509_get_subject_name(x509);
	EVP_PKEY *key = X509_get0_pubkey(x509);
	struct addresses to = { arena, NULL, 0 };
	char *print = arena_alloc(arena, CERTIFICATE_PRINT);

	memset(out, 0, sizeof(*out));
	to.list = arena_array(arena, SEAL_ADDRESSES_MAX, sizeof(*to.list));
	if (print == NULL || to.list == NULL)
		return ERR_LIMIT;
	if (certificate_print_of(x509, print) < 0)
		return ERR_MEMORY;
	out->fingerprint = print;
	alternative_names(&to, x509);
	if (to.count == 0) {
		subject_addresses(&to, x509);
		out->address_in_subject = to.count > 0;
	}
	out->addresses = to.list;
	out->address_count = to.count;
	out->name = name_entry(arena, subject, NID_commonName);
	if (out->name == NULL)
		out->name = name_whole(arena, subject);
	out->issuer = name_whole(arena, X509_get_issuer_name(x509));
	out->serial = serial_of(arena, x509);
	if (key != NULL) {
		out->algorithm = algorithm_of(key);
		out->key_bits = (unsigned)EVP_PKEY_get_bits(key);
	}
	out->from = seconds_of(X509_get0_notBefore(x509));
	out->until = seconds_of(X509_get0_notAfter(x509));
	return 0;
}

bool certificate_has(const struct certificate *certificate,
		     const char *address)
{
	size_t i;

	for (i = 0; i < certificate->address_count; i++)
		if (address_same(certificate->addresses[i], address))
			return true;
	return false;
}
