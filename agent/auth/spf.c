/* spf.c - check_host(), RFC 7208 section 4
 *
 * spf_record.c reads the terms, spf_macro.c expands them, spf_match.c compares
 * them with the client, spf_ahead.c asks early; this file walks them.  include
 * and redirect nest, and both are counted. */
#include "agent/auth/spf.h"

#include <stdlib.h>
#include <string.h>

#include "agent/auth/spf_check.h"
#include "agent/base/arena.h"
#include "agent/mail/domain.h"

#define DEPTH_MAX	(SPF_LOOKUPS_MAX + 1)	/* each nesting is a look-up */
#define LOCAL_MAX	256	/* octets; RFC 5321 allows 64 */

static enum result permerror(struct spf_check *check, const char *code,
			     const char *text)
{
	return spf_give_up(check, RESULT_PERMERROR, code, text);
}

/* --- what is checked */

/* As published names are: macros keep the case, findings do not. */
static bool domain_set(struct spf_check *check, struct bytes domain)
{
	const char *shown;
	char *lower;
	size_t i;

	shown = domain_is_valid(domain, DOMAIN_LDH_OR_UNDERSCORE) ?
		arena_text(check->arena, domain) :
		domain_normal(check->arena, domain);
	if (shown == NULL || domain_labels(shown) < 2)
		return false;
	lower = arena_text(check->arena, bytes_of(shown));
	if (lower == NULL)
		return false;
	for (i = 0; lower[i] != 0; i++)
		lower[i] = (char)byte_lower((unsigned char)lower[i]);
	check->finding.domain = lower;
	check->macros.sender_domain = check->macros.domain = shown;
	return true;
}

/* MAIL FROM, or postmaster@HELO for a bounce (section 2.4).  A MAIL FROM that
 * is not known is no bounce: HELO would count for DMARC in its place. */
static bool identity(struct spf_check *check, const struct spf_input *input)
{
	struct bytes from = bytes_of(input->mail_from), local;
	size_t at;

	check->macros.local = "postmaster";
	if (input->mail_from == NULL)
		return false;
	if (from.len == 0) {
		check->finding.scope = SPF_HELO;
		return domain_set(check, bytes_of(input->helo));
	}
	check->finding.scope = SPF_MFROM;
	for (at = from.len; at > 0 && from.data[at - 1] != '@'; at--)
		;
	local = bytes_slice(from, 0, at > 0 ? at - 1 : 0);
	if (local.len > LOCAL_MAX)
		return false;
	if (local.len > 0)
		check->macros.local = arena_text(check->arena, local);
	return check->macros.local != NULL &&
	       domain_set(check, bytes_slice(from, at, from.len));
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
	} else if (!identity(check, input)) {
		check->finding.code = "no-identity";
		check->finding.text = "The envelope names no domain that SPF "
				      "could be checked for.";
	} else {
		(void)dns_ask(request, check->finding.domain, DNS_TXT);
	}
	return check;
}

const char *spf_domain(const struct spf_check *check)
{
	return check->finding.domain;
}

/* --- the walk */

static enum result check_host(struct spf_check *check, const char *domain,
			      unsigned depth);

static bool count_lookup(struct spf_check *check)
{
	if (++check->lookups <= SPF_LOOKUPS_MAX)
		return true;
	(void)permerror(check, "too-many-lookups",
			"The SPF record needs more than 10 look-ups.");
	return false;
}

static enum result too_large(struct spf_check *check)
{
	return permerror(check, "too-large", "The SPF record grows larger "
			 "than one check may become.");
}

/* Section 5.2's table; an exp= in there does not count. */
static enum result match_include(struct spf_check *check, const char *domain,
				 unsigned depth)
{
	switch (check_host(check, domain, depth + 1)) {
	case RESULT_PASS:
		return RESULT_PASS;
	case RESULT_TEMPERROR:
		return RESULT_TEMPERROR;
	case RESULT_PERMERROR:
		return RESULT_PERMERROR;
	case RESULT_NONE:
		return permerror(check, "include-without-record", "The SPF "
				 "record includes a domain that has none.");
	case RESULT_FAIL:
	case RESULT_SOFTFAIL:
	case RESULT_NEUTRAL:
	case RESULT_POLICY:
	default:
		return RESULT_NONE;
	}
}

static bool is_ascii(const char *text)
{
	while (*text != 0 && (unsigned char)*text < 0x80)
		text++;
	return *text == 0;
}

