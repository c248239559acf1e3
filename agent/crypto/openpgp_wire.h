/* openpgp_wire.h - what both sides of the channel to gpg agree on
 *
 * docs/channel.md, "Askers to pgp", has it in words.  A request's last
 * descriptor is a pipe for its answer: a byte REPORT or FAILURE, then the
 * dictionary, then the end.  The front gives none and is answered on its
 * channel. */
#ifndef MAILSEAL_CRYPTO_OPENPGP_WIRE_H
#define MAILSEAL_CRYPTO_OPENPGP_WIRE_H

/* Before the answer to a request to sign, as soon as it is known and before
 * any of the text is read: this byte, a byte for the length, the digest. */
#define OPENPGP_ANSWER_DIGEST	1

/* A recipient: a byte, u32 length, and what it is. */
#define OPENPGP_BY_FINGERPRINT	1	/* hex, a key of the user's ring */
#define OPENPGP_BY_KEY		2	/* a transferable public key, binary */

#define OPENPGP_KEY_MAX		(1024 * 1024)	/* bytes of one key */
#define OPENPGP_RECIPIENTS_BYTES (16 * 1024 * 1024)	/* of all of them */

#define OPENPGP_DEADLINE_MS	(10 * 60 * 1000)	/* at most, a request:
						 * a person types meanwhile */

#endif
