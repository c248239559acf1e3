/* smime_signer.c - one signer, its digest, its certificate, its claims */
#include "agent/crypto/smime_signer.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/cms_bio.h"
#include "agent/crypto/cms_walk.h"
#include "agent/crypto/smime.h"
#include "agent/crypto/smime_algorithm.h"

#define ONLY_ONE	(-3)	/* the attribute is there once, with one value:
				 * CMS_signed_get0_data_by_OBJ() */

static int chain_add(struct smime_text *text, const EVP_MD *md)
{
	BIO *bio = BIO_new(BIO_f_md());

	if (bio == NULL || BIO_set_md(bio, md) <= 0) {
		BIO_free(bio);
		return ERR_MEMORY;
	}
	text->chain = BIO_push(bio, text->chain);
	return 0;
}

static int chain_start(struct smime_text *text)
{
	memset(text, 0, sizeof(*text));
	text->chain = BIO_new(BIO_s_null());
	return text->chain == NULL ? ERR_MEMORY : 0;
}

int smime_text_start(struct smime_text *text, const EVP_MD *md)
{
	int r = chain_start(text);

	return r < 0 ? r : chain_add(text, md);
}

int smime_text_start_for(struct smime_text *text,
			 const struct cms_walk_facts *object)
{
	const EVP_MD *md;
	int r = chain_start(text), count = 0;
	size_t i;

	for (i = 0; r == 0 && i < object->digest_count; i++) {
		md = smime_digest_named(&object->digests[i]);
		if (md == NULL)
			continue;
		r = chain_add(text, md);
		count++;
	}
	if (r < 0 || count > 0)
		return r;
	r = chain_add(text, EVP_sha256());
	if (r == 0)
		r = chain_add(text, EVP_sha384());
	return r < 0 ? r : chain_add(text, EVP_sha512());
}

int smime_text_add(struct smime_text *text, struct bytes piece)
{
	size_t len = sizeof(text->first) - text->first_len;

	if (len > piece.len)
		len = piece.len;
	if (len > 0)
		memcpy(text->first + text->first_len, piece.data, len);
	text->first_len += len;
	text->size += piece.len;
	return cms_bio_write(text->chain, piece);
}

void smime_text_free(struct smime_text *text)
{
	BIO_free_all(text->chain);
	text->chain = NULL;
}

static void decide(struct seal_facts *facts, enum seal_state state,
		   const char *reason)
{
	facts->state = state;
	facts->reason = reason;
	facts->signers[0].state = state;
	facts->signers[0].reason = reason;
}

/* The digest and the signature's algorithm; false: decided. */
static bool algorithms_fit(struct seal_job *job, CMS_SignerInfo *signer,
			   struct seal_facts *facts, const EVP_MD **md)
{
	struct seal_signer *out = &facts->signers[0];
	X509_ALGOR *digest = NULL, *signature = NULL;
	enum smime_worth a, b;
	const char *word = "";

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
	a = smime_digest(job->arena, digest, md, &out->digest);
	b = smime_signature(job->arena, signature, &word);
	if (b == SMIME_UNSUPPORTED) {
		decide(facts, SEAL_UNSUPPORTED, arena_print(job->arena,
		       "Signed with an unsupported algorithm (%s); this "
		       "program cannot say whether it is right.", word));
		return false;
	}
	if (a == SMIME_UNSUPPORTED) {
		decide(facts, SEAL_UNSUPPORTED, arena_print(job->arena,
		       "Signed over an unsupported algorithm's digest (%s); "
		       "this program cannot say whether it is right.",
		       out->digest));
		return false;
	}
	if (a == SMIME_WEAK || b == SMIME_WEAK) {
		decide(facts, SEAL_WEAK, arena_print(job->arena, "Signed over "
		       "a digest (%s) that others can forge; it proves "
		       "nothing.", out->digest));
		return false;
	}
	return true;
}

CMS_SignerInfo *smime_signer_find(struct seal_job *job, CMS_ContentInfo *cms,
				  struct seal_facts *facts, const EVP_MD **md)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *signer;
	int count = signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers);

	if (count <= 0) {
		decide(facts, SEAL_BAD, "The signature object is empty: "
		       "nobody signed.");
		return NULL;
	}
	if (count > 1) {
		decide(facts, SEAL_BAD, "The signature object names several "
		       "signers, and mail has one sender.");
		return NULL;
	}
	signer = sk_CMS_SignerInfo_value(signers, 0);
	facts->signer_count = 1;
	return algorithms_fit(job, signer, facts, md) ? signer : NULL;
}

