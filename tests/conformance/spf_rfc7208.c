/* spf_rfc7208.c - the public test suite of RFC 7208
 *
 *   spf_rfc7208 [FILE]    FILE: rfc7208-tests.yml; else the conformance data's
 *
 * Each YAML document is a zone and its cases.  A record of type SPF stands for
 * a TXT record, unless the name has TXT records too ("NONE": it has none).
 * TIMEOUT makes a name silent that has no record of another kind.  Several
 * results of a case are all right; the first one is preferred. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/auth/spf.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "tests/conformance/yaml_suite.h"
#include "tests/lab/script_resolver.h"

#define ARENA		(8 * 1024 * 1024)
#define DEADLINE	5000	/* ms */
#define SKIPPED		77
#define STRINGS_MAX	16384	/* octets of one TXT record */
#define NAME_ROOM	256

struct count {
	unsigned cases, passed, second_best, explanations;
};

/* --- the zone */

/* One string of up to 255 octets after another; NULs are kept. */
static size_t strings_put(unsigned char *wire, size_t used,
			  const yaml_node_t *text)
{
	const unsigned char *from = text->data.scalar.value;
	size_t left = text->data.scalar.length, part;

	do {
		part = left > 255 ? 255 : left;
		if (used + part + 1 > STRINGS_MAX)
			abort();
		wire[used++] = (unsigned char)part;
		memcpy(wire + used, from, part);
		used += part;
		from += part;
		left -= part;
	} while (left > 0);
	return used;
}

static void txt_add(struct script_resolver *script, yaml_document_t *document,
		    const char *name, yaml_node_t *value)
{
	unsigned char wire[STRINGS_MAX];
	size_t used = 0, i;

	if (value->type == YAML_SCALAR_NODE)
		used = strings_put(wire, used, value);
	for (i = 0; i < yaml_length(value); i++)
		used = strings_put(wire, used, yaml_item(document, value, i));
	if (used == 0)
		wire[used++] = 0;
	script_raw(script, name, DNS_TXT, (struct bytes){ wire, used });
}

/* PTR rows are named already; script_ptr() wants an address. */
static void ptr_add(struct script_resolver *script, const char *name,
		    const char *host)
{
	unsigned char wire[NAME_ROOM];
	struct bytes rest = bytes_of(host), label;
	size_t used = 0;

	while (rest.len > 0) {
		(void)bytes_cut(rest, '.', &label, &rest);
		if (label.len > 63 || used + label.len + 2 > sizeof(wire))
			abort();
		wire[used++] = (unsigned char)label.len;
		memcpy(wire + used, label.data, label.len);
		used += label.len;
	}
	wire[used++] = 0;
	script_raw(script, name, DNS_PTR, (struct bytes){ wire, used });
}

static void cname_add(struct script_resolver *script, const char *name,
		      const char *to)
{
	char copy[NAME_ROOM];
	int used = snprintf(copy, sizeof(copy), "%s", to);

	if (used > 0 && copy[used - 1] == '.')
		copy[used - 1] = 0;
	script_cname(script, name, copy);
}

/* One "TYPE: value"; true: it is a record that is served. */
static bool record_add(struct script_resolver *script,
		       yaml_document_t *document, const char *name,
		       yaml_node_t *entry, bool has_txt)
{
	yaml_node_pair_t *pair = entry->data.mapping.pairs.start;
	const char *type = yaml_text(yaml_document_get_node(document,
							   pair->key));
	yaml_node_t *value = yaml_document_get_node(document, pair->value);
	const char *text = yaml_text(value), *host;

	if (strcmp(type, "TXT") == 0) {
		if (text != NULL && strcmp(text, "NONE") == 0)
			return false;
		txt_add(script, document, name, value);
	} else if (strcmp(type, "SPF") == 0) {
		if (has_txt)
			return false;
		txt_add(script, document, name, value);
	} else if (strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0) {
		script_a(script, name, text);
	} else if (strcmp(type, "MX") == 0) {
		text = yaml_text(yaml_item(document, value, 0));
		host = yaml_text(yaml_item(document, value, 1));
		script_mx(script, name, (unsigned)strtoul(text, NULL, 10),
			  host);
	} else if (strcmp(type, "PTR") == 0) {
		ptr_add(script, name, text);
	} else if (strcmp(type, "CNAME") == 0) {
		cname_add(script, name, text);
	} else {
		(void)fprintf(stderr, "a type that is not known: %s\n", type);
		abort();
	}
	return true;
}

static void name_add(struct script_resolver *script,
		     yaml_document_t *document, const char *name,
		     yaml_node_t *entries)
{
	bool has_txt = false, timeout = false, served = false;
	yaml_node_t *entry;
	size_t i;

	for (i = 0; i < yaml_length(entries); i++) {
		entry = yaml_item(document, entries, i);
		if (entry->type == YAML_SCALAR_NODE)
			timeout = true;
		else if (yaml_value(document, entry, "TXT") != NULL)
			has_txt = true;
	}
	for (i = 0; i < yaml_length(entries); i++) {
		entry = yaml_item(document, entries, i);
		if (entry->type == YAML_MAPPING_NODE &&
		    record_add(script, document, name, entry, has_txt))
			served = true;
	}
	if (timeout && !served)
		script_state(script, name, DNS_SILENT);
}

