/* server_srv.c - the targets of SRV, one after the other, as a client goes */
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/dane/discover.h"
#include "agent/dane/link.h"
#include "agent/flow/server_part.h"
#include "agent/flow/server_report.h"

/* What a client that goes from target to target would end with. */
struct tally {
	const struct dane_report *chosen;	/* the first that will do */
	const struct dane_report *last;
	bool unknown;
};

static void tally_count(struct tally *tally, const struct dane_report *report)
{
	tally->last = report;
	if (tally->chosen == NULL && (report->verdict == DANE_VERIFIED ||
				      report->verdict == DANE_PKIX_ONLY))
		tally->chosen = report;
	if (report->verdict == DANE_UNKNOWN)
		tally->unknown = true;
}

static void tally_put(struct arena *arena, const struct tally *tally,
		      struct value *into)
{
	const struct dane_report *said = tally->chosen != NULL ?
					 tally->chosen : tally->last;
	enum dane_verdict verdict = said->verdict;

	if (tally->chosen == NULL && tally->unknown)
		verdict = DANE_UNKNOWN;
	value_put_text(arena, into, "result", dane_verdict_word(verdict));
	value_put_text(arena, into, "reason",
		       dane_reason_word(said->reason));
	value_put_text(arena, into, "text", said->sentence);
}

static int target_check(struct arena *arena, const char *domain,
			const struct server_options *options,
			const struct server_world *world,
			struct dns_request *request,
			const struct dane_found *found, size_t nth,
			struct value *lists[2], struct tally *tally)
{
	const struct dane_target *target = &found->targets[nth];
	struct value *dict = value_put_dict(arena, lists[0], NULL);
	struct dane_question question;
	struct dane_report *report;
	struct dane_link *link = NULL;

	server_question(&question, options, world);
	question.host = target->host;
	question.port = target->port;
	question.start = target->start;
	question.domain = domain;
	question.domain_security = found->security;
	report = dane_server_open(arena, request, world->trust, &question,
				  &link);
	dane_link_free(link);
	if (report == NULL)
		return ERR_MEMORY;
	value_put_text(arena, dict, "starttls",
		       server_start_word(target->start));
	value_put_number(arena, dict, "priority", target->priority);
	value_put_number(arena, dict, "weight", target->weight);
	server_report_brief(arena, dict, report);
	server_report_steps(arena, lists[1], report->steps);
	tally_count(tally, report);
	return 0;
}

int server_check_srv(struct arena *arena,
		     const struct server_options *options,
		     const struct server_world *world,
		     struct dns_request *request, struct value *into)
{
	const char *domain = server_host_normal(arena, options->host);
	struct tally tally = { NULL, NULL, false };
	enum dane_verdict verdict = DANE_UNKNOWN;
	struct value *lists[2];
	struct dane_found found;
	size_t i;
	int r;

	r = domain == NULL ? ERR_MEMORY :
	    dane_discover(arena, request, domain, world->random, &found);
	if (r < 0)
		return r;
	value_put_text(arena, into, "what", "srv");
	value_put_text(arena, into, "domain", domain);
	value_put_text(arena, into, "dnssec",
		       dns_security_word(found.security));
	lists[0] = value_put_list(arena, into, "hosts");
	lists[1] = value_put_list(arena, into, "dns");
	server_report_steps(arena, lists[1], found.steps);
	for (i = 0; i < found.count && i < SERVER_HOSTS_MAX && r == 0; i++)
		r = target_check(arena, domain, options, world, request,
				 &found, i, lists, &tally);
	if (r < 0 || tally.last != NULL) {
		if (r == 0)
			tally_put(arena, &tally, into);
		return r;
	}
	if (found.reason == DANE_NOT_OFFERED || found.reason == DANE_NO_HOST)
		verdict = DANE_REFUSED;
	value_put_text(arena, into, "result", dane_verdict_word(verdict));
	value_put_text(arena, into, "reason", dane_reason_word(found.reason));
	value_put_text(arena, into, "text", found.why);
	return 0;
}
