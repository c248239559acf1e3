/* locate.h - inside dane: where a server is, and what DNS vouches for
 *
 * RFC 7671 section 7, 7672 section 2.2: addresses first; TLSA is asked only
 * where the way to them was secure, at the end of the CNAMEs and then at the
 * name the user gave, never in between.
 * Does not do: connect, decide. */
#ifndef MAILSEAL_DANE_LOCATE_H
#define MAILSEAL_DANE_LOCATE_H

#include <netinet/in.h>

#include "agent/dane/decide.h"

#define LOCATE_ADDRESSES_MAX 16	/* that are tried */

struct arena;

struct dane_address {
	int family;			/* AF_INET, AF_INET6 */
	unsigned char raw[16];		/* network order */
	char text[INET6_ADDRSTRLEN];
};

struct dane_place {
	enum decide_dns dns;
	const char *base;		/* TLSA base domain; NULL */
	const char *why;		/* of BOGUS and SILENT; else "" */
	const char *failed;		/* the name it happened at; NULL */
	/* The two families take turns, IPv6 first. */
	struct dane_address addresses[LOCATE_ADDRESSES_MAX];
	size_t address_count;
	struct dane_record *records;
	size_t record_count;
	uint32_t ttl;			/* of the TLSA answer */
	uint32_t signed_from, signed_until;	/* of all answers used */
	struct dane_step *steps, **steps_end;
};

enum locate_fresh { LOCATE_CACHED, LOCATE_FRESH };

/* 0 or ERR_MEMORY. */
int dane_locate(struct arena *arena, struct dns_request *request,
		const char *host, uint16_t port, enum locate_fresh fresh,
		struct dane_place *out);

/* Whether two places would verify the same certificates. */
bool dane_place_same(const struct dane_place *one,
		     const struct dane_place *other);

/* Adds a step to a list and answers its answer; the answer of a failed
 * allocation is silent. */
const struct dns_answer *dane_step_await(struct arena *arena,
					 struct dane_step ***end,
					 const char *name, enum dns_type type,
					 enum locate_fresh fresh,
					 struct dns_question *question);

#endif
