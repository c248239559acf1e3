/* dmarc_zone.h - inside DMARC's tests: a script, a request, an arena */
#ifndef MAILSEAL_TESTS_AUTH_DMARC_ZONE_H
#define MAILSEAL_TESTS_AUTH_DMARC_ZONE_H

#include "agent/auth/dmarc.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "tests/lab/script_resolver.h"

#define ZONE_ARENA	(1024 * 1024)
#define ZONE_DEADLINE	60000		/* ms */

struct zone {
	struct script_resolver *script;
	struct dns_request *request;
	struct arena *arena;
	struct dkim_findings dkim;
	struct spf_finding spf;
	struct dmarc_finding out;
};

static inline void zone_open(struct zone *zone)
{
	memset(zone, 0, sizeof(*zone));
	zone->script = script_resolver_new();
	zone->request = dns_request_new(script_resolver_door(zone->script),
					clock_now_ms() + ZONE_DEADLINE);
	zone->arena = arena_new(ZONE_ARENA);
}

static inline void zone_close(struct zone *zone)
{
	dns_request_free(zone->request);
	script_resolver_free(zone->script);
	arena_free(zone->arena);
}

static inline void zone_dkim(struct zone *zone, const char *domain,
			     enum result result)
{
	struct dkim_finding *one = &zone->dkim.list[zone->dkim.count++];

	one->domain = domain;
	one->result = result;
	one->dnssec = DNS_SECURE;
}

static inline void zone_spf(struct zone *zone, const char *domain,
			    enum result result)
{
	zone->spf.domain = domain;
	zone->spf.result = result;
	zone->spf.dnssec = DNS_SECURE;
}

/* Asks all that a check would ask, then decides. */
static inline enum result zone_run(struct zone *zone, const char *domain)
{
	struct dmarc_check *check = dmarc_start(zone->arena, zone->request,
						domain);
	size_t i;

	for (i = 0; i < zone->dkim.count; i++)
		dmarc_expect(check, zone->dkim.list[i].domain);
	dmarc_expect(check, zone->spf.domain);
	dmarc_finish(check, &zone->dkim, &zone->spf, DMARC_SET_ALIGNED,
		     &zone->out);
	return zone->out.result;
}

#endif
