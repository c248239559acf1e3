/* seal_plan_silent.c - encrypt if possible, where DNS does not say whether
 *
 * Who is in between can make DNS fail, and would read the mail that goes out
 * in the clear for it.  So it waits with its author, unless a key of DNS could
 * not count anyway: a domain without DNSSEC proves none.  Many of those do not
 * answer questions for keys at all. */
#include <string.h>

#include "agent/base/clock.h"
#include "agent/flow/seal_plan_inside.h"

#define DOMAIN_MS	4000	/* for the question whether it is signed */

/* That DNS could not be asked is a candidate without a key (find.h). */
static bool is_silence(const struct found_key *found)
{
	return (found->source == FIND_SMIMEA ||
		found->source == FIND_OPENPGPKEY) && !found->usable &&
	       (found->dnssec == DNS_SECURITY_BOGUS ||
		found->dnssec == DNS_SECURITY_UNKNOWN);
}

static bool is_unsigned(struct resolver *resolver, const char *domain)
{
	struct dns_request *request = dns_request_new(resolver,
					clock_now_ms() + DOMAIN_MS);
	struct dns_question *question;
	const struct dns_answer *answer;
	bool proven = false;

	if (request == NULL)
		return false;
	question = dns_ask(request, domain, DNS_MX);
	dns_send(request);
	if (question != NULL) {
		answer = dns_await(question);
		proven = answer->security == DNS_INSECURE &&
			 (answer->state == DNS_HAVE ||
			  answer->state == DNS_NOTHING ||
			  answer->state == DNS_NXDOMAIN);
	}
	dns_request_free(request);
	return proven;
}

bool plan_dns_hides(struct planning *planning, const char *address,
		    const struct found_key *found, size_t count)
{
	struct resolver *resolver = planning->question->places.resolver;
	const char *at = strrchr(address, '@');
	size_t i;

	if (planning->encrypt != WISH_IF_POSSIBLE || resolver == NULL ||
	    at == NULL)
		return false;
	for (i = 0; i < count; i++)
		if (is_silence(&found[i]))
			return !is_unsigned(resolver, at + 1);
	return false;
}

/* Nothing but silence is in the way. */
static bool waits_for_dns(const struct planning *planning,
			  const struct attempt *attempt)
{
	size_t i;

	if ((planning->sign && !attempt->has_signer) || !attempt->has_self ||
	    attempt->missing_count == 0)
		return false;
	for (i = 0; i < attempt->missing_count; i++)
		if (!attempt->missing[i].undecided)
			return false;
	return true;
}

bool plan_is_undecided(const struct planning *planning)
{
	size_t i;

	for (i = 0; i < planning->attempt_count; i++)
		if (waits_for_dns(planning, &planning->attempts[i]))
			return true;
	return false;
}
