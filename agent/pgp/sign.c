/* sign.c - a detached signature by a key that gpg-agent keeps */
#include "agent/pgp/job.h"

#include <string.h>

#include "agent/base/value.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/run.h"

/* One signature, by that key, with a digest that proves something. */
static void result_take(struct pgp_job *job, gpgme_ctx_t ctx)
{
	gpgme_sign_result_t result = gpgme_op_sign_result(ctx);
	gpgme_new_signature_t made = result == NULL ? NULL :
						      result->signatures;
	const char *digest;

	if (made == NULL || made->next != NULL ||
	    result->invalid_signers != NULL) {
		pgp_fail(job, "Failed", "GnuPG cannot sign: it made no "
			 "signature, or several.");
		return;
	}
	digest = pgp_digest_name(made->hash_algo);
	if (digest == NULL) {
		pgp_fail(job, "KeyUnusable", "GnuPG signed with %s, which is "
			 "too weak; remove digest-algo from gpg.conf, or use "
			 "a newer key.", gpgme_hash_algo_name(made->hash_algo));
		return;
	}
	value_put_text(job->arena, job->report, "digest", digest);
	value_put_text(job->arena, job->report, "made_by", made->fpr);
}

static void sign(struct pgp_job *job, struct pgp_run *run)
{
	gpgme_data_t text = pgp_run_data(run, job->fds[0]);
	gpgme_data_t signature = pgp_run_data(run, job->fds[1]);
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);

	gpgme_set_armor(ctx, 1);
	if (text != NULL && signature != NULL)
		error = gpgme_op_sign_start(ctx, text, signature,
					    GPGME_SIG_MODE_DETACH);
	error = pgp_run_wait(run, error);
	if (error != 0)
		pgp_fail_with(job, error, "sign");
	else
		result_take(job, ctx);
}

void pgp_sign(struct pgp_job *job)
{
	const char *wanted = value_text(job->request, "key");
	struct pgp_run *run = pgp_run_new();
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_key_t key = NULL;

	if (ctx == NULL) {
		pgp_fail(job, "Failed", "There is not enough memory.");
		return;
	}
	key = pgp_find_key(ctx, wanted, 1);
	if (key == NULL) {
		pgp_fail(job, "NoKey", "This user's GnuPG has no private key "
			 "%s to sign with; gpg --list-secret-keys shows those "
			 "that there are.", wanted == NULL ? "" : wanted);
	} else if (key->revoked || key->expired || key->disabled ||
		   !key->can_sign) {
		pgp_fail(job, "KeyUnusable", "The OpenPGP key %s cannot sign: "
			 "it %s.", key->fpr, key->revoked ? "was revoked" :
			 key->expired ? "expired" : key->disabled ?
			 "is disabled" : "has no part that signs");
	} else if (gpgme_signers_add(ctx, key) != 0) {
		pgp_fail(job, "Failed", "There is not enough memory.");
	} else {
		value_put_text(job->arena, job->report, "fingerprint",
			       key->fpr);
		sign(job, run);
	}
	gpgme_key_unref(key);
	pgp_run_free(run);
}
