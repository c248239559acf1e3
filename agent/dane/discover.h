/* discover.h - the submission servers of a mail domain, by SRV
 *
 * RFC 6186 section 3, 8314 section 5.1: _submissions._tcp (implicit TLS)
 * before _submission._tcp (STARTTLS); RFC 2782 for order and the target ".";
 * RFC 7673 section 3.1 for what DNSSEC says.  An unsigned answer is good for
 * setting up an account once, with the user looking at the name, not for
 * every connection.
 * Does not do: connect. */
#ifndef MAILSEAL_DANE_DISCOVER_H
#define MAILSEAL_DANE_DISCOVER_H

#include "agent/dane/server.h"

#define DISCOVER_TARGETS_MAX 16

struct dane_target {
	const char *host;	/* A-labels */
	uint16_t port;
	enum dane_start start;
	uint16_t priority, weight;
};

struct dane_found {
	enum dns_security security;	/* the least of the answers used */
	struct dane_target targets[DISCOVER_TARGETS_MAX];
	size_t count;			/* in the order of trying */
	enum dane_reason reason;	/* with count 0: NOT_OFFERED, NO_HOST,
					 * BOGUS, DNS_SILENT; else MATCHED */
	const char *why;		/* then the sentence; else "" */
	struct dane_step *steps;
};

/* `random` decides among equal priorities by weight; handed in so that a test
 * knows it.  0, also when there is none; ERR_MEMORY. */
int dane_discover(struct arena *arena, struct dns_request *request,
		  const char *domain, uint32_t (*random)(void),
		  struct dane_found *out);

#endif
