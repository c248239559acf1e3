/* arc_sealer.c - results, message signature and seal, one on top of the other
 */
#include "tests/lab/arc_sealer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/lab_canon.h"

#define HEAD_ROOM 128

static const char *or(const char *text, const char *other)
{
	return text == NULL ? other : text;
}

static char *results_put(const char *message,
			 const struct arc_seal_options *options,
			 unsigned instance)
{
	struct lab_text out = { NULL, 0, 0 };
	char head[HEAD_ROOM];

	(void)snprintf(head, sizeof(head),
		       "ARC-Authentication-Results: i=%u; ", instance);
	lab_say(&out, head);
	lab_say(&out, or(options->results, "lists.example;\r\n\tdmarc=pass "
					   "header.from=example.org"));
	lab_say(&out, strstr(message, "\r\n") == NULL ? "\n" : "\r\n");
	lab_say(&out, message);
	return out.data;
}

static const char *algorithm(const struct dkim_lab_key *key)
{
	char *record = dkim_lab_key_record(key);
	bool is_rsa = strstr(record, "k=rsa") != NULL;

	free(record);
	return is_rsa ? "rsa-sha256" : "ed25519-sha256";
}

char *arc_seal(const char *message, const struct arc_seal_options *options)
{
	unsigned instance = options->instance == 0 ? 1 : options->instance, i;
	struct dkim_sign_options sign = { .key = options->key };
	struct lab_text names = { NULL, 0, 0 };
	char head[HEAD_ROOM], *one, *two, *out;

	one = results_put(message, options, instance);
	(void)snprintf(head, sizeof(head), "i=%u; a=%s", instance,
		       algorithm(options->key));
	sign.name = "ARC-Message-Signature";
	sign.domain = or(options->domain, "lists.example");
	sign.head = head;
	sign.fields = options->fields;
	sign.extra = options->extra;
	two = dkim_sign(one, &sign);
	/* from the bottom: each set up to this one, without its own seal */
	for (i = 1; i <= instance; i++)
		lab_say(&names, i < instance ?
			"arc-authentication-results:arc-message-signature:"
			"arc-seal:" :
			"arc-authentication-results:arc-message-signature");
	sign.name = "ARC-Seal";
	sign.is_seal = true;
	sign.fields = names.data;
	sign.extra = instance == 1 ? "cv=none" : "cv=pass";
	if (options->cv != NULL)
		sign.extra = options->cv;
	out = dkim_sign(two, &sign);
	free(names.data);
	free(two);
	free(one);
	return out;
}
