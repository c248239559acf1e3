/* smime_encrypt.c - one content key, every recipient's way to it
 *
 * RFC 5652 section 6, RFC 5083 and 5084, RFC 5753 for elliptic curves, RFC
 * 8017 for RSA.  AES-256-GCM where every recipient is known to read it, else
 * AES-256-CBC; OAEP likewise, for each alone.  Short texts come out as DER,
 * long ones as BER in one pass. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/cms_bio.h"
#include "agent/crypto/smime.h"
#include "agent/crypto/smime_step.h"

#define DER_MAX		(512 * 1024)	/* octets of a text in one piece */
#define STREAMED	(CMS_BINARY | CMS_PARTIAL | CMS_STREAM)

enum extent { TEXT_SHORT, TEXT_LONG };	/* DER_MAX, or more */

struct recipient {
	X509 *x509;
	struct certificate facts;
	unsigned reads;
	const char *who;
};

static int recipient_refuse(struct seal_job *job, const struct recipient *to,
			    const char *what)
{
	return smime_fail(job, ERR_REFUSED, "The certificate of %s %s; ask "
			  "for a new one, or send without encryption",
			  to->who, what);
}

static int recipient_check(struct seal_job *job, const struct recipient *to)
{
	const struct certificate *facts = &to->facts;
	const char *algorithm = facts->algorithm == NULL ? "" :
							   facts->algorithm;
	int64_t now = job->world->now();

	if (now > facts->until)
		return recipient_refuse(job, to, "has expired");
	if (now < facts->from)
		return recipient_refuse(job, to, "is not valid yet");
	if (strcmp(algorithm, "rsa") == 0) {
		if (facts->key_bits < TRUST_STRONG_BITS)
			return recipient_refuse(job, to, "has too short a "
						"key to keep a secret");
	} else if (strncmp(algorithm, "ecdsa-", 6) != 0) {
		return smime_fail(job, ERR_UNSUPPORTED, "Encrypting to the "
				  "certificate of %s (%s) is not supported "
				  "here; ask for one with an RSA or P-256 key",
				  to->who, algorithm[0] == 0 ?
				  "an unknown algorithm" : algorithm);
	}
	if (!certificate_may_read(to->x509))
		return recipient_refuse(job, to, "is not one for encrypting "
					"mail");
	return 0;
}

static int recipient_read(struct seal_job *job, const struct seal_key *key,
			  struct recipient *to)
{
	const struct smime_world *world = job->world->smime;
	int r;

	to->who = key->address == NULL ? "a recipient" : key->address;
	to->x509 = certificate_parse(key->blob);
	if (to->x509 == NULL)
		return smime_fail(job, ERR_REFUSED, "There is no certificate "
				  "that could be read for %s; import one, or "
				  "send without encryption", to->who);
	r = certificate_read(job->arena, to->x509, &to->facts);
	if (r < 0)
		return r;
	to->reads = key->reads;
	if (world->reads != NULL)
		to->reads |= world->reads(world->ctx, to->facts.fingerprint);
	return recipient_check(job, to);
}

static int oaep_set(CMS_RecipientInfo *info)
{
	EVP_PKEY_CTX *ctx = CMS_RecipientInfo_get0_pkey_ctx(info);

	return ctx != NULL &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) > 0 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) > 0 ?
	       0 : ERR_UNSUPPORTED;
}

/* OpenSSL derives with SHA-1 unless told otherwise. */
static int agreement_set(CMS_RecipientInfo *info)
{
	EVP_PKEY_CTX *ctx = CMS_RecipientInfo_get0_pkey_ctx(info);

	return ctx != NULL &&
	       EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) > 0 ?
	       0 : ERR_UNSUPPORTED;
}

static int recipient_add(struct seal_job *job, CMS_ContentInfo *cms,
			 const struct recipient *to)
{
	bool rsa = strcmp(to->facts.algorithm, "rsa") == 0;
	bool oaep = rsa && (to->reads & SMIME_READS_OAEP) != 0;
	CMS_RecipientInfo *info;
	int r = 0;

	info = CMS_add1_recipient_cert(cms, to->x509, oaep || !rsa ?
				       CMS_KEY_PARAM : 0);
	if (info == NULL)
		r = ERR_UNSUPPORTED;
	else if (oaep)
		r = oaep_set(info);
	else if (!rsa)
		r = agreement_set(info);
	if (r < 0)
		return smime_fail(job, r, "Encrypting to the certificate of "
				  "%s is not supported here", to->who);
	return 0;
}

/* The text in one piece, when it is short: *len octets in `room`; -1: there
 * is more. */
