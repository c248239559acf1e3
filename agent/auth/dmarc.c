/* dmarc.c - who is aligned with the domain, and what that proves */
#include "agent/auth/dmarc.h"

#include <string.h>

#include "agent/auth/dmarc_policy.h"
#include "agent/auth/dmarc_psl.h"
#include "agent/auth/dmarc_walk.h"
#include "agent/base/arena.h"
#include "agent/base/bytes.h"
#include "agent/mail/domain.h"

#define OTHERS_MAX (DMARC_WALKS_MAX - 1)	/* one walk is the domain's */

struct dmarc_check {
	struct arena *arena;
	struct dns_request *request;
	const char *domain;
	struct dns_question *exists;	/* NXDOMAIN: it does not */
	struct dmarc_walk walk;		/* of the domain */
	struct dmarc_walk *others[OTHERS_MAX];
	size_t other_count;
	enum dns_security behind;	/* the least of the records that the
					 * passing identifiers needed */
	const char *code, *text;	/* of a temporary error that matters */
};

static const char *lowered(struct arena *arena, const char *text)
{
	char *out = arena_text(arena, bytes_of(text)), *at;

	for (at = out; at != NULL && *at != 0; at++)
		*at = (char)byte_lower((unsigned char)*at);
	return out;
}

static bool same(const char *a, const char *b)
{
	return bytes_equal_nocase(bytes_of(a), bytes_of(b));
}

