/* sasl.h - mechanisms to log in with, as a table
 *
 * RFC 4422 (SASL), 5802 and 7677 (SCRAM-SHA-256), 9266 (its channel binding),
 * 4616 (PLAIN), 7628 (OAUTHBEARER), XOAUTH2 and LOGIN as their inventors
 * describe them.  They give and take plain bytes; base64 and lines are
 * auth.h's.
 * Does not do: choose a weaker mechanism after one failed. */
#ifndef MAILSEAL_SMTP_SASL_H
#define MAILSEAL_SMTP_SASL_H

#include <stdint.h>

#include "agent/base/buf.h"

#define SASL_WHY_MAX	256
#define SASL_NONCE_MAX	512	/* bytes of both nonces */

struct ehlo;
struct sasl_mechanism;
struct wire_binding;

/* What the user said to log in with. */
enum sasl_way {
	SASL_PASSWORD,		/* the best of SCRAM, PLAIN and LOGIN */
	SASL_SCRAM, SASL_PLAIN, SASL_LOGIN,	/* that one */
	SASL_OAUTH,		/* the secret is an access token */
	SASL_EXTERNAL		/* the client certificate says who it is */
};

/* Borrowed while the login lasts. */
struct sasl_login {
	enum sasl_way way;
	const char *user;	/* UTF-8; NULL only for SASL_EXTERNAL */
	const struct buf *secret;	/* NULL only for SASL_EXTERNAL */
	const char *host;	/* for OAUTHBEARER */
	uint16_t port;
	const struct wire_binding *binding;	/* NULL: none */
};

/* One exchange. */
struct sasl {
	const struct sasl_login *login;
	const struct sasl_mechanism *mechanism;
	unsigned steps;			/* challenges so far */
	bool proven;			/* success may be believed */
	bool plus_offered;		/* some -PLUS stood in the list */
	char why[SASL_WHY_MAX];		/* of an error; never a secret */
	/* SCRAM's: */
	char nonce[SASL_NONCE_MAX];
	struct buf first;		/* client-first-message-bare */
	unsigned char server_signature[32];
};

struct sasl_mechanism {
	const char *name;
	bool binds;			/* needs a channel binding */
	bool first;			/* the client speaks first */
	/* Both add to `out`, a secret's buffer; 0, ERR_SYNTAX (the challenge
	 * is wrong), ERR_REFUSED, ERR_LIMIT, ERR_MEMORY with `why`. */
	int (*start)(struct sasl *sasl, struct buf *out);
	int (*step)(struct sasl *sasl, struct bytes challenge,
		    struct buf *out);
};

/* To be called once in a process that will lose its file system. */
void sasl_prepare(void);

/* The best that the server offers; ERR_UNSUPPORTED: none, `why` has the
 * sentence. */
int sasl_init(struct sasl *sasl, const struct sasl_login *login,
	      const struct ehlo *ehlo);
void sasl_free(struct sasl *sasl);		/* wipes */

extern const struct sasl_mechanism sasl_scram_plus, sasl_scram, sasl_plain,
	sasl_login, sasl_oauthbearer, sasl_xoauth2, sasl_external;

#endif
