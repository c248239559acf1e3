/* test_providers.c - Authentication-Results of 22 mail providers, as they came
 *
 * The conformance data's "authres_deltachat": what a user of each provider
 * would name as trusted-authserv is configured; the extracts lack Received,
 * so the border's is put where it stood, below the fields that the receiving
 * server wrote.  No forged message may be believed, and at least 97 % of the
 * genuine ones must be recognised, but for four providers: two write no
 * results, and two write them at the header's end, where a sender could. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

#define FOLDER	MAILSEAL_CONFORMANCE_DIR "/authres_deltachat"
#define ARENA	(16 * 1024 * 1024)
#define FILE_MAX (256 * 1024)
#define SKIPPED	77

static const char no_results[] = "it writes no results";
static const char at_the_end[] = "it writes results at the header's end";

/* "none:" patterns are known by the border, which we name after them. */
static const struct provider {
	const char *receiver, *authserv, *border;
	const char *why_not;	/* nothing can be recognised; NULL: it can */
} providers[] = {
	{ "alice@aol.com", "*.yahoo.com", "mta.mail.yahoo.com", NULL },
	{ "alice@buzon.uy", "mail.buzon.uy", "mail.buzon.uy", NULL },
	{ "alice@delta.blinzeln.de", NULL, "delta.blinzeln.de", no_results },
	{ "alice@disroot.org", "disroot.org", "disroot.org", NULL },
	{ "alice@e.email", "*.ecloud.global", "mail2.ecloud.global",
	  at_the_end },
	{ "alice@fastmail.com", "*.messagingengine.com",
	  "mx1.messagingengine.com", NULL },
	{ "alice@gmail.com", "mx.google.com", "mx.google.com", NULL },
	{ "alice@gmx.de", "gmx.net", "mx.gmx.net", NULL },
	{ "alice@hotmail.com", "none:outlook.com",
	  "x.mail.protection.outlook.com", NULL },
	{ "alice@icloud.com", "*.icloud.com", "mx.icloud.com", NULL },
	{ "alice@ik.me", "mx.infomaniak.com", "mx.infomaniak.com", NULL },
	{ "alice@mail.de", "*.mail.de", "mx.mail.de", NULL },
	{ "alice@mail.ru", "mxs.mail.ru", "mxs.mail.ru", at_the_end },
	{ "alice@mailo.com", "mailo.com", "mailo.com", no_results },
	{ "alice@nauta.cu", "nauta.cu", "nauta.cu", NULL },
	{ "alice@outlook.com", "none:outlook.com",
	  "x.mail.protection.outlook.com", NULL },
	{ "alice@posteo.de", "posteo.de", "mx.posteo.de", NULL },
	{ "alice@riseup.net", "mx1.riseup.net", "mx1.riseup.net", NULL },
	{ "alice@testrun.org", "testrun.org", "testrun.org", NULL },
	{ "alice@yahoo.com", "*.yahoo.com", "mta.mail.yahoo.com", NULL },
	{ "alice@yandex.ru", "*.qloud-c.yandex.net",
	  "mxback.qloud-c.yandex.net", NULL },
	{ "alice@zohomail.eu", "mx.zohomail.eu", "mx.zohomail.eu", NULL },
};

static const struct provider *provider_of(const char *receiver)
{
	size_t i;

	for (i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (strcmp(providers[i].receiver, receiver) == 0)
			return &providers[i];
	fail_msg("nobody is configured for %s", receiver);
	return &providers[0];
}

static struct bytes file_read(struct arena *arena, const char *path)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to = arena_alloc(arena, FILE_MAX);
	FILE *file = fopen(path, "rb");

	assert_non_null(to);
	if (file == NULL)
		return out;
	out.data = to;
	out.len = fread(to, 1, FILE_MAX, file);
	(void)fclose(file);
	return out;
}

/* Where the border's Received stood: below what it wrote itself. */
static size_t border_place(struct arena *arena, const struct message *message,
			   const struct patterns *servers)
{
	const struct field *field;
	struct authres results;
	bool own = true;
	size_t i, at = 0;

	for (i = 0; own && i < message->field_count; i++) {
		field = &message->fields[i];
		own = bytes_starts_nocase(field->name, "ARC-");
		if (bytes_is_nocase(field->name, "Authentication-Results") &&
		    authres_parse(arena, field_unfold(arena, field),
				  &results) == 0)
			own = results.authserv_id == NULL ||
			      results.id_is_late || (servers->count > 0 &&
			      domain_matches(results.authserv_id,
					     servers->names[0]));
		if (own && i + 1 < message->field_count)
			at = (size_t)(message->fields[i + 1].whole.data -
				      message->raw.data);
	}
	return at;
}

