/* seal_plan_silent.c - encrypt if possible, where nobody says whether
 *
 * Who is in between can make DNS fail, and would read the mail that goes out
 * in the clear for it.  So it waits with its author, unless a key of DNS could
 * not count anyway: a domain without DNSSEC proves none.  Many of those do not
 * answer questions for keys at all.  The same goes where gpg fails. */
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

const char *plan_silent(struct planning *planning, const char *address,
			const struct found_key *found, size_t count)
{
	struct resolver *resolver = planning->question->places.resolver;
	const char *at = strrchr(address, '@');
	size_t i;

	if (planning->encrypt != WISH_IF_POSSIBLE)
		return NULL;
	for (i = 0; i < count; i++)
		if (found[i].silent)
			return "GnuPG";
	for (i = 0; i < count && resolver != NULL && at != NULL; i++)
		if (is_silence(&found[i]))
			return is_unsigned(resolver, at + 1) ? NULL : "DNS";
	return NULL;
}

/* Whom it waits for, if nothing but silence is in the way. */
static const char *waits_for(const struct planning *planning,
			     const struct attempt *attempt)
{
	bool lacks_own = (planning->sign && !attempt->has_signer) ||
			 !attempt->has_self;
	const char *who = lacks_own ? "GnuPG" : NULL;
	size_t i;

	if (lacks_own && !attempt->own_silent)
		return NULL;
	for (i = 0; i < attempt->missing_count; i++) {
		if (attempt->missing[i].silent == NULL)
			return NULL;
		who = attempt->missing[i].silent;
	}
	return who;
}

const char *plan_undecided(const struct planning *planning)
{
	const char *who = NULL;
	size_t i;

	for (i = 0; i < planning->attempt_count && who == NULL; i++)
		who = waits_for(planning, &planning->attempts[i]);
	return who;
}
