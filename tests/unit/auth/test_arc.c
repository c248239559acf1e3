/* test_arc.c - chains of one, two and three sealers, whole and broken */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "agent/auth/arc.h"
#include "agent/auth/arc_chain.h"
#include "agent/mail/trace.h"
#include "tests/lab/arc_sealer.h"
#include "tests/unit/auth/dkim_case.h"

static const char *const trusted[] = { "lists.example", "*.inside.example" };
static const struct patterns sealers = { trusted, 2 };

#define LISTS "lab._domainkey.lists.example"

struct outcome {
	struct arc_finding found;
	struct arc_check *check;
};

static void zone(struct dkim_case *one)
{
	static const char *const names[] = {
		LISTS, "lab._domainkey.mx.inside.example",
		"lab._domainkey.other.example"
	};
	size_t i;

	case_start(one);
	for (i = 0; i < 3; i++)
		case_record(one, names[i], "v=DKIM1; k=ed25519; p=@",
			    CASE_ED25519, DKIM_LAB_SPKI);
}

static const char *sealed(struct dkim_case *one, const char *text,
			  struct arc_seal_options options)
{
	char *raw;
	const char *out;

	options.key = one->keys[CASE_ED25519];
	raw = arc_seal(text, &options);
	out = arena_text(one->arena, bytes_of(raw));
	free(raw);
	return out;
}

static struct outcome run(struct dkim_case *one, const char *text)
{
	struct outcome outcome;
	struct message *message = NULL;

	memset(&outcome, 0, sizeof(outcome));
	if (message_parse(one->arena, bytes_of(text), &message) < 0)
		abort();
	one->input.message = message;
	dns_request_free(one->request);
	one->request = dns_request_new(script_resolver_door(one->script),
				       clock_now_ms() + 60000);
	outcome.check = arc_start(one->arena, one->request, &one->input,
				  &sealers);
	assert_non_null(outcome.check);
	arc_finish(outcome.check, &outcome.found);
	assert_null(outcome.found.believed);
	assert_int_equal(outcome.found.code == NULL,
			 outcome.found.text == NULL);
	return outcome;
}

static void fails(struct dkim_case *one, const char *text, const char *code)
{
	struct outcome outcome = run(one, text);

	assert_int_equal(outcome.found.result, RESULT_FAIL);
	assert_string_equal(outcome.found.code, code);
}

static void one_sealer(void **state)
{
	struct dkim_case *one = *state;
	const struct authres *results;
	struct outcome outcome;

	zone(one);
	outcome = run(one, sealed(one, case_message,
				  (struct arc_seal_options){ 0 }));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_null(outcome.found.code);
	assert_string_equal(outcome.found.sealer, "lists.example");
	assert_int_equal(outcome.found.sets, 1);
	assert_int_equal(outcome.found.dnssec, DNS_SECURE);
	assert_int_equal(outcome.found.integrity, INTEGRITY_WHOLE);
	results = arc_results(outcome.check, 0);
	assert_int_equal(results->count, 1);
	assert_string_equal(results->results[0].method, "dmarc");
	assert_string_equal(results->results[0].domain, "example.org");
	assert_null(arc_results(outcome.check, 1));
	assert_int_equal(script_asked(one->script), 1);
}

static void no_chain(void **state)
{
	struct dkim_case *one = *state;
	struct outcome outcome;

	zone(one);
	outcome = run(one, case_message);
	assert_int_equal(outcome.found.result, RESULT_NONE);
	assert_null(outcome.found.sealer);
	assert_null(outcome.found.code);
	assert_int_equal(outcome.found.dnssec, DNS_SECURITY_UNKNOWN);
}

/* Nobody else's word counts: their keys are not asked for. */
static void a_stranger_seals(void **state)
{
	struct dkim_case *one = *state;
	struct arc_seal_options options = { .domain = "other.example" };
	struct outcome outcome;
	const char *text;

	zone(one);
	text = sealed(one, case_message, options);
	outcome = run(one, text);
	assert_int_equal(outcome.found.result, RESULT_NONE);
	assert_string_equal(outcome.found.code, "arc-not-trusted");
	assert_string_equal(outcome.found.sealer, "other.example");
	assert_null(arc_results(outcome.check, 0));
	assert_int_equal(script_asked(one->script), 0);
	/* "*.inside.example" is not inside.example */
	options.domain = "inside.example";
	outcome = run(one, sealed(one, case_message, options));
	assert_string_equal(outcome.found.code, "arc-not-trusted");
}

static const char *chain_of(struct dkim_case *one, const char *const *domains)
{
	struct arc_seal_options options = { 0 };
	const char *text = case_message;

	for (; *domains != NULL; domains++) {
		options.instance++;
		options.domain = *domains;
		text = sealed(one, text, options);
	}
	return text;
}

static void several_sealers(void **state)
{
	static const char *const both[] = { "lists.example",
					    "mx.inside.example", NULL };
	static const char *const between[] = {
		"lists.example", "other.example", "mx.inside.example", NULL
	};
	static const char *const last[] = { "lists.example", "other.example",
					    NULL };
	struct dkim_case *one = *state;
	struct outcome outcome;

	zone(one);
	outcome = run(one, chain_of(one, both));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_string_equal(outcome.found.sealer, "mx.inside.example");
	assert_non_null(arc_results(outcome.check, 1));
	assert_null(arc_results(outcome.check, 2));
	/* what stands below a stranger went through a stranger's hands */
	outcome = run(one, chain_of(one, between));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_int_equal(outcome.found.sets, 3);
	assert_non_null(arc_results(outcome.check, 0));
	assert_null(arc_results(outcome.check, 1));
	outcome = run(one, chain_of(one, last));
	assert_string_equal(outcome.found.code, "arc-not-trusted");
}

