/* smime_algorithm.c - three tables */
#include "agent/crypto/smime_algorithm.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/crypto/cms_walk.h"

#define DOTTED_MAX	128

static const char *dotted(struct arena *arena, const ASN1_OBJECT *object)
{
	char text[DOTTED_MAX];
	const char *out;

	if (object == NULL || OBJ_obj2txt(text, sizeof(text), object, 1) <= 0)
		return "";
	out = arena_print(arena, "%s", text);
	return out == NULL ? "" : out;
}

enum smime_worth smime_digest(struct arena *arena, const X509_ALGOR *algorithm,
			      const EVP_MD **md, const char **word)
{
	const ASN1_OBJECT *object = NULL;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	*md = NULL;
	switch (OBJ_obj2nid(object)) {
	case NID_sha256:
		*md = EVP_sha256();
		*word = "sha256";
		return SMIME_STRONG;
	case NID_sha384:
		*md = EVP_sha384();
		*word = "sha384";
		return SMIME_STRONG;
	case NID_sha512:
		*md = EVP_sha512();
		*word = "sha512";
		return SMIME_STRONG;
	case NID_sha1:
		*word = "sha1";
		return SMIME_WEAK;
	case NID_md5:
		*word = "md5";
		return SMIME_WEAK;
	default:
		*word = dotted(arena, object);
		return SMIME_UNSUPPORTED;
	}
}

const EVP_MD *smime_digest_named(const struct cms_walk_name *name)
{
	/* 2.16.840.1.101.3.4.2.n */
	static const unsigned char sha2[8] = { 0x60, 0x86, 0x48, 0x01, 0x65,
					       0x03, 0x04, 0x02 };

	if (name->len != sizeof(sha2) + 1 ||
	    memcmp(name->octets, sha2, sizeof(sha2)) != 0)
		return NULL;
	switch (name->octets[sizeof(sha2)]) {
	case 1:
		return EVP_sha256();
	case 2:
		return EVP_sha384();
	case 3:
		return EVP_sha512();
	default:
		return NULL;
	}
}

enum smime_worth smime_signature(struct arena *arena,
				 const X509_ALGOR *algorithm,
				 const char **word)
{
	static const int known[] = {
		NID_rsaEncryption, NID_sha256WithRSAEncryption,
		NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption,
		NID_rsassaPss, NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384,
		NID_ecdsa_with_SHA512, NID_X9_62_id_ecPublicKey
	};
	static const int weak[] = {
		NID_sha1WithRSAEncryption, NID_md5WithRSAEncryption,
		NID_ecdsa_with_SHA1
	};
	const ASN1_OBJECT *object = NULL;
	size_t i;
	int nid;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	nid = OBJ_obj2nid(object);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == nid)
			return SMIME_STRONG;
	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (weak[i] == nid)
			return SMIME_WEAK;
	*word = nid == NID_undef ? dotted(arena, object) : OBJ_nid2sn(nid);
	return SMIME_UNSUPPORTED;
}

const struct smime_cipher *smime_cipher(const struct cms_walk_name *name)
{
	/* 2.16.840.1.101.3.4.1.n, and 1.2.840.113549.3.7 */
	static const unsigned char aes[8] = { 0x60, 0x86, 0x48, 0x01, 0x65,
					      0x03, 0x04, 0x01 };
	static const unsigned char des3[8] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
					       0x0d, 0x03, 0x07 };
	static const struct {
		unsigned char last;
		struct smime_cipher cipher;
	} ciphers[] = {
		{ 2, { "aes128-cbc", 16, false, false } },
		{ 22, { "aes192-cbc", 24, false, false } },
		{ 42, { "aes256-cbc", 32, false, false } },
		{ 6, { "aes128-gcm", 16, true, false } },
		{ 26, { "aes192-gcm", 24, true, false } },
		{ 46, { "aes256-gcm", 32, true, false } },
	};
	static const struct smime_cipher old = { "3des-cbc", 24, false, true };
	size_t i;

	if (name->len == sizeof(des3) &&
	    memcmp(name->octets, des3, sizeof(des3)) == 0)
		return &old;
	if (name->len != sizeof(aes) + 1 ||
	    memcmp(name->octets, aes, sizeof(aes)) != 0)
		return NULL;
	for (i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		if (ciphers[i].last == name->octets[sizeof(aes)])
			return &ciphers[i].cipher;
	return NULL;
}

const char *smime_name(struct arena *arena, const struct cms_walk_name *name)
{
	unsigned char der[CMS_WALK_NAME_MAX + 2];
	const unsigned char *at = der;
	ASN1_OBJECT *object;
	const char *out;

	if (name->len == 0)
		return "";
	der[0] = V_ASN1_OBJECT;
	der[1] = (unsigned char)name->len;
	memcpy(der + 2, name->octets, name->len);
	object = d2i_ASN1_OBJECT(NULL, &at, (long)name->len + 2);
	out = dotted(arena, object);
	ASN1_OBJECT_free(object);
	return out;
}
