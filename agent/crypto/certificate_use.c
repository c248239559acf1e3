/* certificate_use.c - what a certificate says that its key is for
 *
 * OpenSSL's own check asks for keyEncipherment to encrypt, which a key that
 * agrees (elliptic curves) does not have, and takes no anyExtendedKeyUsage. */
#include "agent/crypto/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

static bool is_for(X509 *x509, uint32_t uses)
{
	/* Both are all ones where the certificate does not say. */
	return (X509_get_extension_flags(x509) & EXFLAG_INVALID) == 0 &&
	       (X509_get_key_usage(x509) & uses) != 0 &&
	       (X509_get_extended_key_usage(x509) &
		(XKU_SMIME | XKU_ANYEKU)) != 0;
}

bool certificate_may_sign(X509 *x509)
{
	return is_for(x509, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
}

bool certificate_may_read(X509 *x509)
{
	const EVP_PKEY *key = X509_get0_pubkey(x509);
	uint32_t uses = KU_KEY_ENCIPHERMENT;

	if (key != NULL && EVP_PKEY_is_a(key, "RSA") != 1)
		uses |= KU_KEY_AGREEMENT;
	return is_for(x509, uses);
}
