/* tlsa.c - one record at a time */
#include "agent/dane/tlsa.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"

#define PRINT_BYTES_MAX 512	/* of data; more is cut */
#define OWNER_NAME_MAX	253	/* RFC 1035 section 2.3.4, as text */

static size_t digest_length(uint8_t matching)
{
	return matching == TLSA_SHA256 ? 32 : 64;
}

/* All of it, and a key that OpenSSL can read. */
static bool is_certificate(struct bytes data)
{
	const unsigned char *at = data.data;
	X509 *certificate = d2i_X509(NULL, &at, (long)data.len);
	bool whole = certificate != NULL && at == data.data + data.len &&
		     X509_get0_pubkey(certificate) != NULL;

	X509_free(certificate);
	return whole;
}

static bool is_key(struct bytes data)
{
	const unsigned char *at = data.data;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)data.len);
	bool whole = key != NULL && at == data.data + data.len;

	EVP_PKEY_free(key);
	return whole;
}

enum tlsa_use tlsa_read(struct bytes rdata, struct tlsa *out)
{
	memset(out, 0, sizeof(*out));
	if (!take_byte(&rdata, &out->usage) ||
	    !take_byte(&rdata, &out->selector) ||
	    !take_byte(&rdata, &out->matching) || rdata.len == 0)
		return TLSA_SHORT;
	out->data = rdata;
	if (out->usage > TLSA_DANE_EE)
		return TLSA_USAGE_UNKNOWN;
	if (out->selector > TLSA_SPKI)
		return TLSA_SELECTOR_UNKNOWN;
	if (out->matching > TLSA_SHA512)
		return TLSA_MATCHING_UNKNOWN;
	if (out->matching != TLSA_FULL)
		return rdata.len == digest_length(out->matching) ?
		       TLSA_USABLE : TLSA_DIGEST_LENGTH;
	if (out->selector == TLSA_CERT)
		return is_certificate(rdata) ? TLSA_USABLE :
					       TLSA_NO_CERTIFICATE;
	return is_key(rdata) ? TLSA_USABLE : TLSA_NO_KEY;
}

const char *tlsa_use_why(enum tlsa_use use)
{
	switch (use) {
	case TLSA_SHORT:
		return "it is too short";
	case TLSA_USAGE_UNKNOWN:
		return "its certificate usage is none of 0 to 3";
	case TLSA_SELECTOR_UNKNOWN:
		return "its selector is neither 0 nor 1";
	case TLSA_MATCHING_UNKNOWN:
		return "its matching type is none of 0, 1 and 2";
	case TLSA_DIGEST_LENGTH:
		return "its data has not the length of its digest";
	case TLSA_NO_CERTIFICATE:
		return "its data is no certificate";
	case TLSA_NO_KEY:
		return "its data is no public key";
	case TLSA_USABLE:
	default:
		return NULL;
	}
}

bool tlsa_yields(const struct tlsa *one, const struct tlsa *other)
{
	return one->usage == other->usage &&
	       one->selector == other->selector &&
	       one->matching != TLSA_FULL && other->matching != TLSA_FULL &&
	       one->matching < other->matching;
}

static bool digest(struct bytes of, uint8_t matching, unsigned char *out)
{
	return EVP_Digest(of.data, of.len, out, NULL,
			  matching == TLSA_SHA256 ? EVP_sha256() :
						    EVP_sha512(), NULL) == 1;
}

bool tlsa_matches(const struct tlsa *tlsa, struct bytes certificate,
		  struct bytes key)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct bytes of = certificate;

	if (tlsa->selector == TLSA_SPKI)
		of = key;
	if (tlsa->matching == TLSA_FULL)
		return bytes_equal(tlsa->data, of);
	if (tlsa->matching > TLSA_SHA512 ||
	    tlsa->data.len != digest_length(tlsa->matching) ||
	    !digest(of, tlsa->matching, hash))
		return false;
	return memcmp(hash, tlsa->data.data, tlsa->data.len) == 0;
}

int tlsa_digests(struct bytes certificate, struct bytes key,
		 struct tlsa_digests *out)
{
	if (!digest(certificate, TLSA_SHA256, out->sha256[TLSA_CERT]) ||
	    !digest(certificate, TLSA_SHA512, out->sha512[TLSA_CERT]) ||
	    !digest(key, TLSA_SHA256, out->sha256[TLSA_SPKI]) ||
	    !digest(key, TLSA_SHA512, out->sha512[TLSA_SPKI]))
		return ERR_MEMORY;
	return 0;
}

void tlsa_print(const struct tlsa *tlsa, char to[TLSA_TEXT_MAX])
{
	size_t used, i, count = tlsa->data.len;

	if (count > PRINT_BYTES_MAX)
		count = PRINT_BYTES_MAX;
	used = (size_t)snprintf(to, TLSA_TEXT_MAX, "%u %u %u ", tlsa->usage,
				tlsa->selector, tlsa->matching);
	for (i = 0; i < count && used + 6 < TLSA_TEXT_MAX; i++)
		used += (size_t)snprintf(to + used, TLSA_TEXT_MAX - used,
					 "%02x", tlsa->data.data[i]);
	if (i < tlsa->data.len)
		(void)snprintf(to + used, TLSA_TEXT_MAX - used, "...");
}

bool tlsa_owner(uint16_t port, const char *base, char *to, size_t size)
{
	int len = snprintf(to, size, "_%u._tcp.%s", port, base);

	return len > 0 && (size_t)len < size && len <= OWNER_NAME_MAX;
}
