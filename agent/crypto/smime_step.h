/* smime_step.h - what signing, verifying and opening by S/MIME share */
#ifndef MAILSEAL_CRYPTO_SMIME_STEP_H
#define MAILSEAL_CRYPTO_SMIME_STEP_H

#include "agent/crypto/scheme.h"

struct cms_walk;
struct CMS_ContentInfo_st;
struct cms_walk_name;

/* The functions of scheme_smime, one a file. */
int smime_sign(struct seal_job *job, const struct seal_key *signer,
	       const struct source *text, const struct sink *signature,
	       struct seal_signed *out);
int smime_sign_start(struct seal_job *job, const struct seal_key *signer,
		     struct seal_signed *out, struct seal_pass **pass);
int smime_sign_more(struct seal_pass *pass, struct bytes text);
int smime_sign_end(struct seal_pass *pass, const struct sink *signature);
void smime_sign_free(struct seal_pass *pass);
int smime_verify(struct seal_job *job, const struct source *text,
		 struct bytes signature, struct seal_facts *facts);
int smime_encrypt(struct seal_job *job, const struct seal_key *recipients,
		  size_t count, const struct source *text,
		  const struct sink *blob);
int smime_open(struct seal_job *job, const struct source *blob,
	       const struct sink *content, struct seal_facts *facts);

/* The layer that `walk` stands in: encrypted.  Its head was read. */
int smime_decrypt(struct seal_job *job, struct cms_walk *walk,
		  const struct sink *content, struct seal_facts *facts);

/* The frame as OpenSSL's object; NULL: it is none. */
struct CMS_ContentInfo_st *smime_frame(const struct cms_walk *walk);

/* Whether what is inside is data (RFC 8551 section 2.4.1), not another
 * object. */
bool smime_is_data(const struct cms_walk_name *name);

/* ERR_TIMEOUT with a sentence once the job's time is up; else 0. */
int smime_in_time(struct seal_job *job);

/* A sentence in job->why; answers `error`. */
int smime_fail(struct seal_job *job, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
