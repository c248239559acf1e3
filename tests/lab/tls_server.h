/* tls_server.h - a mail server on 127.0.0.1 whose faults can be switched
 *
 * Speaks as much SMTP, IMAP or POP3 as a client needs to reach TLS, and then
 * answers every line; keeps every byte a client sent.  Threads of its own. */
#ifndef MAILSEAL_TESTS_TLS_SERVER_H
#define MAILSEAL_TESTS_TLS_SERVER_H

#include <stdint.h>

#include "tests/lab/tls_world.h"

#define TLS_CHAIN_MAX	4
#define TLS_HEARD_MAX	65536

enum tls_speech { TLS_AT_ONCE, TLS_SMTP, TLS_IMAP, TLS_POP3 };

enum tls_fault {
	TLS_FINE,
	TLS_CUT_GREETING, TLS_HANG_GREETING, TLS_LATER_GREETING,
	TLS_LONG_LINE, TLS_ENDLESS, TLS_NUL, TLS_NONSENSE,
	TLS_CUT_HELLO, TLS_HANG_HELLO,
	TLS_NOT_OFFERED,
	TLS_INJECT_EARLY,	/* behind the answer to EHLO, before STARTTLS */
	TLS_INJECT,		/* with the answer to STARTTLS */
	TLS_REFUSED, TLS_LATER,	/* the answer to STARTTLS */
	TLS_CUT_STARTTLS, TLS_HANG_STARTTLS,
	TLS_CUT_TLS, TLS_HANG_TLS,	/* at ClientHello */
	TLS_OLD,		/* TLS 1.1 at most */
	TLS_ALERT,		/* no cipher in common */
	TLS_PLAIN,		/* plain text where TLS is due */
	TLS_PREAUTH,		/* IMAP: too late for STARTTLS */
	TLS_FAULTS
};
extern const char *const tls_fault_name[TLS_FAULTS];	/* "inject" */

struct tls_plan {
	enum tls_speech speech;
	enum tls_fault fault;
	enum tls_kind leaf;
	enum tls_kind chain[TLS_CHAIN_MAX];
	unsigned chain_count;
	int version;		/* TLS1_2_VERSION, ...; 0: any */
};

/* That certificate with the chain that belongs to it, and no fault. */
void tls_plan_usual(struct tls_plan *plan, enum tls_kind leaf);
enum tls_fault tls_fault_of(const char *name);	/* TLS_FAULTS: none */

struct tls_server;

/* Listens on a port of its own.  Aborts when it cannot. */
struct tls_server *tls_server_start(const struct tls_world *world,
				    const struct tls_plan *plan);
uint16_t tls_server_port(const struct tls_server *server);

/* What the next connections meet. */
void tls_server_switch(struct tls_server *server, const struct tls_plan *plan);

/* What clients sent outside and inside of TLS since the last call, but for
 * TLS itself; into rooms of TLS_HEARD_MAX, NUL added.  Connections that are
 * still open count as far as they came. */
void tls_server_heard(struct tls_server *server, char *plain, char *secret);
/* How many connections came so far. */
unsigned tls_server_count(struct tls_server *server);
/* Of the last session: nonzero when the client asked to resume one. */
unsigned tls_server_resumed(struct tls_server *server);
/* The name of the last ClientHello's SNI; "": none. */
void tls_server_sni(struct tls_server *server, char name[256]);

void tls_server_stop(struct tls_server *server);

#endif
