/* spf.c - check_host(), RFC 7208 section 4
 *
 * spf_record.c reads the terms, spf_macro.c expands them, this file walks
 * them.  include is the one thing that nests, and it is counted. */
#include "agent/auth/spf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/auth/spf_ip.h"
#include "agent/auth/spf_macro.h"
#include "agent/auth/spf_record.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"

#define DEPTH_MAX (SPF_LOOKUPS_MAX + 1)	/* each include is a look-up */

struct spf_check {
	struct arena *arena;
	struct dns_request *request;
	struct spf_finding finding;
	struct spf_macros macros;
	const char *domain;		/* of the identity; NULL: none */
	unsigned lookups, voids;
	enum dns_security least;
	bool asked;			/* a record was used */
	const char *explain_in;		/* the domain whose exp= counts */
	struct bytes explanation;
};

static enum result fail_with(struct spf_check *check, enum result result,
			     const char *code, const char *text)
{
	check->finding.code = code;
	check->finding.text = text;
	return result;
}

static enum result permerror(struct spf_check *check, const char *code,
			     const char *text)
{
	return fail_with(check, RESULT_PERMERROR, code, text);
}

/* MAIL FROM, or postmaster@HELO for a bounce (section 2.4). */
static bool identity(struct spf_check *check, const struct spf_input *input)
{
	const char *at = input->mail_from == NULL ? NULL :
			 strrchr(input->mail_from, '@');
	const char *domain = NULL;

	check->macros.local = "postmaster";
	check->finding.scope = SPF_HELO;
	if (input->mail_from != NULL && input->mail_from[0] != 0) {
		check->finding.scope = SPF_MFROM;
		domain = at == NULL ? input->mail_from : at + 1;
		if (at != NULL && at != input->mail_from)
			check->macros.local = arena_print(check->arena, "%.*s",
				(int)(at - input->mail_from),
				input->mail_from);
	} else if (input->mail_from != NULL || input->helo != NULL) {
		domain = input->helo;
	}
	if (domain == NULL || check->macros.local == NULL)
		return false;
	check->domain = domain_is_valid(bytes_of(domain),
					DOMAIN_LDH_OR_UNDERSCORE) ?
			arena_text(check->arena, bytes_of(domain)) :
			domain_normal(check->arena, bytes_of(domain));
	return check->domain != NULL && domain_labels(check->domain) > 1;
}

