/* smime_sign.c - a detached signature over a text of any size
 *
 * RFC 5652 section 5, RFC 8551 section 2.5: content-type, message-digest,
 * signing time and what we can read are signed beside the text. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/cms_bio.h"
#include "agent/crypto/smime.h"
#include "agent/crypto/smime_step.h"

#define FLAGS	(CMS_DETACHED | CMS_PARTIAL | CMS_STREAM | CMS_BINARY | \
		 CMS_NOSMIMECAP)

struct seal_pass {
	struct seal_job *job;
	const struct seal_key *signer;
	X509 *x509;
	struct certificate facts;
	EVP_PKEY *key;
	const EVP_MD *md;
	enum smime_padding padding;
	CMS_ContentInfo *cms;
	BIO *chain;			/* what digests; ends in nothing */
};

static const char *who(const struct seal_key *signer)
{
	return signer->address == NULL ? "the account" : signer->address;
}

static bool has_print(const struct smime_world *world, size_t nth,
		      const char *wanted)
{
	char print[CERTIFICATE_PRINT];

	if (world->own_facts != NULL)
		return strcasecmp(world->own_facts[nth].fingerprint,
				  wanted) == 0;
	return certificate_print_of(world->own[nth], print) == 0 &&
	       strcasecmp(print, wanted) == 0;
}

static bool is_blob(X509 *x509, struct bytes blob)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	bool same = len > 0 && (size_t)len == blob.len &&
		    memcmp(der, blob.data, blob.len) == 0;

	OPENSSL_free(der);
	return same;
}

/* Its place; own_count: it is not there. */
static size_t own_find(const struct smime_world *world,
		       const struct seal_key *signer)
{
	size_t i;

	for (i = 0; i < world->own_count; i++)
		if (signer->fingerprint != NULL ?
		    has_print(world, i, signer->fingerprint) :
		    is_blob(world->own[i], signer->blob))
			break;
	return i;
}

static bool is_rsa(const struct certificate *facts)
{
	return facts->algorithm != NULL &&
	       strncmp(facts->algorithm, "rsa", 3) == 0;
}

/* Fit to sign, or the sentence that says what to do. */
static int signer_check(struct seal_pass *signing,
			const struct seal_key *signer)
{
	struct seal_job *job = signing->job;
	const struct certificate *facts = &signing->facts;
	const char *algorithm = facts->algorithm;
	int64_t now = job->world->now();

	if (!certificate_may_sign(signing->x509))
		return smime_fail(job, ERR_REFUSED, "The certificate of %s is "
				  "not one for signing mail; choose another "
				  "key", who(signer));
	if (now < facts->from || now > facts->until)
		return smime_fail(job, ERR_REFUSED, "The certificate of %s is "
				  "%s; import a new one", who(signer),
				  now < facts->from ? "not valid yet" :
						      "expired");
	if (is_rsa(facts) && facts->key_bits < TRUST_STRONG_BITS)
		return smime_fail(job, ERR_REFUSED, "The key of %s has only %u "
				  "bits; make a new one of 3072",
				  who(signer), facts->key_bits);
	if (!is_rsa(facts) && (algorithm == NULL ||
			       strncmp(algorithm, "ecdsa-", 6) != 0))
		return smime_fail(job, ERR_UNSUPPORTED, "Signing with the key "
				  "of %s (%s) is not supported here; use an "
				  "RSA or P-256 key", who(signer),
				  algorithm == NULL ? "unknown" : algorithm);
	return 0;
}