static int64_t signing_time(CMS_SignerInfo *signer)
{
	static const int types[] = { V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME };
	const ASN1_OBJECT *name = OBJ_nid2obj(NID_pkcs9_signingTime);
	ASN1_TIME *start = ASN1_TIME_set(NULL, 0);
	const ASN1_TIME *time = NULL;
	int64_t out = 0;
	int days, seconds;
	size_t i;

	for (i = 0; time == NULL && i < 2; i++)
		time = CMS_signed_get0_data_by_OBJ(signer, name, ONLY_ONE,
						   types[i]);
	if (time != NULL && start != NULL &&
	    ASN1_TIME_diff(&days, &seconds, start, time) == 1)
		out = (int64_t)days * 86400 + seconds;
	ASN1_TIME_free(start);
	ERR_clear_error();
	return out > 0 ? out : 0;
}

/* What the signer says that it can read (RFC 8551 section 2.5.2). */
static unsigned claimed_to_read(CMS_SignerInfo *signer)
{
	const ASN1_STRING *value =
		CMS_signed_get0_data_by_OBJ(signer,
					    OBJ_nid2obj(NID_SMIMECapabilities),
					    ONLY_ONE, V_ASN1_SEQUENCE);
	X509_ALGORS *list = NULL;
	const ASN1_OBJECT *name = NULL;
	const unsigned char *at;
	unsigned out = 0;
	int i, nid;

	if (value != NULL) {
		at = ASN1_STRING_get0_data(value);
		list = d2i_X509_ALGORS(NULL, &at, ASN1_STRING_length(value));
	}
	for (i = 0; i < sk_X509_ALGOR_num(list); i++) {
		X509_ALGOR_get0(&name, NULL, NULL,
				sk_X509_ALGOR_value(list, i));
		nid = OBJ_obj2nid(name);
		if (nid == NID_aes_256_gcm)
			out |= SMIME_READS_GCM;
		else if (nid == NID_rsaesOaep)
			out |= SMIME_READS_OAEP;
	}
	sk_X509_ALGOR_pop_free(list, X509_ALGOR_free);
	ERR_clear_error();
	return out;
}

/* RFC 5652 section 11.1: where there are attributes, content-type is one, and
 * says what the object says. */
static bool content_type_fits(CMS_ContentInfo *cms, CMS_SignerInfo *signer)
{
	const ASN1_OBJECT *said =
		CMS_signed_get0_data_by_OBJ(signer,
					    OBJ_nid2obj(NID_pkcs9_contentType),
					    ONLY_ONE, V_ASN1_OBJECT);

	return said != NULL && OBJ_cmp(said, CMS_get0_eContentType(cms)) == 0;
}

/* A SET whose length is the whole text: attributes that were signed once,
 * handed out as a text. */
static bool is_set(const struct smime_text *text)
{
	unsigned count;
	uint64_t len;
	size_t i;

	if (text->first_len < 2 || text->first[0] != 0x31)
		return false;
	len = text->first[1];
	count = text->first[1] & 0x7fu;
	if (len == 0x80)
		return true;
	if (len < 0x80)
		return text->size == len + 2;
	if (count > 7 || text->first_len < 2 + count)
		return false;
	for (len = 0, i = 0; i < count; i++)
		len = len << 8 | text->first[2 + i];
	return text->size == len + 2 + count;
}

static bool is_right(CMS_ContentInfo *cms, CMS_SignerInfo *signer,
		     const struct smime_text *text, const char **why)
{
	*why = "The signature does not fit the text: one of them was "
	       "changed.";
	if (CMS_signed_get_attr_count(signer) >= 0) {
		if (!content_type_fits(cms, signer)) {
			*why = "The signature is about another type of "
			       "content.";
			return false;
		}
		if (CMS_SignerInfo_verify(signer) != 1)
			return false;
	} else if (is_set(text)) {
		*why = "What is said to be the text is a signature's own "
		       "data.";
		return false;
	}
	return CMS_SignerInfo_verify_content(signer, text->chain) == 1;
}

/* The certificate among those that came with it and the user's own. */
static X509 *certificate_find(const struct seal_job *job,
			      CMS_SignerInfo *signer, STACK_OF(X509) *with)
{
	const struct smime_world *world = job->world->smime;
	X509 *found = NULL;
	size_t i;
	int j;

	for (j = 0; found == NULL && j < sk_X509_num(with); j++)
		if (CMS_SignerInfo_cert_cmp(signer,
					    sk_X509_value(with, j)) == 0)
			found = sk_X509_value(with, j);
	for (j = 0; found == NULL && j < sk_X509_num(world->helpers); j++)
		if (CMS_SignerInfo_cert_cmp(signer,
				sk_X509_value(world->helpers, j)) == 0)
			found = sk_X509_value(world->helpers, j);
	for (i = 0; found == NULL && i < world->own_count; i++)
		if (CMS_SignerInfo_cert_cmp(signer, world->own[i]) == 0)
			found = world->own[i];
	return found;
}

