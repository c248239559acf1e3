/* pgp.h - the verbs of mailseal-pgp, and whom a message is from
 *
 * Mutt does not compare an OpenPGP signer with From.  It asks for keys of the
 * author ("getkeys") before it has a message verified: that address is kept
 * for a minute, for the terminal's session, and a signature of somebody else
 * is not called good. */
#ifndef MAILSEAL_MUTT_PGP_H
#define MAILSEAL_MUTT_PGP_H

#include <stdbool.h>
#include <stddef.h>

#define PGP_FROM_MAX	512	/* bytes of an address */

struct crypto_call;

int pgp_verify(struct crypto_call *call);
int pgp_decrypt(struct crypto_call *call);
int pgp_decode(struct crypto_call *call);
int pgp_getkeys(struct crypto_call *call);
int pgp_import(struct crypto_call *call);

/* Keeps it; false: cannot. */
bool pgp_from_put(const char *address);
/* "" when it is not known. */
void pgp_from_get(char *out, size_t size);

#endif
