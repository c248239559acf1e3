/* tls_world.h - certificates of every kind a mail server may present
 *
 * Made anew each time, P-256.  root signs middle, middle signs the rest unless
 * said.  The host is TLS_HOST, the domain TLS_DOMAIN. */
#ifndef MAILSEAL_TESTS_TLS_WORLD_H
#define MAILSEAL_TESTS_TLS_WORLD_H

#include <openssl/x509.h>

#include "agent/base/bytes.h"

#define TLS_HOST	"mail.dane.lab"
#define TLS_DOMAIN	"dane.lab"
#define TLS_PLAIN_HOST	"mail.plain.lab"	/* TLS_GOOD is for it as well */

enum tls_kind {
	TLS_ROOT,		/* what the tests' CA store holds */
	TLS_MIDDLE,
	TLS_GOOD,		/* for the host */
	TLS_NEXT,		/* for the host, another key */
	TLS_EXPIRED, TLS_FUTURE,	/* for the host, but the dates */
	TLS_SOON,		/* for the host, ends in three days */
	TLS_OTHER,		/* for another name */
	TLS_OTHER_EXPIRED,
	TLS_WILD,		/* *.dane.lab */
	TLS_ABOVE,		/* for the domain alone */
	TLS_COMMON,		/* the host as common name, no SAN */
	TLS_NAMELESS,		/* no name at all */
	TLS_ADDRESS,		/* for 127.0.0.1 */
	TLS_SELF,		/* self-signed, for the host */
	TLS_SELF_OTHER,		/* self-signed, for another name, expired */
	TLS_OTHER_ROOT,		/* in no store; signs itself */
	TLS_STRANGER,		/* for the host, by OTHER_ROOT */
	TLS_MIDDLE_EXPIRED,	/* signed by root */
	TLS_UNDER_EXPIRED,	/* for the host, by MIDDLE_EXPIRED */
	TLS_KINDS
};

struct tls_world {
	X509 *certificates[TLS_KINDS];
	EVP_PKEY *keys[TLS_KINDS];
};

/* Aborts when it cannot. */
struct tls_world *tls_world_new(void);
void tls_world_free(struct tls_world *world);

extern const char *const tls_kind_name[TLS_KINDS];	/* "good" */
enum tls_kind tls_kind_of(const char *name);	/* TLS_KINDS: none */

/* TLSA rdata for a certificate; how many bytes, at most 4096. */
size_t tls_rdata(const struct tls_world *world, enum tls_kind kind,
		 unsigned usage, unsigned selector, unsigned matching,
		 unsigned char out[4096]);

/* PEM of one certificate, to free with OPENSSL_free(). */
char *tls_pem(const struct tls_world *world, enum tls_kind kind);

#endif
