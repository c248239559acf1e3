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

bool spf_is_name(const char *name)
{
	size_t label = 0, i;

	for (i = 0; name[i] != 0; i++) {
		if (i == DOMAIN_MAX || (unsigned char)name[i] >= 0x80)
			return false;
		if (name[i] != '.') {
			if (++label > LABEL_MAX)
				return false;
			continue;
		}
		if (label == 0)
			return false;
		label = 0;
	}
	return label > 0;
}

enum dns_type spf_address_type(const struct spf_check *check)
{
	return check->macros.ip.v6 ? DNS_AAAA : DNS_A;
}

const char *spf_reverse_name(struct spf_check *check)
{
	static const char hex[] = "0123456789abcdef";
	const struct spf_ip *ip = &check->macros.ip;
	char name[80];
	size_t used = 0, i;

	if (!ip->v6)
		return arena_print(check->arena, "%u.%u.%u.%u.in-addr.arpa",
				   ip->octets[3], ip->octets[2],
				   ip->octets[1], ip->octets[0]);
	for (i = sizeof(ip->octets); i > 0; i--) {
		name[used++] = hex[ip->octets[i - 1] & 15];
		name[used++] = '.';
		name[used++] = hex[ip->octets[i - 1] >> 4];
		name[used++] = '.';
	}
	name[used] = 0;
	return arena_print(check->arena, "%sip6.arpa", name);
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

size_t spf_records_in(struct spf_check *check,
		      const struct dns_answer *answer, struct bytes *text)
{
	struct bytes one;
	size_t found = 0, i;

	for (i = 0; i < answer->record_count; i++) {
		one = dns_txt(check->request, answer->records[i]);
		if (one.data == NULL || !spf_record_is_one(one))
			continue;
		*text = one;
		found++;
	}
	return found;
}
