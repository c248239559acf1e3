/* authorities.h - whom the user trusts to certify mail addresses
 *
 * PEM out of a descriptor, read when it is first needed: a hundred and more
 * certificates take their time and memory.  Threads may use it at once. */
#ifndef MAILSEAL_CRYPTO_AUTHORITIES_H
#define MAILSEAL_CRYPTO_AUTHORITIES_H

#include <openssl/types.h>

struct authorities;

struct authorities *authorities_new(void);	/* NULL: no memory */
void authorities_free(struct authorities *authorities);

/* Takes the descriptor over, in the place of one that was not read yet. */
void authorities_take(struct authorities *authorities, int fd);

/* The store of all of them, made by the first who asks; good until
 * authorities_free().  NULL: there is none. */
X509_STORE *authorities_store(struct authorities *authorities);

#endif
