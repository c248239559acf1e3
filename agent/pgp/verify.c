/* verify.c - a detached signature over a text */
#include "agent/pgp/job.h"

#include "agent/pgp/run.h"

void pgp_verify(struct pgp_job *job)
{
	struct pgp_run *run = pgp_run_new();
	gpgme_data_t text = pgp_run_in(run, job->fds[0]);
	gpgme_data_t signature = pgp_run_in(run, job->fds[1]);
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);
	gpgme_verify_result_t result;

	if (text != NULL && signature != NULL)
		error = gpgme_op_verify_start(ctx, signature, text, NULL);
	error = pgp_run_wait(run, error);
	result = error == 0 ? gpgme_op_verify_result(ctx) : NULL;
	/* No data: what stood there was no signature; a finding. */
	if (gpgme_err_code(error) == GPG_ERR_NO_DATA)
		pgp_put_signatures(job, NULL);
	else if (error != 0)
		pgp_fail_with(job, error, "verify the signature");
	else
		pgp_put_signatures(job, result == NULL ? NULL :
				   result->signatures);
	pgp_run_free(run);
}
