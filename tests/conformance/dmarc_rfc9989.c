/* dmarc_rfc9989.c - the public cases for RFC 9989's mechanism
 *
 *   dmarc_rfc9989 [FILE]    FILE: vectors.json; else the conformance data's
 *
 * Each case is a zone, an author domain, passing identifiers, and what must
 * come out; a key that a case lacks is not compared. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/auth/dmarc.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "tests/lab/script_resolver.h"

#define ARENA		(4 * 1024 * 1024)
#define DEADLINE	5000	/* ms */
#define SKIPPED		77

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int complain(const json_t *one, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(const json_t *one, const char *format, ...)
{
	va_list args;

	printf("%s: ", text_of(one, "id"));
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	(void)putchar('\n');
	return 1;
}

static void zone_fill(struct script_resolver *script, json_t *one)
{
	const char *name, *strings[16];
	json_t *value, *text, *part;
	size_t i, j;

	json_object_foreach(json_object_get(one, "zone"), name, value)
		json_array_foreach(value, i, text)
			script_txt(script, name, json_string_value(text));
	json_object_foreach(json_object_get(one, "zone_chunks"), name, value)
		json_array_foreach(value, i, text) {
			memset(strings, 0, sizeof(strings));
			json_array_foreach(text, j, part)
				if (j + 1 < 16)
					strings[j] = json_string_value(part);
			script_txt_strings(script, name, strings);
		}
	json_object_foreach(json_object_get(one, "a"), name, value)
		script_a(script, name, json_string_value(value));
	json_object_foreach(json_object_get(one, "mx"), name, value)
		script_mx(script, name, 10, json_string_value(value));
	json_object_foreach(json_object_get(one, "cname"), name, value)
		script_cname(script, name, json_string_value(value));
	json_array_foreach(json_object_get(one, "servfail"), i, text)
		script_state(script, json_string_value(text), DNS_SILENT);
}

/* Every identifier that a case names has passed. */
static void findings_fill(json_t *one, struct dkim_findings *dkim,
			  struct spf_finding *spf)
{
	json_t *domain;
	size_t i;

	json_array_foreach(json_object_get(one, "dkim"), i, domain) {
		dkim->list[i].result = RESULT_PASS;
		dkim->list[i].domain = json_string_value(domain);
		dkim->list[i].dnssec = DNS_SECURE;
		dkim->count++;
	}
	spf->domain = text_of(one, "spf");
	spf->scope = SPF_MFROM;
	if (spf->domain != NULL)
		spf->result = RESULT_PASS;
}

/* The cases say "none" where a record without usable p and without rua ends
 * DMARC for the message.  For the verdict we tell that apart, as a permanent
 * error: the owner wished for something and wrote it wrong. */
static const char *result_of(const struct dmarc_finding *finding)
{
	if (finding->result == RESULT_PERMERROR &&
	    strcmp(finding->code, "dmarc-record-unusable") == 0)
		return "none";
	return result_word(finding->result);
}

static int text_compare(json_t *one, const char *key, const char *got)
{
	const char *wanted = text_of(one, key);

	if (wanted == NULL)
		return 0;
	if (got != NULL && strcmp(got, wanted) == 0)
		return 0;
	return complain(one, "%s is %s, not %s", key,
			got == NULL ? "nothing" : got, wanted);
}

static int aligned_compare(json_t *one, const char *key, bool got)
{
	json_t *wanted = json_object_get(one, key);

	if (wanted == NULL || json_is_true(wanted) == got)
		return 0;
	return complain(one, "%s is %d", key, got);
}

static int walk_compare(json_t *one, const struct dmarc_finding *finding)
{
	json_t *whole = json_object_get(one, "author_walk"), *name;
	json_t *walk = whole, *length = json_object_get(one, "walk_length");
	size_t i;

	if (walk == NULL)
		walk = json_object_get(one, "walk_prefix");
	json_array_foreach(walk, i, name)
		if (i >= finding->walk_count ||
		    strcmp(finding->walk[i].name, json_string_value(name)) != 0)
			return complain(one, "step %zu of the walk", i + 1);
	if ((whole != NULL && json_array_size(whole) != finding->walk_count) ||
	    (length != NULL && (size_t)json_integer_value(length) !=
			       finding->walk_count))
		return complain(one, "a walk of %zu", finding->walk_count);
	return 0;
}

static int case_compare(json_t *one, const struct dkim_findings *dkim,
			const struct spf_finding *spf,
			const struct dmarc_finding *finding)
{
	int bad = 0;

	bad += text_compare(one, "result", result_of(finding));
	bad += text_compare(one, "org", finding->organizational_domain);
	bad += text_compare(one, "policy_domain", finding->domain);
	bad += text_compare(one, "policy", policy_word(finding->policy));
	bad += text_compare(one, "published_p",
			    policy_word(finding->published));
	bad += aligned_compare(one, "spf_aligned", spf->aligned);
	bad += aligned_compare(one, "dkim_aligned", dkim->list[0].aligned);
	return bad + walk_compare(one, finding);
}

static int case_run(json_t *one)
{
	struct script_resolver *script = script_resolver_new();
	struct dns_request *request = dns_request_new(
		script_resolver_door(script), clock_now_ms() + DEADLINE);
	struct arena *arena = arena_new(ARENA);
	struct dkim_findings dkim = { .count = 0 };
	struct spf_finding spf = { .result = RESULT_NONE };
	struct dmarc_finding finding;
	struct dmarc_check *check;
	int bad;
	size_t i;

	zone_fill(script, one);
	findings_fill(one, &dkim, &spf);
	check = dmarc_start(arena, request, text_of(one, "author"));
	for (i = 0; i < dkim.count; i++)
		dmarc_expect(check, dkim.list[i].domain);
	if (spf.domain != NULL)
		dmarc_expect(check, spf.domain);
	dmarc_finish(check, &dkim, &spf, DMARC_SET_ALIGNED, &finding);
	bad = case_compare(one, &dkim, &spf, &finding);
	dns_request_free(request);
	script_resolver_free(script);
	arena_free(arena);
	return bad;
}

int main(int argc, char **argv)
{
	const char *path = MAILSEAL_CONFORMANCE_DIR
			   "/rfc9989_vectors/vectors.json";
	size_t good = 0, i;
	json_error_t error;
	json_t *cases, *one;
	int status;

	if (argc > 1)
		path = argv[1];
	cases = json_load_file(path, 0, &error);
	if (cases == NULL) {
		printf("skipped: %s: %s\n", path, error.text);
		return argc > 1 ? EXIT_FAILURE : SKIPPED;
	}
	json_array_foreach(cases, i, one)
		good += case_run(one) == 0;
	printf("%zu of %zu cases\n", good, json_array_size(cases));
	status = good == json_array_size(cases) && good > 0 ? 0 : 1;
	json_decref(cases);
	return status;
}
