/* server_mx.c - who takes mail for a domain, and whether DANE protects it */
#include <stdlib.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/server_part.h"
#include "agent/flow/server_report.h"

#define RELAY_PORT	25

struct exchanger {
	uint16_t preference;
	const char *host;		/* "": none (RFC 7505) */
};

static int by_preference(const void *a, const void *b)
{
	const struct exchanger *one = a, *two = b;

	return (int)one->preference - (int)two->preference;
}

static size_t exchangers_read(struct dns_request *request, const char *domain,
			      const struct dns_answer *answer,
			      struct exchanger list[SERVER_HOSTS_MAX])
{
	struct bytes head;
	size_t i, count = 0;

	for (i = 0; i < answer->record_count && count < SERVER_HOSTS_MAX;
	     i++) {
		head = answer->records[i];
		list[count].host = dns_rdata_name(request,
						  answer->records[i], 2);
		if (list[count].host != NULL &&
		    take_u16(&head, &list[count].preference))
			count++;
	}
	qsort(list, count, sizeof(list[0]), by_preference);
	if (count > 0)
		return count;
	list[0].preference = 0;		/* RFC 5321 section 5.1 */
	list[0].host = domain;
	return 1;
}

/* What protects mail on its way to a domain. */
struct protection {
	size_t hosts, protected, unknown;
	const char *none;	/* an exchanger that is not protected */
	const char *lost;	/* one that cannot be told of */
};

static int exchanger_look(struct arena *arena, struct dns_request *request,
			  const struct exchanger *exchanger, bool secure,
			  struct value *hosts, struct value *steps,
			  struct protection *sum)
{
	struct value *dict = value_put_dict(arena, hosts, NULL);
	struct dane_question question;
	struct dane_report *report;

	memset(&question, 0, sizeof(question));
	question.host = exchanger->host;
	question.port = RELAY_PORT;
	question.start = DANE_STARTTLS_SMTP;
	report = dane_server_look(arena, request, &question);
	if (report == NULL)
		return ERR_MEMORY;
	value_put_number(arena, dict, "preference", exchanger->preference);
	server_report_brief(arena, dict, report);
	server_report_steps(arena, steps, report->steps);
	sum->hosts++;
	if (report->verdict == DANE_UNKNOWN) {
		sum->unknown++;
		sum->lost = exchanger->host;
	} else if (report->verdict == DANE_VERIFIED && secure) {
		sum->protected++;
	} else {
		sum->none = exchanger->host;
	}
	return 0;
}

static void protection_put(struct arena *arena, const char *domain,
			   bool secure, const struct protection *sum,
			   struct value *into)
{
	const char *result = "unprotected", *text;

	if (sum->unknown > 0) {
		result = "unknown";
		text = arena_print(arena, "Whether mail to %s is protected by "
				   "DANE cannot be told now: DNS fails for "
				   "%s. Try again, or another network.",
				   domain, sum->lost);
	} else if (!secure) {
		text = arena_print(arena, "Mail to %s is not protected by "
				   "DANE: which servers take it is not signed "
				   "with DNSSEC.", domain);
	} else if (sum->protected == sum->hosts) {
		result = "dane";
		text = arena_print(arena, "Mail to %s is protected by DANE: "
				   "every server that takes it publishes the "
				   "key it will show.", domain);
	} else {
		text = arena_print(arena, "Mail to %s is not protected by "
				   "DANE on every way: %s publishes no usable "
				   "TLSA record.", domain, sum->none);
	}
	value_put_text(arena, into, "result", result);
	value_put_text(arena, into, "text", text);
}

static void no_mail_put(struct arena *arena, const char *domain,
			const struct dns_answer *answer, struct value *into)
{
	bool bogus = answer->state == DNS_BOGUS;

	if (bogus || answer->state == DNS_SILENT) {
		value_put_text(arena, into, "result", "unknown");
		value_put_text(arena, into, "text", arena_print(arena,
			"Which servers take mail for %s cannot be told now: "
			"%s (%s). Try again, or another network.", domain,
			bogus ? "DNSSEC validation fails" :
			"DNS does not answer", answer->why));
		return;
	}
	value_put_text(arena, into, "result", "refused");
	value_put_text(arena, into, "text", arena_print(arena, "%s %s.",
		       domain, answer->state == DNS_HAVE ?
		       "takes no mail (RFC 7505)" : "is not there"));
}

int server_check_mx(struct arena *arena, const struct server_options *options,
		    struct dns_request *request, struct value *into)
{
	const char *domain = server_host_normal(arena, options->host);
	struct exchanger list[SERVER_HOSTS_MAX];
	struct dane_step step = { NULL, domain, DNS_MX, NULL, false };
	struct protection sum = { 0, 0, 0, NULL, NULL };
	struct value *hosts, *steps;
	size_t i, count;
	bool secure;
	int r = 0;

	if (domain == NULL)
		return ERR_MEMORY;
	step.answer = dns_await(dns_ask(request, domain, DNS_MX));
	secure = step.answer->security == DNS_SECURE;
	value_put_text(arena, into, "what", "mx");
	value_put_text(arena, into, "domain", domain);
	value_put_text(arena, into, "dnssec",
		       dns_security_word(step.answer->security));
	hosts = value_put_list(arena, into, "hosts");
	steps = value_put_list(arena, into, "dns");
	server_report_steps(arena, steps, &step);
	count = exchangers_read(request, domain, step.answer, list);
	if ((step.answer->state != DNS_HAVE &&
	     step.answer->state != DNS_NOTHING) || list[0].host[0] == 0) {
		no_mail_put(arena, domain, step.answer, into);
		return 0;
	}
	for (i = 0; i < count && r == 0; i++)
		r = exchanger_look(arena, request, &list[i], secure, hosts,
				   steps, &sum);
	if (r == 0)
		protection_put(arena, domain, secure, &sum, into);
	return r;
}
