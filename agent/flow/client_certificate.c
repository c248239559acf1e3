/* client_certificate.c - a certificate by its digits, and those above it */
#include "agent/flow/client_certificate.h"

#include <string.h>

#include <openssl/x509v3.h>

#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/dane/server.h"
#include "agent/keys/own.h"
#include "agent/keys/remote_key.h"

#define DIGITS_MIN	8	/* of a fingerprint */
#define CHAIN_MAX	8	/* certificates above it */

static bool name_starts(const uint8_t name[KEYS_ID_SIZE], const char *digits)
{
	static const char hex[17] = "0123456789abcdef";
	char text[2 * KEYS_ID_SIZE + 1] = "";
	size_t i;

	for (i = 0; i < KEYS_ID_SIZE; i++) {
		text[2 * i] = hex[name[i] >> 4];
		text[2 * i + 1] = hex[name[i] & 15];
	}
	return strncasecmp(text, digits, strlen(digits)) == 0;
}

static bool is_meant(const struct own *own, size_t nth, const char *digits)
{
	char print[CERTIFICATE_PRINT];

	return strlen(digits) >= DIGITS_MIN &&
	       (name_starts(own->keys[nth], digits) ||
		(certificate_print_of(own->certificates[nth], print) == 0 &&
		 strncasecmp(print, digits, strlen(digits)) == 0));
}

static X509 *issuer_of(const struct own *own, X509 *certificate)
{
	X509 *issuer;
	int i;

	for (i = 0; i < sk_X509_num(own->helpers); i++) {
		issuer = sk_X509_value(own->helpers, i);
		if (issuer != certificate &&
		    X509_check_issued(issuer, certificate) == X509_V_OK)
			return issuer;
	}
	return NULL;
}

/* Up to its authority, which the server has. */
static int chain_make(const struct own *own, struct dane_identity *out)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *at = out->certificate;

	out->chain = chain;
	while (chain != NULL && sk_X509_num(chain) < CHAIN_MAX &&
	       (at = issuer_of(own, at)) != NULL &&
	       X509_check_issued(at, at) != X509_V_OK)
		if (sk_X509_push(chain, at) == 0)
			return ERR_MEMORY;
	return chain == NULL ? ERR_MEMORY : 0;
}

int client_certificate_find(const struct own *own, struct keys_link *link,
			    const char *digits, struct dane_identity *out)
{
	EVP_PKEY *public;
	size_t i;
	int r;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < own->count; i++)
		if (is_meant(own, i, digits))
			break;
	if (i == own->count)
		return ERR_REFUSED;
	out->certificate = own->certificates[i];
	public = X509_get0_pubkey(out->certificate);
	r = public == NULL ? ERR_UNSUPPORTED :
		remote_key_named(link, public, own->keys[i], &out->key);
	return r < 0 ? r : chain_make(own, out);
}

void client_certificate_free(struct dane_identity *identity)
{
	EVP_PKEY_free(identity->key);
	sk_X509_free(identity->chain);	/* what is in it is `own`'s */
	memset(identity, 0, sizeof(*identity));
}

const char *client_certificate_fault(const struct dane_identity *identity)
{
	if (identity->key == NULL)
		return NULL;
	switch (remote_key_answer(identity->key)) {
	case KEYS_DONE:
		return NULL;
	case KEYS_LOCKED:
		return "it is locked; \"mailseal keys unlock\" unlocks it, and "
		       "\"mailseal queue flush\" sends what waits";
	case KEYS_CONFIRM:
		return "each use of it is to be confirmed, which nobody can do "
		       "for mail that waits; set \"confirm = false\"";
	case KEYS_WRONG_USE:
		return "it is not one for signing";
	case KEYS_UNKNOWN:
	case KEYS_GONE:
	case KEYS_UNSUPPORTED:
	case KEYS_FAILED:
	case KEYS_REFUSED:
	default:
		return "the keeper could not use it";
	}
}
