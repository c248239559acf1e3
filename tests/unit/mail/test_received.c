/* test_received.c - Received fields as servers write them, and as attackers
 * would like them read */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/trace.h"
#include "tests/unit/arena.h"

#define DATE "; Mon, 2 Mar 2026 10:00:00 +0000"

struct row {
	const char *text;
	const char *helo, *host, *ip, *by;
};

static const struct row rows[] = {
	/* Postfix */
	{ "from a.example (b.example [192.0.2.1]) (using TLSv1.3 with cipher "
	  "X (256/256 bits)) (No client certificate requested) by "
	  "MX.example.net (Postfix) with ESMTPS id 4X for <u@example.net>" DATE,
	  "a.example", "b.example", "192.0.2.1", "mx.example.net" },
	{ "from a.example (unknown [192.0.2.1]) by mx.example.net" DATE,
	  "a.example", NULL, "192.0.2.1", "mx.example.net" },
	{ "from [10.0.0.1] (b.example [192.0.2.1]) by mx.example.net" DATE,
	  "[10.0.0.1]", "b.example", "192.0.2.1", "mx.example.net" },
	{ "from a (b.example [IPv6:2001:DB8::1]) by mx.example.net" DATE,
	  "a", "b.example", "2001:db8::1", "mx.example.net" },
	{ "by mx.example.net (Postfix, from userid 0) id 4X" DATE,
	  NULL, NULL, NULL, "mx.example.net" },
	/* Sendmail */
	{ "from a (user@b.example [192.0.2.1] (may be forged)) by mx.b (8.17/"
	  "8.17) with ESMTP id x" DATE,
	  "a", NULL, "192.0.2.1", "mx.b" },
	{ "from a (IDENT:root@b.example [192.0.2.1]) by mx.b" DATE,
	  "a", "b.example", "192.0.2.1", "mx.b" },
	{ "from a ([192.0.2.1]) by mx.b" DATE, "a", NULL, "192.0.2.1",
	  "mx.b" },
	{ "(from root@localhost) by mx.b (8.17) id x" DATE,
	  NULL, NULL, NULL, "mx.b" },
	/* Exim */
	{ "from b.example ([192.0.2.1]:25 helo=a.example) by mx.b with esmtp "
	  "(Exim 4.96) (envelope-from <x@y>) id x" DATE,
	  "a.example", "b.example", "192.0.2.1", "mx.b" },
	{ "from [192.0.2.1] (helo=[10.0.0.1]) by mx.b with esmtp (Exim 4.96)"
	  DATE, "[10.0.0.1]", NULL, "192.0.2.1", "mx.b" },
	{ "from [192.0.2.1] (port=53 helo=a) by mx.b with esmtp (Exim 4.96)"
	  DATE, "a", NULL, "192.0.2.1", "mx.b" },
	{ "from b.example ([192.0.2.1]) by mx.b with esmtp (Exim 4.96) id x"
	  DATE, "b.example", "b.example", "192.0.2.1", "mx.b" },
	/* qmail, Yahoo, CommuniGate */
	{ "from unknown (HELO a.example) (192.0.2.1) by mx.b with SMTP" DATE,
	  "a.example", NULL, "192.0.2.1", "mx.b" },
	{ "from b.example (HELO a.example) (u@192.0.2.1) by mx.b" DATE,
	  "a.example", "b.example", "192.0.2.1", "mx.b" },
	{ "from 192.0.2.1 (EHLO a.example) by 10.1.2.3 with SMTPs" DATE,
	  "a.example", NULL, "192.0.2.1", "10.1.2.3" },
	{ "from [192.0.2.1] (account u HELO a) by mx.b" DATE,
	  "a", NULL, "192.0.2.1", "mx.b" },
	{ "(qmail 1234 invoked from network)" DATE, NULL, NULL, NULL, NULL },
	/* Google, Outlook, Courier, fetchmail, Dovecot */
	{ "from a (b.example. [2001:db8::1]) by mx.google.com with ESMTPS id "
	  "x for <u@example.net> (version=TLS1_3)" DATE,
	  "a", "b.example", "2001:db8::1", "mx.google.com" },
	{ "by 2002:a05:6402:1:b0:3:c:d with SMTP id x" DATE,
	  NULL, NULL, NULL, "2002:a05:6402:1:b0:3:c:d" },
	{ "from a.example (192.0.2.1) by X.outlook.com (10.13.0.1) with "
	  "Microsoft SMTP Server (version=TLS1_2) id 15.20 via Frontend "
	  "Transport" DATE,
	  "a.example", NULL, "192.0.2.1", "x.outlook.com" },
	{ "from a (b.example [::ffff:192.0.2.1]) by mx.b" DATE,
	  "a", "b.example", "192.0.2.1", "mx.b" },
	{ "from pop.example [192.0.2.1] by localhost with POP3" DATE,
	  "pop.example", NULL, "192.0.2.1", "localhost" },
	{ "from mx.b by imap.b with LMTP id x (envelope-from <x@y>)" DATE,
	  "mx.b", NULL, NULL, "imap.b" },
	/* a HELO that would be something else */
	{ "from by (b.example [192.0.2.1]) by mx.b" DATE,
	  "by", "b.example", "192.0.2.1", "mx.b" },
	{ "from [10.0.0.1] by mx.b" DATE, "[10.0.0.1]", NULL, NULL, "mx.b" },
	{ "from x (trusted.b [10.0.0.1]) (evil [192.0.2.1]) by mx.b" DATE,
	  "x", NULL, NULL, "mx.b" },
	{ "from trusted.b (helo=x [192.0.2.1]) by mx.b" DATE,
	  "trusted.b", NULL, "192.0.2.1", "mx.b" },
	{ "from trusted.b (HELO [192.0.2.1]) by mx.b" DATE,
	  "trusted.b", NULL, NULL, "mx.b" },
	{ "from x (evil [192.0.2.1] [10.0.0.1]) by mx.b" DATE,
	  "x", "evil", "192.0.2.1", "mx.b" },
	{ "from x (sender said [10.0.0.1]) by mx.b" DATE,
	  "x", NULL, NULL, "mx.b" },
	{ "from x (b [192.0.2.1]) by mx.b for <a(Exim 4.9)@c>" DATE,
	  "x", "b", "192.0.2.1", "mx.b" },
	{ "from x (b [192.0.2.999]) by mx.b" DATE, "x", NULL, NULL, "mx.b" },
	{ "from x (b [192.0.2.1]) by mx.b." DATE,
	  "x", "b", "192.0.2.1", "mx.b" },
	{ "from x (b [192.0.2.1]) by <mx.b>" DATE,
	  "x", "b", "192.0.2.1", NULL },
};

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void as_servers_write_them(void **state)
{
	struct received got;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = received_parse(arena, bytes_of(rows[i].text), &got);
		if (r < 0 || got.date != 1772445600 ||
		    !same(got.from_helo, rows[i].helo) ||
		    !same(got.from_host, rows[i].host) ||
		    !same(got.client_ip, rows[i].ip) ||
		    !same(got.by, rows[i].by))
			fail_msg("%s\n: %d helo %s host %s ip %s by %s at %lld",
				 rows[i].text, r, got.from_helo, got.from_host,
				 got.client_ip, got.by, (long long)got.date);
	}
}

