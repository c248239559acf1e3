/* dmarc_psl.c - the same records, read as they were before RFC 9989 */
#include "agent/auth/dmarc_psl.h"

#include <string.h>

#include "agent/auth/dmarc.h"
#include "agent/mail/domain.h"

/* What stands at one name. */
enum here { HERE_NOTHING, HERE_ONE, HERE_SEVERAL, HERE_UNKNOWN };

static enum here record_at(struct arena *arena, struct dns_request *request,
			   const struct dmarc_walk *walk, const char *domain,
			   struct dmarc_record *out)
{
	const struct dns_answer *answer;
	size_t i;

	for (i = 0; i < walk->count; i++)
		if (strcmp(walk->names[i], domain) == 0)
			break;
	if (i == walk->count)
		return HERE_NOTHING;	/* a name the walk jumps over */
	answer = dns_await(walk->questions[i]);
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT)
		return HERE_UNKNOWN;
	switch (dmarc_walk_records(arena, request, answer, out)) {
	case 0:
		return HERE_NOTHING;
	case 1:
		/* p= must follow v= (section 6.3) */
		return out->p_is_second ? HERE_ONE : HERE_NOTHING;
	default:
		return HERE_SEVERAL;
	}
}

static enum policy policy_of(const struct dmarc_record *record,
			     const char *domain, const char *found_at)
{
	enum policy below = record->sp;

	if (record->p == POLICY_UNSET || record->bad_policy)
		return record->rua_count > 0 ? POLICY_NONE : POLICY_UNSET;
	if (strcmp(domain, found_at) == 0 || below == POLICY_UNSET)
		return record->p;
	return below;
}

static bool is_aligned(const char *identifier, const char *domain,
		       enum dmarc_mode mode)
{
	if (identifier == NULL)
		return false;
	if (bytes_equal_nocase(bytes_of(identifier), bytes_of(domain)))
		return true;
	return mode == DMARC_RELAXED &&
	       bytes_equal_nocase(bytes_of(domain_registrable(identifier)),
				  bytes_of(domain_registrable(domain)));
}

static enum result result_of(const struct dmarc_record *record,
			     const char *domain,
			     const struct dkim_findings *dkim,
			     const struct spf_finding *spf)
{
	enum dmarc_mode dkim_mode = DMARC_RELAXED, spf_mode = DMARC_RELAXED;
	enum result result = RESULT_FAIL;
	size_t i;

	if (record->strict_dkim)
		dkim_mode = DMARC_STRICT;
	if (record->strict_spf)
		spf_mode = DMARC_STRICT;
	for (i = 0; i < dkim->count; i++) {
		if (!is_aligned(dkim->list[i].domain, domain, dkim_mode))
			continue;
		if (dkim->list[i].result == RESULT_PASS)
			return RESULT_PASS;
		if (dkim->list[i].result == RESULT_TEMPERROR)
			result = RESULT_TEMPERROR;
	}
	if (!is_aligned(spf->domain, domain, spf_mode))
		return result;
	if (spf->result == RESULT_PASS)
		return RESULT_PASS;
	return spf->result == RESULT_TEMPERROR ? RESULT_TEMPERROR : result;
}

void dmarc_psl_judge(struct arena *arena, struct dns_request *request,
		     const struct dmarc_walk *walk,
		     const struct dkim_findings *dkim,
		     const struct spf_finding *spf,
		     struct dmarc_finding *out)
{
	const char *at = walk->domain;
	struct dmarc_record record;
	enum here here = record_at(arena, request, walk, at, &record);

	out->psl_domain = domain_registrable(walk->domain);
	out->psl_policy = POLICY_UNSET;
	out->psl_result = RESULT_NONE;
	if (here == HERE_NOTHING && strcmp(out->psl_domain, at) != 0) {
		at = out->psl_domain;
		here = record_at(arena, request, walk, at, &record);
	}
	if (here == HERE_UNKNOWN)
		out->psl_result = RESULT_TEMPERROR;
	if (here != HERE_ONE)
		return;
	out->psl_policy = policy_of(&record, walk->domain, at);
	if (out->psl_policy != POLICY_UNSET)
		out->psl_result = result_of(&record, walk->domain, dkim, spf);
}
