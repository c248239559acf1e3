/* authres.c - public Authentication-Results fields: what MimeKit accepts and
 * refuses, what large servers write, what attackers write
 *
 *   authres [FOLDER]    FOLDER: else the conformance data's "authres"
 *
 * The refused ones must be refused by both readers, the ARC one too. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/mail/trace.h"

#define ARENA	(16 * 1024 * 1024)
#define SKIPPED	77

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Where the properties name one domain plainly, it must have come out. */
static bool domain_is_right(const struct authres_result *got, json_t *props)
{
	const char *text, *value, *expected = NULL;
	size_t i;
	json_t *one;

	json_array_foreach(props, i, one) {
		text = json_string_value(one);
		value = strchr(text, '=') + 1;
		if (got->property == NULL ||
		    strncmp(text, got->property, strlen(got->property)) != 0)
			continue;
		expected = strrchr(value, '@') == NULL ?
			   value : strrchr(value, '@') + 1;
	}
	/* "mail_sender.com" is no domain: it must not come out */
	if (expected != NULL && strchr(expected, '_') != NULL)
		expected = NULL;
	return expected == NULL ? got->domain == NULL :
				  same(got->domain, expected);
}

static bool is_as_expected(const struct authres *got, json_t *one)
{
	json_t *results = json_object_get(one, "results"), *result;
	size_t i;

	if (!same(got->authserv_id, text_of(one, "authserv_id")) ||
	    got->count != json_array_size(results))
		return false;
	json_array_foreach(results, i, result)
		if (!same(got->results[i].method, text_of(result, "method")) ||
		    !same(got->results[i].result, text_of(result, "result")) ||
		    !domain_is_right(&got->results[i],
				     json_object_get(result, "props")))
			return false;
	return true;
}

static int read_any(struct arena *arena, const char *value,
		    struct authres *out)
{
	unsigned instance;

	if (authres_parse(arena, bytes_of(value), out) == 0)
		return 0;
	return authres_parse_arc(arena, bytes_of(value), &instance, out);
}

static int mimekit(struct arena *arena, json_t *all)
{
	json_t *accept = json_object_get(all, "accept"), *one;
	json_t *reject = json_object_get(all, "reject");
	size_t accepted = 0, rejected = 0, i;
	struct authres got;

	json_array_foreach(accept, i, one) {
		if (read_any(arena, text_of(one, "value"), &got) == 0 &&
		    is_as_expected(&got, one))
			accepted++;
		else
			printf("not read right: %s\n", text_of(one, "name"));
	}
	json_array_foreach(reject, i, one) {
		if (read_any(arena, text_of(one, "value"), &got) < 0)
			rejected++;
		else
			printf("was read: %s\n", text_of(one, "name"));
	}
	printf("%zu of %zu accepted, %zu of %zu rejected\n", accepted,
	       json_array_size(accept), rejected, json_array_size(reject));
	return accepted != json_array_size(accept) ||
	       rejected != json_array_size(reject);
}

/* Genuine ones are read; the attacks of espoofer give no domain. */
static int found_in_the_wild(struct arena *arena, json_t *all)
{
	size_t right = 0, i, j;
	struct authres got;
	bool attack, ok;
	json_t *one;

	json_array_foreach(all, i, one) {
		attack = strncmp(text_of(one, "from"), "espoofer", 8) == 0;
		ok = authres_parse(arena, bytes_of(text_of(one, "value")),
				   &got) == 0;
		for (j = 0; attack && ok && j < got.count; j++)
			ok = got.results[j].domain == NULL;
		if (attack ? ok || got.count == 0 : ok)
			right++;
		else
			printf("not read right: %s\n", text_of(one, "from"));
	}
	printf("%zu of %zu from the wild\n", right, json_array_size(all));
	return right != json_array_size(all);
}

static json_t *load(const char *folder, const char *name)
{
	char path[1024];
	json_error_t error;
	int len = snprintf(path, sizeof(path), "%s/%s", folder, name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return NULL;
	return json_load_file(path, 0, &error);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] :
			     MAILSEAL_CONFORMANCE_DIR "/authres";
	json_t *first = load(folder, "mimekit_authres.json");
	json_t *second = load(folder, "nonconforming_and_attack.json");
	struct arena *arena = arena_new(ARENA);
	int failed = SKIPPED;

	if (arena != NULL && first != NULL && second != NULL) {
		failed = mimekit(arena, first);
		failed |= found_in_the_wild(arena, second);
	} else {
		printf("no data in %s\n", folder);
	}
	json_decref(first);
	json_decref(second);
	arena_free(arena);
	return failed;
}
