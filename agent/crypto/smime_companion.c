/* smime_companion.c - the certificate to encrypt to, beside the one that signs
 *
 * Many have two (RFC 9216 shows such): programs send both with each signature
 * (RFC 8551 section 2.3).  Only one that an authority vouches for, of an
 * address of the signer's, is taken. */
#include "agent/crypto/smime_signer.h"

#include <openssl/x509.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/smime.h"

int smime_blob_of(struct arena *arena, X509 *x509, struct bytes *out)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	int r = ERR_LIMIT;

	if (len > 0 && len <= CERTIFICATE_MAX) {
		out->data = der;
		out->len = (size_t)len;
		*out = arena_bytes(arena, *out);
		r = out->data == NULL ? ERR_LIMIT : 0;
	}
	OPENSSL_free(der);
	return r;
}

static bool shares_address(const struct certificate *facts,
			   const struct seal_signer *signer)
{
	size_t i;

	for (i = 0; i < signer->address_count; i++)
		if (certificate_has(facts, signer->addresses[i]))
			return true;
	return false;
}

/* 1: it is one; 0; ERR_*. */
static int is_companion(struct seal_job *job, X509 *x509,
			STACK_OF(X509) *with,
			const struct seal_signer *signer)
{
	const struct trust_question question = { TRUST_TO_READ,
						 job->world->now(), 0, with,
						 NULL };
	struct trust_answer answer;
	struct certificate facts;
	int r;

	if (!certificate_may_read(x509) ||
	    i2d_X509(x509, NULL) > CERTIFICATE_MAX)
		return 0;
	r = certificate_read(job->arena, x509, &facts);
	if (r < 0)
		return r;
	if (strcmp(facts.fingerprint, signer->fingerprint) == 0 ||
	    !shares_address(&facts, signer))
		return 0;
	r = certificate_judge(job->arena, job->world->smime, x509, &facts,
			      &question, &answer);
	return r < 0 ? r : answer.state == SEAL_GOOD &&
			   answer.trust == SEAL_TRUST_PKIX;
}

int smime_companion(struct seal_job *job, X509 *own, STACK_OF(X509) *with,
		    struct seal_signer *signer)
{
	X509 *x509 = NULL;
	int i, r = 0;

	if (certificate_may_read(own))
		return 0;
	for (i = 0; r == 0 && i < TRUST_HELPERS_MAX &&
	     i < sk_X509_num(with); i++) {
		x509 = sk_X509_value(with, i);
		r = is_companion(job, x509, with, signer);
	}
	return r > 0 ? smime_blob_of(job->arena, x509, &signer->companion) :
		       r;
}