/* Whether the believed results hold an aligned pass (design 8). */
static bool recognised(struct arena *arena, struct bytes raw,
		       const struct provider *provider)
{
	struct patterns relays = { &provider->border, 1 };
	struct patterns servers = { &provider->authserv,
				    provider->authserv != NULL };
	struct authres_believed believed;
	struct message *message;
	struct author author;
	struct trace trace;
	struct bytes whole;
	size_t at, i, j;
	char *text;

	assert_int_equal(message_parse(arena, raw, &message), 0);
	at = border_place(arena, message, &servers);
	text = arena_print(arena, "%.*sReceived: from a.example (a.example "
			   "[192.0.2.1]) by %s; Wed, 28 Sep 2022 10:00:00 "
			   "+0000\r\n%.*s\r\n", (int)at,
			   (const char *)message->raw.data, provider->border,
			   (int)(message->raw.len - at),
			   (const char *)message->raw.data + at);
	assert_non_null(text);
	whole = bytes_of(text);
	assert_int_equal(message_parse(arena, whole, &message), 0);
	assert_int_equal(author_read(arena, message, &author), 0);
	assert_int_equal(trace_read(arena, message, &relays, &trace), 0);
	assert_true(trace.has_border);
	assert_int_equal(authres_believe(arena, message, &trace, &servers,
					 &believed), 0);
	for (i = 0; i < believed.count; i++)
		for (j = 0; j < believed.fields[i].count; j++) {
			const struct authres_result *one =
				&believed.fields[i].results[j];

			if ((strcmp(one->method, "dkim") == 0 ||
			     strcmp(one->method, "spf") == 0) &&
			    strcmp(one->result, "pass") == 0 &&
			    one->domain != NULL && author.domain != NULL &&
			    strcmp(domain_registrable(one->domain),
				   domain_registrable(author.domain)) == 0)
				return true;
		}
	return false;
}

static struct bytes column(struct bytes *line)
{
	struct bytes out;

	(void)bytes_cut(*line, '\t', &out, line);
	return out;
}

static void what_providers_say_is_read(void **state)
{
	size_t genuine = 0, found = 0, forged = 0, believed = 0, hopeless = 0;
	struct arena *mine = arena_new(ARENA), *arena;
	struct bytes lines, line, raw, want;
	const struct provider *provider;
	const char *receiver, *file;
	bool pass;
	size_t i;

	(void)state;
	assert_non_null(mine);
	lines = file_read(mine, FOLDER "/expected.tsv");
	(void)bytes_cut(lines, '\n', &line, &lines);	/* the head */
	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		if (line.len == 0)
			continue;
		arena = arena_new(ARENA);
		assert_non_null(arena);
		receiver = arena_text(arena, column(&line));
		file = arena_text(arena, column(&line));
		(void)column(&line);
		want = column(&line);
		raw = file_read(arena, arena_print(arena, "%s/%s/%s", FOLDER,
						   receiver, file));
		assert_true(raw.len > 0);
		provider = provider_of(receiver);
		pass = recognised(arena, raw, provider);
		if (strncmp(file, "forged", 6) == 0) {
			forged++;
			believed += pass;
			if (pass)
				print_message("BELIEVED: %s/%s\n", receiver,
					      file);
		} else if (bytes_is(want, "pass") &&
			   provider->why_not != NULL) {
			assert_false(pass);
			hopeless++;
		} else if (bytes_is(want, "pass")) {
			genuine++;
			found += pass;
			if (!pass)
				print_message("not recognised: %s/%s\n",
					      receiver, file);
		}
		arena_free(arena);
	}
	print_message("%zu of %zu genuine recognised, %zu that cannot be; "
		      "%zu of %zu forged believed\n", found, genuine, hopeless,
		      believed, forged);
	for (i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (providers[i].why_not != NULL)
			print_message("%s: %s\n", providers[i].receiver,
				      providers[i].why_not);
	arena_free(mine);
	assert_int_equal(believed, 0);
	assert_in_range(genuine, 200, 400);
	assert_true(found * 100 >= genuine * 97);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_providers_say_is_read),
	};
	FILE *there = fopen(FOLDER "/expected.tsv", "r");

	if (there == NULL) {
		printf("skipped: no conformance data\n");
		return SKIPPED;
	}
	(void)fclose(there);
	author_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