static void what_was_changed_is_seen(void **state)
{
	static const char *const both[] = { "lists.example",
					    "mx.inside.example", NULL };
	struct dkim_case *one = *state;
	const char *text;

	zone(one);
	text = chain_of(one, both);
	fails(one, case_replace(one, text, "two  words", "two words x"),
	      "arc-broken");
	fails(one, case_replace(one, text, "Hello  Bob", "Hello Eve"),
	      "arc-broken");
	fails(one, case_replace(one, text, "header.from=example.org",
				"header.from=example.com"), "arc-broken");
	fails(one, case_replace(one, text, "cv=pass", "cv=PASS"),
	      "arc-broken");
	fails(one, case_replace(one, text, "cv=pass", "cv=none"),
	      "arc-broken");
	fails(one, case_replace(one, text, "ARC-Seal: i=2", "X-Seal: i=2"),
	      "arc-broken");
	fails(one, case_replace(one, text, "i=1; a=", "i=3; a="),
	      "arc-broken");
	fails(one, arena_print(one->arena, "ARC-Authentication-Results: "
			       "x.example; none\r\n%s", text), "arc-broken");
	/* whose results cannot be read vouches for nothing, but it is whole */
	assert_int_equal(run(one, text).found.result, RESULT_PASS);
}

static void results_that_cannot_be_read(void **state)
{
	struct dkim_case *one = *state;
	struct arc_seal_options options = { .results = "a b c dmarc=pass" };
	struct outcome outcome;

	zone(one);
	outcome = run(one, sealed(one, case_message, options));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_int_equal(arc_results(outcome.check, 0)->count, 0);
}

static void a_sealer_that_found_it_broken(void **state)
{
	struct dkim_case *one = *state;
	struct arc_seal_options options = { .cv = "cv=fail" };
	struct outcome outcome;

	zone(one);
	outcome = run(one, sealed(one, case_message, options));
	assert_int_equal(outcome.found.result, RESULT_FAIL);
	assert_non_null(strstr(outcome.found.text, "cv=fail"));
	options.cv = "cv=none; h=from";
	fails(one, sealed(one, case_message, options), "arc-broken");
	options.cv = "t=1";
	fails(one, sealed(one, case_message, options), "arc-broken");
}

static void the_newest_signature_covers_too_little(void **state)
{
	struct dkim_case *one = *state;
	struct arc_seal_options options = { .fields = "from:to:date" };
	struct outcome outcome;
	const char *text;

	zone(one);
	outcome = run(one, sealed(one, case_message, options));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_int_equal(outcome.found.integrity, INTEGRITY_PARTLY);
	options.fields = "to:subject:date";
	fails(one, sealed(one, case_message, options), "arc-broken");
	options.fields = "from:arc-seal:subject";
	fails(one, sealed(one, case_message, options), "arc-broken");
	options.fields = NULL;
	text = sealed(one, case_message, options);
	fails(one, case_replace(one, text, "\r\nDate:",
				"\r\nSubject: y\r\nDate:"), "arc-broken");
	/* a Subject on top of the one that is covered */
	outcome = run(one, arena_print(one->arena, "Subject: pay now\r\n%s",
				       text));
	assert_int_equal(outcome.found.result, RESULT_PASS);
	assert_int_equal(outcome.found.integrity, INTEGRITY_TAMPERED);
	/* times */
	options.extra = "x=1767225599";
	fails(one, sealed(one, case_message, options), "expired");
	options.extra = "t=1767225901";
	fails(one, sealed(one, case_message, options), "from-the-future");
}

static void keys_and_dns(void **state)
{
	struct dkim_case *one = *state;
	struct outcome outcome;
	const char *text;

	zone(one);
	text = sealed(one, case_message, (struct arc_seal_options){ 0 });
	script_security(one->script, LISTS, DNS_INSECURE);
	assert_int_equal(run(one, text).found.dnssec, DNS_INSECURE);
	script_state(one->script, LISTS, DNS_SILENT);
	outcome = run(one, text);
	assert_int_equal(outcome.found.result, RESULT_TEMPERROR);
	assert_non_null(strstr(outcome.found.text, "lists.example"));
	script_state(one->script, LISTS, DNS_BOGUS);
	outcome = run(one, text);
	assert_int_equal(outcome.found.result, RESULT_TEMPERROR);
	assert_int_equal(outcome.found.dnssec, DNS_SECURITY_BOGUS);
	script_state(one->script, LISTS, DNS_NXDOMAIN);
	fails(one, text, "arc-key");
}

static void a_flood_of_sets(void **state)
{
	struct dkim_case *one = *state;
	const char *text = case_message;
	unsigned i;

	zone(one);
	for (i = 0; i < 3 * ARC_SETS_MAX + 1; i++)
		text = arena_print(one->arena, "ARC-Seal: i=%u; x\r\n%s",
				   i % 60, text);
	fails(one, text, "arc-broken");
}

static int setup(void **state)
{
	*state = case_new();
	return 0;
}

static int teardown(void **state)
{
	case_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_sealer),
		cmocka_unit_test(no_chain),
		cmocka_unit_test(a_stranger_seals),
		cmocka_unit_test(several_sealers),
		cmocka_unit_test(what_was_changed_is_seen),
		cmocka_unit_test(results_that_cannot_be_read),
		cmocka_unit_test(a_sealer_that_found_it_broken),
		cmocka_unit_test(the_newest_signature_covers_too_little),
		cmocka_unit_test(keys_and_dns),
		cmocka_unit_test(a_flood_of_sets),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
