/* seal_own.h - the user's own key for an address: to sign, or to read by
 *
 * S/MIME: the certificates whose keys are in the keeper.  OpenPGP: the secret
 * keys of gpg's ring.
 * Does not do: unlock, use the key. */
#ifndef MAILSEAL_FLOW_SEAL_OWN_H
#define MAILSEAL_FLOW_SEAL_OWN_H

#include "agent/crypto/scheme.h"

#define OWN_DIGITS_MIN	8	/* of a fingerprint that names a key */

enum own_use { OWN_TO_SIGN, OWN_TO_READ };

/* Whose key, by its address, or by the first digits of its fingerprint (that
 * of the key or of its certificate; NULL: by the address alone). */
struct own_question {
	const struct scheme *scheme;
	const char *address;		/* in normal form; NULL: any */
	const char *print;		/* as own_print() made it */
	enum own_use use;
};

/* 1: *out is it; 0: there is none, and *reason tells why not, where one was
 * near; ERR_GONE: gpg cannot be asked now, *reason tells why; other ERR_* with
 * a sentence in job->why. */
int own_find(struct seal_job *job, const struct own_question *question,
	     struct seal_key *out, const char **reason);

/* Capital hexadecimal digits, without blanks, colons and "0x"; NULL: that is
 * none, or too short. */
const char *own_print(struct arena *arena, const char *text);

/* Whether a key of the keeper has that fingerprint. */
bool own_is_smime(struct seal_job *job, const char *print);

#endif