/* Who is no authority vouches for an address, not for all that the certificate
 * names beside it. */
static int addresses_weigh(struct seal_job *job, struct seal_signer *out)
{
	const struct smime_world *world = job->world->smime;
	const char **kept = arena_array(job->arena, out->address_count + 1,
					sizeof(*kept));
	size_t count = 0, i;

	if (kept == NULL)
		return ERR_LIMIT;
	for (i = 0; i < out->address_count; i++)
		if (world->vouch(world->ctx, out->fingerprint,
				 &out->addresses[i], 1) == out->trust)
			kept[count++] = out->addresses[i];
	out->addresses = kept;
	out->address_count = count;
	return 0;
}

/* A wrong one says nothing of the holder of the certificate beside it, who is
 * not the one who put it there. */
static void decide_bad(struct seal_facts *facts, const char *reason)
{
	struct seal_signer *signer = &facts->signers[0];
	const char *print = signer->fingerprint;

	memset(signer, 0, sizeof(*signer));
	signer->fingerprint = print;
	decide(facts, SEAL_BAD, reason);
}

/* A right signature is as good as what vouches for its key. */
static int certificate_weigh(struct seal_job *job, X509 *x509,
			     const struct certificate *facts,
			     STACK_OF(X509) *with,
			     STACK_OF(X509_CRL) *lists,
			     struct seal_facts *out)
{
	struct trust_question question = { TRUST_TO_SIGN, job->world->now(),
					   out->signers[0].signed_at, with,
					   lists };
	struct trust_answer answer;
	int r = certificate_judge(job->arena, job->world->smime, x509, facts,
				  &question, &answer);

	if (r < 0)
		return r;
	out->signers[0].trust = answer.trust;
	decide(out, answer.state, answer.reason);
	return answer.trust == SEAL_TRUST_DANE ||
	       answer.trust == SEAL_TRUST_OWN ?
	       addresses_weigh(job, &out->signers[0]) : 0;
}

static int signer_facts(struct seal_job *job, X509 *x509,
			CMS_SignerInfo *signer, struct certificate *facts,
			struct seal_signer *out)
{
	int r = certificate_read(job->arena, x509, facts);

	/* What is larger than any is not kept, and counts for nothing. */
	if (r == 0 && i2d_X509(x509, NULL) <= CERTIFICATE_MAX)
		r = smime_blob_of(job->arena, x509, &out->blob);
	if (r < 0)
		return r;
	out->fingerprint = facts->fingerprint;
	out->name = facts->name;
	out->addresses = facts->addresses;
	out->address_count = facts->address_count;
	out->address_in_subject = facts->address_in_subject;
	out->algorithm = facts->algorithm;
	out->key_bits = facts->key_bits;
	out->expires_at = facts->until;
	out->signed_at = signing_time(signer);
	out->reads = claimed_to_read(signer);
	return 0;
}

int smime_signer_judge(struct seal_job *job, CMS_ContentInfo *cms,
		       CMS_SignerInfo *signer, const struct smime_text *text,
		       struct seal_facts *facts)
{
	STACK_OF(X509_CRL) *lists = CMS_get1_crls(cms);
	STACK_OF(X509) *with = CMS_get1_certs(cms);
	X509 *x509 = certificate_find(job, signer, with);
	struct certificate certificate;
	const char *why;
	int r = 0;

	if (x509 == NULL) {
		decide(facts, SEAL_UNKNOWN_KEY, "The signer's certificate did "
		       "not come with the message and is not known here.");
		goto out;
	}
	r = signer_facts(job, x509, signer, &certificate, &facts->signers[0]);
	if (r < 0)
		goto out;
	CMS_SignerInfo_set1_signer_cert(signer, x509);
	if (facts->signers[0].blob.len == 0)
		decide_bad(facts, "The signer's certificate is larger than any "
			   "real one.");
	else if (!is_right(cms, signer, text, &why))
		decide_bad(facts, why);
	else
		r = certificate_weigh(job, x509, &certificate, with, lists,
				      facts);
	if (r == 0 && facts->state == SEAL_GOOD)
		r = smime_companion(job, x509, with, &facts->signers[0]);
out:
	sk_X509_pop_free(with, X509_free);
	sk_X509_CRL_pop_free(lists, X509_CRL_free);
	ERR_clear_error();
	return r;
}
