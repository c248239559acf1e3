/* remote_key.h - an EVP_PKEY whose private half is in the keeper
 *
 * Code that takes an EVP_PKEY (CMS_add1_signer, CMS_decrypt_set1_pkey, ...)
 * works with it as with a local key: RSA signs PKCS #1 1.5 and PSS and
 * unwraps OAEP and 1.5; P-256 and P-384 sign ECDSA and agree by ECDH with the
 * X9.63 KDF.  Each private operation is one question over the link.  An
 * OpenSSL 3 provider inside this process (KEYMGMT, SIGNATURE, ASYM_CIPHER,
 * KEYEXCH); nothing of OpenSSL that is deprecated.
 *
 * OpenSSL's error queue cannot say why it failed, and CMS goes on with a
 * random content key when unwrapping fails (RFC 3218).  So after *every* use
 * look at remote_key_answer(): KEYS_LOCKED and KEYS_CONFIRM mean that the
 * front has to ask the user, and then the whole request is tried again. */
#ifndef MAILSEAL_KEYS_REMOTE_KEY_H
#define MAILSEAL_KEYS_REMOTE_KEY_H

#include <openssl/types.h>

#include "agent/keys/protocol.h"

struct keys_link;

/* Loads the provider beside OpenSSL's default one, into the process.  Called
 * before the cage closes; again does nothing.  0 or ERR_UNSUPPORTED. */
int remote_key_prepare(void);

/* The name of a key: SHA-256 of its SubjectPublicKeyInfo. 0 or ERR_MEMORY. */
int remote_key_id(EVP_PKEY *public, uint8_t id[KEYS_ID_SIZE]);

/* `public`: as X509_get0_pubkey() gives it; it is read, not kept.  *out is
 * the caller's, by EVP_PKEY_free(); it is for one request and one thread at a
 * time, and it is gone before the link is.  Does not ask the keeper.  0;
 * ERR_UNSUPPORTED: neither RSA nor P-256 or P-384; ERR_MEMORY. */
int remote_key_new(struct keys_link *link, EVP_PKEY *public, EVP_PKEY **out);
/* The same, where the key's name is known: writing the key anew to learn it
 * costs more than a signature of P-256. */
int remote_key_named(struct keys_link *link, EVP_PKEY *public,
		     const uint8_t name[KEYS_ID_SIZE], EVP_PKEY **out);

/* One more of the same, for another request.  `key` may be copied by threads
 * at once while none uses it.  NULL: no memory. */
EVP_PKEY *remote_key_copy(const EVP_PKEY *key);

/* How many bytes the content key of this message has (16, 24 or 32, by its
 * content cipher).  Said before a PKCS #1 1.5 unwrap, which without it is
 * KEYS_UNSUPPORTED: the keeper answers a padding that is wrong with bytes of
 * this length, always the same for the same ciphertext. */
void remote_key_expect(EVP_PKEY *key, size_t content_key);

/* SHA-256 of the secret that an unwrap or agreement last gave, for a purpose
 * of its own: the same for the same ciphertext, however it is wrapped anew.
 * False: there was none. */
#define REMOTE_KEY_SUM	32
bool remote_key_sum(const EVP_PKEY *key, uint8_t sum[REMOTE_KEY_SUM]);

/* How the last private operation with this key ended; KEYS_DONE before the
 * first. */
enum keys_answer remote_key_answer(const EVP_PKEY *key);

#endif
