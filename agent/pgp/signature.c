/* signature.c - signatures of GPGME as values, read strictly */
#include "agent/pgp/job.h"

#include <string.h>

#include "agent/base/value.h"
#include "agent/crypto/scheme.h"
#include "agent/pgp/engine.h"

#define WEAK_BITS 1024		/* RSA and DSA keys under it prove nothing */

static const struct digest {
	gpgme_hash_algo_t algorithm;
	const char *name;
} digests[] = {
	{ GPGME_MD_SHA256, "sha256" }, { GPGME_MD_SHA384, "sha384" },
	{ GPGME_MD_SHA512, "sha512" },
};

const char *pgp_digest_name(gpgme_hash_algo_t algorithm)
{
	size_t i;

	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (digests[i].algorithm == algorithm)
			return digests[i].name;
	return NULL;
}

static bool key_is_weak(gpgme_key_t key, const char *used)
{
	gpgme_subkey_t subkey;

	for (subkey = key->subkeys; subkey != NULL; subkey = subkey->next)
		if (subkey->fpr != NULL && strcmp(subkey->fpr, used) == 0)
			return (subkey->pubkey_algo == GPGME_PK_RSA ||
				subkey->pubkey_algo == GPGME_PK_RSA_S ||
				subkey->pubkey_algo == GPGME_PK_DSA) &&
			       subkey->length < WEAK_BITS;
	return false;
}

/* What gpg says of the signature alone. */
static enum seal_state status_of(gpgme_signature_t signature)
{
	switch (gpgme_err_code(signature->status)) {
	case GPG_ERR_NO_ERROR:
		break;
	case GPG_ERR_NO_PUBKEY:
		return SEAL_UNKNOWN_KEY;
	case GPG_ERR_CERT_REVOKED:
		return SEAL_REVOKED;
	case GPG_ERR_KEY_EXPIRED:
	case GPG_ERR_SIG_EXPIRED:
		return SEAL_EXPIRED;
	case GPG_ERR_UNSUPPORTED_ALGORITHM:
	case GPG_ERR_PUBKEY_ALGO:
	case GPG_ERR_DIGEST_ALGO:
		return SEAL_UNSUPPORTED;
	default:
		return SEAL_BAD;
	}
	if (signature->wrong_key_usage ||
	    (signature->summary & GPGME_SIGSUM_RED) != 0)
		return SEAL_BAD;
	return SEAL_GOOD;
}

/* Good only if nothing speaks against it and gpg named the very key. */
static enum seal_state judge(gpgme_signature_t signature, gpgme_key_t key)
{
	enum seal_state state = status_of(signature);

	if (state == SEAL_BAD || state == SEAL_UNKNOWN_KEY ||
	    state == SEAL_UNSUPPORTED)
		return state;
	if (key == NULL || signature->fpr == NULL ||
	    strlen(signature->fpr) < 40)
		return SEAL_BAD;
	if (key->revoked)
		return SEAL_REVOKED;
	if (pgp_digest_name(signature->hash_algo) == NULL ||
	    key_is_weak(key, signature->fpr))
		return SEAL_WEAK;
	if (state == SEAL_GOOD && (key->expired || key->invalid))
		return key->expired ? SEAL_EXPIRED : SEAL_BAD;
	return state;
}

/* In the order of seal_state_name; NULL: nothing to say. */
static const char *const reasons[] = {
	NULL,
	NULL,
	"The signature is right, but nobody whom you trust says whose key "
		"made it.",
	"The signature is right, but it or its key has expired.",
	"The signature is right, but its key was revoked.",
	"The signature was made with a digest or key that is too weak to "
		"prove anything.",
	"The key that made the signature is not known.",
	"The signature needs an algorithm that this GnuPG does not know.",
	"The signature is wrong: the text was changed, or the signature is "
		"not made for it."
};
_Static_assert(sizeof(reasons) / sizeof(reasons[0]) == SEAL_STATES,
	       "a state has no reason");

static void put_signature(struct pgp_job *job, gpgme_ctx_t ctx,
			  struct value *list, gpgme_signature_t signature)
{
	struct value *dict = value_put_dict(job->arena, list, NULL);
	gpgme_key_t key = pgp_find_key(ctx, signature->fpr, 0);
	enum seal_state state = judge(signature, key);
	const char *digest = gpgme_hash_algo_name(signature->hash_algo);
	const char *trust = NULL;

	if (pgp_digest_name(signature->hash_algo) != NULL)
		digest = pgp_digest_name(signature->hash_algo);
	/* A bad signature says nothing about anybody. */
	if (key != NULL && state != SEAL_BAD) {
		pgp_put_owner(job, dict, key, signature->fpr);
		trust = value_text(dict, "trust");
	} else {
		value_put_text(job->arena, dict, "fingerprint",
			       signature->fpr);
	}
	if (state == SEAL_GOOD &&
	    (trust == NULL ||
	     strcmp(trust, seal_trust_name[SEAL_TRUST_NONE]) == 0 ||
	     strcmp(trust, seal_trust_name[SEAL_TRUST_REFUSED]) == 0))
		state = SEAL_UNTRUSTED;
	value_put_text(job->arena, dict, "state", seal_state_name[state]);
	value_put_text(job->arena, dict, "digest", digest);
	value_put_number(job->arena, dict, "signed_at",
			 (int64_t)signature->timestamp);
	value_put_text(job->arena, dict, "reason", reasons[state]);
	if (key != NULL)
		gpgme_key_unref(key);
}

void pgp_put_signatures(struct pgp_job *job, gpgme_signature_t first)
{
	struct value *list = value_put_list(job->arena, job->report,
					    "signatures");
	/* Another one: what was found goes with its own's next operation. */
	gpgme_ctx_t ctx = first == NULL ? NULL : pgp_context();
	unsigned count = 0;

	if (first != NULL && ctx == NULL)
		pgp_fail(job, "Failed", "There is not enough memory.");
	for (; ctx != NULL && first != NULL && count <= SEAL_SIGNERS_MAX;
	     first = first->next, count++)
		put_signature(job, ctx, list, first);
	if (ctx != NULL)
		gpgme_release(ctx);
}
