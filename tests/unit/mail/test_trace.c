/* test_trace.c - the border, and Return-Path */
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

static const char *const relay_names[] = { "mx.example.net", "*.lan" };
static const struct patterns relays = { relay_names, 2 };

static struct trace traced(const char *text)
{
	struct trace trace;

	assert_int_equal(trace_read(arena, parsed(text), &relays, &trace), 0);
	return trace;
}

static void borders(void **state)
{
	static const struct {
		const char *text;
		const char *ip;		/* NULL: no border */
		size_t index;
	} rows[] = {
		{ BORDER REST, "192.0.2.1", 0 },
		{ BORDER FORGED REST, "192.0.2.1", 0 },
		{ INNER BORDER FORGED REST, "192.0.2.1", 1 },
		{ "X: y\n" INNER "Received: by imap.example.net id 1" DATE
		  BORDER REST, "192.0.2.1", 3 },
		{ "Received: (qmail 1 invoked by uid 0)" DATE BORDER REST,
		  "192.0.2.1", 1 },
		/* back from a filter on the same host */
		{ "Received: from localhost (localhost [127.0.0.1]) by "
		  "mx.example.net" DATE BORDER REST, "192.0.2.1", 1 },
		{ "Received: from x (f.lan [10.0.0.1]) by mx.example.net" DATE
		  BORDER REST, "192.0.2.1", 1 },
		{ "Received: from mx.example.net ([10.0.0.1]) by i.lan" DATE
		  BORDER REST, "192.0.2.1", 1 },
		{ "Received: from mx.example.net ([192.0.2.9]) by i.lan with "
		  "LMTP" DATE BORDER REST, "192.0.2.1", 1 },
		{ "Received: from mx.example.net by i.lan with LMTP" DATE
		  BORDER REST, "192.0.2.1", 1 },
		/* HELO is the sender's word */
		{ "Received: from mx.example.net (evil.org [192.0.2.66]) by "
		  "mx.example.net" DATE FORGED REST, "192.0.2.66", 0 },
		{ "Received: from mx.example.net (unknown [192.0.2.66]) by "
		  "mx.example.net" DATE FORGED REST, NULL, 0 },
		{ "Received: from mx.example.net ([192.0.2.66]) by "
		  "mx.example.net" DATE FORGED REST, NULL, 0 },
		{ "Received: from mx.example.net (HELO [10.0.0.1]) (192.0.2.66"
		  ") by mx.example.net" DATE FORGED REST, NULL, 0 },
		/* written outside, or not to be read */
		{ REST, NULL, 0 },
		{ "Received: from a (b [192.0.2.1]) by other.org" DATE
		  BORDER REST, NULL, 0 },
		{ "Received: from a b c d" DATE BORDER REST, NULL, 0 },
		{ "Received: by mx.example.net" DATE REST, NULL, 0 },
		{ "Received: from h.org (r.org [192.0.2.1]) by "
		  "evilmx.example.net" DATE REST, NULL, 0 },
		{ "Received: from h.org (r.org [192.0.2.1]) by lan" DATE REST,
		  NULL, 0 },
		{ "Received : from h.org (r.org [192.0.2.1]) by mx.example.net"
		  DATE REST, NULL, 0 },
	};
	struct trace trace;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		trace = traced(rows[i].text);
		if (trace.has_border != (rows[i].ip != NULL) ||
		    (trace.no_border == NULL) != trace.has_border ||
		    (trace.has_border &&
		     (trace.border_index != rows[i].index ||
		      strcmp(trace.border.client_ip, rows[i].ip) != 0)))
			fail_msg("row %zu: %s %s", i, trace.has_border ?
				 trace.border.client_ip : "none",
				 trace.no_border);
	}
}

static void a_border_without_an_address(void **state)
{
	struct trace trace = traced("Received: from h.org (a [192.0.2.1]) (b "
				    "[192.0.2.2]) by mx.example.net" DATE
				    FORGED REST);

	(void)state;
	assert_true(trace.has_border);
	assert_null(trace.border.client_ip);
	assert_non_null(trace.no_border);
	assert_int_equal(trace.border.date, 1772445600);
}

