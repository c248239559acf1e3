/* discover.c - SRV records, put in order */
#include "agent/dane/discover.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/dane/locate.h"

static const struct service {
	const char *label;
	enum dane_start start;
} services[] = {			/* RFC 8314 section 5.1: 465 first */
	{ "_submissions._tcp", DANE_TLS },
	{ "_submission._tcp", DANE_STARTTLS_SMTP },
};
#define SERVICES (sizeof(services) / sizeof(services[0]))

/* One record; false: malformed. "" as the host is the target ".". */
static bool target_read(struct dns_request *request, struct bytes rdata,
			enum dane_start start, struct dane_target *out)
{
	struct bytes head = rdata;

	out->start = start;
	out->host = dns_rdata_name(request, rdata, 6);
	return take_u16(&head, &out->priority) &&
	       take_u16(&head, &out->weight) && take_u16(&head, &out->port) &&
	       out->host != NULL && (out->port != 0 || out->host[0] == 0);
}

/* RFC 2782: lowest priority first; among equals by chance, more often the
 * heavier.  Picks the next one of `rest`. */
static size_t target_pick(const struct dane_target *rest, size_t count,
			  uint32_t (*random)(void))
{
	uint32_t total = 0, sum = 0, mark;
	uint16_t lowest = rest[0].priority;
	size_t i, last = 0;

	for (i = 1; i < count; i++)
		if (rest[i].priority < lowest)
			lowest = rest[i].priority;
	for (i = 0; i < count; i++)
		if (rest[i].priority == lowest) {
			total += rest[i].weight;
			last = i;
		}
	mark = random() % (total + 1);
	/* Those without weight stand in front (RFC 2782). */
	for (i = 0; i < count && mark == 0; i++)
		if (rest[i].priority == lowest && rest[i].weight == 0)
			return i;
	for (i = 0; i < count; i++) {
		if (rest[i].priority != lowest)
			continue;
		sum += rest[i].weight;
		if (sum >= mark)
			return i;
	}
	return last;
}

static void targets_order(struct dane_target *targets, size_t count,
			  uint32_t (*random)(void))
{
	struct dane_target picked;
	size_t at, nth;

	for (at = 0; at + 1 < count; at++) {
		nth = at + target_pick(targets + at, count - at, random);
		picked = targets[nth];
		targets[nth] = targets[at];
		targets[at] = picked;
	}
}

/* The targets of one service behind those that are there; how many records
 * said "not offered". */
static size_t targets_add(struct dns_request *request,
			  const struct dns_answer *answer,
			  const struct service *service,
			  uint32_t (*random)(void), struct dane_found *out)
{
	struct dane_target target;
	size_t before = out->count, nowhere = 0, i;

	for (i = 0; i < answer->record_count; i++) {
		memset(&target, 0, sizeof(target));
		if (out->count == DISCOVER_TARGETS_MAX ||
		    !target_read(request, answer->records[i], service->start,
				 &target))
			continue;
		if (target.host[0] == 0)
			nowhere++;
		else
			out->targets[out->count++] = target;
	}
	targets_order(out->targets + before, out->count - before, random);
	return nowhere;
}

static void conclude(struct arena *arena, const char *domain, size_t nowhere,
		     struct dane_found *out)
{
	out->reason = DANE_MATCHED;
	if (out->count > 0)
		return;
	out->reason = nowhere > 0 ? DANE_NOT_OFFERED : DANE_NO_HOST;
	out->why = arena_print(arena, nowhere > 0 ? "%s says in DNS that it "
			       "offers no mail submission." : "%s publishes "
			       "no submission server in DNS (SRV); set the "
			       "server's name.", domain);
}

static void failed(struct arena *arena, const char *name,
		   const struct dns_answer *answer, struct dane_found *out)
{
	bool bogus = answer->state == DNS_BOGUS;

	out->count = 0;
	out->reason = bogus ? DANE_BOGUS : DANE_DNS_SILENT;
	out->why = arena_print(arena, "The submission server cannot be found "
			       "now: %s for %s (%s). Try another network, or "
			       "later.", bogus ? "DNSSEC validation fails" :
			       "DNS does not answer", name, answer->why);
}

int dane_discover(struct arena *arena, struct dns_request *request,
		  const char *domain, uint32_t (*random)(void),
		  struct dane_found *out)
{
	struct dane_step *steps = NULL, **end = &steps;
	struct dns_question *questions[SERVICES];
	const struct dns_answer *answers[SERVICES];
	const char *names[SERVICES];
	size_t i, nowhere = 0;

	memset(out, 0, sizeof(*out));
	out->why = "";
	out->security = DNS_SECURE;
	for (i = 0; i < SERVICES; i++) {
		names[i] = arena_print(arena, "%s.%s", services[i].label,
				       domain);
		if (names[i] == NULL)
			return ERR_MEMORY;
		questions[i] = dns_ask(request, names[i], DNS_SRV);
	}
	for (i = 0; i < SERVICES; i++)
		answers[i] = dane_step_await(arena, &end, names[i], DNS_SRV,
					     LOCATE_CACHED, questions[i]);
	out->steps = steps;
	for (i = 0; i < SERVICES; i++) {
		if (answers[i]->state == DNS_BOGUS ||
		    answers[i]->state == DNS_SILENT) {
			failed(arena, names[i], answers[i], out);
			return out->why == NULL ? ERR_MEMORY : 0;
		}
		out->security = dns_security_least(out->security,
						   answers[i]->security);
		nowhere += targets_add(request, answers[i], &services[i],
				       random, out);
	}
	conclude(arena, domain, nowhere, out);
	return out->why == NULL ? ERR_MEMORY : 0;
}
