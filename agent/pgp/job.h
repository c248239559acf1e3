/* job.h - one request to gpg: what was asked, what came of it
 *
 * docs/channel.md has the requests and reports in words.  Descriptors are not
 * interpreted: gpg reads and writes them. */
#ifndef MAILSEAL_PGP_JOB_H
#define MAILSEAL_PGP_JOB_H

#include <gpgme.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/channel.h"

struct arena;
struct buf;
struct pgp_engine;
struct value;

struct pgp_job {
	const struct pgp_engine *engine;
	struct arena *arena;
	const struct value *request;
	const int *fds;			/* as many as the verb has */
	/* Whoever asked for a signature hears by which digest it will be,
	 * before the text is read; NULL: nobody does. */
	int (*tell_digest)(const struct pgp_job *job, const char *digest);
	int answer;			/* a pipe, of tell_digest */
	struct value *report;		/* a dictionary; filled in */
	const char *failure;		/* a name; NULL: it went well */
	struct buf *sentence;		/* of the failure */
};

/* Each fills in the report, or the failure. */
void pgp_sign(struct pgp_job *job);		/* text, signature */
void pgp_verify(struct pgp_job *job);		/* text, signature */
void pgp_encrypt(struct pgp_job *job);		/* text, blob, recipients */
void pgp_open(struct pgp_job *job);		/* blob, content */
void pgp_keys(struct pgp_job *job);		/* - */
void pgp_read(struct pgp_job *job);		/* keys */
void pgp_import(struct pgp_job *job);		/* keys */
void pgp_export(struct pgp_job *job);		/* where to */

/* A verb; NULL: there is no such one. */
struct pgp_verb {
	enum channel_type type;
	size_t fds;
	void (*run)(struct pgp_job *job);
};
const struct pgp_verb *pgp_verb_find(unsigned type);

/* --- failure.c */

/* The failure in the words of this error; `what` is what could not be done
 * ("sign"). */
void pgp_fail_with(struct pgp_job *job, gpgme_error_t error,
		   const char *what);
/* Of our own. */
void pgp_fail(struct pgp_job *job, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- key.c, signature.c: what GPGME found, as values */

/* A key of the ring or of a blob, as one more dictionary of `list`. */
void pgp_put_key(struct pgp_job *job, struct value *list, gpgme_key_t key);
/* "signatures" of the report: each with its state, as seal_state_name. */
void pgp_put_signatures(struct pgp_job *job, gpgme_signature_t first);
/* "fingerprint", "name", "addresses", "trust", "algorithm", "bits",
 * "expires_at" of the key that made a signature by its (sub)key `used`. */
void pgp_put_owner(struct pgp_job *job, struct value *dict, gpgme_key_t key,
		   const char *used);
/* The key by the fingerprint of it or of a subkey; NULL: not here. */
gpgme_key_t pgp_find_key(gpgme_ctx_t ctx, const char *fingerprint,
			 int secret);
/* "sha256"; NULL: none that still proves anything. */
const char *pgp_digest_name(gpgme_hash_algo_t algorithm);

#endif
