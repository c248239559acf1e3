/* certificate_trust.c - the path, the purpose, the time, the user's word */
#include "agent/crypto/certificate_trust.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/smime.h"

struct path {
	int error;			/* X509_V_... */
	STACK_OF(X509) *chain;		/* the leaf first; NULL: none */
	STACK_OF(X509_CRL) *lists;	/* of the leaf's issuer, at hand */
};

static void path_free(struct path *path)
{
	sk_X509_pop_free(path->chain, X509_free);
	sk_X509_CRL_pop_free(path->lists, X509_CRL_free);
	path->chain = NULL;
	path->lists = NULL;
}

static STACK_OF(X509) *helpers_of(const struct smime_world *world,
				  const struct trust_question *question)
{
	STACK_OF(X509) *out = sk_X509_new_null();
	int i;

	for (i = 0; out != NULL && i < sk_X509_num(world->helpers); i++)
		(void)sk_X509_push(out, sk_X509_value(world->helpers, i));
	for (i = 0; out != NULL && i < TRUST_HELPERS_MAX &&
	     i < sk_X509_num(question->helpers); i++)
		(void)sk_X509_push(out, sk_X509_value(question->helpers, i));
	return out;
}

static void path_configure(X509_STORE_CTX *ctx, enum trust_use use,
			   int64_t when)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	(void)X509_VERIFY_PARAM_set_purpose(param, use == TRUST_TO_SIGN ?
					    X509_PURPOSE_SMIME_SIGN :
					    X509_PURPOSE_SMIME_ENCRYPT);
	(void)X509_VERIFY_PARAM_set_trust(param, X509_TRUST_EMAIL);
	/* The user's own authority may be one that another signed. */
	(void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_depth(param, TRUST_PATH_MAX);
	/* No path over MD5, SHA-1 or keys of less than 80 bits' worth. */
	X509_VERIFY_PARAM_set_auth_level(param, 1);
	X509_VERIFY_PARAM_set_time(param, (time_t)when);
}

/* What the leaf itself is for was looked at (unfit()), less narrowly. */
static int leaf_is_known(int fine, X509_STORE_CTX *ctx)
{
	if (fine == 1 || X509_STORE_CTX_get_error_depth(ctx) != 0 ||
	    X509_STORE_CTX_get_error(ctx) != X509_V_ERR_INVALID_PURPOSE)
		return fine;
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	return 1;
}

/* Finds the path at that time.  0 with out->error set, or ERR_MEMORY. */
static int path_find(const struct smime_world *world, X509 *x509,
		     const struct trust_question *question, int64_t when,
		     struct path *out)
{
	STACK_OF(X509) *helpers = helpers_of(world, question);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int r = ERR_MEMORY;

	path_free(out);
	out->error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	if (helpers == NULL || ctx == NULL ||
	    X509_STORE_CTX_init(ctx, world->authorities, x509, helpers) != 1)
		goto out;
	path_configure(ctx, question->use, when);
	X509_STORE_CTX_set_verify_cb(ctx, leaf_is_known);
	r = 0;
	if (X509_verify_cert(ctx) == 1)
		out->error = X509_V_OK;
	else
		out->error = X509_STORE_CTX_get_error(ctx);
	if (out->error != X509_V_OK)
		goto out;
	out->chain = X509_STORE_CTX_get1_chain(ctx);
	out->lists = X509_STORE_CTX_get1_crls(ctx,
					      X509_get_issuer_name(x509));
out:
	X509_STORE_CTX_free(ctx);
	sk_X509_free(helpers);
	ERR_clear_error();
	return r;
}

static bool listed(X509 *x509, EVP_PKEY *issuer_key,
		   STACK_OF(X509_CRL) *lists)
{
	X509_REVOKED *entry;
	X509_CRL *list;
	int i;

	for (i = 0; i < sk_X509_CRL_num(lists); i++) {
		list = sk_X509_CRL_value(lists, i);
		if (X509_NAME_cmp(X509_CRL_get_issuer(list),
				  X509_get_issuer_name(x509)) == 0 &&
		    X509_CRL_get0_by_cert(list, &entry, x509) == 1 &&
		    X509_CRL_verify(list, issuer_key) == 1)
			return true;
	}
	return false;
}

/* By a list at hand that its issuer signed. */
static bool is_revoked(X509 *x509, const struct path *path,
		       const struct trust_question *question)
{
	EVP_PKEY *key;
	bool found;

	if (sk_X509_num(path->chain) < 2)
		return false;
	key = X509_get0_pubkey(sk_X509_value(path->chain, 1));
	found = key != NULL && (listed(x509, key, question->revoked) ||
				listed(x509, key, path->lists));
	ERR_clear_error();
	return found;
}

static const char *path_reason(struct arena *arena, int error)
{
	switch (error) {
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return "The certificate was made by its holder alone; nobody "
		       "else vouches for it.";
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "The certificate comes from an authority that is not "
		       "trusted here.";
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "The certificate is not valid yet; is this computer's "
		       "clock right?";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "The certificate has expired.";
	case X509_V_ERR_CA_MD_TOO_WEAK:
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return "The certificate rests on an algorithm or a key that "
		       "is too weak to prove anything.";
	default:
		return arena_print(arena, "The certificate cannot be trusted: "
				   "%s.", X509_verify_cert_error_string(error));
	}
}

