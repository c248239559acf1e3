/* smime_signer.h - who signed a SignedData, and whether that holds
 *
 * RFC 5652 section 5.4 and 5.6, RFC 8551 section 2.2, 2.5.  Exactly one
 * signer: none, and several, are SEAL_BAD.  Checked by hand beyond OpenSSL:
 * the content-type attribute; and that content without signed attributes is
 * not itself the encoding of attributes, which would let a signature over
 * attributes pass for one over a text. */
#ifndef MAILSEAL_CRYPTO_SMIME_SIGNER_H
#define MAILSEAL_CRYPTO_SMIME_SIGNER_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/base/bytes.h"

struct arena;
struct seal_facts;
struct seal_job;
struct seal_signer;
struct CMS_ContentInfo_st;
struct CMS_SignerInfo_st;
struct cms_walk_facts;

/* The content as it is hashed. */
struct smime_text {
	BIO *chain;			/* digests, and nothing behind them */
	unsigned char first[9];
	size_t first_len;
	uint64_t size;
};

/* One digest; or those that count of the ones that the object names in front
 * of its content, each once, however often it does (none: all that count).
 * 0; ERR_MEMORY. */
int smime_text_start(struct smime_text *text, const EVP_MD *md);
int smime_text_start_for(struct smime_text *text,
			 const struct cms_walk_facts *object);
int smime_text_add(struct smime_text *text, struct bytes piece);
void smime_text_free(struct smime_text *text);

/* The one signer, and the digest that it needs.  NULL: there is none that can
 * be verified, and facts->state and reason say why. */
struct CMS_SignerInfo_st *smime_signer_find(struct seal_job *job,
					    struct CMS_ContentInfo_st *cms,
					    struct seal_facts *facts,
					    const EVP_MD **md);

/* Verifies, and judges the certificate: fills facts->signers[0], state and
 * reason.  0; ERR_MEMORY; ERR_LIMIT. */
int smime_signer_judge(struct seal_job *job, struct CMS_ContentInfo_st *cms,
		       struct CMS_SignerInfo_st *signer,
		       const struct smime_text *text,
		       struct seal_facts *facts);

/* smime_companion.c: sets signer->companion where `own`, the certificate that
 * signed, is none to encrypt to, and one that is came `with` it.  0; ERR_*. */
int smime_companion(struct seal_job *job, X509 *own, STACK_OF(X509) *with,
		    struct seal_signer *signer);
/* In DER; ERR_LIMIT: the arena is full, or it is too long. */
int smime_blob_of(struct arena *arena, X509 *x509, struct bytes *out);

#endif
