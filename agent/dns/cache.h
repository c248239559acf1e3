/* cache.h - a small cache of TXT answers in the asking role
 *
 * At most the TTL, at most CLIENT_KEEP_MS, at most CACHE_MAX answers.  Only
 * whole answers (records, nothing, NXDOMAIN) are kept; never bogus or silent.
 * The caller locks. */
#ifndef MAILSEAL_DNS_CACHE_H
#define MAILSEAL_DNS_CACHE_H

#include "agent/dns/dns.h"

#define CACHE_MAX 2048		/* answers */

struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *cache);

/* True: delivered from the cache. */
bool cache_answer(struct cache *cache, struct dns_question *question);
void cache_keep(struct cache *cache, const struct dns_question *question,
		const struct dns_answer *answer);

#endif