struct spf_check *spf_start(struct arena *arena, struct dns_request *request,
			    const struct spf_input *input)
{
	struct spf_check *check = arena_alloc(arena, sizeof(*check));

	if (check == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->least = DNS_SECURE;
	check->finding.dnssec = DNS_SECURITY_UNKNOWN;
	check->finding.client_ip = input->client_ip;
	check->macros.helo = input->helo;
	check->macros.receiver = input->receiver;
	check->macros.now = input->now;
	if (input->client_ip == NULL ||
	    !spf_ip_parse(bytes_of(input->client_ip), &check->macros.ip)) {
		check->finding.client_ip = NULL;
		check->finding.code = "no-client-address";
		check->finding.text = "The sending server's address is not "
				      "known, so SPF could not be checked.";
		return check;
	}
	if (!identity(check, input)) {
		check->domain = NULL;
		check->finding.code = "no-identity";
		check->finding.text = "The envelope names no domain that SPF "
				      "could be checked for.";
		return check;
	}
	check->finding.domain = check->domain;
	check->macros.sender_domain = check->macros.domain = check->domain;
	(void)dns_ask(request, check->domain, DNS_TXT);
	return check;
}

const char *spf_domain(const struct spf_check *check)
{
	return check->domain;
}

/* Records, or NULL with the result to give up with.  Counts void look-ups
 * (section 4.6.4). */
static const struct dns_answer *look_up(struct spf_check *check,
					const char *name, enum dns_type type,
					enum result *result)
{
	const struct dns_answer *answer = dns_await(dns_ask(check->request,
							    name, type));

	check->asked = true;
	check->least = dns_security_least(check->least, answer->security);
	*result = RESULT_NONE;
	if (answer->state == DNS_BOGUS)
		*result = fail_with(check, RESULT_TEMPERROR, "dns-bogus",
				    "DNSSEC validation failed for a record of "
				    "SPF (bogus).");
	else if (answer->state == DNS_SILENT)
		*result = fail_with(check, RESULT_TEMPERROR, "dns-silent",
				    "DNS did not answer for a record of SPF.");
	else if (answer->state != DNS_HAVE &&
		 ++check->voids > SPF_VOIDS_MAX)
		*result = permerror(check, "too-many-voids", "The SPF record "
				    "asks for too many names that are not "
				    "there.");
	return *result == RESULT_NONE ? answer : NULL;
}

static bool address_matches(const struct spf_check *check,
			    const struct dns_answer *answer,
			    const struct spf_term *term)
{
	struct spf_ip ip;
	size_t i;

	memset(&ip, 0, sizeof(ip));
	ip.v6 = check->macros.ip.v6;
	for (i = 0; i < answer->record_count; i++) {
		if (answer->records[i].len != (ip.v6 ? 16U : 4U))
			continue;
		memcpy(ip.octets, answer->records[i].data,
		       answer->records[i].len);
		if (spf_ip_within(&check->macros.ip, &ip,
				  ip.v6 ? term->bits6 : term->bits4))
			return true;
	}
	return false;
}

static enum dns_type address_type(const struct spf_check *check)
{
	return check->macros.ip.v6 ? DNS_AAAA : DNS_A;
}

/* RESULT_PASS: the mechanism matches; RESULT_NONE: not; else give up. */
static enum result match_a(struct spf_check *check, const char *domain,
			   const struct spf_term *term)
{
	enum result result;
	const struct dns_answer *answer = look_up(check, domain,
						  address_type(check),
						  &result);

	if (answer == NULL)
		return result;
	return address_matches(check, answer, term) ? RESULT_PASS :
						      RESULT_NONE;
}

static enum result match_mx(struct spf_check *check, const char *domain,
			    const struct spf_term *term)
{
	const char *hosts[SPF_NAMES_MAX];
	const struct dns_answer *answer;
	enum result result;
	size_t i, count;

	answer = look_up(check, domain, DNS_MX, &result);
	if (answer == NULL)
		return result;
	count = answer->record_count;
	if (count > SPF_NAMES_MAX)
		return permerror(check, "too-many-lookups", "The SPF record "
				 "asks for a domain with more than 10 mail "
				 "servers.");
	for (i = 0; i < count; i++) {
		hosts[i] = dns_rdata_name(check->request, answer->records[i],
					  2);
		if (hosts[i] != NULL && hosts[i][0] != 0)
			(void)dns_ask(check->request, hosts[i],
				      address_type(check));
	}
	for (i = 0; i < count; i++) {
		if (hosts[i] == NULL || hosts[i][0] == 0)
			continue;
		answer = look_up(check, hosts[i], address_type(check),
				 &result);
		if (answer == NULL)
			return result;
		if (address_matches(check, answer, term))
			return RESULT_PASS;
	}
	return RESULT_NONE;
}

static const char *reverse_name(struct spf_check *check)
{
	static const char hex[] = "0123456789abcdef";
	const struct spf_ip *ip = &check->macros.ip;
	char name[80];
	size_t used = 0, i;

	if (!ip->v6)
		return arena_print(check->arena, "%u.%u.%u.%u.in-addr.arpa",
				   ip->octets[3], ip->octets[2],
				   ip->octets[1], ip->octets[0]);
	for (i = 16; i > 0; i--) {
		name[used++] = hex[ip->octets[i - 1] & 15];
		name[used++] = '.';
		name[used++] = hex[ip->octets[i - 1] >> 4];
		name[used++] = '.';
	}
	name[used] = 0;
	return arena_print(check->arena, "%sip6.arpa", name);
}

/* A validated name of the client: `within` itself, one below it, or any
 * (section 5.5, 7.3).  NULL: none; its errors never stop the check. */
static const char *validated_name(struct spf_check *check, const char *within,
				  bool any)
{
	const char *reverse = reverse_name(check), *hosts[SPF_NAMES_MAX];
	const struct dns_answer *answer;
	const char *below = NULL, *other = NULL;
	struct spf_term exact;
	size_t i, count;

	memset(&exact, 0, sizeof(exact));
	exact.bits4 = 32;
	exact.bits6 = 128;
	if (reverse == NULL)
		return NULL;
	answer = dns_await(dns_ask(check->request, reverse, DNS_PTR));
	count = answer->record_count > SPF_NAMES_MAX ? SPF_NAMES_MAX :
						       answer->record_count;
	for (i = 0; i < count; i++) {
		hosts[i] = dns_rdata_name(check->request, answer->records[i],
					  0);
		if (hosts[i] != NULL)
			(void)dns_ask(check->request, hosts[i],
				      address_type(check));
	}
	for (i = 0; i < count; i++) {
		if (hosts[i] == NULL)
			continue;
		answer = dns_await(dns_ask(check->request, hosts[i],
					   address_type(check)));
		if (!address_matches(check, answer, &exact))
			continue;
		if (strcasecmp(hosts[i], within) == 0)
			return hosts[i];
		if (below == NULL && domain_is_within(hosts[i], within))
			below = hosts[i];
		if (other == NULL)
			other = hosts[i];
	}
	return below != NULL || !any ? below : other;
}

static enum result check_host(struct spf_check *check, const char *domain,
			      unsigned depth);

static enum result match_include(struct spf_check *check, const char *domain,
				 unsigned depth)
{
	const char *explain_in = check->explain_in;
	struct bytes explanation = check->explanation;
	enum result result = check_host(check, domain, depth + 1);

	check->explain_in = explain_in;	/* an include's exp= does not count */
	check->explanation = explanation;
	switch (result) {
	case RESULT_PASS:
		return RESULT_PASS;
	case RESULT_TEMPERROR:
	case RESULT_PERMERROR:
		return result;
	case RESULT_NONE:
		return permerror(check, "include-without-record", "The SPF "
				 "record includes a domain that has none.");
	default:
		return RESULT_NONE;
	}
}

static bool count_lookup(struct spf_check *check, enum spf_mechanism which)
{
	if (which == SPF_ALL || which == SPF_IP4 || which == SPF_IP6)
		return true;
	return ++check->lookups <= SPF_LOOKUPS_MAX;
}

static const char *target_of(struct spf_check *check, struct bytes spec,
			     const char *domain)
{
	if (spec.len == 0)
		return domain;
	check->macros.domain = domain;
	check->macros.validated = spf_spec_wants_p(spec) ?
				  validated_name(check, domain, true) : NULL;
	return spf_expand_domain(check->arena, spec, &check->macros);
}

static enum result match(struct spf_check *check, const struct spf_term *term,
			 const char *domain, unsigned depth)
{
	const struct dns_answer *answer;
	const char *target;
	enum result result;

	if (term->mechanism == SPF_ALL)
		return RESULT_PASS;
	if (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6)
		return spf_ip_within(&check->macros.ip, &term->ip,
				     term->ip.v6 ? term->bits6 : term->bits4) ?
		       RESULT_PASS : RESULT_NONE;
	target = target_of(check, term->domain, domain);
	if (target == NULL)
		return permerror(check, "too-large", "out of memory.");
	switch (term->mechanism) {
	case SPF_INCLUDE:
		return match_include(check, target, depth);
	case SPF_A:
		return match_a(check, target, term);
	case SPF_MX:
		return match_mx(check, target, term);
	case SPF_PTR:
		return validated_name(check, target, false) != NULL ?
		       RESULT_PASS : RESULT_NONE;
	default:			/* exists: always A (section 5.7) */
		answer = look_up(check, target, DNS_A, &result);
		if (answer == NULL)
			return result;
		return answer->record_count > 0 ? RESULT_PASS : RESULT_NONE;
	}
}

/* Asks everything the terms may need, before the first is awaited. */
static void ask_ahead(struct spf_check *check, const struct spf_record *record,
		      const char *domain)
{
	const struct spf_term *term;
	const char *target;
	unsigned asked = 0;
	size_t i;

	check->macros.domain = domain;
	check->macros.validated = NULL;
	for (i = 0; i < record->count && asked < SPF_LOOKUPS_MAX; i++) {
		term = &record->terms[i];
		if (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6 ||
		    term->mechanism == SPF_ALL || term->mechanism == SPF_PTR ||
		    spf_spec_wants_p(term->domain))
			continue;
		target = term->domain.len == 0 ? domain :
			 spf_expand_domain(check->arena, term->domain,
					   &check->macros);
		if (target == NULL)
			return;
		asked++;
		if (term->mechanism == SPF_INCLUDE)
			(void)dns_ask(check->request, target, DNS_TXT);
		else if (term->mechanism == SPF_MX)
			(void)dns_ask(check->request, target, DNS_MX);
		else
			(void)dns_ask(check->request, target,
				      term->mechanism == SPF_EXISTS ? DNS_A :
				      address_type(check));
	}
}

/* The one SPF record of the domain: RESULT_PASS; else the result. */
static enum result record_of(struct spf_check *check, const char *domain,
			     struct bytes *record)
{
	const struct dns_answer *answer;
	struct bytes text;
	size_t i, found = 0;

	if (!domain_is_valid(bytes_of(domain), DOMAIN_LDH_OR_UNDERSCORE) ||
	    domain_labels(domain) < 2)
		return RESULT_NONE;
	answer = dns_await(dns_ask(check->request, domain, DNS_TXT));
	check->least = dns_security_least(check->least, answer->security);
	check->asked = true;
	if (answer->state == DNS_BOGUS)
		return fail_with(check, RESULT_TEMPERROR, "dns-bogus",
				 "DNSSEC validation of the SPF record failed "
				 "(bogus).");
	if (answer->state == DNS_SILENT)
		return fail_with(check, RESULT_TEMPERROR, "dns-silent",
				 "DNS did not answer for the SPF record.");
	for (i = 0; i < answer->record_count; i++) {
		text = dns_txt(check->request, answer->records[i]);
		if (text.data != NULL && spf_record_is_one(text)) {
			*record = text;
			found++;
		}
	}
	if (found > 1)
		return permerror(check, "several-records", "The domain "
				 "publishes several SPF records.");
	return found == 1 ? RESULT_PASS : RESULT_NONE;
}

static enum result redirected(struct spf_check *check, struct bytes spec,
			      const char *domain, unsigned depth)
{
	const char *target;
	enum result result;

	if (++check->lookups > SPF_LOOKUPS_MAX)
		return permerror(check, "too-many-lookups", "The SPF record "
				 "needs more than 10 look-ups.");
	target = target_of(check, spec, domain);
	if (target == NULL)
		return permerror(check, "too-large", "out of memory.");
	result = check_host(check, target, depth + 1);
	if (result == RESULT_NONE)
		return permerror(check, "redirect-without-record", "The SPF "
				 "record leads to a domain that has none.");
	return result;
}

static enum result walk(struct spf_check *check,
			const struct spf_record *record, const char *domain,
			unsigned depth)
{
	enum result result;
	size_t i;

	for (i = 0; i < record->count; i++) {
		if (!count_lookup(check, record->terms[i].mechanism))
			return permerror(check, "too-many-lookups", "The SPF "
					 "record needs more than 10 "
					 "look-ups.");
		result = match(check, &record->terms[i], domain, depth);
		if (result == RESULT_PASS) {
			check->explain_in = domain;
			check->explanation = record->explanation;
			return record->terms[i].result;
		}
		if (result != RESULT_NONE)
			return result;
	}
	if (record->redirect.len > 0)
		return redirected(check, record->redirect, domain, depth);
	return RESULT_NEUTRAL;
}

static enum result check_host(struct spf_check *check, const char *domain,
			      unsigned depth)
{
	struct spf_record *record;
	struct bytes text = { NULL, 0 };
	enum result result;

	if (depth > DEPTH_MAX)
		return permerror(check, "too-many-lookups", "The SPF record "
				 "nests too deep.");
	result = record_of(check, domain, &text);
	if (result != RESULT_PASS)
		return result;
	record = malloc(sizeof(*record));
	if (record == NULL)
		return fail_with(check, RESULT_TEMPERROR, "too-large",
				 "out of memory.");
	if (spf_record_parse(text, record) < 0) {
		result = permerror(check, "record-syntax", "The SPF record "
				   "breaks the grammar.");
	} else {
		ask_ahead(check, record, domain);
		result = walk(check, record, domain, depth);
	}
	free(record);
	return result;
}

/* exp= of the record that decided (section 6.2); its errors are silent. */
static const char *explain(struct spf_check *check)
{
	const struct dns_answer *answer;
	const char *target;
	struct bytes text;

	if (check->explanation.len == 0)
		return NULL;
	target = target_of(check, check->explanation, check->explain_in);
	if (target == NULL)
		return NULL;
	answer = dns_await(dns_ask(check->request, target, DNS_TXT));
	if (answer->record_count != 1)
		return NULL;
	text = dns_txt(check->request, answer->records[0]);
	if (text.data == NULL || !spf_text_is_valid(text))
		return NULL;
	check->macros.domain = check->explain_in;
	check->macros.validated = spf_spec_wants_p(text) ?
		validated_name(check, check->explain_in, true) : NULL;
	return spf_expand_text(check->arena, text, &check->macros);
}

void spf_finish(struct spf_check *check, struct spf_finding *out)
{
	struct spf_finding *finding = &check->finding;

	if (check->domain != NULL) {
		finding->result = check_host(check, check->domain, 0);
		if (check->asked)
			finding->dnssec = check->least;
		finding->lookups = check->lookups;
		if (finding->result == RESULT_FAIL)
			finding->explanation = explain(check);
		if (finding->result != RESULT_PERMERROR &&
		    finding->result != RESULT_TEMPERROR)
			finding->code = finding->text = NULL;
	}
	*out = *finding;
}