struct dmarc_check *dmarc_start(struct arena *arena,
				struct dns_request *request,
				const char *domain)
{
	struct dmarc_check *check = arena_alloc(arena, sizeof(*check));
	const char *name = lowered(arena, domain);

	if (check == NULL || name == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->domain = name;
	check->behind = DNS_SECURE;
	dmarc_walk_start(arena, request, name, &check->walk);
	/* NXDOMAIN is of all types; this one is kept by the client. */
	check->exists = dns_ask_spare(request, name, DNS_TXT);
	return check;
}

static struct dmarc_walk *walk_of(struct dmarc_check *check,
				  const char *identifier)
{
	size_t i;

	for (i = 0; i < check->other_count; i++)
		if (same(check->others[i]->domain, identifier))
			return check->others[i];
	return NULL;
}

/* The walk of another name; NULL: over the limit, or no memory. */
static struct dmarc_walk *walk_start(struct dmarc_check *check,
				     const char *identifier)
{
	struct dmarc_walk *walk = walk_of(check, identifier);
	const char *name;

	if (walk != NULL || check->other_count == OTHERS_MAX)
		return walk;
	walk = arena_alloc(check->arena, sizeof(*walk));
	name = lowered(check->arena, identifier);
	if (walk == NULL || name == NULL)
		return NULL;
	dmarc_walk_start(check->arena, check->request, name, walk);
	check->others[check->other_count++] = walk;
	return walk;
}

/* Names of two top levels have no organizational domain in common. */
static bool may_share(const char *a, const char *b)
{
	const char *last_a = strrchr(a, '.'), *last_b = strrchr(b, '.');

	return same(last_a == NULL ? a : last_a + 1,
		    last_b == NULL ? b : last_b + 1);
}

/* Names that share a top level alone would have to have that for their
 * organizational domain, which is rare: their walk is asked late. */
void dmarc_expect(struct dmarc_check *check, const char *identifier)
{
	size_t labels;

	if (identifier == NULL || same(identifier, check->domain))
		return;
	labels = domain_labels(identifier);
	if (labels >= 2 &&
	    domain_is_within(check->domain,
			     domain_parent(identifier, labels - 2)))
		(void)walk_start(check, identifier);
}

static enum result temporary(struct dmarc_check *check, const char *code,
			     const char *text)
{
	if (check->code == NULL) {
		check->code = code;
		check->text = text;
	}
	return RESULT_TEMPERROR;
}

enum result dmarc_aligned(struct dmarc_check *check, const char *identifier,
			  enum dmarc_mode mode)
{
	struct dmarc_walk *own = &check->walk, *walk;

	if (identifier == NULL)
		return RESULT_FAIL;
	if (same(identifier, check->domain))
		return RESULT_PASS;
	if (mode == DMARC_STRICT)
		return RESULT_FAIL;
	/* An organizational domain is the name itself or one above it, so a
	 * name outside ours is told apart without a walk of its own: whoever
	 * forges has one, and can make it fail. */
	dmarc_walk_await(check->arena, check->request, own);
	if (!may_share(identifier, check->domain) ||
	    (!own->temporary &&
	     !domain_is_within(identifier, own->organizational)))
		return RESULT_FAIL;
	walk = walk_start(check, identifier);	/* mostly asked long ago */
	if (walk == NULL)
		return RESULT_FAIL;
	dmarc_walk_await(check->arena, check->request, walk);
	if (own->temporary)
		return temporary(check, own->why, own->why_text);
	if (walk->temporary)
		return temporary(check, walk->why, walk->why_text);
	if (!same(walk->organizational, own->organizational))
		return RESULT_FAIL;
	return RESULT_PASS;
}

/* Two names in relaxed alignment lean on the records of both walks. */
static void lean_on(struct dmarc_check *check, const char *identifier)
{
	const struct dmarc_walk *walk;

	if (same(identifier, check->domain))
		return;
	walk = walk_of(check, identifier);
	check->behind = dns_security_least(check->behind,
					   check->walk.dnssec);
	if (walk != NULL)
		check->behind = dns_security_least(check->behind,
						   walk->dnssec);
}

/* One identifier with its own result; *aligned is for its finding. */
static enum result identifier_judge(struct dmarc_check *check,
				    const char *identifier, enum result own,
				    enum dmarc_mode mode, bool *aligned)
{
	const char *code = check->code, *text = check->text;
	enum result result = dmarc_aligned(check, identifier, mode);

	*aligned = result == RESULT_PASS;
	if (own == RESULT_PASS)
		return result;
	if (own == RESULT_TEMPERROR && result != RESULT_FAIL)
		return RESULT_TEMPERROR;
	check->code = code;		/* an error of no weight */
	check->text = text;
	return RESULT_FAIL;
}

/* The organizational domain of an identifier, where a walk told it. */
static const char *known_above(struct dmarc_check *check,
			       const char *identifier)
{
	const struct dmarc_walk *walk = &check->walk;

	if (identifier == NULL)
		return NULL;
	if (!same(identifier, check->domain))
		walk = walk_of(check, identifier);
	return walk != NULL && walk->awaited ? walk->organizational : NULL;
}

/* The finding of an identifier that could not be verified now. */
static void unverified(struct dmarc_check *check, enum dns_security dnssec,
		       const char *text)
{
	const char *code = "dns-silent";

	if (dnssec == DNS_SECURITY_BOGUS)
		code = "dns-bogus";
	(void)temporary(check, code, text);
}

static enum result dkim_judge(struct dmarc_check *check,
			      struct dkim_findings *dkim, enum dmarc_set set,
			      enum dmarc_mode mode)
{
	enum result best = RESULT_FAIL, result;
	struct dkim_finding *one;
	bool aligned;
	size_t i;

	for (i = 0; i < dkim->count; i++) {
		one = &dkim->list[i];
		result = identifier_judge(check, one->domain, one->result,
					  mode, &aligned);
		if (set == DMARC_SET_ALIGNED) {
			one->aligned = aligned;
			one->organizational_domain = known_above(check,
								 one->domain);
		}
		if (result == RESULT_PASS) {
			best = result;
			lean_on(check, one->domain);
		} else if (result == RESULT_TEMPERROR &&
			   best == RESULT_FAIL) {
			best = result;
			unverified(check, one->dnssec, "The key of a "
				   "signature could not be read now.");
		}
	}
	return best;
}

static enum result spf_judge(struct dmarc_check *check,
			     struct spf_finding *spf, enum dmarc_set set,
			     enum dmarc_mode mode)
{
	bool aligned;
	enum result result = identifier_judge(check, spf->domain, spf->result,
					      mode, &aligned);

	if (set == DMARC_SET_ALIGNED) {
		spf->aligned = aligned;
		spf->organizational_domain = known_above(check, spf->domain);
	}
	if (result == RESULT_TEMPERROR)
		unverified(check, spf->dnssec,
			   "SPF could not be evaluated now.");
	return result;
}

static void conclude(struct dmarc_check *check, enum result dkim,
		     enum result spf, struct dmarc_finding *out)
{
	if (dkim == RESULT_PASS || spf == RESULT_PASS) {
		out->result = RESULT_PASS;
		out->proof = dkim == RESULT_PASS ? PROOF_DKIM : PROOF_SPF;
		out->dnssec = dns_security_least(out->dnssec, check->behind);
	} else if (dkim == RESULT_TEMPERROR || spf == RESULT_TEMPERROR) {
		out->result = RESULT_TEMPERROR;
		out->code = check->code;
		out->text = check->text;
		if (strcmp(check->code, "dns-bogus") == 0)
			out->dnssec = DNS_SECURITY_BOGUS;
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
	enum dmarc_mode dkim_mode, spf_mode;
	enum result by_dkim, by_spf;
	bool found, doubtful;

	memset(out, 0, sizeof(*out));
	dmarc_walk_await(check->arena, check->request, &check->walk);
	found = dmarc_policy_find(&check->walk, check->exists, out,
				  &doubtful);
	dkim_mode = out->strict_dkim ? DMARC_STRICT : DMARC_RELAXED;
	spf_mode = out->strict_spf ? DMARC_STRICT : DMARC_RELAXED;
	by_dkim = dkim_judge(check, dkim, set, dkim_mode);
	by_spf = spf_judge(check, spf, set, spf_mode);
	if (by_dkim != RESULT_PASS && by_spf == RESULT_PASS)
		lean_on(check, spf->domain);
	dmarc_psl_judge(check->arena, check->request, &check->walk, dkim, spf,
			out);
	if (!found)
		return;
	conclude(check, by_dkim, by_spf, out);
	if (doubtful && out->result == RESULT_FAIL) {
		out->result = RESULT_TEMPERROR;
		out->code = "dns-silent";
		out->text = "DNS did not tell whether the domain exists, and "
			    "its policy depends on that.";
	}
}
