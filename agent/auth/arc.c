/* arc.c - start: read and ask; finish: await and verify */
#include "agent/auth/arc.h"

#include <string.h>

#include "agent/auth/arc_chain.h"
#include "agent/auth/dkim_fetch.h"
#include "agent/auth/dkim_integrity.h"
#include "agent/auth/dkim_verify.h"
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

#define CLOCK_SKEW	300	/* seconds a signer's clock may be ahead */

struct arc_check {
	struct arena *arena;
	struct dns_request *request;
	struct dkim_input input;
	struct arc_chain chain;
	struct arc_finding finding;
	bool trusted;			/* worth to be verified */
	struct dkim_fetch signature;	/* of the newest message signature */
	struct dkim_fetch *seals;	/* chain.count */
	struct authres *results;	/* trusted ones, the newest first */
	size_t result_count;
};

/* --- start */

static bool is_trusted(const char *domain, const struct patterns *sealers)
{
	size_t i;

	for (i = 0; domain != NULL && i < sealers->count; i++)
		if (domain_matches(domain, sealers->names[i]))
			return true;
	return false;
}

static void ask(struct arc_check *check, struct dkim_fetch *fetch,
		const struct dkim_signature *signature)
{
	fetch->arena = check->arena;
	fetch->request = check->request;
	fetch->domain = signature->domain;
	fetch->selector = signature->selector;
	fetch->algorithm = signature->algorithm;
	fetch->archive = check->input.archive;
	fetch->arrived = check->input.arrived;
	dkim_fetch_ask(fetch);
}

/* What trusted sealers say.  Whose results cannot be read says nothing. */
static void results_read(struct arc_check *check,
			 const struct patterns *sealers)
{
	const struct arc_set *set;
	struct authres *results;
	unsigned instance, i;

	for (i = check->chain.count; i > 0; i--) {
		set = &check->chain.sets[i - 1];
		if (!is_trusted(set->seal.domain, sealers))
			return;
		results = &check->results[check->result_count++];
		if (authres_parse_arc(check->arena, set->results->value,
				      &instance, results) < 0)
			results->count = 0;
	}
}

static int ask_all(struct arc_check *check, const struct patterns *sealers)
{
	const struct arc_chain *chain = &check->chain;
	unsigned i;

	check->seals = arena_array(check->arena, chain->count,
				   sizeof(*check->seals));
	check->results = arena_array(check->arena, chain->count,
				     sizeof(*check->results));
	if (check->seals == NULL || check->results == NULL)
		return ERR_LIMIT;
	ask(check, &check->signature, &chain->sets[chain->count - 1].signature);
	for (i = 0; i < chain->count; i++)
		ask(check, &check->seals[i], &chain->sets[i].seal);
	results_read(check, sealers);
	return 0;
}

struct arc_check *arc_start(struct arena *arena, struct dns_request *request,
			    const struct dkim_input *input,
			    const struct patterns *sealers)
{
	struct arc_check *check = arena_alloc(arena, sizeof(*check));
	struct arc_finding *finding;

	if (check == NULL)
		return NULL;
	check->arena = arena;
	check->request = request;
	check->input = *input;
	finding = &check->finding;
	finding->result = RESULT_NONE;
	finding->dnssec = DNS_SECURITY_UNKNOWN;
	if (arc_chain_read(arena, input->message, &check->chain) < 0)
		return NULL;
	finding->sealer = check->chain.sealer;
	finding->sets = check->chain.count;
	if (check->chain.result == RESULT_NONE)
		return check;
	if (check->chain.result != RESULT_PASS) {
		finding->result = RESULT_FAIL;
		finding->code = check->chain.code;
		finding->text = check->chain.text;
	} else if (!is_trusted(finding->sealer, sealers)) {
		finding->code = "arc-not-trusted";
		finding->text = "It was sealed on the way by nobody whom your "
				"configuration trusts (trusted-sealer).";
	} else {
		check->trusted = true;
		if (ask_all(check, sealers) < 0)
			return NULL;
	}
	return check;
}

const struct authres *arc_results(const struct arc_check *check, size_t nth)
{
	return nth < check->result_count ? &check->results[nth] : NULL;
}

/* --- finish */

static enum result decide(struct arc_check *check, enum result result,
			  const char *code, const char *text)
{
	check->finding.result = result;
	check->finding.code = code;
	check->finding.text = text;
	return result;
}

static enum result no_memory(struct arc_check *check)
{
	return decide(check, RESULT_TEMPERROR, "could-not-read",
		      "There was no memory to verify its ARC chain.");
}

/* The key of a signature; PASS: it is there. */
static enum result key_await(struct arc_check *check, struct dkim_fetch *fetch)
{
	struct arc_finding *finding = &check->finding;
	bool found = dkim_fetch_await(fetch);
	enum result result = RESULT_FAIL;

	if (finding->dnssec == DNS_SECURITY_UNKNOWN)
		finding->dnssec = fetch->dnssec;
	else
		finding->dnssec = dns_security_least(finding->dnssec,
						     fetch->dnssec);
	if (found)
		return RESULT_PASS;
	if (fetch->result == RESULT_TEMPERROR)
		result = RESULT_TEMPERROR;
	return decide(check, result, "arc-key",
		      arena_print(check->arena, "ARC, %s: %s", fetch->domain,
				  fetch->text));
}

