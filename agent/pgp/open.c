/* open.c - what was encrypted, and what signatures came with it
 *
 * gpg writes before it knows: what it wrote counts only if the report says
 * "opened".  That an attacker could tell failures apart by trying is of no
 * use: they are one word. */
#include "agent/pgp/job.h"

#include <string.h>

#include "agent/base/value.h"
#include "agent/crypto/scheme.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/run.h"

/* "AES256.CFB", "AES.OCB": how the content was encrypted. */
static enum seal_integrity integrity_of(gpgme_decrypt_result_t result)
{
	const char *mode = result->symkey_algo == NULL ? NULL :
			   strrchr(result->symkey_algo, '.');

	if (result->legacy_cipher_nomdc || mode == NULL)
		return SEAL_INTEGRITY_NONE;
	if (strcmp(mode, ".OCB") == 0 || strcmp(mode, ".EAX") == 0)
		return SEAL_INTEGRITY_AEAD;
	return strcmp(mode, ".CFB") == 0 ? SEAL_INTEGRITY_MDC :
					   SEAL_INTEGRITY_NONE;
}

static void put_opening(struct pgp_job *job, enum seal_opening opening,
			const char *reason)
{
	value_put_text(job->arena, job->report, "opening",
		       seal_opening_name[opening]);
	value_put_text(job->arena, job->report, "reason", reason);
}

/* How many keys it was encrypted to, as gpg saw it: more than stand before
 * the message when another one is hidden inside, which gpg opens as well. And
 * the one of them that did it. */
static void put_recipients(struct pgp_job *job, gpgme_decrypt_result_t result)
{
	gpgme_recipient_t recipient, opener = NULL;
	int64_t count = 0;
	gpgme_ctx_t ctx;
	gpgme_key_t key;

	for (recipient = result->recipients; recipient != NULL;
	     recipient = recipient->next, count++)
		if (opener == NULL && recipient->status == 0)
			opener = recipient;
	value_put_number(job->arena, job->report, "recipients", count);
	if (opener == NULL || opener->keyid == NULL)
		return;
	ctx = pgp_context();
	if (ctx == NULL)
		return;
	key = pgp_find_key(ctx, opener->keyid, 0);
	if (key != NULL)
		value_put_text(job->arena, job->report, "opened_with",
			       key->fpr);
	gpgme_key_unref(key);
	gpgme_release(ctx);
}

static void opened(struct pgp_job *job, gpgme_ctx_t ctx)
{
	gpgme_decrypt_result_t result = gpgme_op_decrypt_result(ctx);
	gpgme_verify_result_t verified = gpgme_op_verify_result(ctx);
	enum seal_integrity integrity;

	if (result == NULL) {
		pgp_fail(job, "Failed", "GnuPG does not say what it did.");
		return;
	}
	integrity = integrity_of(result);
	if (integrity == SEAL_INTEGRITY_NONE) {
		put_opening(job, SEAL_DAMAGED, "It is encrypted without "
			    "integrity protection: anybody could have changed "
			    "it on the way. It is not opened.");
		return;
	}
	value_put_text(job->arena, job->report, "integrity",
		       seal_integrity_name[integrity]);
	value_put_text(job->arena, job->report, "cipher",
		       result->symkey_algo);
	put_opening(job, SEAL_OPENED, NULL);
	pgp_put_signatures(job, verified == NULL ? NULL :
			   verified->signatures);
	put_recipients(job, result);
}

/* Whether no private key was there for any recipient.  GPGME's error says so
 * where one of several has none, whatever else went wrong. */
static bool without_key(gpgme_decrypt_result_t result, gpg_err_code_t code)
{
	gpgme_recipient_t recipient;

	if (result == NULL || result->recipients == NULL)
		return code == GPG_ERR_NO_SECKEY;
	for (recipient = result->recipients; recipient != NULL;
	     recipient = recipient->next)
		if (gpgme_err_code(recipient->status) != GPG_ERR_NO_SECKEY)
			return false;
	return true;
}

/* Whether a key was locked, or nobody told its passphrase. */
static bool is_about_key(gpg_err_code_t code)
{
	return code == GPG_ERR_BAD_PASSPHRASE || code == GPG_ERR_CANCELED ||
	       code == GPG_ERR_FULLY_CANCELED ||
	       code == GPG_ERR_NO_PIN_ENTRY || code == GPG_ERR_NO_PASSPHRASE;
}

static void not_opened(struct pgp_job *job, gpgme_ctx_t ctx,
		       gpgme_error_t error)
{
	gpgme_decrypt_result_t result = gpgme_op_decrypt_result(ctx);
	gpg_err_code_t code = gpgme_err_code(error);

	/* Its own key has opened it, then gpg asked for one more. */
	if (result != NULL && result->symkey_algo != NULL &&
	    is_about_key(code)) {
		put_opening(job, SEAL_DAMAGED, "Another message, encrypted "
			    "with a passphrase, is hidden inside; it is not "
			    "opened.");
		return;
	}
	switch (code) {
	case GPG_ERR_BAD_PASSPHRASE:
	case GPG_ERR_CANCELED:
	case GPG_ERR_FULLY_CANCELED:
	case GPG_ERR_NO_PIN_ENTRY:
	case GPG_ERR_NO_PASSPHRASE:
	case GPG_ERR_TIMEOUT:
	case GPG_ERR_CARD_NOT_PRESENT:
	case GPG_ERR_NO_AGENT:
	case GPG_ERR_AGENT:
	case GPG_ERR_ENOSPC:
	case GPG_ERR_ENOMEM:
	case GPG_ERR_EPIPE:
	case GPG_ERR_INV_ENGINE:
		pgp_fail_with(job, error, "open the message");
		return;
	default:
		break;
	}
	if (result != NULL && result->unsupported_algorithm != NULL)
		put_opening(job, SEAL_NOT_SUPPORTED, "It is encrypted with an "
			    "algorithm that this GnuPG does not know.");
	else if (without_key(result, code))
		put_opening(job, SEAL_NO_KEY, "It is encrypted for none of "
			    "your OpenPGP keys.");
	else
		put_opening(job, SEAL_DAMAGED, "It does not open: it was "
			    "changed or cut off on the way, or never was "
			    "right.");
}

void pgp_open(struct pgp_job *job)
{
	struct pgp_run *run = pgp_run_new();
	gpgme_data_t blob = pgp_run_in(run, job->fds[0]);
	gpgme_data_t content = pgp_run_out(run, job->fds[1]);
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_error_t error;

	if (blob == NULL || content == NULL) {
		pgp_fail_with(job, gpgme_error(GPG_ERR_ENOMEM),
			      "open the message");
	} else {
		error = gpgme_op_decrypt_verify_start(ctx, blob, content);
		error = pgp_run_wait(run, error);
		if (error == 0)
			opened(job, ctx);
		else
			not_opened(job, ctx, error);
	}
	pgp_run_free(run);
}
