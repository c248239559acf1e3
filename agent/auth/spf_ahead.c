/* spf_ahead.c - asking early what the evaluation may need later
 *
 * A valid policy has at most 10 terms that ask, so no more are asked early,
 * whatever was published.  Nothing is counted here: look-ups count when their
 * term is evaluated (RFC 7208 section 4.6.4).
 * Does not do: await. */
#include <stdlib.h>
#include <strings.h>

#include "agent/auth/spf_check.h"

static bool may_ask(struct spf_check *check)
{
	if (check->early >= SPF_LOOKUPS_MAX)
		return false;
	check->early++;
	return true;
}

/* NULL: it cannot be told yet, or is no name. */
static const char *target_early(struct spf_check *check, struct bytes spec,
				const char *domain)
{
	const char *target = domain;

	if (spf_spec_wants_p(spec))
		return NULL;
	if (spec.len > 0)
		target = spf_expand_domain(check->arena, spec, &check->macros);
	return target != NULL && spf_is_name(target) ? target : NULL;
}

static void ask_record(struct spf_check *check, const char *domain)
{
	struct dns_question *question;
	struct spf_scout *scout;
	size_t i;

	for (i = 0; i < check->scout_count; i++)
		if (strcasecmp(check->scouts[i].domain, domain) == 0)
			return;
	if (!may_ask(check))
		return;
	question = dns_ask(check->request, domain, DNS_TXT);
	if (question == NULL || check->scout_count == SPF_LOOKUPS_MAX)
		return;
	scout = &check->scouts[check->scout_count++];
	scout->question = question;
	scout->domain = domain;
	scout->read = false;
}

static void ask_term(struct spf_check *check, const struct spf_term *term,
		     const char *domain)
{
	enum dns_type type = spf_address_type(check);
	const char *target;

	switch (term->mechanism) {
	case SPF_PTR:
		target = spf_reverse_name(check);
		type = DNS_PTR;
		break;
	case SPF_EXISTS:
		/* One with macros may tell who got mail from whom; that is
		 * said no earlier than it has to be. */
		target = bytes_has(term->domain, '%') ? NULL :
			 target_early(check, term->domain, domain);
		type = DNS_A;
		break;
	case SPF_MX:
		target = target_early(check, term->domain, domain);
		type = DNS_MX;
		break;
	case SPF_INCLUDE:
	case SPF_A:
		target = target_early(check, term->domain, domain);
		break;
	case SPF_ALL:
	case SPF_IP4:
	case SPF_IP6:
	default:
		return;
	}
	if (target == NULL)
		return;
	if (term->mechanism == SPF_INCLUDE)
		ask_record(check, target);
	else if (may_ask(check))
		(void)dns_ask(check->request, target, type);
}

/* Whether the walk ends here for certain: nothing behind it is reached. */
static bool ends_walk(const struct spf_check *check,
		      const struct spf_term *term)
{
	switch (term->mechanism) {
	case SPF_ALL:
		return true;
	case SPF_IP4:
	case SPF_IP6:
		return spf_ip_within(&check->macros.ip, &term->ip,
				     term->ip.v6 ? term->bits6 : term->bits4);
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
	default:
		return false;
	}
}

/* Once for each record: it may be read early and evaluated later. */
static bool is_new(struct spf_check *check, const char *domain)
{
	size_t i;

	for (i = 0; i < check->scout_count; i++)
		if (strcasecmp(check->scouts[i].domain, domain) == 0) {
			if (check->scouts[i].read)
				return false;
			check->scouts[i].read = true;
		}
	return true;
}

void spf_ask_ahead(struct spf_check *check, const struct spf_record *record,
		   const char *domain)
{
	const struct spf_macros theirs = check->macros;
	const char *target = NULL;
	size_t i;

	if (!is_new(check, domain))
		return;
	check->macros.domain = domain;
	check->macros.validated = NULL;
	for (i = 0; i < record->count; i++) {
		if (ends_walk(check, &record->terms[i]))
			break;
		ask_term(check, &record->terms[i], domain);
	}
	if (i == record->count && record->redirect.len > 0)
		target = target_early(check, record->redirect, domain);
	if (target != NULL)
		ask_record(check, target);
	check->macros = theirs;		/* somebody may be expanding */
}

void spf_read_ahead(struct spf_check *check)
{
	struct spf_record *record = NULL;
	struct spf_scout *scout;
	struct bytes text;
	size_t i;

	for (i = 0; i < check->scout_count; i++) {
		scout = &check->scouts[i];
		if (scout->read || !dns_is_answered(scout->question))
			continue;
		if (record == NULL)
			record = malloc(sizeof(*record));
		if (record == NULL)
			return;
		if (spf_records_in(check, dns_await(scout->question),
				   &text) == 1 &&
		    spf_record_parse(text, record) == 0)
			spf_ask_ahead(check, record, scout->domain);
		scout->read = true;
	}
	free(record);
}
