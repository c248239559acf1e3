/* keys.c - keys in the ring and in blobs: list, read, take in, hand out */
#include "agent/pgp/job.h"

#include <string.h>

#include "agent/base/value.h"
#include "agent/pgp/engine.h"

#define KEYS_MAX	100	/* of one answer */

/* What gpgme_op_keylist_next() has left, as "keys" and whether there were
 * "more". */
static void put_keys(struct pgp_job *job, gpgme_ctx_t ctx)
{
	struct value *list = value_put_list(job->arena, job->report, "keys");
	gpgme_key_t key = NULL;
	gpgme_error_t error = 0;
	int count = 0;

	while (count < KEYS_MAX &&
	       (error = gpgme_op_keylist_next(ctx, &key)) == 0) {
		pgp_put_key(job, list, key);
		gpgme_key_unref(key);
		count++;
	}
	value_put_truth(job->arena, job->report, "more", error == 0);
	if (error != 0 && gpgme_err_code(error) != GPG_ERR_EOF)
		pgp_fail_with(job, error, "list keys");
	(void)gpgme_op_keylist_end(ctx);
}

/* gpg's own word for that there is no such key, where one is named: one that
 * was killed says nothing, and GPGME calls both the end of the list. */
static gpgme_error_t none_take(void *ctx, const char *keyword,
			       const char *arguments)
{
	static const char word[] = "keylist.getkey ";
	bool *none = ctx;

	if (strcmp(keyword, "ERROR") == 0 &&
	    strncmp(arguments, word, sizeof(word) - 1) == 0)
		*none = true;
	return 0;
}

static bool is_empty(const struct pgp_job *job)
{
	const struct value *list = value_find(job->report, "keys", VALUE_LIST);

	return list == NULL || list->count == 0;
}

void pgp_keys(struct pgp_job *job)
{
	const struct value *secret = value_find(job->request, "secret",
						VALUE_TRUTH);
	const char *pattern = value_text(job->request, "pattern");
	gpgme_ctx_t ctx = pgp_context();
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);
	bool none = false;

	if (ctx != NULL) {
		gpgme_set_status_cb(ctx, none_take, &none);
		error = gpgme_set_ctx_flag(ctx, "full-status", "1");
	}
	if (error == 0)
		error = gpgme_set_keylist_mode(ctx, GPGME_KEYLIST_MODE_LOCAL |
					       GPGME_KEYLIST_MODE_WITH_SECRET);
	if (error == 0)
		error = gpgme_op_keylist_start(ctx, pattern, secret != NULL &&
					       secret->truth);
	if (error != 0)
		pgp_fail_with(job, error, "list keys");
	else
		put_keys(job, ctx);
	if (error == 0 && pattern != NULL && !none && is_empty(job))
		pgp_fail(job, "Failed", "GnuPG ended before it said whether "
			 "there is such a key; try again.");
	gpgme_release(ctx);
}

void pgp_read(struct pgp_job *job)
{
	gpgme_ctx_t ctx = pgp_context();
	gpgme_data_t keys = NULL;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);

	if (ctx != NULL)
		error = gpgme_data_new_from_fd(&keys, job->fds[0]);
	if (error == 0)
		error = gpgme_op_keylist_from_data_start(ctx, keys, 0);
	if (error != 0)
		pgp_fail_with(job, error, "read the key");
	else
		put_keys(job, ctx);
	gpgme_data_release(keys);
	gpgme_release(ctx);
}

static void put_imports(struct pgp_job *job, gpgme_ctx_t ctx)
{
	gpgme_import_result_t result = gpgme_op_import_result(ctx);
	struct value *list = value_put_list(job->arena, job->report,
					    "fingerprints");
	gpgme_import_status_t key;

	if (result == NULL)
		return;
	for (key = result->imports; key != NULL; key = key->next)
		if (key->result == 0 && key->fpr != NULL)
			value_put_text(job->arena, list, NULL, key->fpr);
	value_put_number(job->arena, job->report, "considered",
			 result->considered);
	value_put_number(job->arena, job->report, "imported",
			 result->imported);
	value_put_number(job->arena, job->report, "unchanged",
			 result->unchanged);
	value_put_number(job->arena, job->report, "secret_imported",
			 result->secret_imported);
	if (list == NULL || list->count > 0)
		return;
	pgp_fail(job, "BadData", "GnuPG took no key: there is none that is "
		 "whole.");
}

void pgp_import(struct pgp_job *job)
{
	gpgme_ctx_t ctx = pgp_context();
	gpgme_data_t keys = NULL;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);

	if (ctx != NULL)
		error = gpgme_data_new_from_fd(&keys, job->fds[0]);
	if (error == 0)
		error = gpgme_op_import(ctx, keys);
	if (error != 0)
		pgp_fail_with(job, error, "take the key");
	else
		put_imports(job, ctx);
	gpgme_data_release(keys);
	gpgme_release(ctx);
}

void pgp_export(struct pgp_job *job)
{
	const char *pattern = value_text(job->request, "key");
	const char *address = value_text(job->request, "address");
	gpgme_ctx_t ctx = pgp_context();
	gpgme_data_t out = NULL;
	gpgme_error_t error = gpgme_error(GPG_ERR_ENOMEM);
	gpgme_key_t key;

	if (ctx == NULL) {
		pgp_fail_with(job, error, "export the key");
		return;
	}
	key = pgp_find_key(ctx, pattern, 0);
	if (key == NULL) {
		pgp_fail(job, "NoKey", "This user's GnuPG has no key %s.",
			 pattern == NULL ? "" : pattern);
		goto out;
	}
	if (address != NULL)
		pgp_export_only(address);
	error = gpgme_data_new_from_fd(&out, job->fds[0]);
	if (error == 0)
		error = gpgme_op_export(ctx, key->fpr,
					GPGME_EXPORT_MODE_MINIMAL, out);
	if (error != 0)
		pgp_fail_with(job, error, "export the key");
	else
		value_put_text(job->arena, job->report, "fingerprint",
			       key->fpr);
	gpgme_data_release(out);
out:
	gpgme_key_unref(key);
	gpgme_release(ctx);
}
