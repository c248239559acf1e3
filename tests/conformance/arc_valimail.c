/* arc_valimail.c - the public suite of chains, valid and not
 *
 *   arc_valimail [FILE]    FILE: arc-draft-validation-tests.yml; else the
 *                          conformance data's
 *
 * Written against a draft; two of its cases contradict RFC 8617 and are left
 * out, listed with the reason.  A case whose answer is empty takes any.  All
 * sealers of the suite are trusted here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/auth/arc.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"
#include "tests/conformance/yaml_suite.h"
#include "tests/lab/script_resolver.h"

#define ARENA		(16 * 1024 * 1024)
#define DEADLINE	5000	/* ms */
#define SKIPPED		77

static const struct {
	const char *name, *why;
} left_out[] = {
	{ "ams_fields_c_na", "without c= both forms are simple (RFC 8617 "
	  "section 4.1.2, RFC 6376 section 3.5); it is signed relaxed" },
	{ "ams_fields_h_empty", "an empty h= covers no field, From is asked "
	  "for (RFC 6376 section 5.4)" },
};
#define LEFT_OUT (sizeof(left_out) / sizeof(left_out[0]))

struct count {
	unsigned cases, right, left_out;
};

static const char *reason_left_out(const char *name)
{
	size_t i;

	for (i = 0; i < LEFT_OUT; i++)
		if (strcmp(left_out[i].name, name) == 0)
			return left_out[i].why;
	return NULL;
}

static void zone_fill(struct script_resolver *script,
		      yaml_document_t *document)
{
	yaml_node_t *zone = yaml_value(document,
				       yaml_document_get_root_node(document),
				       "txt-records");
	yaml_node_pair_t *pair;

	if (zone == NULL || zone->type != YAML_MAPPING_NODE)
		return;
	for (pair = zone->data.mapping.pairs.start;
	     pair < zone->data.mapping.pairs.top; pair++)
		script_txt(script,
			   yaml_text(yaml_document_get_node(document,
							    pair->key)),
			   yaml_text(yaml_document_get_node(document,
							    pair->value)));
}

/* YAML cuts the line end of a message without a body. */
static const char *message_text(struct arena *arena, yaml_node_t *node)
{
	const char *text = yaml_text(node);

	return text == NULL ? "" : arena_print(arena, "%s\n", text);
}

static void verify(struct arena *arena, struct script_resolver *script,
		   const char *text, struct arc_finding *out)
{
	static const char *const names[] = { "*.org", "*.example" };
	static const struct patterns sealers = { names, 2 };
	struct dns_request *request =
		dns_request_new(script_resolver_door(script),
				clock_now_ms() + DEADLINE);
	struct message *message = NULL;
	struct arc_check *check;
	struct dkim_input input;

	memset(out, 0, sizeof(*out));
	memset(&input, 0, sizeof(input));
	input.arrived = input.now = clock_wall();
	if (message_parse(arena, bytes_of(text), &message) == 0) {
		input.message = message;
		check = arc_start(arena, request, &input, &sealers);
		if (check == NULL)
			abort();
		arc_finish(check, out);
	}
	dns_request_free(request);
}

static bool is_right(const char *expected, enum result result)
{
	while (*expected == ' ' || *expected == '\n')
		expected++;
	if (*expected == 0)
		return true;
	return strncasecmp(expected, result_word(result),
			   strlen(result_word(result))) == 0;
}

static void case_run(yaml_document_t *document, const char *name,
		     yaml_node_t *one, struct count *count)
{
	struct script_resolver *script = script_resolver_new();
	struct arena *arena = arena_new(ARENA);
	const char *expected = yaml_text(yaml_value(document, one, "cv"));
	const char *why = reason_left_out(name);
	struct arc_finding found;

	if (arena == NULL || script == NULL || expected == NULL)
		abort();
	zone_fill(script, document);
	verify(arena, script,
	       message_text(arena, yaml_value(document, one, "message")),
	       &found);
	count->cases++;
	if (why != NULL && found.result == RESULT_FAIL) {
		count->left_out++;
		printf("left out %s: %s\n", name, why);
	} else if (is_right(expected, found.result)) {
		count->right++;
	} else {
		printf("WRONG %s: %s (%s), not %s\n", name,
		       result_word(found.result),
		       found.text == NULL ? "plain" : found.text, expected);
	}
	script_resolver_free(script);
	arena_free(arena);
}

static void document_run(yaml_document_t *document, void *ctx)
{
	yaml_node_t *tests = yaml_value(document,
					yaml_document_get_root_node(document),
					"tests");
	yaml_node_pair_t *pair;

	if (tests == NULL || tests->type != YAML_MAPPING_NODE)
		return;
	for (pair = tests->data.mapping.pairs.start;
	     pair < tests->data.mapping.pairs.top; pair++)
		case_run(document,
			 yaml_text(yaml_document_get_node(document,
							  pair->key)),
			 yaml_document_get_node(document, pair->value), ctx);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : MAILSEAL_CONFORMANCE_DIR
			   "/arc_valimail/arc-draft-validation-tests.yml";
	struct count count = { 0, 0, 0 };
	FILE *file = fopen(path, "rb");
	int r;

	if (file == NULL) {
		printf("skipped: no data at %s\n", path);
		return argc > 1 ? EXIT_FAILURE : SKIPPED;
	}
	dkim_prepare();
	r = yaml_file_run(file, document_run, &count);
	(void)fclose(file);
	printf("arc: %u of %u cases, %u left out\n", count.right, count.cases,
	       count.left_out);
	return r == 0 && count.cases > 0 && count.left_out == LEFT_OUT &&
	       count.right + count.left_out == count.cases ?
	       EXIT_SUCCESS : EXIT_FAILURE;
}
