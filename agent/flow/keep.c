/* keep.c - facts, keys and names of a message, for the store */
#include "agent/flow/keep.h"

#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/facts_text.h"
#include "agent/flow/report.h"
#include "agent/flow/shown.h"
#include "agent/mail/autocrypt.h"
#include "agent/verdict/verdict.h"

#define KEY_KEPT_MAX 2048	/* bytes of a record; RSA-8192 has 1500 */

/* A signature of a domain that has no part in the verdict does not count:
 * else a dead domain's would keep mail from ever being judged. */
bool keep_is_final(const struct facts *facts,
		   const struct judgement *judgement)
{
	const struct dkim_finding *one;
	size_t i;

	if (judgement->verdict == VERDICT_GENUINE)
		return true;
	if (facts->dmarc.result == RESULT_TEMPERROR ||
	    facts->spf.result == RESULT_TEMPERROR ||
	    facts->arc.result == RESULT_TEMPERROR)
		return false;
	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result == RESULT_TEMPERROR && one->aligned)
			return false;
	}
	for (i = 0; i < facts->foreign_count; i++)
		if (facts->foreign[i].dmarc != NULL &&
		    facts->foreign[i].dmarc->result == RESULT_TEMPERROR)
			return false;
	return true;
}

/* Only what DNS has now and a signature verified with. */
static void put_keys(struct arena *arena, struct value *keep,
		     const struct dkim_findings *findings)
{
	struct value *list = value_put_list(arena, keep, "keys");
	const struct dkim_finding *one;
	struct value *key;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		one = &findings->list[i];
		if (one->result != RESULT_PASS || one->key_archived != 0 ||
		    one->key_text == NULL || one->domain == NULL ||
		    one->selector == NULL ||
		    strlen(one->key_text) > KEY_KEPT_MAX)
			continue;
		key = value_put_dict(arena, list, NULL);
		value_put_text(arena, key, "domain", one->domain);
		value_put_text(arena, key, "selector", one->selector);
		value_put_text(arena, key, "text", one->key_text);
		value_put_text(arena, key, "dnssec",
			       dns_security_word(one->dnssec));
	}
}

/* By which a replay is known. */
static void put_signatures(struct arena *arena, struct value *keep,
			   const struct dkim_findings *findings)
{
	struct value *list = value_put_list(arena, keep, "signatures");
	const struct dkim_finding *one;
	struct value *entry;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		one = &findings->list[i];
		if (one->signature_sum == NULL || one->body_sum == NULL)
			continue;
		entry = value_put_dict(arena, list, NULL);
		value_put_text(arena, entry, "sum", one->signature_sum);
		value_put_text(arena, entry, "body", one->body_sum);
	}
}

/* Whether the domain itself sent the field: it stands under a signature of
 * the domain's, or the domain's own servers brought the message here. */
static bool is_domains(const struct facts *facts,
		       const struct judgement *judgement)
{
	const struct dkim_finding *one;
	size_t i;

	if (facts->dmarc.result != RESULT_PASS ||
	    (judgement->verdict != VERDICT_GENUINE &&
	     judgement->verdict != VERDICT_AUTHENTICATED))
		return false;
	if (facts->spf.result == RESULT_PASS && facts->spf.aligned)
		return true;
	for (i = 0; i < facts->dkim.count; i++) {
		one = &facts->dkim.list[i];
		if (one->result == RESULT_PASS && one->aligned &&
		    one->covers_autocrypt &&
		    one->integrity != INTEGRITY_TAMPERED)
			return true;
	}
	return false;
}

static void put_autocrypt(struct arena *arena, struct value *keep,
			  const struct message *message,
			  const struct facts *facts,
			  const struct judgement *judgement)
{
	struct autocrypt autocrypt;
	char *hex;
	size_t i;

	if (facts->from != FROM_ONE || !is_domains(facts, judgement) ||
	    autocrypt_read(arena, message, facts->address, &autocrypt) <= 0)
		return;
	hex = arena_alloc(arena, 2 * autocrypt.key.len + 1);
	for (i = 0; hex != NULL && i < autocrypt.key.len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x",
			       autocrypt.key.data[i]);
	value_put_text(arena, keep, "autocrypt", hex);
}

void keep_put(struct arena *arena, struct value *report,
	      const struct message *message, const struct facts *facts,
	      const struct judgement *judgement, const char *id,
	      int64_t arrived)
{
	const char *text = facts_print(arena, facts);
	const char *ids[SHOWN_IDS_MAX];
	struct value *keep, *list;
	size_t count, i;

	if (text == NULL)
		return;
	keep = value_put_dict(arena, report, "keep");
	value_put_text(arena, keep, "id", id);
	value_put_number(arena, keep, "arrived", arrived);
	value_put_truth(arena, keep, "final",
			keep_is_final(facts, judgement));
	value_put_text(arena, keep, "verdict",
		       verdict_word(judgement->verdict));
	value_put_text(arena, keep, "address", facts->address);
	value_put_text(arena, keep, "facts", text);
	list = value_put_list(arena, keep, "message_ids");
	count = shown_ids(arena, message, ids);
	for (i = 0; i < count; i++)
		value_put_text(arena, list, NULL, ids[i]);
	put_keys(arena, keep, &facts->dkim);
	put_signatures(arena, keep, &facts->dkim);
	put_autocrypt(arena, keep, message, facts, judgement);
	if (!report_fits(report))
		(void)value_take(keep, "autocrypt", VALUE_TEXT);
	/* Who wrote so much is judged anew at each look. */
	if (!report_fits(report))
		report_drop_last(report);
}
