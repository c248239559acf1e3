/* sign.c - a detached signature by a key that gpg-agent keeps */
#include "agent/pgp/job.h"

#include <stdlib.h>
#include <string.h>

#include "agent/base/value.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/run.h"

/* What gpg says before it reads. */
struct beginning {
	const struct pgp_job *job;
	gpgme_hash_algo_t weak;		/* it would sign with this; 0 */
};

/* "H8": by SHA-256. */
static gpgme_error_t status_take(void *ctx, const char *keyword,
				 const char *arguments)
{
	struct beginning *beginning = ctx;
	const struct pgp_job *job = beginning->job;
	gpgme_hash_algo_t algorithm;
	const char *digest;
	char *end;

	if (strcmp(keyword, "BEGIN_SIGNING") != 0)
		return 0;
	if (arguments[0] != 'H')
		return gpgme_error(GPG_ERR_UNSUPPORTED_PROTOCOL);
	algorithm = (gpgme_hash_algo_t)strtol(arguments + 1, &end, 10);
	digest = *end == 0 ? pgp_digest_name(algorithm) : NULL;
	if (digest == NULL) {
		beginning->weak = algorithm;
		return gpgme_error(GPG_ERR_DIGEST_ALGO);
	}
	return job->tell_digest == NULL ||
	       job->tell_digest(job, digest) == 0 ? 0 :
		gpgme_error(GPG_ERR_EPIPE);
}

static void fail_weak(struct pgp_job *job, gpgme_hash_algo_t algorithm)
{
	const char *name = gpgme_hash_algo_name(algorithm);

	pgp_fail(job, "KeyUnusable", "GnuPG would sign with %s, which is too "
		 "weak; remove digest-algo from gpg.conf, or use a newer key.",
		 name == NULL ? "an unknown digest" : name);
}

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
		fail_weak(job, made->hash_algo);
		return;
	}
	value_put_text(job->arena, job->report, "digest", digest);
	value_put_text(job->arena, job->report, "made_by", made->fpr);
}

static void sign(struct pgp_job *job, struct pgp_run *run)
{
	gpgme_data_t text = pgp_run_in(run, job->fds[0]);
	gpgme_data_t signature = pgp_run_out(run, job->fds[1]);
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_error_t error = gpgme_set_ctx_flag(ctx, "full-status", "1");
	struct beginning beginning = { job, 0 };

	gpgme_set_armor(ctx, 1);
	gpgme_set_status_cb(ctx, status_take, &beginning);
	if (text == NULL || signature == NULL)
		error = gpgme_error(GPG_ERR_ENOMEM);
	if (error == 0)
		error = gpgme_op_sign_start(ctx, text, signature,
					    GPGME_SIG_MODE_DETACH);
	error = pgp_run_wait(run, error);
	if (beginning.weak != 0)
		fail_weak(job, beginning.weak);
	else if (error != 0)
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
