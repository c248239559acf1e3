/* test_authres_believe.c - which results are believed */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/mail/trace.h"
#include "tests/unit/mail/parsed.h"

#define DATE "; Mon, 2 Mar 2026 10:00:00 +0000\n"
#define BORDER "Received: from h.org (r.org [192.0.2.1]) by mx.example.net" DATE
#define INNER "Received: from mx.example.net (mx.example.net [192.0.2.9]) by " \
	"imap.example.net" DATE
#define FORGED "Received: from h.org (legit.org [198.51.100.1]) by " \
	"mx.example.net" DATE
#define REST "From: a@b\n\nx\n"
#define AR "Authentication-Results: mx.example.net; "

static const char *const relay_names[] = { "mx.example.net", "*.lan" };
static const struct patterns relays = { relay_names, 2 };
static const char *const server_names[] = { "mx.example.net",
					    "none:outlook.com" };
static const struct patterns servers = { server_names, 2 };

#define RP(text) "Return-Path: " text "\n"

static void believed(void **state)
{
	static const struct {
		const char *text;
		size_t count, forged;
	} rows[] = {
		{ AR "spf=pass\n" BORDER REST, 1, 0 },
		{ AR "spf=pass\nX-Spam: no\n" RP("<>") AR "dkim=pass\n" BORDER
		  REST, 2, 0 },
		{ "Authentication-Results: other.org; spf=pass\n" BORDER REST,
		  0, 0 },
		{ AR "spf=pass (\n" BORDER REST, 0, 0 },
		{ BORDER REST, 0, 0 },
		/* the sender's own */
		{ BORDER AR "spf=pass\n" REST, 0, 1 },
		{ AR "spf=fail\n" BORDER AR "spf=pass\n" AR "dkim=pass\n" REST,
		  1, 2 },
		{ BORDER AR "spf=pass\n" FORGED REST, 0, 1 },
		{ BORDER "From: a@b\n" AR "spf=pass\n\n", 0, 1 },
		{ AR "spf=pass\n" REST, 0, 1 },
		/* above the block, or the block is broken */
		{ AR "spf=pass\n" INNER BORDER REST, 0, 0 },
		{ INNER AR "spf=pass\n" BORDER REST, 1, 0 },
		{ AR "spf=pass\nSubject: x\n" BORDER REST, 0, 0 },
		{ AR "spf=pass\nX : x\n" BORDER REST, 0, 0 },
		/* no id: known by the border */
		{ "Authentication-Results: spf=pass\n" BORDER REST, 0, 0 },
		{ BORDER "Authentication-Results: spf=pass\n" REST, 0, 0 },
	};
	struct authres_believed got;
	struct message *message;
	struct trace trace;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		message = parsed(rows[i].text);
		assert_int_equal(trace_read(arena, message, &relays, &trace),
				 0);
		assert_int_equal(authres_believe(arena, message, &trace,
						 &servers, &got), 0);
		if (got.count != rows[i].count || got.forged != rows[i].forged)
			fail_msg("row %zu: %zu believed, %zu forged", i,
				 got.count, got.forged);
	}
}

static void servers_without_an_id(void **state)
{
	static const char *const names[] = { "*.outlook.com" };
	const struct patterns outlook = { names, 1 };
	static const char text[] =
		"Authentication-Results: spf=pass smtp.mailfrom=a.org; "
		"mx.example.net; dkim=pass header.d=a.org\n"
		"Authentication-Results: dkim=pass header.d=a.org\n"
		"Received: from h.org (192.0.2.1) by X.mail.protection."
		"outlook.com (10.13.0.1) with Microsoft SMTP Server id 15" DATE
		REST;
	const struct patterns named = { server_names, 1 };
	struct message *message = parsed(text);
	struct authres_believed got;
	struct trace trace;

	(void)state;
	assert_int_equal(trace_read(arena, message, &outlook, &trace), 0);
	assert_string_equal(trace.border.client_ip, "192.0.2.1");
	assert_int_equal(authres_believe(arena, message, &trace, &servers,
					 &got), 0);
	assert_int_equal(got.count, 2);
	/* an id between the results makes no server trusted */
	assert_int_equal(authres_believe(arena, message, &trace, &named, &got),
			 0);
	assert_int_equal(got.count, 0);
	assert_int_equal(got.forged, 0);
}

static const char *domains(const char *text)
{
	struct message *message = parsed(text);
	struct authres_believed got;
	const struct authres_result *one;
	const char *out = "";
	struct trace trace;
	size_t i, j;

	assert_int_equal(trace_read(arena, message, &relays, &trace), 0);
	assert_int_equal(authres_believe(arena, message, &trace, &servers,
					 &got), 0);
	for (i = 0; i < got.count; i++)
		for (j = 0; j < got.fields[i].count; j++) {
			one = &got.fields[i].results[j];
			if (strcmp(one->result, "pass") == 0)
				out = arena_print(arena, "%s%s,", out,
						  one->domain == NULL ? "-" :
						  one->domain);
		}
	return out;
}

static void fields_that_contradict_each_other(void **state)
{
	(void)state;
	assert_string_equal(domains(AR "dkim=pass header.d=a.org\n"
		AR "dkim=fail header.d=a.org\n" BORDER REST), "-,");
	assert_string_equal(domains(AR "dkim=fail header.d=A.org\n"
		AR "spf=pass smtp.mailfrom=a.org; dkim=pass header.d=a.org\n"
		BORDER REST), "a.org,-,");
	/* two signatures of one domain in one field */
	assert_string_equal(domains(AR "dkim=pass header.d=a.org; "
		"dkim=fail header.d=a.org\n" BORDER REST), "a.org,");
	assert_string_equal(domains(AR "dkim=pass header.d=a.org\n"
		AR "dkim=fail header.d=a.org; dkim=pass header.d=a.org\n"
		BORDER REST), "a.org,a.org,");
	/* other domains, other methods, other servers */
	assert_string_equal(domains(AR "dkim=pass header.d=a.org\n"
		AR "dkim=fail header.d=b.org\n" BORDER REST), "a.org,");
	assert_string_equal(domains(AR "dkim=pass header.d=a.org\n"
		AR "spf=fail smtp.mailfrom=a.org\n" BORDER REST), "a.org,");
	assert_string_equal(domains(AR "dkim=pass header.d=a.org\n"
		"Authentication-Results: x.org; dkim=fail header.d=a.org\n"
		BORDER REST), "a.org,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(believed),
		cmocka_unit_test(servers_without_an_id),
		cmocka_unit_test(fields_that_contradict_each_other),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