static struct script_resolver *zone_read(yaml_document_t *document)
{
	struct script_resolver *script = script_resolver_new();
	yaml_node_t *zone = yaml_value(document,
				     yaml_document_get_root_node(document),
				     "zonedata");
	yaml_node_pair_t *pair;

	if (zone == NULL || zone->type != YAML_MAPPING_NODE)
		return script;
	for (pair = zone->data.mapping.pairs.start;
	     pair < zone->data.mapping.pairs.top; pair++)
		name_add(script, document,
			 yaml_text(yaml_document_get_node(document, pair->key)),
			 yaml_document_get_node(document, pair->value));
	return script;
}

/* --- the cases */

/* Where the result stands in the list of right ones; negative: nowhere. */
static int rank_of(yaml_document_t *document, yaml_node_t *wanted,
		   const char *result)
{
	size_t i;

	if (yaml_text(wanted) != NULL)
		return strcmp(yaml_text(wanted), result) == 0 ? 0 : -1;
	for (i = 0; i < yaml_length(wanted); i++)
		if (strcmp(yaml_text(yaml_item(document, wanted, i)),
			   result) == 0)
			return (int)i;
	return -1;
}

static void wanted_print(yaml_document_t *document, yaml_node_t *wanted)
{
	size_t i;

	if (yaml_text(wanted) != NULL)
		printf(" %s", yaml_text(wanted));
	for (i = 0; i < yaml_length(wanted); i++)
		printf(" %s", yaml_text(yaml_item(document, wanted, i)));
}

static void case_judge(yaml_document_t *document, const char *name,
		       yaml_node_t *one, const struct spf_finding *found,
		       struct count *count)
{
	yaml_node_t *wanted = yaml_value(document, one, "result");
	const char *explanation = yaml_text(yaml_value(document, one,
						    "explanation"));
	const char *got = found->explanation == NULL ? "DEFAULT" :
			  found->explanation;
	int rank = rank_of(document, wanted, result_word(found->result));

	count->cases++;
	if (explanation != NULL)
		count->explanations++;
	if (rank < 0) {
		printf("FAILED %s: %s (%s), not", name,
		       result_word(found->result),
		       found->code == NULL ? "plain" : found->code);
		wanted_print(document, wanted);
		(void)putchar('\n');
	} else if (explanation != NULL && strcmp(explanation, got) != 0) {
		printf("FAILED %s: explains \"%s\", not \"%s\"\n", name, got,
		       explanation);
	} else {
		count->passed++;
		if (rank > 0)
			count->second_best++;
	}
}

static void case_run(yaml_document_t *document, struct script_resolver *script,
		     const char *name, yaml_node_t *one, struct count *count)
{
	struct arena *arena = arena_new(ARENA);
	struct dns_request *request =
		dns_request_new(script_resolver_door(script),
				clock_now_ms() + DEADLINE);
	struct spf_input input = { NULL, NULL, NULL, NULL, clock_wall() };
	struct spf_finding found;
	struct spf_check *check;

	input.client_ip = yaml_text(yaml_value(document, one, "host"));
	input.helo = yaml_text(yaml_value(document, one, "helo"));
	input.mail_from = yaml_text(yaml_value(document, one, "mailfrom"));
	if (arena == NULL || request == NULL)
		abort();
	check = spf_start(arena, request, &input);
	if (check == NULL)
		abort();
	spf_finish(check, &found);
	case_judge(document, name, one, &found, count);
	dns_request_free(request);
	arena_free(arena);
}

static void document_run(yaml_document_t *document, void *ctx)
{
	struct count *count = ctx;
	yaml_node_t *tests = yaml_value(document,
				      yaml_document_get_root_node(document),
				      "tests");
	struct script_resolver *script;
	yaml_node_pair_t *pair;

	if (tests == NULL || tests->type != YAML_MAPPING_NODE)
		return;
	script = zone_read(document);
	for (pair = tests->data.mapping.pairs.start;
	     pair < tests->data.mapping.pairs.top; pair++)
		case_run(document, script,
			 yaml_text(yaml_document_get_node(document, pair->key)),
			 yaml_document_get_node(document, pair->value), count);
	script_resolver_free(script);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : MAILSEAL_CONFORMANCE_DIR
			   "/spf_rfc7208/rfc7208-tests.yml";
	struct count count = { 0, 0, 0, 0 };
	FILE *file;
	int r;

	if (argc < 2 && MAILSEAL_CONFORMANCE_DIR[0] == 0) {
		printf("skipped: no conformance data\n");
		return SKIPPED;
	}
	file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return EXIT_FAILURE;
	}
	r = yaml_file_run(file, document_run, &count);
	(void)fclose(file);
	if (r < 0)
		(void)fprintf(stderr, "%s: no YAML\n", path);
	printf("%u of %u cases, %u of them not with the preferred result; "
	       "%u explanations compared\n", count.passed, count.cases,
	       count.second_best, count.explanations);
	return r == 0 && count.cases > 0 && count.passed == count.cases ?
	       EXIT_SUCCESS : EXIT_FAILURE;
}
