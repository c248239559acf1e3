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
	out->dnssec = DNS_SECURITY_UNKNOWN;
	while (name[0] != 0 && out->count < DMARC_WALK_MAX) {
		question = arena_print(arena, "_dmarc.%s", name);
		out->names[out->count] = name;
		out->questions[out->count] = question == NULL ? NULL :
			dns_ask_spare(request, question, DNS_TXT);
		out->steps[out->count].name = question;
		out->count++;
		labels = domain_labels(name);
		name = domain_parent(name, labels > LABELS_KEPT ?
				     labels - LABELS_KEPT : 1);
	}
}

size_t dmarc_walk_records(struct arena *arena, struct dns_request *request,
			  const struct dns_answer *answer,
			  struct dmarc_record *out)
{
	struct dmarc_record record;
	struct bytes text;
	size_t count = 0, i;

	for (i = 0; i < answer->record_count; i++) {
		text = dns_txt(request, answer->records[i]);
		if (text.data == NULL ||
		    !dmarc_record_parse(arena, text, &record))
			continue;
		*out = record;
		count++;
	}
	return count;
}

/* Bogus and silent answers: nothing is known of that name. */
static void step_failed(struct arena *arena, struct dmarc_walk *walk, size_t i,
			enum dns_state state)
{
	const char *name = walk->steps[i].name, *code, *what;

	if (state == DNS_BOGUS) {
		walk->steps[i].found = "bogus";
		code = "dns-bogus";
		what = "DNSSEC validation failed (bogus)";
	} else {
		walk->steps[i].found = "silent";
		code = "dns-silent";
		what = "DNS did not answer";
	}
	if (walk->temporary)
		return;
	walk->temporary = true;
	walk->why = code;
	walk->why_text = arena_print(arena, "%s for the DMARC record %s.",
				     what, name == NULL ? "" : name);
	if (walk->why_text == NULL)
		walk->why_text = "The DMARC record could not be read now.";
}

/* RFC 9989 section 4.10.2, from the records found. */
static void organizational_find(struct dmarc_walk *walk)
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
		    found->domain != walk->domain) {
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

/* A name's answer; true: the walk ends with it. */
static bool step_read(struct arena *arena, struct dns_request *request,
		      struct dmarc_walk *walk, size_t i)
{
	const struct dns_answer *answer = dns_await(walk->questions[i]);
	struct dmarc_found *found = &walk->found[walk->found_count];
	size_t count;

	walk->steps[i].dnssec = answer->security;
	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT) {
		step_failed(arena, walk, i, answer->state);
		return false;
	}
	count = dmarc_walk_records(arena, request, answer, &found->record);
	if (count != 1) {
		walk->steps[i].found = count == 0 ? "nothing" :
						    "several records";
		walk->several = walk->several || count > 1;
		return false;
	}
	walk->steps[i].found = "record";
	found->domain = walk->names[i];
	found->dnssec = answer->security;
	walk->dnssec = walk->found_count == 0 ? answer->security :
		       dns_security_least(walk->dnssec, answer->security);
	walk->found_count++;
	return found->record.psd != DMARC_PSD_UNKNOWN;
}

void dmarc_walk_await(struct arena *arena, struct dns_request *request,
		      struct dmarc_walk *walk)
{
	bool done = false;

	if (walk->awaited)
		return;
	walk->awaited = true;
	while (!done && walk->asked < walk->count)
		done = step_read(arena, request, walk, walk->asked++);
	if (walk->found_count == 0 && walk->count > 0)
		walk->dnssec = walk->steps[0].dnssec;
	organizational_find(walk);
}