static int signing_find(struct seal_pass *signing,
			const struct seal_key *signer)
{
	struct seal_job *job = signing->job;
	const struct smime_world *world = job->world->smime;
	size_t nth = own_find(world, signer);
	int r;

	if (nth == world->own_count)
		return smime_fail(job, ERR_REFUSED, "There is no key to sign "
				  "with for %s; import or generate one "
				  "(mailseal keys)", who(signer));
	signing->x509 = world->own[nth];
	r = smime_own_read(world, job->arena, nth, &signing->facts);
	if (r == 0)
		r = signer_check(signing, signer);
	if (r < 0)
		return r;
	signing->key = world->key(world->ctx, signing->x509);
	if (signing->key == NULL)
		return smime_fail(job, ERR_REFUSED, "The private key of %s is "
				  "not here; import it (mailseal keys import)",
				  who(signer));
	signing->md = EVP_sha256();
	if (signing->facts.algorithm != NULL &&
	    strcmp(signing->facts.algorithm, "ecdsa-p384") == 0)
		signing->md = EVP_sha384();
	signing->padding = world->padding;
	if (signing->facts.algorithm != NULL &&
	    strcmp(signing->facts.algorithm, "rsa-pss") == 0)
		signing->padding = SMIME_PADDING_PSS;
	return 0;
}

/* What we can read (RFC 8551 section 2.5.2), the best first. */
static int capabilities_add(CMS_SignerInfo *signer)
{
	STACK_OF(X509_ALGOR) *list = NULL;
	int fine = CMS_add_simple_smimecap(&list, NID_aes_256_gcm, -1) > 0 &&
		   CMS_add_simple_smimecap(&list, NID_aes_128_gcm, -1) > 0 &&
		   CMS_add_simple_smimecap(&list, NID_aes_256_cbc, -1) > 0 &&
		   CMS_add_simple_smimecap(&list, NID_aes_128_cbc, -1) > 0 &&
		   CMS_add_simple_smimecap(&list, NID_rsaesOaep, -1) > 0 &&
		   CMS_add_smimecap(signer, list) > 0;

	sk_X509_ALGOR_pop_free(list, X509_ALGOR_free);
	return fine ? 0 : ERR_MEMORY;
}

static int time_add(CMS_SignerInfo *signer, int64_t now)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)now);
	int r = ERR_MEMORY;

	if (time != NULL &&
	    CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
					ASN1_STRING_type(time), time, -1) > 0)
		r = 0;
	ASN1_TIME_free(time);
	return r;
}

static int pss_set(CMS_SignerInfo *signer)
{
	EVP_PKEY_CTX *ctx = CMS_SignerInfo_get0_pkey_ctx(signer);

	return ctx != NULL &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx,
						RSA_PSS_SALTLEN_DIGEST) > 0 ?
	       0 : ERR_UNSUPPORTED;
}

static int signer_add(struct seal_pass *signing, CMS_ContentInfo *cms)
{
	const struct smime_world *world = signing->job->world->smime;
	bool pss = is_rsa(&signing->facts) &&
		   signing->padding == SMIME_PADDING_PSS;
	CMS_SignerInfo *signer;
	int r = ERR_MEMORY, i;

	signer = CMS_add1_signer(cms, signing->x509, signing->key,
				 signing->md, FLAGS |
				 (pss ? CMS_KEY_PARAM : 0));
	if (signer == NULL)
		return ERR_UNSUPPORTED;
	if (pss)
		r = pss_set(signer);
	else
		r = 0;
	if (r == 0)
		r = time_add(signer, signing->job->world->now());
	if (r == 0)
		r = capabilities_add(signer);
	/* The path to the authority, as far as it is at hand. */
	for (i = 0; r == 0 && i < sk_X509_num(world->helpers) &&
	     i < TRUST_PATH_MAX; i++)
		if (X509_check_issued(sk_X509_value(world->helpers, i),
				      signing->x509) == X509_V_OK)
			(void)CMS_add1_cert(cms, sk_X509_value(world->helpers,
							       i));
	return r;
}

