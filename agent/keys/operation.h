/* operation.h - what the keeper does with a private key
 *
 * RFC 8017 (RSA), SEC 1 (ECDSA, ECDH), RFC 5753 (X9.63).  The keeper pads and
 * unpads by itself; nobody gets a raw RSA result.  A request has passed
 * keys_request_fits(); each function writes reply->data and reply->len and
 * answers KEYS_DONE, KEYS_UNSUPPORTED (not with this key) or KEYS_FAILED.
 * Does not do: know which key it is, or whether it may. */
#ifndef MAILSEAL_KEYS_OPERATION_H
#define MAILSEAL_KEYS_OPERATION_H

#include <openssl/types.h>

#include "agent/keys/protocol.h"

#define OPERATION_REJECTION_SIZE 32

enum keys_answer operation_sign(EVP_PKEY *key,
				const struct keys_request *request,
				struct keys_reply *reply);

/* A PKCS #1 1.5 padding that is wrong is KEYS_DONE with bytes that only
 * `rejection` and the ciphertext decide, in the same time as a right one
 * (RFC 3218; implicit rejection).  *bad says so to the keeper's counter. */
enum keys_answer
operation_unwrap(EVP_PKEY *key,
		 const uint8_t rejection[OPERATION_REJECTION_SIZE],
		 const struct keys_request *request, struct keys_reply *reply,
		 unsigned *bad);

enum keys_answer operation_derive(EVP_PKEY *key,
				  const struct keys_request *request,
				  struct keys_reply *reply);

/* The secret that decides rejections: of the private key alone, so that it is
 * the same after every unlocking.  Zeros for EC.  0 or ERR_MEMORY. */
int operation_rejection(EVP_PKEY *key,
			uint8_t rejection[OPERATION_REJECTION_SIZE]);

/* Whether the two halves belong together: signs and verifies once. */
bool operation_self_test(EVP_PKEY *key);

#endif
