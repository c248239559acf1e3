/* test_facts_text.c - what was found out, printed and read again */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/flow/facts_text.h"
#include "agent/verdict/verdict.h"

#define CAP	(4 * 1024 * 1024)
#define HEAD	"mailseal facts 1\n"

static struct dmarc_finding bank = {
	.result = RESULT_FAIL, .policy = POLICY_REJECT,
	.published = POLICY_REJECT, .domain = "bank.example"
};

static struct facts sample(void)
{
	struct facts facts = {
		.from = FROM_AMBIGUOUS, .from_text = "two\nlines \\ and more",
		.address = "alice@example.org", .domain = "example.org",
		.name = "", .subject = "[brackets] first", .date = "today",
		.name_unreadable = true, .odd_local = true,
		.altered_on_the_way = true, .forged_authres = 3,
		.foreign_count = 2
	};
	struct dkim_finding *dkim = &facts.dkim.list[1];
	struct dmarc_finding *dmarc = &facts.dmarc;

	facts.foreign[0].domain = "bank.example";
	facts.foreign[0].dmarc = &bank;
	facts.foreign[1].domain = "other.example";
	facts.dkim.count = 2;
	facts.dkim.ignored = 5;
	dkim->result = RESULT_PERMERROR;
	dkim->domain = "example.org";
	dkim->key_bits = 2048;
	dkim->aligned = dkim->header_only = true;
	dkim->dnssec = DNS_SECURITY_BOGUS;
	dkim->integrity = INTEGRITY_TAMPERED;
	dkim->integrity_text = "12 bytes";
	dkim->body_beyond = UINT64_MAX;
	dkim->signed_at = -1;
	dkim->expires = 1700000000;
	dkim->key_archived = 1600000000;
	facts.spf.result = RESULT_SOFTFAIL;
	facts.spf.scope = SPF_HELO;
	facts.spf.lookups = 10;
	dmarc->proof = PROOF_SERVER;
	dmarc->psl_result = RESULT_PASS;
	dmarc->strict_spf = true;
	dmarc->walk_count = 2;
	dmarc->walk[1].name = "_dmarc.example.org";
	dmarc->walk[1].found = "record";
	dmarc->rua_count = 1;
	dmarc->rua[0].uri = "mailto:a@b";
	dmarc->rua[0].external = true;
	dmarc->rua[0].limit = 10;
	dmarc->ruf_count = 1;
	dmarc->ruf[0].uri = "mailto:c@d";
	dmarc->ruf[0].consent = DMARC_CONSENT_DENIED;
	return facts;
}

static void all_comes_back(void **state)
{
	struct arena *arena = arena_new(CAP);
	struct facts facts = sample(), *out;
	const char *text = facts_print(arena, &facts);

	(void)state;
	assert_non_null(text);
	assert_int_equal(facts_parse(arena, bytes_of(text), &out), 0);
	assert_int_equal(out->from, FROM_AMBIGUOUS);
	assert_string_equal(out->from_text, facts.from_text);
	assert_string_equal(out->name, "");
	assert_string_equal(out->subject, facts.subject);
	assert_true(out->name_unreadable);
	assert_false(out->odd_route);
	assert_int_equal(out->forged_authres, 3);
	assert_int_equal(out->dkim.count, 2);
	assert_int_equal(out->dkim.ignored, 5);
	assert_null(out->dkim.list[0].domain);
	assert_int_equal(out->dkim.list[1].result, RESULT_PERMERROR);
	assert_int_equal(out->dkim.list[1].dnssec, DNS_SECURITY_BOGUS);
	assert_int_equal(out->dkim.list[1].signed_at, -1);
	assert_int_equal(out->dkim.list[1].key_archived, 1600000000);
	assert_int_equal(out->spf.scope, SPF_HELO);
	assert_int_equal(out->dmarc.walk_count, 2);
	assert_string_equal(out->dmarc.walk[1].found, "record");
	assert_int_equal(out->dmarc.ruf[0].consent, DMARC_CONSENT_DENIED);
	assert_int_equal(out->foreign_count, 2);
	assert_string_equal(out->foreign[1].domain, "other.example");
	assert_null(out->foreign[1].dmarc);
	assert_int_equal(out->foreign[0].dmarc->policy, POLICY_REJECT);
	/* Nothing was forgotten that is printed. */
	assert_string_equal(facts_print(arena, out), text);
	arena_free(arena);
}

/* What is only for people goes first; what decides stays. */
static void details_make_room(void **state)
{
	struct arena *arena = arena_new(CAP);
	char *record = arena_alloc(arena, FACTS_TEXT_MAX);
	struct facts facts = sample(), *out;
	const char *text;

	(void)state;
	memset(record, 'a', FACTS_TEXT_MAX - 1);
	facts.dmarc.record = record;
	text = facts_print(arena, &facts);
	assert_non_null(text);
	assert_int_equal(facts_parse(arena, bytes_of(text), &out), 0);
	assert_null(out->dmarc.record);
	assert_int_equal(out->dmarc.walk_count, 0);
	assert_int_equal(out->dmarc.proof, PROOF_SERVER);
	assert_int_equal(out->foreign[0].dmarc->policy, POLICY_REJECT);
	facts.name = record;
	assert_null(facts_print(arena, &facts));
	arena_free(arena);
}

static void broken_text_is_refused(void **state)
{
	static const char *const broken[] = {
		"", "mailseal facts 1", "mailseal facts 2\n[facts]\n",
		HEAD "address a\n", HEAD "[facts]\naddress a",
		HEAD "[facts]\naddress\n", HEAD "[facts]\nnothing a\n",
		HEAD "[nothing]\n", HEAD "[facts]\nfrom two\n",
		HEAD "[facts]\nodd_route 2\n", HEAD "[facts]\nodd_route -1\n",
		HEAD "[facts]\nodd_route x\n", HEAD "[facts]\nname a\\b\n",
		HEAD "[facts]\nname a\\\n", HEAD "[step]\n",
		HEAD "[foreign-dmarc]\n", HEAD "[foreign]\n",
		HEAD "[dkim]\nkey_bits 99999999999\n",
		HEAD "[dkim]\nsigned_at --1\n", HEAD "[dkim]\nsigned_at -\n",
		HEAD "\n", HEAD "[facts]\n\n", HEAD "[\n",
	};
	struct arena *arena = arena_new(CAP);
	struct facts *out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (facts_parse(arena, bytes_of(broken[i]), &out) !=
		    ERR_SYNTAX || out != NULL)
			fail_msg("taken: %s", broken[i]);
	assert_int_equal(facts_parse(arena, bytes_of(HEAD "[facts]\n"), &out),
			 0);
	arena_free(arena);
}

static void lists_have_limits(void **state)
{
	struct arena *arena = arena_new(CAP);
	char *text = arena_alloc(arena, 4096);
	struct facts *out;
	int i;

	(void)state;
	memcpy(text, HEAD, sizeof(HEAD));
	for (i = 0; i < DKIM_SIGNATURES_MAX; i++)
		memcpy(text + strlen(text), "[dkim]\n", 8);
	assert_int_equal(facts_parse(arena, bytes_of(text), &out), 0);
	memcpy(text + strlen(text), "[dkim]\n", 8);
	assert_int_equal(facts_parse(arena, bytes_of(text), &out), ERR_SYNTAX);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_comes_back),
		cmocka_unit_test(details_make_room),
		cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(lists_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