/* The reason why the key did not sign. */
static int key_failed(struct seal_pass *signing, const struct seal_key *signer)
{
	const struct smime_world *world = signing->job->world->smime;
	enum smime_key_state state = SMIME_KEY_FAILED;

	if (world->state != NULL)
		state = world->state(world->ctx, signing->key);
	if (state == SMIME_KEY_LOCKED)
		return smime_fail(signing->job, ERR_LOCKED, "The key of %s is "
				  "locked and was not unlocked", who(signer));
	if (state == SMIME_KEY_GONE)
		return smime_fail(signing->job, ERR_GONE, "The keeper of your "
				  "keys is not there; try again in a few "
				  "seconds");
	return smime_fail(signing->job, ERR_UNSUPPORTED, "The key of %s does "
			  "not sign", who(signer));
}

static int signature_write(CMS_ContentInfo *cms, const struct sink *to)
{
	struct bytes out = { NULL, 0 };
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der), r = ERR_MEMORY;

	if (len > 0) {
		out.data = der;
		out.len = (size_t)len;
		r = to->write(to->ctx, out);
	}
	OPENSSL_free(der);
	return r;
}

static int chain_make(struct seal_pass *signing)
{
	BIO *nothing = BIO_new(BIO_s_null());
	int r;

	signing->cms = CMS_sign(NULL, NULL, NULL, NULL, FLAGS);
	r = signing->cms == NULL || nothing == NULL ? ERR_MEMORY :
		signer_add(signing, signing->cms);
	if (r == ERR_UNSUPPORTED)
		r = key_failed(signing, signing->signer);
	if (r == 0) {
		signing->chain = CMS_dataInit(signing->cms, nothing);
		r = signing->chain == NULL ? ERR_MEMORY : 0;
	}
	if (r < 0)
		BIO_free(nothing);
	return r;
}

int smime_sign_start(struct seal_job *job, const struct seal_key *signer,
		     struct seal_signed *out, struct seal_pass **pass)
{
	struct seal_pass *signing = calloc(1, sizeof(*signing));
	int r;

	if (signing == NULL)
		return ERR_MEMORY;
	signing->job = job;
	signing->signer = signer;
	r = signing_find(signing, signer);
	if (r == 0)
		r = chain_make(signing);
	out->fingerprint = signing->facts.fingerprint;
	out->digest = signing->md == EVP_sha384() ? "sha-384" : "sha-256";
	ERR_clear_error();
	if (r < 0)
		smime_sign_free(signing);
	else
		*pass = signing;
	return r;
}

int smime_sign_more(struct seal_pass *signing, struct bytes text)
{
	int r = cms_bio_write(signing->chain, text);

	return r == 0 ? smime_in_time(signing->job) : r;
}

int smime_sign_end(struct seal_pass *signing, const struct sink *signature)
{
	int r = CMS_dataFinal(signing->cms, signing->chain) == 1 ?
		signature_write(signing->cms, signature) :
		key_failed(signing, signing->signer);

	ERR_clear_error();
	return r;
}

void smime_sign_free(struct seal_pass *signing)
{
	if (signing == NULL)
		return;
	BIO_free_all(signing->chain);
	CMS_ContentInfo_free(signing->cms);
	EVP_PKEY_free(signing->key);
	free(signing);
}

/* All of the text. */
static int text_push(struct seal_pass *signing, const struct source *text)
{
	unsigned char *room = malloc(STREAM_PIECE);
	struct bytes piece = { room, 0 };
	size_t most = 0;
	int got = 0, r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0 && (got = text->read(text->ctx, room,
					   STREAM_PIECE)) > 0) {
		piece.len = (size_t)got;
		if (piece.len > most)
			most = piece.len;
		r = smime_sign_more(signing, piece);
	}
	if (room != NULL)
		explicit_bzero(room, most);
	free(room);
	return r < 0 ? r : got;
}

int smime_sign(struct seal_job *job, const struct seal_key *signer,
	       const struct source *text, const struct sink *signature,
	       struct seal_signed *out)
{
	struct seal_pass *signing = NULL;
	int r = smime_sign_start(job, signer, out, &signing);

	if (r == 0)
		r = text_push(signing, text);
	if (r == 0)
		r = smime_sign_end(signing, signature);
	smime_sign_free(signing);
	return r;
}
