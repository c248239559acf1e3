/* spf_lookup.c - one question of SPF: what it counts and what it means */
#include <string.h>

#include "agent/auth/spf_check.h"
#include "agent/base/arena.h"
#include "agent/mail/domain.h"

enum result spf_give_up(struct spf_check *check, enum result result,
			const char *code, const char *text)
{
	check->finding.code = code;
	check->finding.text = text;
	return result;
}

static const char *type_word(enum dns_type type)
{
	switch (type) {
	case DNS_A:	return "A";
	case DNS_AAAA:	return "AAAA";
	case DNS_MX:	return "MX";
	case DNS_PTR:	return "PTR";
	case DNS_TXT:
	default:	return "TXT";
	}
}

/* For people who want to see it; `name` lives as long as the request. */
static void step_note(struct spf_check *check, const char *name,
		      enum dns_type type, const struct dns_answer *answer)
{
	static const char *const found[] = { "records", "nothing", "nothing",
					     "bogus", "silent" };
	struct spf_finding *finding = &check->finding;
	struct spf_step *step = &finding->steps[finding->step_count];

	if (finding->step_count == SPF_STEPS_MAX)
		return;
	step->name = name;
	step->type = type_word(type);
	step->found = found[answer->state];
	step->dnssec = answer->security;
	finding->step_count++;
}

const struct dns_answer *spf_await(struct spf_check *check, const char *name,
				   enum dns_type type)
{
	struct dns_question *question = dns_ask(check->request, name, type);
	const struct dns_answer *answer;

	spf_read_ahead(check);
	answer = dns_await(question);
	check->asked = true;
	step_note(check, name, type, answer);
	check->least = dns_security_least(check->least, answer->security);
	return answer;
}

const struct dns_answer *spf_look_up(struct spf_check *check,
				     const char *name, enum dns_type type,
				     enum spf_void voids,
				     enum result *result)
{
	const struct dns_answer *answer = spf_await(check, name, type);

	switch (answer->state) {
	case DNS_HAVE:
		return answer;
	case DNS_NOTHING:
	case DNS_NXDOMAIN:
		if (voids == SPF_VOID_IS_FREE ||
		    ++check->voids <= SPF_VOIDS_MAX)
			return answer;
		*result = spf_give_up(check, RESULT_PERMERROR,
			"too-many-voids", "The SPF record asks for too many "
			"names that are not there.");
		return NULL;
	case DNS_BOGUS:
		*result = spf_give_up(check, RESULT_TEMPERROR, "dns-bogus",
			"DNSSEC validation failed for a record that SPF needs "
			"(bogus).");
		return NULL;
	case DNS_SILENT:
	default:
		*result = spf_give_up(check, RESULT_TEMPERROR, "dns-silent",
			"DNS did not answer for a record that SPF needs.");
		return NULL;
	}
}
