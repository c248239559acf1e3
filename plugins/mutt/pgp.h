/* pgp.h - the verbs of mailseal-pgp, and what goes from one to the next
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
int pgp_sign(struct crypto_call *call);
int pgp_encrypt(struct crypto_call *call);
int pgp_encrypt_sign(struct crypto_call *call);
int pgp_public(struct crypto_call *call);
int pgp_secret(struct crypto_call *call);

/* Keeps it; false: cannot. */
bool pgp_from_put(const char *address);
/* "" when it is not known. */
void pgp_from_get(char *out, size_t size);

/* For which address a key was listed, from the list to the encryption. */
void pgp_listed_put(const char *print, const char *address);
bool pgp_listed_get(const char *print, char *out, size_t size);

#endif
