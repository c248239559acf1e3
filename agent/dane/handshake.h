/* handshake.h - inside dane: TLS on a connected socket, judged by OpenSSL
 *
 * SSL_dane_enable(3) with the records, or names for the public PKI.  With no
 * usable record OpenSSL would silently do plain PKIX: that is counted here.
 * What the server sent is kept for the report, also when it is refused. */
#ifndef MAILSEAL_DANE_HANDSHAKE_H
#define MAILSEAL_DANE_HANDSHAKE_H

#include "agent/dane/decide.h"

#define HANDSHAKE_NAMES_MAX 3	/* reference identifiers */

struct arena;
struct dane_trust;
struct dial_patience;
struct evp_pkey_st;
struct ssl_st;
struct stack_st_X509;
struct x509_store_ctx_st;
struct x509_st;

struct handshake_wish {
	const char *names[HANDSHAKE_NAMES_MAX];	/* the first for SNI too */
	size_t name_count;
	const char *literal;		/* an address instead of names; NULL */
	struct dane_record *records;	/* 0: the public PKI decides */
	size_t record_count;
	const struct dane_identity *identity;	/* NULL: none */
	enum dane_detail detail;
};

struct handshake {
	struct ssl_st *ssl;		/* NULL: there is no session */
	enum decide_wire wire;		/* SEEN or what stopped it */
	enum decide_match match;
	enum decide_pkix pkix;
	const char *pkix_why;		/* NULL: passes, or never seen */
	const char *match_why;		/* with records: why none will do */
	const char *trouble;		/* of TLS_FAILED, CUT: what; or "" */
	int error;			/* with CUT: ERR_TIMEOUT, ... */
	struct stack_st_X509 *chain;	/* as sent */
	int depth;			/* of the match; -1 */
	const struct handshake_wish *wish;	/* while it runs */
	bool judged;
};

/* Always fills *out.  out->ssl is there exactly when the certificate was
 * judged well: a match where there are records, else the public PKI.  Marks
 * the record that was used as verified. */
void dane_handshake(int fd, const struct dane_trust *trust,
		    const struct handshake_wish *wish,
		    const struct dial_patience *patience,
		    struct handshake *out);

/* Of a session that is up: "TLSv1.3", the cipher, and the name that was found
 * in the certificate (NULL: names did not count). */
const char *dane_handshake_protocol(const struct handshake *handshake);
const char *dane_handshake_cipher(const struct handshake *handshake);
const char *dane_handshake_name(struct arena *arena,
				const struct handshake *handshake);

/* Frees what *out holds; the session too, unless it was taken (set NULL). */
void dane_handshake_end(struct handshake *out);

/* For SSL_CTX_set_cert_verify_callback(3): keeps the chain, then
 * X509_verify_cert(3). */
int dane_handshake_verify(struct x509_store_ctx_st *store, void *unused);

#endif
