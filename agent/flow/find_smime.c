/* find_smime.c - certificates of a correspondent, judged for encrypting */
#include <openssl/x509v3.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/certificate_trust.h"
#include "agent/crypto/smime.h"
#include "agent/flow/find_inside.h"

/* Who vouches beside the authorities: the place that it was found in, and
 * what the role knows anyhow. */
struct voucher {
	const struct smime_world *world;	/* NULL: nothing else */
	enum seal_trust trust;
};

static enum seal_trust vouch(void *ctx, const char *fingerprint,
			     const char *const *addresses, size_t count)
{
	const struct voucher *voucher = ctx;
	enum seal_trust known = SEAL_TRUST_NONE;

	if (voucher->world != NULL && voucher->world->vouch != NULL)
		known = voucher->world->vouch(voucher->world->ctx,
					      fingerprint, addresses, count);
	if (known == SEAL_TRUST_REFUSED || known == SEAL_TRUST_OWN ||
	    voucher->trust == SEAL_TRUST_NONE)
		return known;
	return voucher->trust == SEAL_TRUST_SEEN &&
	       known == SEAL_TRUST_DANE ? known : voucher->trust;
}

static enum seal_trust trust_of(enum find_source source)
{
	switch (source) {
	case FIND_OWN:
	case FIND_CONTACT:
		return SEAL_TRUST_OWN;
	case FIND_SMIMEA:
		return SEAL_TRUST_DANE;
	case FIND_SEEN:
	case FIND_AUTOCRYPT:
		return SEAL_TRUST_SEEN;
	default:
		return SEAL_TRUST_NONE;
	}
}

/* What makes it useless, whoever vouches; NULL: nothing. */
static const char *fault_of(struct find *find, X509 *x509,
			    const struct certificate *facts,
			    const struct trust_answer *answer)
{
	int64_t now = find->job->world->now();
	bool is_rsa = facts->algorithm != NULL &&
		      strcmp(facts->algorithm, "rsa") == 0;

	if (!certificate_has(facts, find->question->address))
		return "It does not name this address.";
	if (answer->state == SEAL_EXPIRED || answer->state == SEAL_REVOKED ||
	    answer->state == SEAL_WEAK ||
	    answer->trust == SEAL_TRUST_REFUSED)
		return answer->reason;
	/* Of one that nobody vouches for, the path's fault is another. */
	if (facts->until < now)
		return "The certificate has expired.";
	if (facts->from > now)
		return "The certificate is not valid yet; is this computer's "
			"clock right?";
	if (!certificate_may_read(x509))
		return "It is not one for encrypting mail.";
	if (is_rsa && facts->key_bits < TRUST_STRONG_BITS)
		return "Its key is too short to encrypt with.";
	if (!is_rsa && (facts->algorithm == NULL ||
			strncmp(facts->algorithm, "ecdsa-p", 7) != 0))
		return "This OpenSSL cannot encrypt to a key of its kind.";
	return NULL;
}

static int judge(struct find *find, struct found_key *found, X509 *x509,
		 enum seal_trust trust)
{
	const struct smime_world *outer = find->job->world->smime;
	struct voucher voucher = { outer, trust };
	struct smime_world world;
	struct certificate facts;
	struct trust_question question = {
		TRUST_TO_READ, find->job->world->now(), 0, NULL, NULL
	};
	struct trust_answer answer;
	int r = certificate_read(find->job->arena, x509, &facts);

	memset(&world, 0, sizeof(world));
	if (outer != NULL)
		world = *outer;
	world.vouch = vouch;
	world.ctx = &voucher;
	if (r == 0)
		r = certificate_judge(find->job->arena, &world, x509, &facts,
				      &question, &answer);
	if (r < 0)
		return r;
	found->owner.fingerprint = facts.fingerprint;
	found->owner.name = facts.name;
	found->owner.addresses = facts.addresses;
	found->owner.address_count = facts.address_count;
	found->owner.algorithm = facts.algorithm;
	found->owner.key_bits = facts.key_bits;
	found->owner.expires_at = facts.until;
	found->owner.trust = answer.trust;
	found->reason = fault_of(find, x509, &facts, &answer);
	found->usable = found->reason == NULL;
	if (found->usable && answer.trust == SEAL_TRUST_NONE)
		found->reason = answer.reason;
	return 0;
}

/* Records that pin it with a digest, or narrow what authorities may say. */
static enum seal_trust pinned(const struct find *find, X509 *x509,
			      struct bytes der, enum seal_trust trust)
{
	unsigned char *key = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &key);
	struct bytes spki = { key, len > 0 ? (size_t)len : 0 };
	enum smimea_says says = len <= 0 ? SMIMEA_NOTHING :
		smimea_judge(find->pins, find->pin_count, der, spki);

	OPENSSL_free(key);
	if (says == SMIMEA_NAMES && trust != SEAL_TRUST_OWN)
		return SEAL_TRUST_DANE;
	/* A record of its own names it, but only beside an authority. */
	return trust == SEAL_TRUST_DANE ? SEAL_TRUST_NONE : trust;
}

void find_smime_blob(struct find *find, enum find_source source,
		     struct bytes der, int64_t first_seen,
		     enum dns_security dnssec)
{
	struct found_key *found = find_add(find, &scheme_smime, source);
	X509 *x509 = found == NULL ? NULL : certificate_parse(der);
	int r = ERR_SYNTAX;

	if (found == NULL)
		return;
	found->first_seen = first_seen;
	found->dnssec = dnssec;
	found->key.blob = arena_bytes(find->job->arena, der);
	if (x509 != NULL && found->key.blob.data != NULL)
		r = judge(find, found, x509,
			  pinned(find, x509, der, trust_of(source)));
	if (r < 0)
		found->reason = r == ERR_SYNTAX ?
			"It is no certificate that can be read." :
			err_sentence(r);
	found->key.fingerprint = found->owner.fingerprint;
	X509_free(x509);
}