static void no_relays_no_border(void **state)
{
	const struct patterns none = { NULL, 0 };
	struct trace trace;

	(void)state;
	assert_int_equal(trace_read(arena, parsed(BORDER REST), &none, &trace),
			 0);
	assert_false(trace.has_border);
	assert_non_null(trace.no_border);
}

static void too_many_received(void **state)
{
	static const char line[] = "Received: by mx.example.net" DATE;
	size_t len = sizeof(line) - 1, i;
	char *text = calloc(1, (TRACE_RECEIVED_MAX + 1) * len + 256);

	(void)state;
	assert_non_null(text);
	for (i = 0; i < TRACE_RECEIVED_MAX; i++)
		memcpy(text + i * len, line, len);
	memcpy(text + (i - 1) * len, BORDER REST, sizeof(BORDER REST));
	assert_true(traced(text).has_border);
	memcpy(text + (i - 1) * len, line, len);
	memcpy(text + i * len, BORDER REST, sizeof(BORDER REST));
	assert_false(traced(text).has_border);
	assert_non_null(traced(text).no_border);
	free(text);
}

#define RP(text) "Return-Path: " text "\n"

static void return_paths(void **state)
{
	static const struct {
		const char *text;
		const char *path;
		bool broken;
	} rows[] = {
		{ RP("<a.b@Example.ORG>") BORDER REST,
		  "a.b@example.org", false },
		{ RP("<>") BORDER REST, "", false },
		{ INNER RP(" <a@b.org> ") BORDER REST, "a@b.org", false },
		{ RP("<a@b.org>") REST, "a@b.org", false },
		{ BORDER REST, NULL, false },
		/* below the border it is the sender's */
		{ BORDER RP("<a@b.org>") REST, NULL, false },
		{ FORGED RP("<c@d.org>") REST, NULL, false },
		{ RP("<a@b.org>") BORDER RP("<c@d.org>") REST,
		  "a@b.org", false },
		{ RP("<a@b.org>") RP("<a@b.org>") BORDER REST,
		  "a@b.org", false },
		{ RP("<a@b.org>") RP("<c@d.org>") BORDER REST, NULL, true },
		{ RP("<\"x@y\"@b.org>") BORDER REST, "\"x@y\"@b.org", false },
		{ RP("<\"x\\\"y\"@b.org>") BORDER REST,
		  "\"x\\\"y\"@b.org", false },
		/* attacks A2, A5, A6 */
		{ RP("<(any@legit.com>") BORDER REST, NULL, true },
		{ RP("<any@legit.com(a.attacker.com>") BORDER REST,
		  NULL, true },
		{ RP("<any@legit.com'@any.attacker.com>") BORDER REST,
		  NULL, true },
		{ RP("<@a,@b:any@attacker.com>") BORDER REST, NULL, true },
		{ RP("<@a.org:any@attacker.com>") BORDER REST, NULL, true },
		{ RP("a@b.org") BORDER REST, NULL, true },
		{ RP("<a@b.org> (x)") BORDER REST, NULL, true },
		{ RP("<a@b.org><c@d.org>") BORDER REST, NULL, true },
		{ RP("<a>") BORDER REST, NULL, true },
		{ RP("<.a@b.org>") BORDER REST, NULL, true },
		{ RP("<a.@b.org>") BORDER REST, NULL, true },
		{ RP("<a@>") BORDER REST, NULL, true },
		{ RP("<a@b_c.org>") BORDER REST, NULL, true },
		{ RP("<\"a\\\\\"b\"@c.org>") BORDER REST, NULL, true },
		{ RP("<\"a\\\"@c.org>") BORDER REST, NULL, true },
		{ RP("") BORDER REST, NULL, true },
	};
	struct trace trace;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		trace = traced(rows[i].text);
		if (trace.mail_from_broken != rows[i].broken ||
		    (rows[i].path == NULL ? trace.mail_from != NULL :
		     trace.mail_from == NULL ||
		     strcmp(trace.mail_from, rows[i].path) != 0))
			fail_msg("row %zu: %s, broken %d", i, trace.mail_from,
				 trace.mail_from_broken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders),
		cmocka_unit_test(a_border_without_an_address),
		cmocka_unit_test(no_relays_no_border),
		cmocka_unit_test(too_many_received),
		cmocka_unit_test(return_paths),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
