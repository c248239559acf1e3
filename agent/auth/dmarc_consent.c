/* dmarc_consent.c - one question a host, whatever the number of its URIs */
#include "agent/auth/dmarc_consent.h"

#include <string.h>

#include "agent/auth/dmarc_record.h"
#include "agent/base/arena.h"

struct consent {
	struct arena *arena;
	struct dns_request *request;
	const char *domain;		/* where the policy stood */
};

static struct dns_question *ask(const struct consent *consent,
				const char *host)
{
	const char *name = arena_print(consent->arena, "%s._report._dmarc.%s",
				       consent->domain, host);

	return name == NULL ? NULL : dns_ask(consent->request, name, DNS_TXT);
}

static void ask_all(const struct consent *consent,
		    const struct dmarc_report_uri *uris, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (uris[i].external && uris[i].host != NULL)
			(void)ask(consent, uris[i].host);
}

/* Another address of the same host; others are ignored. */
static const char *instead_of(const char *host,
			      const struct dmarc_report_uri *uris,
			      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (uris[i].host != NULL && strcmp(uris[i].host, host) == 0)
			return uris[i].uri;
	return NULL;
}

enum kind { KIND_RUA, KIND_RUF };

static void read_answer(const struct consent *consent,
			const struct dns_answer *answer, enum kind kind,
			struct dmarc_report_uri *uri)
{
	struct dmarc_record record;
	struct bytes text;
	size_t i;

	if (answer->state == DNS_BOGUS || answer->state == DNS_SILENT) {
		uri->consent = DMARC_CONSENT_NOT_TOLD;
		return;
	}
	uri->consent = DMARC_CONSENT_DENIED;
	for (i = 0; i < answer->record_count; i++) {
		text = dns_txt(consent->request, answer->records[i]);
		if (text.data == NULL ||
		    !dmarc_record_parse(consent->arena, text, &record))
			continue;
		uri->consent = DMARC_CONSENT_GIVEN;
		if (uri->instead != NULL)
			continue;
		if (kind == KIND_RUA)
			uri->instead = instead_of(uri->host, record.rua,
						  record.rua_count);
		else
			uri->instead = instead_of(uri->host, record.ruf,
						  record.ruf_count);
	}
}

static void await_all(const struct consent *consent, enum kind kind,
		      struct dmarc_report_uri *uris, size_t count)
{
	struct dns_question *question;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!uris[i].external)
			continue;
		uris[i].consent = DMARC_CONSENT_DENIED;
		if (uris[i].host == NULL)
			continue;
		question = ask(consent, uris[i].host);	/* the same again */
		read_answer(consent, dns_await(question), kind, &uris[i]);
	}
}

void dmarc_consent_find(struct arena *arena, struct dns_request *request,
			struct dmarc_finding *finding)
{
	struct consent consent = { arena, request, finding->domain };

	if (finding->domain == NULL)
		return;
	ask_all(&consent, finding->rua, finding->rua_count);
	ask_all(&consent, finding->ruf, finding->ruf_count);
	await_all(&consent, KIND_RUA, finding->rua, finding->rua_count);
	await_all(&consent, KIND_RUF, finding->ruf, finding->ruf_count);
}

const char *dmarc_consent_word(enum dmarc_consent consent)
{
	static const char *const words[] = { NULL, "given", "denied",
					     "not-told" };

	return words[consent];
}
