/* server.h - a server is found, reached and verified, in this order
 *
 * RFC 6698, 7671, 7672 section 2.2, 7673, 8314.  Addresses first, then TLSA
 * at _port._tcp.<TLSA base domain>, then TCP, STARTTLS where it is asked for,
 * TLS.  On a mismatch the records are asked once more past the resolver's
 * cache (a certificate may just have been rolled over); then it is refused.
 * Before the link is handed out nothing is sent but what TLS needs: for
 * STARTTLS a greeting command and STARTTLS itself.
 * Runs in the calling thread, under the question's deadline. */
#ifndef MAILSEAL_DANE_SERVER_H
#define MAILSEAL_DANE_SERVER_H

#include "agent/dane/report.h"

struct arena;
struct dane_link;
struct dane_trust;
struct dns_request;
struct evp_pkey_st;
struct stack_st_X509;
struct x509_st;

enum dane_start {
	DANE_TLS,		/* implicit TLS: 465, 993, 995 */
	DANE_STARTTLS_SMTP,	/* RFC 3207; then the caller says EHLO anew */
	DANE_STARTTLS_IMAP,	/* RFC 9051 section 6.2.1 */
	DANE_STARTTLS_POP3	/* RFC 2595 section 4 */
};

enum dane_need {
	DANE_IF_PUBLISHED,	/* without TLSA records: the public PKI */
	DANE_NEEDED		/* whatever is not a DANE match is refused */
};

enum dane_detail {
	DANE_BRIEF,		/* what a hand-over needs */
	DANE_EXPLAIN		/* and what the public PKI would have said */
};

/* A client certificate for EXTERNAL; all NULL: none.  Borrowed. */
struct dane_identity {
	struct x509_st *certificate;
	struct evp_pkey_st *key;	/* may live behind a provider */
	struct stack_st_X509 *chain;	/* without the certificate; NULL */
};

struct dane_question {
	const char *host;	/* A-labels, or an address literal */
	uint16_t port;
	enum dane_start start;
	enum dane_need need;
	/* From SRV records (discover.h): the mail domain that led here, and
	 * whether that was DNSSEC-secure (RFC 7673 section 4.1).  NULL: the
	 * user named the host. */
	const char *domain;
	enum dns_security domain_security;
	const char *ehlo;	/* for STARTTLS_SMTP; NULL: "localhost"; up to
				 * 250 characters, printable */
	const struct dane_identity *identity;	/* NULL: none */
	enum dane_detail detail;
	int64_t deadline;	/* clock_now_ms(); of the whole */
	int cancel_fd;		/* readable: give up; -1: none */
};

/* Asks through `request` (its deadline counts too).  Always answers a report
 * in the arena; NULL: no memory.  *link is there exactly when the report's
 * verdict is DANE_VERIFIED or DANE_PKIX_ONLY, and is the caller's; after
 * implicit TLS the server's greeting is still unread, after STARTTLS the
 * server waits for the next command. */
struct dane_report *dane_server_open(struct arena *arena,
				     struct dns_request *request,
				     const struct dane_trust *trust,
				     const struct dane_question *question,
				     struct dane_link **link);

/* By DNS alone, nothing is connected: whether a client that does DANE would
 * verify this server.  The verdict is DANE_VERIFIED (usable records),
 * DANE_PKIX_ONLY (none, or unsigned), DANE_UNKNOWN. */
struct dane_report *dane_server_look(struct arena *arena,
				     struct dns_request *request,
				     const struct dane_question *question);

#endif