static enum result match(struct spf_check *check, const struct spf_term *term,
			 const char *domain, unsigned depth)
{
	const char *target;

	if (term->mechanism == SPF_ALL || term->mechanism == SPF_IP4 ||
	    term->mechanism == SPF_IP6)
		return spf_match(check, term, domain);
	if (!count_lookup(check))
		return RESULT_PERMERROR;
	target = spf_target(check, term->domain, domain);
	if (target == NULL)
		return too_large(check);
	if (!is_ascii(target))
		return RESULT_NONE;	/* RFC 8616 section 4 */
	return term->mechanism == SPF_INCLUDE ?
	       match_include(check, target, depth) :
	       spf_match(check, term, target);
}

static enum result redirected(struct spf_check *check, struct bytes spec,
			      const char *domain, unsigned depth)
{
	const char *target;
	enum result result;

	if (!count_lookup(check))
		return RESULT_PERMERROR;
	target = spf_target(check, spec, domain);
	if (target == NULL)
		return too_large(check);
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

/* The one SPF record of the domain: RESULT_PASS; else the result. */
static enum result record_of(struct spf_check *check, const char *domain,
			     struct bytes *record)
{
	const struct dns_answer *answer;
	enum result result;
	size_t found;

	if (!spf_is_name(domain) || domain_labels(domain) < 2)
		return RESULT_NONE;	/* section 4.3 */
	answer = spf_look_up(check, domain, DNS_TXT, SPF_VOID_IS_FREE,
			     &result);
	if (answer == NULL)
		return result;
	found = spf_records_in(check, answer, record);
	if (found > 1)
		return permerror(check, "several-records", "The domain "
				 "publishes several SPF records.");
	return found == 1 ? RESULT_PASS : RESULT_NONE;
}

static enum result check_host(struct spf_check *check, const char *domain,
			      unsigned depth)
{
	struct bytes text = { NULL, 0 };
	struct spf_record *record;
	enum result result;

	if (depth > DEPTH_MAX)
		return permerror(check, "too-many-lookups", "The SPF record "
				 "nests too deep.");
	result = record_of(check, domain, &text);
	if (depth == 0)
		check->finding.record = arena_text(check->arena, text);
	if (result != RESULT_PASS)
		return result;
	record = malloc(sizeof(*record));
	if (record == NULL)
		return spf_give_up(check, RESULT_TEMPERROR, "too-large",
				   "There was no memory to check SPF.");
	if (spf_record_parse(text, record) < 0) {
		result = permerror(check, "record-syntax", "The SPF record "
				   "breaks the grammar.");
	} else {
		spf_ask_ahead(check, record, domain);
		result = walk(check, record, domain, depth);
	}
	free(record);
	return result;
}

/* --- the explanation */

/* exp= of the record that decided (section 6.2); its errors are silent, and
 * none of its questions counts. */
static const char *explain(struct spf_check *check)
{
	const struct dns_answer *answer;
	const char *target;
	struct bytes text;

	if (check->explanation.len == 0)
		return NULL;
	target = spf_target(check, check->explanation, check->explain_in);
	if (target == NULL || !spf_is_name(target))
		return NULL;
	answer = dns_await(dns_ask(check->request, target, DNS_TXT));
	if (answer->record_count != 1)
		return NULL;
	text = dns_txt(check->request, answer->records[0]);
	if (text.data == NULL ||
	    !spf_spec_is_valid(text, SPF_SPEC_EXPLANATION))
		return NULL;
	check->least = dns_security_least(check->least, answer->security);
	check->macros.domain = check->explain_in;
	check->macros.validated = NULL;
	if (spf_spec_wants_p(text))
		check->macros.validated = spf_validated_name(check,
						check->explain_in,
						SPF_ANYWHERE);
	return spf_expand_text(check->arena, text, &check->macros);
}

void spf_finish(struct spf_check *check, struct spf_finding *out)
{
	struct spf_finding *finding = &check->finding;

	if (finding->domain != NULL) {
		finding->result = check_host(check, check->macros.domain, 0);
		finding->lookups = check->lookups;
		if (finding->result != RESULT_PERMERROR &&
		    finding->result != RESULT_TEMPERROR)
			finding->code = finding->text = NULL;
		if (finding->result == RESULT_FAIL)
			finding->explanation = explain(check);
		if (check->asked)
			finding->dnssec = check->least;
	}
	*out = *finding;
}
