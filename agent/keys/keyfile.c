/* keyfile.c - reading, opening and sealing a private key */
#include "agent/keys/keyfile.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/keys/operation.h"
#include "agent/keys/protocol.h"

/* 16 MB, five times over: as dear as the 128 MB of N = 2^17, within what
 * OpenSSL takes without being told. */
#define SCRYPT_N	16384
#define SCRYPT_R	8
#define SCRYPT_P	5

#define CHECKSUM	"Mailseal-Checksum: sha256 "

/* keyUsage, RFC 5280 section 4.2.1.3 */
#define BIT_SIGNATURE	0
#define BIT_COMMITMENT	1	/* nonRepudiation */
#define BIT_ENCIPHER	2
#define BIT_AGREEMENT	4

static void checksum_print(const unsigned char *der, size_t len,
			   char to[2 * SHA256_DIGEST_LENGTH + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[SHA256_DIGEST_LENGTH] = { 0 };
	size_t i;

	(void)EVP_Digest(der, len, sum, NULL, EVP_sha256(), NULL);
	for (i = 0; i < sizeof(sum); i++) {
		to[2 * i] = digits[sum[i] >> 4];
		to[2 * i + 1] = digits[sum[i] & 15];
	}
	to[2 * sizeof(sum)] = '\0';
}

/* Whether the checksum's line, if there is one, says these bytes. */
static bool checksum_fits(struct bytes text, const struct keyfile *file)
{
	char sum[2 * SHA256_DIGEST_LENGTH + 1];
	struct bytes line;

	while (text.len > 0) {
		(void)bytes_cut(text, '\n', &line, &text);
		if (!bytes_starts(line, CHECKSUM))
			continue;
		line = bytes_trim(bytes_slice(line, sizeof(CHECKSUM) - 1,
					      line.len));
		checksum_print(file->der, file->len, sum);
		return bytes_is(line, sum);
	}
	return true;
}

int keyfile_read(struct bytes text, struct keyfile *out)
{
	BIO *from = NULL;
	char *name = NULL, *head = NULL;
	unsigned char *der = NULL;
	long len = 0;
	int r = ERR_SYNTAX;

	memset(out, 0, sizeof(*out));
	if (text.len == 0 || text.len > KEYFILE_MAX)
		return ERR_SYNTAX;
	from = BIO_new_mem_buf(text.data, (int)text.len);
	if (from == NULL)
		return ERR_MEMORY;
	if (PEM_read_bio(from, &name, &head, &der, &len) != 1)
		goto out;
	if (strcmp(name, PEM_STRING_PKCS8) != 0) {
		if (strstr(name, "PRIVATE KEY") != NULL)
			r = ERR_UNSUPPORTED;
		goto out;
	}
	out->der = malloc((size_t)len);
	r = ERR_MEMORY;
	if (out->der == NULL)
		goto out;
	memcpy(out->der, der, (size_t)len);
	out->len = (size_t)len;
	r = checksum_fits(text, out) ? 0 : ERR_SYNTAX;
out:
	if (r < 0)
		keyfile_free(out);
	OPENSSL_free(name);
	OPENSSL_free(head);
	OPENSSL_clear_free(der, (size_t)len);
	BIO_free(from);
	ERR_clear_error();
	return r;
}

void keyfile_free(struct keyfile *file)
{
	free(file->der);
	memset(file, 0, sizeof(*file));
}

int keyfile_accepts(EVP_PKEY *key)
{
	char group[32];
	size_t len;
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "RSA") == 1)
		return bits >= KEYFILE_RSA_MIN && bits <= KEYFILE_RSA_MAX ?
		       0 : ERR_UNSUPPORTED;
	if (EVP_PKEY_is_a(key, "EC") != 1 ||
	    EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1)
		return ERR_UNSUPPORTED;
	return strcmp(group, SN_X9_62_prime256v1) == 0 ||
	       strcmp(group, SN_secp384r1) == 0 ? 0 : ERR_UNSUPPORTED;
}

/* A key that says nothing may do everything. */
static unsigned usage_read(const PKCS8_PRIV_KEY_INFO *inside)
{
	const STACK_OF(X509_ATTRIBUTE) *attributes;
	const X509_ATTRIBUTE *attribute = NULL;
	const ASN1_BIT_STRING *bits;
	unsigned usage = 0;
	int at;

	attributes = PKCS8_pkey_get0_attrs(inside);
	at = X509at_get_attr_by_NID(attributes, NID_key_usage, -1);
	if (at < 0)
		return KEYS_FOR_SIGNING | KEYS_FOR_OPENING;
	attribute = X509at_get_attr(attributes, at);
	bits = X509_ATTRIBUTE_get0_data((X509_ATTRIBUTE *)(uintptr_t)attribute,
					0, V_ASN1_BIT_STRING, NULL);
	if (bits == NULL)
		return 0;
	if (ASN1_BIT_STRING_get_bit(bits, BIT_SIGNATURE) == 1 ||
	    ASN1_BIT_STRING_get_bit(bits, BIT_COMMITMENT) == 1)
		usage |= KEYS_FOR_SIGNING;
	if (ASN1_BIT_STRING_get_bit(bits, BIT_ENCIPHER) == 1 ||
	    ASN1_BIT_STRING_get_bit(bits, BIT_AGREEMENT) == 1)
		usage |= KEYS_FOR_OPENING;
	return usage;
}

