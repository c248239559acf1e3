/* trust.h - what verification of a server stands on: TLS settings, CA store
 *
 * One for a role, made before the cage is locked, used by all its threads.
 * TLS 1.2 and up (RFC 8314 section 4, RFC 7672 section 7), no session is ever
 * kept or resumed, no renegotiation, and no OpenSSL configuration file is
 * read.
 * Does not do: open a file; whoever may do so hands the bytes over. */
#ifndef MAILSEAL_DANE_TRUST_H
#define MAILSEAL_DANE_TRUST_H

#include <stddef.h>

#include "agent/base/bytes.h"

#define TRUST_ROOTS_MAX	4096	/* CA certificates */

struct dane_trust;
struct ssl_ctx_st;

/* Before any other use of OpenSSL in the process: keeps it from reading its
 * configuration file. */
void dane_trust_prepare(void);

/* NULL: no memory, or OpenSSL cannot be used. */
struct dane_trust *dane_trust_new(void);
void dane_trust_free(struct dane_trust *trust);	/* NULL is allowed */

/* Adds the CA certificates of a PEM bundle; what is none is passed over.  How
 * many were added; ERR_LIMIT.  Without any, the public PKI vouches for
 * nobody.  Before the trust is used. */
int dane_trust_add(struct dane_trust *trust, struct bytes pem);

/* How many CA certificates there are. */
size_t dane_trust_count(const struct dane_trust *trust);

/* Inside dane: for SSL_new(). */
struct ssl_ctx_st *dane_trust_context(const struct dane_trust *trust);

#endif
