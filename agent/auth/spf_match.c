/* spf_match.c - the mechanisms, RFC 7208 section 5, all but include */
#include <string.h>
#include <strings.h>

#include "agent/auth/spf_check.h"
#include "agent/mail/domain.h"

static bool address_matches(const struct spf_check *check,
			    const struct dns_answer *answer, unsigned bits4,
			    unsigned bits6)
{
	size_t len = check->macros.ip.v6 ? 16 : 4, i;
	struct spf_ip ip;

	memset(&ip, 0, sizeof(ip));
	ip.v6 = check->macros.ip.v6;
	for (i = 0; i < answer->record_count; i++) {
		if (answer->records[i].len != len)
			continue;
		memcpy(ip.octets, answer->records[i].data, len);
		if (spf_ip_within(&check->macros.ip, &ip,
				  ip.v6 ? bits6 : bits4))
			return true;
	}
	return false;
}

/* Names of MX (offset 2) or PTR (0) records; their addresses are asked. */
static size_t hosts_ask(struct spf_check *check,
			const struct dns_answer *answer, size_t offset,
			const char *hosts[SPF_NAMES_MAX])
{
	size_t used = 0, i;

	for (i = 0; i < answer->record_count && i < SPF_NAMES_MAX; i++) {
		hosts[used] = dns_rdata_name(check->request,
					     answer->records[i], offset);
		if (hosts[used] == NULL || !spf_is_name(hosts[used]))
			continue;	/* "." is no host (RFC 7505) */
		(void)dns_ask(check->request, hosts[used],
			      spf_address_type(check));
		used++;
	}
	return used;
}

const char *spf_validated_name(struct spf_check *check, const char *within,
			       enum spf_near near)
{
	const char *reverse = spf_reverse_name(check);
	const char *hosts[SPF_NAMES_MAX], *below = NULL, *other = NULL;
	const struct dns_answer *answer;
	size_t count, i;

	if (reverse == NULL)
		return NULL;
	count = hosts_ask(check, spf_await(check, reverse, DNS_PTR), 0, hosts);
	for (i = 0; i < count; i++) {
		answer = spf_await(check, hosts[i], spf_address_type(check));
		if (!address_matches(check, answer, 32, 128))
			continue;
		if (strcasecmp(hosts[i], within) == 0)
			return hosts[i];
		if (below == NULL && domain_is_within(hosts[i], within))
			below = hosts[i];
		if (other == NULL)
			other = hosts[i];
	}
	return below != NULL || near == SPF_WITHIN ? below : other;
}

const char *spf_target(struct spf_check *check, struct bytes spec,
		       const char *domain)
{
	if (spec.len == 0)
		return domain;
	check->macros.domain = domain;
	check->macros.validated = NULL;
	if (spf_spec_wants_p(spec))
		check->macros.validated = spf_validated_name(check, domain,
							     SPF_ANYWHERE);
	return spf_expand_domain(check->arena, spec, &check->macros);
}

static enum result match_addresses(struct spf_check *check,
				   const struct spf_term *term,
				   const char *host, enum spf_void voids)
{
	const struct dns_answer *answer;
	enum result result;

	answer = spf_look_up(check, host, spf_address_type(check), voids,
			     &result);
	if (answer == NULL)
		return result;
	return address_matches(check, answer, term->bits4, term->bits6) ?
	       RESULT_PASS : RESULT_NONE;
}

/* Voids are counted by terms (section 4.6.4): servers without an address of
 * the client's family are no fault of the record. */
static enum result match_mx(struct spf_check *check,
			    const struct spf_term *term, const char *target)
{
	const char *hosts[SPF_NAMES_MAX];
	const struct dns_answer *answer;
	enum result result = RESULT_NONE;
	size_t count, i;

	answer = spf_look_up(check, target, DNS_MX, SPF_VOID_COUNTS, &result);
	if (answer == NULL)
		return result;
	if (answer->record_count > SPF_NAMES_MAX)
		return spf_give_up(check, RESULT_PERMERROR,
			"too-many-lookups", "The SPF record asks for a domain "
			"with more than 10 mail servers.");
	count = hosts_ask(check, answer, 2, hosts);
	for (i = 0; i < count && result == RESULT_NONE; i++)
		result = match_addresses(check, term, hosts[i],
					 SPF_VOID_IS_FREE);
	return result;
}

/* Always A, whatever the client's family (section 5.7). */
static enum result match_exists(struct spf_check *check, const char *target)
{
	const struct dns_answer *answer;
	enum result result;

	answer = spf_look_up(check, target, DNS_A, SPF_VOID_COUNTS, &result);
	if (answer == NULL)
		return result;
	return answer->record_count > 0 ? RESULT_PASS : RESULT_NONE;
}

enum result spf_match(struct spf_check *check, const struct spf_term *term,
		      const char *target)
{
	bool matches = false;

	switch (term->mechanism) {
	case SPF_ALL:
		return RESULT_PASS;
	case SPF_IP4:
	case SPF_IP6:
		matches = spf_ip_within(&check->macros.ip, &term->ip,
					term->ip.v6 ? term->bits6 :
						      term->bits4);
		break;
	case SPF_PTR:
		matches = spf_is_name(target) &&
			  spf_validated_name(check, target,
					     SPF_WITHIN) != NULL;
		break;
	case SPF_A:
		if (spf_is_name(target))
			return match_addresses(check, term, target,
					       SPF_VOID_COUNTS);
		break;
	case SPF_MX:
		if (spf_is_name(target))
			return match_mx(check, term, target);
		break;
	case SPF_EXISTS:
		if (spf_is_name(target))
			return match_exists(check, target);
		break;
	case SPF_INCLUDE:
	default:
		break;
	}
	return matches ? RESULT_PASS : RESULT_NONE;
}