int keyfile_open(const struct keyfile *file, struct bytes passphrase,
		 EVP_PKEY **key, unsigned *usage)
{
	const unsigned char *at = file->der;
	PKCS8_PRIV_KEY_INFO *inside = NULL;
	X509_SIG *sealed = NULL;
	EVP_PKEY *found = NULL;
	int r = ERR_SYNTAX;

	*key = NULL;
	*usage = 0;
	if (passphrase.len > KEYFILE_PASSPHRASE_MAX)
		return ERR_REFUSED;
	sealed = d2i_X509_SIG(NULL, &at, (long)file->len);
	if (sealed == NULL || at != file->der + file->len)
		goto out;
	ERR_clear_error();
	inside = PKCS8_decrypt(sealed, (const char *)passphrase.data,
			       (int)passphrase.len);
	r = ERR_REFUSED;
	if (inside == NULL && ERR_GET_REASON(ERR_peek_error()) ==
			      EVP_R_MEMORY_LIMIT_EXCEEDED)
		r = ERR_MEMORY;
	if (inside == NULL)
		goto out;
	found = EVP_PKCS82PKEY(inside);
	r = ERR_SYNTAX;
	if (found == NULL)
		goto out;
	r = keyfile_accepts(found);
	if (r == 0 && !operation_self_test(found))
		r = ERR_SYNTAX;
	if (r < 0)
		goto out;
	*usage = usage_read(inside);
	*key = found;
	found = NULL;			/* handed over */
out:
	EVP_PKEY_free(found);
	PKCS8_PRIV_KEY_INFO_free(inside);
	X509_SIG_free(sealed);
	ERR_clear_error();
	return r;
}

static bool usage_write(PKCS8_PRIV_KEY_INFO *inside, unsigned usage)
{
	unsigned char bits = 0;

	if ((usage & KEYS_FOR_SIGNING) != 0)
		bits |= 0x80 >> BIT_SIGNATURE;
	if ((usage & KEYS_FOR_OPENING) != 0)
		bits |= 0x80 >> BIT_ENCIPHER | 0x80 >> BIT_AGREEMENT;
	return PKCS8_pkey_add1_attr_by_NID(inside, NID_key_usage,
					   V_ASN1_BIT_STRING, &bits, 1) == 1;
}

static X509_SIG *seal(EVP_PKEY *key, unsigned usage, struct bytes passphrase)
{
	PKCS8_PRIV_KEY_INFO *inside = EVP_PKEY2PKCS8(key);
	X509_ALGOR *how = NULL;
	X509_SIG *sealed = NULL;

	if (inside == NULL || !usage_write(inside, usage))
		goto out;
	how = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N,
				    SCRYPT_R, SCRYPT_P);
	if (how == NULL)
		goto out;
	sealed = PKCS8_set0_pbe((const char *)passphrase.data,
				(int)passphrase.len, inside, how);
	if (sealed != NULL)
		how = NULL;		/* handed over */
out:
	X509_ALGOR_free(how);
	PKCS8_PRIV_KEY_INFO_free(inside);
	return sealed;
}

int keyfile_seal(EVP_PKEY *key, unsigned usage, struct bytes passphrase,
		 struct buf *text)
{
	char sum[2 * SHA256_DIGEST_LENGTH + 1];
	unsigned char *der = NULL;
	X509_SIG *sealed = NULL;
	BIO *to = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long pem_len;
	int len, r = ERR_MEMORY;

	if (to == NULL || passphrase.len > KEYFILE_PASSPHRASE_MAX)
		goto out;
	sealed = seal(key, usage, passphrase);
	len = sealed == NULL ? -1 : i2d_X509_SIG(sealed, &der);
	if (len <= 0 || PEM_write_bio(to, PEM_STRING_PKCS8, "", der, len) <= 0)
		goto out;
	pem_len = BIO_get_mem_data(to, &pem);
	checksum_print(der, (size_t)len, sum);
	buf_text(text, CHECKSUM);
	buf_text(text, sum);
	buf_byte(text, '\n');
	buf_add(text, (struct bytes){ (unsigned char *)pem, (size_t)pem_len });
	if (!text->full)
		r = 0;
out:
	OPENSSL_free(der);
	X509_SIG_free(sealed);
	BIO_free(to);
	ERR_clear_error();
	return r;
}
