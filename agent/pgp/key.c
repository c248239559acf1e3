/* key.c - keys of GPGME as values: whose they are, and who says so */
#include "agent/pgp/job.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/crypto/scheme.h"
#include "agent/mail/address.h"
#include "agent/pgp/engine.h"

#define UIDS_MAX 64		/* of one key that are looked at */

gpgme_key_t pgp_find_key(gpgme_ctx_t ctx, const char *fingerprint, int secret)
{
	gpgme_key_t key = NULL;

	if (fingerprint == NULL || fingerprint[0] == 0 ||
	    gpgme_get_key(ctx, fingerprint, &key, secret) != 0)
		return NULL;
	return key;
}

/* gpg's own word for a user id, as one of ours. */
static enum seal_trust trust_of(gpgme_validity_t validity)
{
	switch (validity) {
	case GPGME_VALIDITY_ULTIMATE:
		return SEAL_TRUST_OWN;
	case GPGME_VALIDITY_FULL:
		return SEAL_TRUST_WEB;
	case GPGME_VALIDITY_NEVER:
		return SEAL_TRUST_REFUSED;
	default:
		/* Marginal: not enough for gpg either. */
		return SEAL_TRUST_NONE;
	}
}

/* The address that a user id names, and that anybody who reads it would say
 * it names: it stands alone, or between the only angle brackets, at the end.
 * NULL: it names none. */
static const char *uid_address(gpgme_user_id_t uid)
{
	const char *text = uid->uid, *open, *end;

	if (text == NULL || uid->email == NULL || uid->email[0] == 0)
		return NULL;
	open = strchr(text, '<');
	if (open == NULL)
		return strcmp(text, uid->email) == 0 ? uid->email : NULL;
	end = strchr(text, '>');
	return end != NULL && end > open && end[1] == 0 &&
	       strchr(open + 1, '<') == NULL ? uid->email : NULL;
}

/* A user id that its owner still stands by; of the request's "address" alone,
 * where it has one. */
static bool uid_counts(struct pgp_job *job, gpgme_user_id_t uid)
{
	const char *wanted = value_text(job->request, "address"), *normal;
	const char *address = uid_address(uid);
	struct mailbox mailbox;

	if (uid->revoked || uid->invalid)
		return false;
	if (wanted == NULL)
		return true;
	if (address == NULL ||
	    address_parse(job->arena, bytes_of(address), &mailbox) < 0)
		return false;
	normal = address_normal(job->arena, &mailbox);
	return normal != NULL && address_same(normal, wanted);
}

/* The best that is said of any user id.  A refusal of the key's first user
 * id or of the key itself is one of the whole. */
static enum seal_trust best_trust(struct pgp_job *job, gpgme_key_t key)
{
	enum seal_trust best = SEAL_TRUST_NONE, trust;
	gpgme_user_id_t uid;

	if (key->disabled || key->owner_trust == GPGME_VALIDITY_NEVER)
		return SEAL_TRUST_REFUSED;
	for (uid = key->uids; uid != NULL; uid = uid->next) {
		trust = trust_of(uid->validity);
		if (trust == SEAL_TRUST_REFUSED && uid_counts(job, uid))
			return trust;
		if (uid_counts(job, uid) && trust > best)
			best = trust;
	}
	return best;
}

static gpgme_subkey_t subkey_of(gpgme_key_t key, const char *used)
{
	gpgme_subkey_t subkey;

	for (subkey = key->subkeys; subkey != NULL && used != NULL;
	     subkey = subkey->next)
		if (subkey->fpr != NULL && strcmp(subkey->fpr, used) == 0)
			return subkey;
	return key->subkeys;
}

static const char *algorithm_name(gpgme_subkey_t subkey)
{
	switch (subkey->pubkey_algo) {
	case GPGME_PK_RSA:
	case GPGME_PK_RSA_E:
	case GPGME_PK_RSA_S:
		return "rsa";
	case GPGME_PK_DSA:
		return "dsa";
	case GPGME_PK_ELG:
	case GPGME_PK_ELG_E:
		return "elgamal";
	default:
		break;
	}
	if (subkey->curve != NULL)
		return subkey->curve;
	return gpgme_pubkey_algo_name(subkey->pubkey_algo);
}

void pgp_put_owner(struct pgp_job *job, struct value *dict, gpgme_key_t key,
		   const char *used)
{
	gpgme_subkey_t subkey = subkey_of(key, used);
	enum seal_trust trust = best_trust(job, key);
	const char *name = NULL, *address;
	struct value *list;
	gpgme_user_id_t uid;
	int count = 0;

	value_put_text(job->arena, dict, "fingerprint", key->fpr);
	value_put_text(job->arena, dict, "trust", seal_trust_name[trust]);
	list = value_put_list(job->arena, dict, "addresses");
	for (uid = key->uids; uid != NULL && count < UIDS_MAX;
	     uid = uid->next) {
		/* What trust does not speak of is anybody's claim. */
		if (!uid_counts(job, uid) || (trust != SEAL_TRUST_REFUSED &&
					 trust_of(uid->validity) != trust))
			continue;
		if (name == NULL)
			name = uid->uid;
		address = uid_address(uid);
		if (address != NULL) {
			value_put_text(job->arena, list, NULL, address);
			count++;
		}
	}
	value_put_text(job->arena, dict, "name", name);
	if (subkey == NULL)
		return;
	value_put_text(job->arena, dict, "algorithm", algorithm_name(subkey));
	value_put_number(job->arena, dict, "bits", subkey->length);
	value_put_number(job->arena, dict, "expires_at", subkey->expires);
}

void pgp_put_key(struct pgp_job *job, struct value *list, gpgme_key_t key)
{
	struct value *dict = value_put_dict(job->arena, list, NULL);

	pgp_put_owner(job, dict, key, NULL);
	value_put_truth(job->arena, dict, "secret", key->secret);
	value_put_truth(job->arena, dict, "can_sign", key->can_sign);
	value_put_truth(job->arena, dict, "can_encrypt", key->can_encrypt);
	value_put_truth(job->arena, dict, "revoked", key->revoked);
	value_put_truth(job->arena, dict, "expired", key->expired);
	value_put_truth(job->arena, dict, "disabled", key->disabled);
	if (key->subkeys != NULL)
		value_put_number(job->arena, dict, "created_at",
				 key->subkeys->timestamp);
}
