/* clerk_key.h - a private key on its way from a clerk to the keeper
 *
 * One datagram of a SOCK_SEQPACKET socket between the two; the front made the
 * socket and has neither end any more. */
#ifndef MAILSEAL_KEYS_CLERK_KEY_H
#define MAILSEAL_KEYS_CLERK_KEY_H

#include <stdint.h>

#define CLERK_KEY_VERSION	1
#define CLERK_KEY_MAX		16384	/* bytes of the PrivateKeyInfo */

struct clerk_key {
	uint8_t version;
	uint8_t usage;			/* KEYS_FOR_... bits, at least one */
	uint16_t len;			/* bytes of der */
	uint8_t der[CLERK_KEY_MAX];	/* PKCS #8 PrivateKeyInfo, DER */
};

#endif