static enum result verified(struct arc_check *check, int r, const char *what,
			    const char *domain)
{
	if (r < 0)
		return no_memory(check);
	if (r > 0)
		return RESULT_PASS;
	return decide(check, RESULT_FAIL, "arc-broken",
		      arena_print(check->arena, "The ARC %s of %s does not "
				  "verify: it was changed on the way.", what,
				  domain));
}

static enum result body_verify(struct arc_check *check,
			       const struct dkim_signature *signature,
			       struct dkim_finding *finding)
{
	struct dkim_body_hash body;
	uint64_t covered = signature->length;

	memset(&body, 0, sizeof(body));
	body.form = signature->body_form;
	body.limit = signature->length;
	if (dkim_body_hash(&check->input, &body, 1) < 0)
		return no_memory(check);
	if (memcmp(body.sum, signature->body_hash.data, DKIM_HASH) != 0 ||
	    (covered != CANON_NO_LIMIT && covered > body.length))
		return decide(check, RESULT_FAIL, "arc-broken", "The text was "
			      "changed after its last sealer saw it.");
	if (covered < body.length)
		finding->body_beyond = body.length - covered;
	return RESULT_PASS;
}

static enum result signature_verify(struct arc_check *check)
{
	const struct arc_chain *chain = &check->chain;
	const struct dkim_signature *signature =
		&chain->sets[chain->count - 1].signature;
	struct dkim_fetch *fetch = &check->signature;
	struct dkim_finding covered;
	struct dkim_header header;
	enum result result;
	int r;

	if (signature->expires >= 0 &&
	    signature->expires < check->input.arrived)
		return decide(check, RESULT_FAIL, "expired", "Its ARC "
			      "signature had expired when it arrived.");
	if (signature->signed_at > check->input.now + CLOCK_SKEW)
		return decide(check, RESULT_FAIL, "from-the-future", "Its ARC "
			      "signature claims to be made in the future.");
	result = key_await(check, fetch);
	if (result != RESULT_PASS)
		return result;
	if (dkim_header_open(check->arena, check->input.message, &header) < 0)
		return no_memory(check);
	do {
		r = dkim_header_verify(&header, signature, &fetch->key);
	} while (r == 0 && fetch->archived != 0 && dkim_fetch_next(fetch));
	result = verified(check, r, "signature", signature->domain);
	memset(&covered, 0, sizeof(covered));
	if (result == RESULT_PASS)
		result = body_verify(check, signature, &covered);
	if (result != RESULT_PASS)
		return result;
	dkim_integrity(check->arena, &check->input, signature, &covered);
	check->finding.integrity = covered.integrity;
	check->finding.integrity_text = covered.integrity_text;
	return RESULT_PASS;
}

static void hash_set(struct dkim_hash *hash, const struct arc_set *set)
{
	dkim_hash_field(hash, CANON_RELAXED, set->results->whole);
	dkim_hash_field(hash, CANON_RELAXED, set->signature.field->whole);
}

static enum result seal_verify(struct arc_check *check, unsigned i,
			       const struct dkim_hash *before)
{
	const struct dkim_signature *seal = &check->chain.sets[i].seal;
	struct dkim_fetch *fetch = &check->seals[i];
	struct dkim_hash hash;
	enum result result = key_await(check, fetch);
	int r;

	if (result != RESULT_PASS)
		return result;
	do {
		dkim_hash_copy(&hash, before);
		dkim_hash_own(&hash, seal);
		r = dkim_hash_verify(&hash, seal, &fetch->key);
	} while (r == 0 && fetch->archived != 0 && dkim_fetch_next(fetch));
	return verified(check, r, "seal", seal->domain);
}

/* Each seal covers all sets up to its own (section 5.1.1): one hash grows,
 * and a copy of it ends at each seal. */
static enum result seals_verify(struct arc_check *check)
{
	unsigned char sum[DKIM_HASH];
	enum result result = RESULT_PASS;
	struct dkim_hash hash;
	unsigned i;

	dkim_hash_open(&hash);
	for (i = 0; i < check->chain.count && result == RESULT_PASS; i++) {
		hash_set(&hash, &check->chain.sets[i]);
		result = seal_verify(check, i, &hash);
		dkim_hash_field(&hash, CANON_RELAXED,
				check->chain.sets[i].seal.field->whole);
	}
	(void)dkim_hash_end(&hash, sum);
	return result;
}

void arc_finish(struct arc_check *check, struct arc_finding *out)
{
	unsigned i;

	if (check->trusted) {
		dns_send(check->request);
		if (signature_verify(check) == RESULT_PASS &&
		    seals_verify(check) == RESULT_PASS)
			(void)decide(check, RESULT_PASS, NULL, NULL);
		dkim_fetch_clear(&check->signature);
		for (i = 0; i < check->chain.count; i++)
			dkim_fetch_clear(&check->seals[i]);
	}
	*out = check->finding;
}
