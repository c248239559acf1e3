/* encrypt.c - to keys of the ring, and to keys that were handed over
 *
 * A key that was found in DNS or in a mail is not put into the user's ring for
 * it: gpg reads it from a file in the scratch folder.  Which keys may be used
 * is the asker's to decide; gpg still refuses what expired or was revoked. */
#include "agent/pgp/job.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_wire.h"
#include "agent/crypto/scheme.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/run.h"

#define NAMES_MAX	(256 * 1024)	/* what gpg is told of recipients */

struct recipients {
	size_t count, files;
	struct buf ring, scratch;	/* lines for GPGME */
};

static bool is_fingerprint(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!byte_is_digit(text.data[i]) &&
		    (byte_lower(text.data[i]) < 'a' ||
		     byte_lower(text.data[i]) > 'f'))
			return false;
	return text.len >= 40 && text.len <= 64;
}

static const char *file_name(struct pgp_job *job, size_t nth)
{
	return arena_print(job->arena, "%s/key-%ld-%zu", job->engine->scratch,
			   (long)getpid(), nth);
}

static int key_to_file(struct pgp_job *job, struct recipients *to,
		       struct bytes key)
{
	const char *name;
	int fd, r;

	if (job->engine->scratch == NULL)
		return ERR_UNSUPPORTED;
	name = file_name(job, to->files);
	if (name == NULL)
		return ERR_MEMORY;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return ERR_IO;
	to->files++;
	r = descriptor_write(fd, key);
	(void)close(fd);
	buf_print(&to->scratch, "%s\n", name);
	return r;
}

static int recipient_take(struct pgp_job *job, struct recipients *to,
			  struct bytes *from)
{
	unsigned char kind;
	struct bytes value;
	uint32_t len;

	if (!take_byte(from, &kind) || !take_u32(from, &len) ||
	    !take_bytes(from, len, &value) ||
	    ++to->count > SEAL_RECIPIENTS_MAX)
		return ERR_PROTOCOL;
	if (kind == OPENPGP_BY_KEY && len <= OPENPGP_KEY_MAX)
		return key_to_file(job, to, value);
	if (kind != OPENPGP_BY_FINGERPRINT || !is_fingerprint(value))
		return ERR_PROTOCOL;
	buf_add(&to->ring, value);
	buf_byte(&to->ring, '\n');
	return 0;
}

static int recipients_take(struct pgp_job *job, struct recipients *to)
{
	struct memfile file;
	struct bytes rest;
	int fd = fcntl(job->fds[2], F_DUPFD_CLOEXEC, 0);
	int r = fd < 0 ? ERR_IO : memfile_open(fd, OPENPGP_RECIPIENTS_BYTES,
					       &file);

	if (r < 0)
		return r;
	rest = file.bytes;
	if (file.size != rest.len)
		r = ERR_LIMIT;
	while (rest.len > 0 && r == 0)
		r = recipient_take(job, to, &rest);
	if (r == 0 && (to->ring.full || to->scratch.full))
		r = ERR_LIMIT;
	if (r == 0 && to->count == 0)
		r = ERR_PROTOCOL;
	memfile_close(&file);
	return r;
}

static void recipients_clear(struct pgp_job *job, struct recipients *to)
{
	const char *name;
	size_t i;

	for (i = 0; i < to->files; i++) {
		name = file_name(job, i);
		if (name != NULL)
			(void)unlink(name);
	}
	buf_free(&to->ring);
	buf_free(&to->scratch);
}

/* Which recipient it was that could not be encrypted to. */
static void not_encrypted(struct pgp_job *job, gpgme_ctx_t ctx,
			  gpgme_error_t error)
{
	gpgme_encrypt_result_t result = gpgme_op_encrypt_result(ctx);
	gpgme_invalid_key_t bad = result == NULL ? NULL :
						   result->invalid_recipients;

	if (bad != NULL && bad->fpr != NULL)
		value_put_text(job->arena, job->report, "unusable", bad->fpr);
	if (bad != NULL && bad->reason != 0)
		error = bad->reason;
	pgp_fail_with(job, error, "encrypt to every recipient");
}

static void encrypt(struct pgp_job *job, struct recipients *to)
{
	gpgme_encrypt_flags_t flags = GPGME_ENCRYPT_ALWAYS_TRUST |
				      GPGME_ENCRYPT_NO_COMPRESS;
	struct pgp_run *run = pgp_run_new();
	gpgme_data_t text = pgp_run_in(run, job->fds[0]);
	gpgme_data_t blob = pgp_run_out(run, job->fds[1]);
	gpgme_ctx_t ctx = pgp_run_context(run);
	gpgme_error_t error;

	if (to->files > 0) {
		buf_text(&to->ring, "--file\n");
		buf_add(&to->ring, buf_bytes(&to->scratch));
	}
	if (text == NULL || blob == NULL || to->ring.full) {
		pgp_fail_with(job, gpgme_error(GPG_ERR_ENOMEM), "encrypt");
	} else {
		gpgme_set_armor(ctx, 0);
		error = gpgme_op_encrypt_ext_start(ctx, NULL,
						   buf_string(&to->ring),
						   flags, text, blob);
		error = pgp_run_wait(run, error);
		if (error != 0)
			not_encrypted(job, ctx, error);
		else
			value_put_number(job->arena, job->report,
					 "recipients", (int64_t)to->count);
	}
	pgp_run_free(run);
}

void pgp_encrypt(struct pgp_job *job)
{
	struct recipients to;
	int r;

	memset(&to, 0, sizeof(to));
	buf_init(&to.ring, NAMES_MAX);
	buf_init(&to.scratch, NAMES_MAX);
	r = recipients_take(job, &to);
	if (r == 0)
		encrypt(job, &to);
	else
		pgp_fail(job, r == ERR_LIMIT ? "Limit" : "Failed", "The "
			 "recipients' keys could not be handed to GnuPG: %s.",
			 err_sentence(r));
	recipients_clear(job, &to);
}
