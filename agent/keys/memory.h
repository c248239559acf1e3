/* memory.h - memory that keeps nothing and is not swapped
 *
 * For a process that holds private keys.  OpenSSL's secure heap takes the
 * keys themselves; whatever else OpenSSL lets go is wiped before it goes, so
 * that a key that was locked is nowhere; and all memory that can be written
 * is locked against swapping. */
#ifndef MAILSEAL_KEYS_MEMORY_H
#define MAILSEAL_KEYS_MEMORY_H

#include <stdbool.h>

/* Before any other use of OpenSSL in this process.  0; ERR_UNSUPPORTED: too
 * late; ERR_MEMORY. */
int memory_prepare(void);

/* Before the cage closes and before there is a secret.  True: all of it is
 * locked.  (With the usual limit of 8 MB it is; what scrypt takes for a
 * moment, 16 MB that nobody can use without the passphrase, is not.) */
bool memory_lock(void);

#endif
