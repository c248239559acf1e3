/* dmarc_policy.c - which record decides, what it asks for, whom it tells */
#include "agent/auth/dmarc_policy.h"

#include <string.h>

#include "agent/mail/domain.h"

static const struct dmarc_found *found_at(const struct dmarc_walk *walk,
					  const char *domain)
{
	size_t i;

	for (i = 0; i < walk->found_count; i++)
		if (strcmp(walk->found[i].domain, domain) == 0)
			return &walk->found[i];
	return NULL;
}

/* The domain's own record, else its organizational domain's, else the public
 * suffix domain's above that.  A record between them is passed over. */
static const struct dmarc_found *deciding(const struct dmarc_walk *walk)
{
	const struct dmarc_found *found = found_at(walk, walk->domain);

	if (found == NULL)
		found = found_at(walk, walk->organizational);
	if (found == NULL && walk->found_count > 0 &&
	    walk->found[walk->found_count - 1].record.psd == DMARC_PSD_YES)
		found = &walk->found[walk->found_count - 1];
	return found;
}

static enum policy one_less(enum policy policy)
{
	if (policy == POLICY_REJECT)
		return POLICY_QUARANTINE;
	return policy == POLICY_QUARANTINE ? POLICY_NONE : policy;
}

/* p for the name itself; for one below it np, sp, p. */
static enum policy policy_of(const struct dmarc_walk *walk,
			     const struct dmarc_found *found,
			     struct dns_question *exists,
			     struct dmarc_finding *out, bool *doubtful)
{
	const struct dmarc_record *record = &found->record;
	const struct dns_answer *answer;
	enum policy below = record->sp;

	if (record->bad_policy || record->bad_np || record->p == POLICY_UNSET)
		return POLICY_NONE;	/* but with rua=: a wish to watch */
	if (strcmp(found->domain, walk->domain) == 0)
		return record->p;
	if (below == POLICY_UNSET)
		below = record->p;
	answer = dns_await(exists);
	/* An alias that leads nowhere is there itself. */
	out->nonexistent = answer->state == DNS_NXDOMAIN &&
			   bytes_equal_nocase(bytes_of(answer->canonical),
					      bytes_of(walk->domain));
	if (record->np == POLICY_UNSET || record->np == below)
		return below;
	*doubtful = answer->state == DNS_BOGUS || answer->state == DNS_SILENT;
	return out->nonexistent ? record->np : below;
}

static size_t uris_copy(const struct dmarc_report_uri *uris, size_t count,
			const char *home, struct dmarc_report_uri *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		out[i] = uris[i];
		out[i].external = uris[i].host == NULL ||
				  !domain_is_within(uris[i].host, home);
	}
	return count;
}

static void reports_copy(const struct dmarc_found *found,
			 struct dmarc_finding *out)
{
	const struct dmarc_record *record = &found->record;
	const char *home = out->organizational_domain;

	if (!domain_is_within(found->domain, home))
		home = found->domain;	/* a public suffix domain's record */
	out->rua_count = uris_copy(record->rua, record->rua_count, home,
				   out->rua);
	/* A public suffix domain gets no failure reports (RFC 9991). */
	if (record->psd != DMARC_PSD_YES)
		out->ruf_count = uris_copy(record->ruf, record->ruf_count,
					   home, out->ruf);
}

static void no_policy(const struct dmarc_walk *walk, struct dmarc_finding *out)
{
	out->result = RESULT_NONE;
	out->code = "no-policy";
	out->text = "The domain publishes no DMARC policy.";
	if (walk->several)
		out->text = "Several DMARC records stand at one name, which "
			    "counts as none.";
}

bool dmarc_policy_find(const struct dmarc_walk *walk,
		       struct dns_question *exists, struct dmarc_finding *out,
		       bool *doubtful)
{
	const struct dmarc_found *found = deciding(walk);

	*doubtful = false;
	out->walk_count = walk->asked;
	memcpy(out->walk, walk->steps, sizeof(out->walk));
	out->organizational_domain = walk->organizational;
	out->dnssec = walk->dnssec;
	/* What could not be told above the domain's own record touches its
	 * organizational domain, not its policy. */
	if (walk->temporary && (found == NULL ||
				strcmp(found->domain, walk->domain) != 0)) {
		out->result = RESULT_TEMPERROR;
		out->code = walk->why;
		out->text = walk->why_text;
		out->dnssec = strcmp(walk->why, "dns-bogus") == 0 ?
			      DNS_SECURITY_BOGUS : DNS_SECURITY_UNKNOWN;
		return false;
	}
	if (found == NULL) {
		no_policy(walk, out);
		return false;
	}
	out->domain = found->domain;
	out->record = found->record.text;
	out->dnssec = found->dnssec;
	if (dmarc_record_is_unusable(&found->record)) {
		out->result = RESULT_PERMERROR;
		out->code = "dmarc-record-unusable";
		out->text = "The DMARC record holds no usable policy.";
		return false;
	}
	out->published = policy_of(walk, found, exists, out, doubtful);
	out->policy = found->record.testing ? one_less(out->published) :
					      out->published;
	out->strict_dkim = found->record.strict_dkim;
	out->strict_spf = found->record.strict_spf;
	reports_copy(found, out);
	return true;
}
