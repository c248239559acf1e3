/* submit_reach.c - from an account to a verified wire */
#include "agent/flow/submit_reach.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/dane/discover.h"
#include "agent/dane/link.h"
#include "agent/dane/server.h"
#include "agent/flow/account.h"
#include "agent/flow/submit.h"

static long wire_read(void *ctx, unsigned char *to, size_t size,
		      int64_t deadline)
{
	return dane_link_read(ctx, to, size, deadline);
}

static int wire_write(void *ctx, struct bytes from, int64_t deadline)
{
	return dane_link_write(ctx, from, deadline);
}

static bool wire_binding(void *ctx, struct wire_binding *out)
{
	_Static_assert(WIRE_BINDING_MAX >= LINK_BINDING_MAX, "room");
	out->name = "tls-exporter";
	out->len = dane_link_binding(ctx, DANE_BINDING_EXPORTER, out->data);
	if (out->len == 0) {
		out->name = "tls-server-end-point";
		out->len = dane_link_binding(ctx, DANE_BINDING_END_POINT,
					     out->data);
	}
	return out->len > 0;
}

/* What keeps it from being trusted is held and told; what only keeps it from
 * being reached is tried again. */
static enum queue_cause cause_of(const struct dane_report *report)
{
	switch (report->reason) {
	case DANE_MISMATCH:
	case DANE_NOT_DANE:
	case DANE_BAD_CERTIFICATE:
	case DANE_NO_STARTTLS:
	case DANE_INJECTED:
	case DANE_OLD_TLS:
	case DANE_BOGUS:
	case DANE_NOT_OFFERED:
		return QUEUE_CAUSE_TRUST;
	default:
		return QUEUE_CAUSE_SERVER;
	}
}

/* One server; false as submit_reach(). */
static bool server_try(const struct submit_net *net, struct arena *arena,
		       const struct dane_question *question,
		       struct submit_link *out, struct smtp_outcome *failed,
		       enum queue_cause *cause)
{
	struct dane_link *link = NULL;
	struct dane_report *report;

	report = dane_server_open(arena, net->request, net->trust, question,
				  &link);
	if (report == NULL) {
		outcome_error(failed, SMTP_AT_GREETING, ERR_MEMORY);
		*cause = QUEUE_CAUSE_SERVER;
		return false;
	}
	if (link == NULL) {
		outcome_ours(failed, SMTP_LATER, SMTP_AT_GREETING, "%s",
			     report->sentence);
		*cause = cause_of(report);
		return false;
	}
	out->wire.read = wire_read;
	out->wire.write = wire_write;
	out->wire.binding = wire_binding;
	out->wire.ctx = out->ctx = link;
	out->start = question->start == DANE_TLS ? SMTP_GREETS : SMTP_GREETED;
	out->host = question->host;
	out->port = question->port;
	out->verified = dane_verdict_word(report->verdict);
	out->sentence = report->sentence;
	out->protocol = report->protocol;
	return true;
}

static void question_fill(const struct submit_net *net,
			  const struct account *account,
			  struct dane_question *question)
{
	memset(question, 0, sizeof(*question));
	question->need = account->dane_needed ? DANE_NEEDED :
						DANE_IF_PUBLISHED;
	question->ehlo = "[127.0.0.1]";
	question->deadline = net->deadline;
	question->cancel_fd = net->cancel_fd;
	question->identity = net->identity;
}

static bool found_none(const struct dane_found *found, const char *domain,
		       struct smtp_outcome *failed, enum queue_cause *cause)
{
	*cause = found->reason == DANE_BOGUS ||
		 found->reason == DANE_NOT_OFFERED ? QUEUE_CAUSE_TRUST :
						     QUEUE_CAUSE_SERVER;
	if (found->reason == DANE_NO_HOST) {
		*cause = QUEUE_CAUSE_TRUST;
		outcome_ours(failed, SMTP_LATER, SMTP_AT_GREETING, "%s "
			     "publishes no submission server; write \"server "
			     "= smtps://HOST\" into the account's section",
			     domain);
	} else {
		outcome_ours(failed, SMTP_LATER, SMTP_AT_GREETING, "%s",
			     found->why);
	}
	return false;
}

/* RFC 8314 section 5.1: what unsigned DNS says is no place to send a password
 * to, at every connection. */
static bool found_unsigned(const struct dane_found *found, const char *domain,
			   struct smtp_outcome *failed,
			   enum queue_cause *cause)
{
	const struct dane_target *best = &found->targets[0];

	*cause = QUEUE_CAUSE_TRUST;
	outcome_ours(failed, SMTP_LATER, SMTP_AT_GREETING, "DNS names %s as "
		     "the submission server of %s, but nothing proves it (the "
		     "zone is not signed); if it is right, write \"server = "
		     "%s://%s:%u\" into the account's section", best->host,
		     domain, best->start == DANE_TLS ? "smtps" : "smtp",
		     best->host, best->port);
	return false;
}

static bool reach_found(const struct submit_net *net, struct arena *arena,
			const struct account *account,
			struct submit_link *out, struct smtp_outcome *failed,
			enum queue_cause *cause)
{
	const char *at = strrchr(account->addresses[0], '@');
	const char *domain = at == NULL ? "" : at + 1;
	struct dane_question question;
	struct dane_found found;
	size_t i;

	if (dane_discover(arena, net->request, domain, net->random,
			  &found) < 0) {
		outcome_error(failed, SMTP_AT_GREETING, ERR_MEMORY);
		*cause = QUEUE_CAUSE_SERVER;
		return false;
	}
	if (found.count == 0)
		return found_none(&found, domain, failed, cause);
	if (found.security != DNS_SECURE)
		return found_unsigned(&found, domain, failed, cause);
	question_fill(net, account, &question);
	question.domain = domain;
	question.domain_security = found.security;
	for (i = 0; i < found.count; i++) {
		question.host = found.targets[i].host;
		question.port = found.targets[i].port;
		question.start = found.targets[i].start;
		if (server_try(net, arena, &question, out, failed, cause))
			return true;
	}
	return false;
}

bool submit_reach(const struct submit_net *net, struct arena *arena,
		  const struct account *account, struct submit_link *out,
		  struct smtp_outcome *failed, enum queue_cause *cause)
{
	struct dane_question question;

	memset(out, 0, sizeof(*out));
	if (account->host == NULL)
		return reach_found(net, arena, account, out, failed, cause);
	question_fill(net, account, &question);
	question.host = account->host;
	question.port = account->port;
	question.start = account->starttls ? DANE_STARTTLS_SMTP : DANE_TLS;
	return server_try(net, arena, &question, out, failed, cause);
}

void submit_reach_close(struct submit_link *link)
{
	dane_link_free(link->ctx);
	link->ctx = NULL;
}
