/* check_believe.c - what others say, where we could not see ourselves
 *
 * Design 8.  A believed aligned pass stands in where there is no address of a
 * client, where the border changed what was signed, or where the key of then
 * is gone.  A signature that is no good otherwise stays so, whatever the
 * server thinks of it, and one that is not here proves nothing. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/flow/check_inside.h"

/* What one result says, for the report: "dkim=pass for example.org". */
static const char *quote(struct check *check,
			 const struct authres_result *result)
{
	return arena_print(check->arena, "%s=%s for %s", result->method,
			   result->result, result->domain);
}

static bool is_pass(const struct authres_result *result, const char *method)
{
	return result->domain != NULL && strcmp(result->result, "pass") == 0 &&
	       strcmp(result->method, method) == 0;
}

/* Whether dkim=pass of that domain may be true though we do not see it. */
static bool could_not_verify(const struct check *check, const char *domain)
{
	const struct dkim_findings *dkim = &check->facts.dkim;
	const struct dkim_finding *one;
	bool could_not = false;
	size_t i;

	for (i = 0; i < dkim->count; i++) {
		one = &dkim->list[i];
		if (one->domain == NULL || strcmp(one->domain, domain) != 0)
			continue;
		if (one->key_unavailable || (one->code != NULL &&
		    (strcmp(one->code, "body-hash-mismatch") == 0 ||
		     strcmp(one->code, "signature-mismatch") == 0)))
			could_not = true;
	}
	return could_not;
}

/* The domain of a result of `method`, as that method is aligned. */
static bool is_aligned(struct check *check,
		       const struct authres_result *result)
{
	const struct dmarc_finding *dmarc = &check->facts.dmarc;
	enum dmarc_mode mode = DMARC_RELAXED;

	if (strcmp(result->method, "spf") == 0 ? dmarc->strict_spf :
						 dmarc->strict_dkim)
		mode = DMARC_STRICT;
	return dmarc_aligned(check->dmarc, result->domain, mode) ==
	       RESULT_PASS;
}

static bool server_stands_in(struct check *check,
			     const struct authres_result *result)
{
	if (is_pass(result, "spf"))
		return check->spf == NULL && is_aligned(check, result);
	return is_pass(result, "dkim") &&
	       could_not_verify(check, result->domain) &&
	       is_aligned(check, result);
}

static void server_lifts(struct check *check, const struct authres *field,
			 const struct authres_result *result)
{
	struct dmarc_finding *dmarc = &check->facts.dmarc;
	const char *server = field->authserv_id;

	dmarc->result = RESULT_PASS;
	dmarc->proof = PROOF_SERVER;
	dmarc->code = "server-only";
	dmarc->text = arena_print(check->arena, "Your mail server (%s) says "
		"%s, which could not be verified here.",
		server == NULL ? "without a name" : server,
		quote(check, result));
}

void check_believe_server(struct check *check)
{
	const struct authres *field;
	size_t i, j;

	check->facts.forged_authres = check->believed.forged;
	check->facts.forged_below = check->believed.forged > 0 &&
		check->believed.forged_below == check->believed.forged;
	check->facts.forged_server = check->believed.forged_id;
	if (check->dmarc == NULL ||
	    check->facts.dmarc.result != RESULT_FAIL)
		return;
	for (i = 0; i < check->believed.count; i++) {
		field = &check->believed.fields[i];
		for (j = 0; j < field->count; j++)
			if (server_stands_in(check, &field->results[j])) {
				server_lifts(check, field, &field->results[j]);
				return;
			}
	}
}

/* At the sealer the message was whole: its word on DMARC counts, too. */
static bool sealer_vouches(struct check *check,
			   const struct authres_result *result)
{
	if (is_pass(result, "dmarc"))
		return strcmp(result->domain, check->author.domain) == 0;
	return (is_pass(result, "dkim") || is_pass(result, "spf")) &&
	       is_aligned(check, result);
}

void check_believe_sealer(struct check *check)
{
	struct arc_finding *arc = &check->facts.arc;
	const struct authres *field;
	size_t i, j;

	if (arc->result != RESULT_PASS || check->dmarc == NULL ||
	    check->facts.dmarc.result != RESULT_FAIL ||
	    arc->integrity == INTEGRITY_TAMPERED)
		return;
	for (i = 0; (field = arc_results(check->arc, i)) != NULL; i++)
		for (j = 0; j < field->count; j++)
			if (sealer_vouches(check, &field->results[j])) {
				arc->believed = quote(check,
						      &field->results[j]);
				return;
			}
}

static void expect(struct dmarc_check *dmarc, const struct authres *field)
{
	size_t i;

	for (i = 0; i < field->count; i++)
		if (is_pass(&field->results[i], "dkim") ||
		    is_pass(&field->results[i], "spf"))
			dmarc_expect(dmarc, field->results[i].domain);
}

void check_believe_expect(struct check *check, struct dmarc_check *dmarc)
{
	const struct authres *field;
	size_t i;

	if (dmarc == NULL)
		return;
	for (i = 0; i < check->believed.count; i++)
		expect(dmarc, &check->believed.fields[i]);
	for (i = 0; check->arc != NULL &&
	     (field = arc_results(check->arc, i)) != NULL; i++)
		expect(dmarc, field);
}
