/* spool_cipher.h - the sealed spool under AES-256-GCM
 *
 * NIST SP 800-38D.  The key is made for this one spool, never leaves the
 * process and is wiped with it; a chunk's number is its nonce, and no chunk
 * is sealed twice. */
#ifndef MAILSEAL_CRYPTO_SPOOL_CIPHER_H
#define MAILSEAL_CRYPTO_SPOOL_CIPHER_H

struct spool;

/* As spool_new(), which takes `file` over (-1: memory is all there is).
 * NULL: no memory, or no random bytes. */
struct spool *spool_sealed_new(int file);

#endif
