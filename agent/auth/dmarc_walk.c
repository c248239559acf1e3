/* dmarc_walk.c - all names asked at once, read from the bottom up */
#include "agent/auth/dmarc_walk.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/domain.h"

#define LABELS_KEPT 7	/* of a name of 8 labels or more, after the first */

void dmarc_walk_start(struct arena *arena, struct dns_request *request,
		      const char *domain, struct dmarc_walk *out)
{
	const char *name = domain, *question;
	size_t labels;

	memset(out, 0, sizeof(*out));
	out->domain = domain;
	out->organizational = domain;
	out->dnssec = DNS_SECURE;
	while (name[0] != 0 && out->count < DMARC_WALK_MAX) {
		question = arena_print(arena, "_dmarc.%s", name);
		out->names[out->count] = name;
		out->questions[out->count] = question == NULL ? NULL :
			dns_ask(request, question, DNS_TXT);
		out->steps[out->count].name = question;
		out->count++;
		labels = domain_labels(name);
		name = domain_parent(name, labels > LABELS_KEPT ?
				     labels - LABELS_KEPT : 1);
	}
}

/* One record, or none: several are discarded. */
static bool step_record(struct arena *arena, struct dns_request *request,
			const struct dns_answer *answer,
			struct dmarc_record *out, size_t *count)
{
	struct dmarc_record record;
	struct bytes text;
	size_t i;

	*count = 0;
	for (i = 0; i < answer->record_count; i++) {
		text = dns_txt(request, answer->records[i]);
		if (text.data != NULL &&
		    dmarc_record_parse(arena, text, &record)) {
			*out = record;
			(*count)++;
		}
	}
	return *count == 1;
}

/* RFC 9989 section 4.10.2, from the records found. */
static void organizational(struct dmarc_walk *walk)
{
	const struct dmarc_found *found;
	size_t i;

	for (i = 0; i < walk->found_count; i++) {
		found = &walk->found[i];
		if (found->record.psd == DMARC_PSD_NO) {
			walk->organizational = found->domain;
			return;
		}
		if (found->record.psd == DMARC_PSD_YES &&
		    strcmp(found->domain, walk->domain) != 0) {
			walk->organizational = domain_parent(walk->domain,
				domain_labels(walk->domain) -
				domain_labels(found->domain) - 1);
			return;
		}
	}
	if (walk->found_count > 0)
		walk->organizational =
			walk->found[walk->found_count - 1].domain;
}

void dmarc_walk_await(struct arena *arena, struct dns_request *request,
		      struct dmarc_walk *walk)
{
	const struct dns_answer *answer;
	struct dmarc_found *found;
	size_t i, count;

	if (walk->awaited)
		return;
	walk->awaited = true;
	for (i = 0; i < walk->count; i++) {
		answer = dns_await(walk->questions[i]);
		walk->asked = i + 1;
		walk->steps[i].dnssec = answer->security;
		walk->dnssec = dns_security_least(walk->dnssec,
						  answer->security);
		if (answer->state == DNS_BOGUS ||
		    answer->state == DNS_SILENT) {
			walk->steps[i].found = answer->state == DNS_BOGUS ?
					       "bogus" : "silent";
			if (!walk->temporary) {
				walk->temporary_at = i;
				walk->why = answer->state == DNS_BOGUS ?
					    "dns-bogus" : "dns-silent";
			}
			walk->temporary = true;
			continue;
		}
		found = &walk->found[walk->found_count];
		walk->steps[i].found = "nothing";
		if (!step_record(arena, request, answer, &found->record,
				 &count)) {
			if (count > 1)
				walk->steps[i].found = "several records";
			continue;
		}
		walk->steps[i].found = "record";
		found->domain = walk->names[i];
		walk->found_count++;
		if (found->record.psd != DMARC_PSD_UNKNOWN)
			break;
	}
	organizational(walk);
}
