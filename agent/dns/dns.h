/* dns.h - questions to the resolver: ask early, await late
 *
 * A request asks everything it may need, then awaits one answer after the
 * other under one deadline.  An answer always comes: in time, or as
 * DNS_SILENT.  The resolver itself (libunbound, validating, RFC 4033 to 4035)
 * lives in a process of its own behind `struct resolver`; tests hand in a
 * scripted one.
 * Does not do: follow anything but CNAMEs, cache past a TTL, judge. */
#ifndef MAILSEAL_DNS_DNS_H
#define MAILSEAL_DNS_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

#define DNS_QUESTIONS_MAX	100	/* questions of one request */
#define DNS_QUESTIONS_KEPT	40	/* of these, for who asks late */
#define DNS_NAME_MAX		253
#define DNS_RECORDS_MAX		256	/* records of one answer */
#define DNS_ANSWER_MAX		16384	/* bytes of rdata of one answer */

enum dns_type {
	DNS_A = 1, DNS_CNAME = 5, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16,
	DNS_AAAA = 28, DNS_SRV = 33, DNS_SMIMEA = 53, DNS_TLSA = 52,
	DNS_OPENPGPKEY = 61
};

/* What became of a question.  BOGUS and SILENT are temporary errors to
 * everyone; their answers hold no record, whatever was received. */
enum dns_state {
	DNS_HAVE,		/* records */
	DNS_NOTHING,		/* the name is there, this type is not */
	DNS_NXDOMAIN,		/* the name is not there */
	DNS_BOGUS,		/* validation failed: an attack or a fault */
	DNS_SILENT		/* no answer: time-out, SERVFAIL, cancelled */
};

/* What DNSSEC says of HAVE, NOTHING and NXDOMAIN. */
enum dns_security {
	DNS_INSECURE,		/* a zone on the way is unsigned */
	DNS_SECURE,		/* validated from a trust anchor */
	DNS_SECURITY_BOGUS,
	DNS_SECURITY_UNKNOWN	/* silent: nothing is known */
};

struct dns_answer {
	enum dns_state state;
	enum dns_security security;
	uint32_t ttl;		/* seconds, of the whole chain */
	const char *canonical;	/* the name at the end of CNAMEs; never NULL */
	const struct bytes *records;	/* wire rdata, uncompressed */
	size_t record_count;
	const char *why;	/* for BOGUS and SILENT: a sentence; else "" */
	/* When the signature that ends first was made and will end, seconds
	 * since 1970; 0: there is none.  A TTL may outlive it. */
	uint32_t signed_from, signed_until;
};

struct resolver;		/* many requests share it */
struct dns_request;		/* the questions of one request */
struct dns_question;

/* `deadline` as clock_now_ms().  NULL: no memory. */
struct dns_request *dns_request_new(struct resolver *resolver,
				    int64_t deadline);

/* Forgets every question; answers die with it.  NULL is allowed. */
void dns_request_free(struct dns_request *request);

/* From another thread: every await, now and later, answers DNS_SILENT at
 * once. */
void dns_request_cancel(struct dns_request *request);

/* Never blocks.  `name` without the dot at the end, A-labels, copied.  The
 * same name and type asked twice is the same question.  NULL: over
 * DNS_QUESTIONS_MAX, or no memory; a name that DNS cannot hold gives a
 * question whose answer is NXDOMAIN, insecure. */
struct dns_question *dns_ask(struct dns_request *request, const char *name,
			     enum dns_type type);

/* The same, but NULL too when fewer than DNS_QUESTIONS_KEPT would be left: for
 * questions whose number a sender decides, and that are asked before others
 * can be (SPF finds its own one after the other). */
struct dns_question *dns_ask_spare(struct dns_request *request,
				   const char *name, enum dns_type type);

/* dns_ask(), but past every cache on this host: the answer is at most a second
 * old.  Another question than dns_ask()'s.  Dear (the chain of keys is asked
 * anew); for what a cached answer made fail. */
struct dns_question *dns_ask_fresh(struct dns_request *request,
				   const char *name, enum dns_type type);

/* Sends what was asked so far without awaiting any of it. */
void dns_send(struct dns_request *request);

/* Sends what was asked and waits until the answer or the deadline is there.
 * Never NULL; NULL in gives a DNS_SILENT answer out.  Good as long as the
 * request. */
const struct dns_answer *dns_await(struct dns_question *question);

/* Likewise, but NULL when it is not there by `until` (clock_now_ms()) and the
 * request's deadline is later: it may still come. */
const struct dns_answer *dns_await_until(struct dns_question *question,
					 int64_t until);

/* Whether the answer is there already, without waiting. */
bool dns_is_answered(struct dns_question *question);

/* How many different questions were asked so far. */
size_t dns_request_count(const struct dns_request *request);

/* One TXT record's strings joined, in the request's memory; data NULL:
 * malformed rdata. */
struct bytes dns_txt(struct dns_request *request, struct bytes rdata);

/* A name inside rdata (MX, PTR, SRV, CNAME) at `offset`, as text without the
 * dot at the end; NULL: malformed. "" is the root. */
const char *dns_rdata_name(struct dns_request *request, struct bytes rdata,
			   size_t offset);

/* "secure", "insecure", "bogus"; NULL for DNS_SECURITY_UNKNOWN. */
const char *dns_security_word(enum dns_security security);

/* The weaker of two: bogus < unknown < insecure < secure. */
enum dns_security dns_security_least(enum dns_security a, enum dns_security b);

#endif
