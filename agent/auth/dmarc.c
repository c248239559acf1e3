/* dmarc.c - which policy, which organizational domain, what is aligned */
#include "agent/auth/dmarc.h"

#include <string.h>

#include "agent/auth/dmarc_walk.h"
#include "agent/base/arena.h"
#include "agent/mail/domain.h"

struct dmarc_check {
	struct arena *arena;
	struct dns_request *request;
	const char *domain;
	struct dns_question *exists;	/* NXDOMAIN: it does not */
	struct dmarc_walk walk;		/* of the domain */
	struct dmarc_walk *others[DMARC_WALKS_MAX];
	size_t other_count;
};

struct dmarc_check *dmarc_start(struct arena *arena,
				struct dns_request *request,
				const char *domain)
{
	struct dmarc_check *check = arena_alloc(arena, sizeof(*check));

	if (check == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->domain = domain;
	dmarc_walk_start(arena, request, domain, &check->walk);
	check->exists = dns_ask(request, domain, DNS_A);
	return check;
}

static struct dmarc_walk *walk_of(struct dmarc_check *check,
				  const char *identifier)
{
	size_t i;

	if (strcmp(identifier, check->domain) == 0)
		return &check->walk;
	for (i = 0; i < check->other_count; i++)
		if (strcmp(check->others[i]->domain, identifier) == 0)
			return check->others[i];
	return NULL;
}

void dmarc_expect(struct dmarc_check *check, const char *identifier)
{
	const char *last = strrchr(identifier, '.');
	const char *own = strrchr(check->domain, '.');
	struct dmarc_walk *walk;

	/* Of another top level, it can never be aligned. */
	if (last == NULL || own == NULL || strcmp(last, own) != 0 ||
	    walk_of(check, identifier) != NULL ||
	    check->other_count == DMARC_WALKS_MAX)
		return;
	walk = arena_alloc(check->arena, sizeof(*walk));
	if (walk == NULL)
		return;
	dmarc_walk_start(check->arena, check->request, identifier, walk);
	check->others[check->other_count++] = walk;
}

enum result dmarc_aligned(struct dmarc_check *check, const char *identifier,
			  enum dmarc_mode mode)
{
	struct dmarc_walk *walk;

	if (identifier == NULL)
		return RESULT_FAIL;
	if (strcmp(identifier, check->domain) == 0)
		return RESULT_PASS;
	if (mode == DMARC_STRICT)
		return RESULT_FAIL;
	walk = walk_of(check, identifier);
	if (walk == NULL)
		return RESULT_FAIL;
	dmarc_walk_await(check->arena, check->request, &check->walk);
	dmarc_walk_await(check->arena, check->request, walk);
	if (check->walk.temporary || walk->temporary)
		return RESULT_TEMPERROR;
	return strcmp(walk->organizational,
		      check->walk.organizational) == 0 ? RESULT_PASS :
							 RESULT_FAIL;
}

/* The record whose policy counts: the domain's own, its organizational
 * domain's, or a public suffix domain's above that. */
static const struct dmarc_found *deciding(const struct dmarc_walk *walk)
{
	size_t i;

	for (i = 0; i < walk->found_count; i++)
		if (strcmp(walk->found[i].domain, walk->domain) == 0)
			return &walk->found[i];
	for (i = 0; i < walk->found_count; i++)
		if (strcmp(walk->found[i].domain, walk->organizational) == 0)
			return &walk->found[i];
	if (walk->found_count > 0 &&
	    walk->found[walk->found_count - 1].record.psd == DMARC_PSD_YES)
		return &walk->found[walk->found_count - 1];
	return NULL;
}

static enum policy one_less(enum policy policy)
{
	if (policy == POLICY_REJECT)
		return POLICY_QUARANTINE;
	return policy == POLICY_QUARANTINE ? POLICY_NONE : policy;
}

/* NXDOMAIN for the name itself; one that leads nowhere by CNAME exists. */
static bool does_not_exist(struct dmarc_check *check)
{
	const struct dns_answer *answer = dns_await(check->exists);
	struct bytes name = bytes_of(answer->canonical);

	if (name.len > 0 && name.data[name.len - 1] == '.')
		name.len--;
	return answer->state == DNS_NXDOMAIN &&
	       bytes_equal_nocase(name, bytes_of(check->domain));
}

/* np, sp, p for a name below; p for the name itself. */
static enum policy policy_of(struct dmarc_check *check,
			     const struct dmarc_found *found,
			     bool *nonexistent)
{
	const struct dmarc_record *record = &found->record;

	if (record->bad_policy || record->p == POLICY_UNSET)
		return POLICY_NONE;	/* the caller saw to rua= */
	if (strcmp(found->domain, check->domain) == 0)
		return record->p;
	*nonexistent = does_not_exist(check);
	if (*nonexistent && record->np != POLICY_UNSET)
		return record->np;
	return record->sp != POLICY_UNSET ? record->sp : record->p;
}

static bool uri_is_external(struct arena *arena, const char *uri,
			    const char *organization)
{
	const char *at = strrchr(uri, '@');
	const char *host;

	if (at == NULL)
		return true;
	host = domain_normal(arena, bytes_slice(bytes_of(at + 1), 0,
						strcspn(at + 1, "?!")));
	return host == NULL || !domain_is_within(host, organization);
}

static void copy_uris(struct arena *arena, const struct dmarc_record *record,
		      struct dmarc_finding *out)
{
	size_t i;

	for (i = 0; i < record->rua_count; i++) {
		out->rua[i].uri = record->rua[i];
		out->rua[i].external = uri_is_external(arena, record->rua[i],
						out->organizational_domain);
	}
	out->rua_count = record->rua_count;
	for (i = 0; i < record->ruf_count; i++) {
		out->ruf[i].uri = record->ruf[i];
		out->ruf[i].external = uri_is_external(arena, record->ruf[i],
						out->organizational_domain);
	}
	/* A public suffix domain gets no failure reports. */
	out->ruf_count = record->psd == DMARC_PSD_YES ? 0 : record->ruf_count;
}

/* The policy in force.  False: out->result says why there is none. */
static bool discover(struct dmarc_check *check, struct dmarc_finding *out)
{
	struct dmarc_walk *walk = &check->walk;
	const struct dmarc_found *found;

	dmarc_walk_await(check->arena, check->request, walk);
	out->walk_count = walk->asked;
	memcpy(out->walk, walk->steps, sizeof(out->walk));
	out->dnssec = walk->dnssec;
	out->organizational_domain = walk->organizational;
	out->psl_domain = domain_registrable(check->domain);
	found = deciding(walk);
	/* An error above the domain's own record changes alignment only. */
	if (walk->temporary && (found == NULL ||
				strcmp(found->domain, check->domain) != 0)) {
		out->result = RESULT_TEMPERROR;
		out->code = walk->why;
		out->text = strcmp(walk->why, "dns-bogus") == 0 ?
			    "DNSSEC validation of the DMARC record failed "
			    "(bogus)." :
			    "DNS did not answer for the DMARC record.";
		return false;
	}
	out->result = RESULT_NONE;
	if (found == NULL) {
		out->code = "no-policy";
		out->text = "The domain publishes no DMARC policy.";
		return false;
	}
	out->domain = found->domain;
	out->record = found->record.text;
	if ((found->record.bad_policy || found->record.p == POLICY_UNSET) &&
	    found->record.rua_count == 0) {
		out->result = RESULT_PERMERROR;
		out->code = "dmarc-record-unusable";
		out->text = "The DMARC record holds no usable policy.";
		return false;
	}
	out->published = policy_of(check, found, &out->nonexistent);
	out->policy = found->record.testing ? one_less(out->published) :
					      out->published;
	out->strict_dkim = found->record.strict_dkim;
	out->strict_spf = found->record.strict_spf;
	copy_uris(check->arena, &found->record, out);
	return true;
}

/* One identifier: passes, may still, or not.  An error only matters where
 * nothing else passes. */
static bool judge_identifier(struct dmarc_check *check,
			     const char *identifier, enum result own,
			     enum dmarc_mode mode, bool *temporary,
			     bool *aligned)
{
	enum result result = dmarc_aligned(check, identifier, mode);

	*aligned = result == RESULT_PASS;
	if (own == RESULT_PASS && result == RESULT_PASS)
		return true;
	if ((own == RESULT_PASS && result == RESULT_TEMPERROR) ||
	    (own == RESULT_TEMPERROR && result != RESULT_FAIL))
		*temporary = true;
	return false;
}

static void judge(struct dmarc_check *check, struct dkim_findings *dkim,
		  struct spf_finding *spf, enum dmarc_set set, bool policy,
		  struct dmarc_finding *out)
{
	bool temporary = false, aligned;
	size_t i;

	for (i = 0; i < dkim->count; i++) {
		if (judge_identifier(check, dkim->list[i].domain,
				     dkim->list[i].result, out->strict_dkim ?
				     DMARC_STRICT : DMARC_RELAXED, &temporary,
				     &aligned) && policy)
			out->proof = PROOF_DKIM;
		if (set == DMARC_SET_ALIGNED)
			dkim->list[i].aligned = aligned;
	}
	if (judge_identifier(check, spf->domain, spf->result, out->strict_spf ?
			     DMARC_STRICT : DMARC_RELAXED, &temporary,
			     &aligned) && policy && out->proof == PROOF_NONE)
		out->proof = PROOF_SPF;
	if (set == DMARC_SET_ALIGNED)
		spf->aligned = aligned;
	if (!policy)
		return;
	if (out->proof != PROOF_NONE) {
		out->result = RESULT_PASS;
	} else if (temporary) {
		out->result = RESULT_TEMPERROR;
		out->code = "dns-silent";
		out->text = "DNS did not answer for a record behind the "
			    "proof.";
		for (i = 0; i < dkim->count; i++)
			if (dkim->list[i].dnssec == DNS_SECURITY_BOGUS) {
				out->code = "dns-bogus";
				out->text = dkim->list[i].text;
			}
	} else {
		out->result = RESULT_FAIL;
		out->code = "dmarc-failed";
		out->text = "No aligned signature and no aligned server proves "
			    "the sender.";
	}
}

void dmarc_finish(struct dmarc_check *check, struct dkim_findings *dkim,
		  struct spf_finding *spf, enum dmarc_set set,
		  struct dmarc_finding *out)
{
	bool policy;

	memset(out, 0, sizeof(*out));
	policy = discover(check, out);
	judge(check, dkim, spf, set, policy, out);
}
