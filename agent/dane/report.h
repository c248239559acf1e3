/* report.h - what was found about a server, step by step
 *
 * Plain values in the arena of the question.  Every text is safe to keep as
 * long as the arena; names from certificates are a stranger's bytes. */
#ifndef MAILSEAL_DANE_REPORT_H
#define MAILSEAL_DANE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/dane/tlsa.h"
#include "agent/dns/dns.h"

#define DANE_CHAIN_MAX	16	/* certificates that are reported */
#define DANE_NAMES_MAX	32	/* names of one certificate likewise */

enum dane_verdict {
	DANE_VERIFIED,		/* a secure TLSA record matched */
	DANE_PKIX_ONLY,		/* the public PKI vouches for the name */
	DANE_REFUSED,		/* what was found will not do */
	DANE_UNKNOWN		/* could not be told now; later may be better */
};

/* Why, one code for each thing a person does differently. */
enum dane_reason {
	DANE_MATCHED,		/* VERIFIED */
	DANE_PUBLISHED,		/* VERIFIED, by DNS alone: usable records */
	DANE_NO_RECORDS,	/* PKIX_ONLY: securely none published */
	DANE_NO_USABLE,		/* PKIX_ONLY: records, but none can be used */
	DANE_UNSIGNED,		/* PKIX_ONLY: the zone is not signed */
	DANE_LITERAL,		/* PKIX_ONLY: an address has no TLSA */
	DANE_MISMATCH,		/* REFUSED: no record matches */
	DANE_NOT_DANE,		/* REFUSED: needed, but only PKIX there */
	DANE_BAD_CERTIFICATE,	/* REFUSED: the public PKI says no */
	DANE_NO_STARTTLS,	/* REFUSED: not offered, or refused */
	DANE_INJECTED,		/* REFUSED: bytes behind STARTTLS's answer */
	DANE_OLD_TLS,		/* REFUSED: under TLS 1.2 */
	DANE_TLS_FAILED,	/* REFUSED: the handshake failed otherwise */
	DANE_NO_HOST,		/* REFUSED: no such name, or no address */
	DANE_NOT_OFFERED,	/* REFUSED: SRV says there is no such service */
	DANE_BOGUS,		/* UNKNOWN: DNSSEC validation fails */
	DANE_DNS_SILENT,	/* UNKNOWN: no DNS answer */
	DANE_UNREACHABLE,	/* UNKNOWN: no TCP connection */
	DANE_BROKEN,		/* UNKNOWN: cut, silent or nonsense */
	DANE_CANCELLED,		/* UNKNOWN: nobody waits any more */
	DANE_TROUBLE,		/* UNKNOWN: our own: memory, limits */
	DANE_REASONS
};

/* One DNS question and its answer, in the order of asking. */
struct dane_step {
	struct dane_step *next;
	const char *name;
	enum dns_type type;
	const struct dns_answer *answer;	/* as long as the request */
	bool fresh;			/* asked past the cache */
};

struct dane_certificate {
	const char *subject, *issuer;	/* RFC 2253 form */
	const char *names[DANE_NAMES_MAX];	/* subjectAltName, or the CN */
	size_t name_count;
	int64_t from, until;		/* seconds since 1970 */
	struct tlsa_digests digests;	/* what TLSA records would hold */
};

/* A TLSA record and what became of it. */
struct dane_record {
	struct tlsa tlsa;
	enum tlsa_use use;
	bool agile_out;		/* a stronger digest stands beside it */
	bool matches;		/* some certificate of the chain */
	int depth;		/* which; 0: the server's own */
	bool verified;		/* by this one OpenSSL verified */
};

struct dane_report {
	enum dane_verdict verdict;
	enum dane_reason reason;
	const char *sentence;	/* the thing, the reason, the remedy */
	const char *host;
	uint16_t port;
	const char *base;	/* TLSA base domain; NULL: DANE plays no part */
	const char *address;	/* that was connected to; NULL: none */
	const char *protocol;	/* "TLSv1.3"; NULL: no TLS session came up */
	const char *cipher;
	struct dane_step *steps;
	struct dane_record *records;
	size_t record_count;
	struct dane_certificate *chain;	/* as sent; [0] is the server's own */
	size_t chain_count;
	bool pkix_passes;	/* the public PKI, for what it is worth */
	const char *pkix_why;	/* why not; NULL: passes, or never seen */
	const char *peer_name;	/* the name that was matched; NULL: none */
	bool again;		/* asked and connected once more, fresh */
	bool next_key;		/* another usable record waits for its key */
	uint32_t ttl;		/* seconds that the TLSA answer may be used */
	int64_t signed_from;	/* of the signature that ends first; 0: not */
	int64_t signed_until;	/* known */
};

/* "dane", "pkix", "refused", "unknown". */
const char *dane_verdict_word(enum dane_verdict verdict);
/* "matched", "no-records", ...: what scripts compare. */
const char *dane_reason_word(enum dane_reason reason);

#endif
