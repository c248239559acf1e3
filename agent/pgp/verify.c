/* verify.c - a detached signature over a text */
#include "agent/pgp/job.h"

#include "agent/pgp/engine.h"

void pgp_verify(struct pgp_job *job)
{
	gpgme_ctx_t ctx = pgp_context();
	gpgme_data_t text = NULL, signature = NULL;
	gpgme_verify_result_t result;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);

	if (ctx != NULL)
		error = gpgme_data_new_from_fd(&text, job->fds[0]);
	if (error == 0)
		error = gpgme_data_new_from_fd(&signature, job->fds[1]);
	if (error == 0)
		error = gpgme_op_verify(ctx, signature, text, NULL);
	result = error == 0 ? gpgme_op_verify_result(ctx) : NULL;
	/* No data: what stood there was no signature; a finding. */
	if (gpgme_err_code(error) == GPG_ERR_NO_DATA)
		pgp_put_signatures(job, NULL);
	else if (error != 0)
		pgp_fail_with(job, error, "verify the signature");
	else
		pgp_put_signatures(job, result == NULL ? NULL :
				   result->signatures);
	gpgme_data_release(text);
	gpgme_data_release(signature);
	gpgme_release(ctx);
}