static int text_peek(const struct source *text, unsigned char *room,
		     long *len)
{
	size_t have = 0;
	int got = 1;

	while (have < DER_MAX && got > 0) {
		got = text->read(text->ctx, room + have, DER_MAX - have);
		if (got < 0)
			return got;
		have += (size_t)got;
	}
	*len = (long)have;
	return got > 0;
}

static int write_der(CMS_ContentInfo *cms, struct bytes text, BIO *out)
{
	BIO *in = BIO_new_mem_buf(text.data, (int)text.len);
	int r = ERR_MEMORY;

	if (in != NULL && CMS_final(cms, in, NULL, CMS_BINARY) == 1 &&
	    i2d_CMS_bio(out, cms) == 1)
		r = 0;
	BIO_free(in);
	return r;
}

/* `first` is what was read already, in `room` of DER_MAX octets. */
static int write_ber(struct seal_job *job, CMS_ContentInfo *cms,
		     const struct source *text, unsigned char *room,
		     struct bytes first, BIO *out)
{
	BIO *chain = BIO_new_CMS(out, cms), *next;
	struct bytes piece = first;
	int got = 1, r = chain == NULL ? ERR_MEMORY : 0;

	while (r == 0 && got > 0) {
		r = cms_bio_write(chain, piece);
		if (r == 0)
			r = smime_in_time(job);
		if (r < 0)
			break;
		got = text->read(text->ctx, room, STREAM_PIECE);
		piece.data = room;
		piece.len = got > 0 ? (size_t)got : 0;
	}
	if (r == 0 && got < 0)
		r = got;
	if (r == 0 && BIO_flush(chain) <= 0)
		r = ERR_MEMORY;
	while (chain != NULL && chain != out) {
		next = BIO_pop(chain);
		BIO_free(chain);
		chain = next;
	}
	return r;
}

static int content_write(struct seal_job *job, CMS_ContentInfo *cms,
			 const struct source *text, const struct sink *blob,
			 unsigned char *room, struct bytes first,
			 enum extent extent)
{
	struct cms_output output = { blob, 0 };
	BIO *out = cms_bio_output(&output);
	int r = ERR_MEMORY;

	if (out != NULL)
		r = extent == TEXT_LONG ?
		    write_ber(job, cms, text, room, first, out) :
		    write_der(cms, first, out);
	BIO_free(out);
	return output.failed < 0 ? output.failed : r;
}

static int encrypt_to(struct seal_job *job, const struct recipient *to,
		      size_t count, const struct source *text,
		      const struct sink *blob)
{
	unsigned char *room = malloc(DER_MAX);
	struct bytes first = { room, 0 };
	const EVP_CIPHER *cipher = EVP_aes_256_gcm();
	CMS_ContentInfo *cms = NULL;
	long len = 0;
	size_t i;
	int more, r = ERR_MEMORY;

	if (room == NULL)
		return r;
	more = text_peek(text, room, &len);
	r = more < 0 ? more : ERR_MEMORY;
	if (more < 0)
		goto out;
	first.len = (size_t)len;
	for (i = 0; i < count; i++)
		if ((to[i].reads & SMIME_READS_GCM) == 0)
			cipher = EVP_aes_256_cbc();
	cms = CMS_encrypt(NULL, NULL, cipher, more ? STREAMED :
			  CMS_BINARY | CMS_PARTIAL);
	if (cms == NULL)
		goto out;
	for (r = 0, i = 0; r == 0 && i < count; i++)
		r = recipient_add(job, cms, &to[i]);
	if (r == 0)
		r = content_write(job, cms, text, blob, room, first,
				  more ? TEXT_LONG : TEXT_SHORT);
out:
	explicit_bzero(room, DER_MAX);
	free(room);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return r;
}

int smime_encrypt(struct seal_job *job, const struct seal_key *recipients,
		  size_t count, const struct source *text,
		  const struct sink *blob)
{
	struct recipient *to;
	size_t i;
	int r = 0;

	if (count == 0 || count > SEAL_RECIPIENTS_MAX)
		return smime_fail(job, ERR_LIMIT, count == 0 ?
				  "There is nobody to encrypt to" :
				  "There are more recipients than one "
				  "encrypted message may have (1000)");
	to = arena_array(job->arena, count, sizeof(*to));
	if (to == NULL)
		return ERR_LIMIT;
	for (i = 0; r == 0 && i < count; i++)
		r = recipient_read(job, &recipients[i], &to[i]);
	if (r == 0)
		r = encrypt_to(job, to, count, text, blob);
	for (i = 0; i < count; i++)
		X509_free(to[i].x509);
	ERR_clear_error();
	return r;
}