static int answer(struct trust_answer *out, enum seal_trust trust,
		  enum seal_state state, const char *reason)
{
	out->trust = trust;
	out->state = state;
	out->reason = reason;
	return state != SEAL_GOOD && reason == NULL ? ERR_LIMIT : 0;
}

static bool valid_at(const struct certificate *facts, int64_t when)
{
	return facts->from <= when && when <= facts->until;
}

static int answer_expired(struct trust_answer *out, enum seal_trust trust,
			  const struct certificate *facts,
			  const struct trust_question *question)
{
	if (question->now < facts->from)
		return answer(out, trust, SEAL_UNTRUSTED, "The certificate is "
			      "not valid yet; is this computer's clock "
			      "right?");
	if (question->signed_at > 0 && valid_at(facts, question->signed_at))
		return answer(out, trust, SEAL_EXPIRED, "The certificate has "
			      "expired since; it was valid at the time that "
			      "the signer claims.");
	return answer(out, trust, SEAL_EXPIRED, "The certificate has "
		      "expired.");
}

/* The path's word: now, else at the claimed time. */
static int judge_path(struct arena *arena, const struct smime_world *world,
		      X509 *x509, const struct trust_question *question,
		      struct path *path, struct trust_answer *out)
{
	int64_t claimed = question->signed_at;
	int r = path_find(world, x509, question, question->now, path), error;

	if (r < 0)
		return r;
	error = path->error;
	if (error == X509_V_ERR_CERT_HAS_EXPIRED && claimed > 0 &&
	    claimed < question->now) {
		r = path_find(world, x509, question, claimed, path);
		if (r < 0)
			return r;
	}
	if (path->error != X509_V_OK)
		return answer(out, SEAL_TRUST_NONE,
			      error == X509_V_ERR_CERT_HAS_EXPIRED ?
			      SEAL_EXPIRED : SEAL_UNTRUSTED,
			      path_reason(arena, error));
	if (is_revoked(x509, path, question))
		return answer(out, SEAL_TRUST_NONE, SEAL_REVOKED,
			      "The certificate was revoked by the authority "
			      "that issued it.");
	if (error != X509_V_OK)
		return answer(out, SEAL_TRUST_PKIX, SEAL_EXPIRED,
			      "A certificate has expired since; it was valid "
			      "at the time that the signer claims.");
	return answer(out, SEAL_TRUST_PKIX, SEAL_GOOD, NULL);
}

/* The strength and the purpose, whoever vouches. */
static const char *unfit(struct arena *arena, X509 *x509,
			 const struct certificate *facts,
			 enum trust_use use, enum seal_state *state)
{
	bool is_rsa = facts->algorithm != NULL &&
		      strncmp(facts->algorithm, "rsa", 3) == 0;
	bool fits = use == TRUST_TO_SIGN ? certificate_may_sign(x509) :
					   certificate_may_read(x509);

	*state = SEAL_WEAK;
	if (is_rsa && facts->key_bits < TRUST_WEAK_BITS)
		return arena_print(arena, "The key has only %u bits; that "
				   "proves nothing.", facts->key_bits);
	*state = SEAL_UNTRUSTED;
	if (fits)
		return NULL;
	return use == TRUST_TO_SIGN ?
	       "The certificate is not one for signing mail." :
	       "The certificate is not one for encrypting mail.";
}

int certificate_judge(struct arena *arena, const struct smime_world *world,
		      X509 *x509, const struct certificate *facts,
		      const struct trust_question *question,
		      struct trust_answer *out)
{
	struct path path = { X509_V_OK, NULL, NULL };
	enum seal_trust vouched = SEAL_TRUST_NONE;
	enum seal_state state;
	const char *reason = unfit(arena, x509, facts, question->use, &state);
	int r;

	memset(out, 0, sizeof(*out));
	ERR_clear_error();
	if (reason != NULL)
		return answer(out, SEAL_TRUST_NONE, state, reason);
	if (world->vouch != NULL)
		vouched = world->vouch(world->ctx, facts->fingerprint,
				       facts->addresses,
				       facts->address_count);
	if (vouched == SEAL_TRUST_REFUSED)
		return answer(out, vouched, SEAL_UNTRUSTED, "You have said "
			      "that this certificate is not to be trusted.");
	r = judge_path(arena, world, x509, question, &path, out);
	path_free(&path);
	if (r < 0 || out->state == SEAL_REVOKED)
		return r;
	if (vouched != SEAL_TRUST_OWN &&
	    (out->trust == SEAL_TRUST_PKIX || vouched != SEAL_TRUST_DANE)) {
		if (out->trust == SEAL_TRUST_NONE)
			out->trust = vouched;		/* seen, or nobody */
		return 0;
	}
	if (!valid_at(facts, question->now))
		return answer_expired(out, vouched, facts, question);
	return answer(out, vouched, SEAL_GOOD, NULL);
}
