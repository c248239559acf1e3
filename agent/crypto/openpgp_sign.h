/* openpgp_sign.h - a signature over a text that passes by
 *
 * What scheme_openpgp (scheme.h) signs with.  gpg says by which digest it will
 * sign before it reads; the key's fingerprint is the one that was asked for,
 * and at the end that of the primary key. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_SIGN_H
#define MAILSEAL_CRYPTO_OPENPGP_SIGN_H

#include "agent/crypto/scheme.h"

int openpgp_sign(struct seal_job *job, const struct seal_key *signer,
		 const struct source *text, const struct sink *signature,
		 struct seal_signed *out);
int openpgp_sign_start(struct seal_job *job, const struct seal_key *signer,
		       struct seal_signed *out, struct seal_pass **made);
int openpgp_sign_more(struct seal_pass *pass, struct bytes text);
int openpgp_sign_end(struct seal_pass *pass, const struct sink *signature);
void openpgp_sign_free(struct seal_pass *pass);	/* NULL is allowed */

#endif