static void what_cannot_be_read(void **state)
{
	static const char *const wrong[] = {
		"", "x", "from", "from (a) by b" DATE, "from ; x",
		"from a b c by d" DATE, "from a by" DATE,
		"from a by b by c" DATE, "by b from a" DATE,
		"from evil by mx.b (b [10.0.0.1]) (c [192.0.2.1]) by mx.b" DATE,
		"from a (b [192.0.2.1] by c" DATE, "from a) by b" DATE,
		"from a\x01 by b" DATE, "from \"a by b" DATE,
		"from a ((((((((((((((((((((x)))))))))))))))))))) by b" DATE,
	};
	struct received got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (received_parse(arena, bytes_of(wrong[i]), &got) !=
		    ERR_SYNTAX)
			fail_msg("was read: %s", wrong[i]);
	assert_int_equal(received_parse(arena, (struct bytes){
		(const unsigned char *)"from a\0b by c;", 14 }, &got),
		ERR_SYNTAX);
}

static void dates(void **state)
{
	struct received got;

	(void)state;
	assert_int_equal(received_parse(arena, bytes_of("from a by b"), &got),
			 0);
	assert_int_equal(got.date, -1);
	assert_int_equal(received_parse(arena, bytes_of(
		"from a (x;y) by b (z;w); envelope-from <a;b>" DATE), &got),
		0);
	assert_int_equal(got.date, 1772445600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_servers_write_them),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(dates),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
