/* dkim_fetch.c - one record must be a key; the archive when there is none */
#include "agent/auth/dkim_fetch.h"

#include <string.h>

#include "agent/auth/dkim_key_cache.h"
#include "agent/base/arena.h"

#define KEY_RECORDS_MAX	16	/* TXT records looked at for one key */

static bool decide(struct dkim_fetch *fetch, enum result result,
		   const char *code, const char *text)
{
	fetch->result = result;
	fetch->code = code;
	fetch->text = text;
	return result == RESULT_PASS;
}

void dkim_fetch_ask(struct dkim_fetch *fetch)
{
	const char *name = arena_print(fetch->arena, "%s._domainkey.%s",
				       fetch->selector, fetch->domain);

	if (name != NULL)
		fetch->question = dns_ask_spare(fetch->request, name, DNS_TXT);
}

bool dkim_fetch_is_here(const struct dkim_fetch *fetch)
{
	return fetch->question == NULL || dns_is_answered(fetch->question);
}

static bool key_read(struct dkim_fetch *fetch, struct bytes record)
{
	const char *code = NULL, *text = NULL;
	enum result result = RESULT_PERMERROR;

	dkim_key_clear(&fetch->key);
	if (dkim_key_cached(fetch->arena, record, fetch->algorithm,
			    &fetch->key, &code, &text) == 0)
		result = RESULT_PASS;
	else if (strcmp(code, "weak-key") == 0)
		result = RESULT_POLICY;
	return decide(fetch, result, code, text);
}

/* Exactly one record must be a DKIM key; other TXT records may stand beside
 * it.  RFC 6376 section 3.6.2.2 leaves several undefined: none is believed,
 * because which one a verifier takes would be up to the order of the
 * answer. */
static bool records_read(struct dkim_fetch *fetch,
			 const struct dns_answer *answer)
{
	struct bytes text, record = { NULL, 0 };
	size_t i, found = 0;

	for (i = 0; i < answer->record_count && i < KEY_RECORDS_MAX; i++) {
		text = dns_txt(fetch->request, answer->records[i]);
		if (text.data == NULL)
			continue;
		if (answer->record_count > 1 &&
		    !dkim_key_is_one(fetch->arena, text))
			continue;
		record = text;
		found++;
	}
	if (found > 1 || answer->record_count > KEY_RECORDS_MAX)
		return decide(fetch, RESULT_PERMERROR, "several-keys",
			      "several keys stand at one name; none is "
			      "believed.");
	if (found == 0)
		return decide(fetch, RESULT_PERMERROR, "key-syntax",
			      "no key record stands where its key should be.");
	fetch->record = arena_text(fetch->arena, record);
	return key_read(fetch, record);
}

static bool gone(struct dkim_fetch *fetch)
{
	dkim_key_clear(&fetch->key);
	fetch->archived = 0;
	fetch->record = NULL;
	return decide(fetch, RESULT_PERMERROR, "key-unavailable",
		      "its key is not in DNS; it may have been withdrawn.");
}

/* Was in DNS when the message came, and is to be believed for that. */
static bool is_of_then(const struct dkim_fetch *fetch,
		       const struct dkim_archived *kept)
{
	return kept->text != NULL &&
	       (kept->dnssec == DNS_SECURE || kept->dnssec == DNS_INSECURE) &&
	       kept->first_seen <= kept->last_seen && kept->last_seen > 0 &&
	       fetch->arrived - DKIM_ARCHIVE_SLACK <= kept->last_seen;
}

bool dkim_fetch_next(struct dkim_fetch *fetch)
{
	const struct dkim_archived *kept;

	while (fetch->kept_tried < fetch->kept_count) {
		kept = &fetch->kept[fetch->kept_tried++];
		if (!is_of_then(fetch, kept) ||
		    !key_read(fetch, bytes_of(kept->text)))
			continue;
		fetch->archived = kept->last_seen;
		fetch->dnssec = kept->dnssec;
		fetch->record = kept->text;
		return true;
	}
	return gone(fetch);
}

static bool ask_archive(struct dkim_fetch *fetch)
{
	const struct dkim_archive *archive = fetch->archive;
	int found = 0;

	fetch->unavailable = true;
	if (archive != NULL && archive->find != NULL)
		found = archive->find(archive->ctx, fetch->arena,
				      fetch->domain, fetch->selector,
				      fetch->kept, DKIM_ARCHIVED_MAX);
	if (found < 0)
		return decide(fetch, RESULT_TEMPERROR, "archive-silent",
			      "its key is no longer in DNS, and the archive "
			      "of keys could not be asked.");
	fetch->kept_count = (size_t)found;
	if (fetch->kept_count > DKIM_ARCHIVED_MAX)
		fetch->kept_count = DKIM_ARCHIVED_MAX;
	return dkim_fetch_next(fetch);
}

bool dkim_fetch_await(struct dkim_fetch *fetch)
{
	const struct dns_answer *answer = dns_await(fetch->question);

	fetch->dnssec = answer->security;
	switch (answer->state) {
	case DNS_HAVE:
		return records_read(fetch, answer);
	case DNS_NOTHING:
	case DNS_NXDOMAIN:
		return ask_archive(fetch);
	case DNS_BOGUS:
		return decide(fetch, RESULT_TEMPERROR, "dns-bogus",
			      "DNSSEC validation of its key failed (bogus).");
	case DNS_SILENT:
	default:
		return decide(fetch, RESULT_TEMPERROR, "dns-silent",
			      "DNS did not answer for its key.");
	}
}

void dkim_fetch_clear(struct dkim_fetch *fetch)
{
	dkim_key_clear(&fetch->key);
}
