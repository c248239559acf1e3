/* find_dns.c - keys that DNS has for a mailbox: RFC 7929, RFC 8162
 *
 * Only what DNSSEC proves to be the domain's counts.  That a domain says
 * something that cannot be proved is told, and not used. */
#include "agent/flow/find_inside.h"

#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/dane/openpgpkey.h"

#define RECORDS_MAX 8		/* of one name that are looked at */

/* As written, and in lower case where that is another name. */
struct find_names {
	struct dns_question *openpgp[2], *smimea[2];
};

static void ask(struct dns_request *request, const char *address,
		const char *label, enum dns_type type,
		struct dns_question *out[2])
{
	char owner[MAILBOX_OWNER_MAX];

	if (mailbox_owner(address, label, MAILBOX_AS_WRITTEN, owner))
		out[0] = dns_ask(request, owner, type);
	if (mailbox_has_capitals(address) &&
	    mailbox_owner(address, label, MAILBOX_LOWER, owner))
		out[1] = dns_ask(request, owner, type);
}

struct find_names *find_names_ask(struct find *find,
				  struct dns_request *request)
{
	struct find_names *names = arena_alloc(find->job->arena,
					       sizeof(*names));
	const char *address = find->question->address;

	if (names == NULL)
		return NULL;
	if (find_wants(find, &scheme_openpgp))
		ask(request, address, OPENPGPKEY_LABEL, DNS_OPENPGPKEY,
		    names->openpgp);
	if (find_wants(find, &scheme_smime))
		ask(request, address, SMIMEA_LABEL, DNS_SMIMEA,
		    names->smimea);
	dns_send(request);
	return names;
}

/* Whether there are records that are the domain's.  What is there and is not
 * used is told. */
static bool is_proven(struct find *find, const struct scheme *scheme,
		      enum find_source source,
		      const struct dns_answer *answer)
{
	struct found_key *found;

	if (answer->state == DNS_NOTHING || answer->state == DNS_NXDOMAIN)
		return false;
	if (answer->state == DNS_HAVE && answer->security == DNS_SECURE)
		return true;
	found = find_add(find, scheme, source);
	if (found == NULL)
		return false;
	found->dnssec = answer->security;
	if (answer->state == DNS_HAVE)
		found->reason = "The domain publishes a key, but does not "
			"sign its DNS (DNSSEC): anybody could have put it "
			"there.";
	else
		found->reason = arena_print(find->job->arena, "DNS could not "
			"be asked: %s.", answer->why);
	return false;
}

static void openpgp_take(struct find *find, struct dns_question *question)
{
	const struct dns_answer *answer;
	size_t i;

	if (question == NULL)
		return;
	answer = dns_await(question);
	if (!is_proven(find, &scheme_openpgp, FIND_OPENPGPKEY, answer))
		return;
	for (i = 0; i < answer->record_count && i < RECORDS_MAX; i++)
		find_openpgp_blob(find, FIND_OPENPGPKEY, answer->records[i],
				  0, answer->security);
}

/* The certificates that records bring, and all records as pins of others. */
static void smimea_take(struct find *find, struct dns_question *question)
{
	const struct dns_answer *answer;
	struct bytes certificate;
	size_t i;

	if (question == NULL)
		return;
	answer = dns_await(question);
	if (!is_proven(find, &scheme_smime, FIND_SMIMEA, answer))
		return;
	find->pins = answer->records;
	find->pin_count = answer->record_count;
	for (i = 0; i < answer->record_count && i < RECORDS_MAX; i++) {
		certificate = smimea_certificate(answer->records[i]);
		if (certificate.len > 0)
			find_smime_blob(find, FIND_SMIMEA, certificate, 0,
					answer->security);
	}
}

void find_names_await(struct find *find, struct find_names *names)
{
	size_t before = find->count;

	openpgp_take(find, names->openpgp[0]);
	if (find->count == before)
		openpgp_take(find, names->openpgp[1]);
	before = find->count;
	smimea_take(find, names->smimea[0]);
	if (find->count == before && find->pin_count == 0)
		smimea_take(find, names->smimea[1]);
}
