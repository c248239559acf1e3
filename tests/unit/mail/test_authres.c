/* test_authres.c - Authentication-Results, strictly, and the injections of
 * "Composition Kills" */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/trace.h"
#include "tests/unit/arena.h"

#define ID "mx.example.net; "

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void what_a_server_writes(void **state)
{
	struct authres got;

	(void)state;
	assert_int_equal(authres_parse(arena, bytes_of(
		" (x) MX.Example.NET 1 (v);\r\n\tspf=Pass (a (b;c) d)\r\n"
		" smtp.mailfrom=a@EXAMPLE.org;\r\n\tdkim/1=fail reason=\"bad; "
		"\\\"x\\\"\" header . d = example.org header.i=@example.org "
		"header.b=Iw/3=;\r\n dmarc=pass header.from=example.org;"),
		&got), 0);
	assert_string_equal(got.authserv_id, "mx.example.net");
	assert_int_equal(got.count, 3);
	assert_string_equal(got.results[0].method, "spf");
	assert_string_equal(got.results[0].result, "pass");
	assert_string_equal(got.results[0].domain, "example.org");
	assert_string_equal(got.results[0].property, "smtp.mailfrom");
	assert_string_equal(got.results[1].method, "dkim");
	assert_string_equal(got.results[1].result, "fail");
	assert_string_equal(got.results[1].property, "header.d");
	assert_string_equal(got.results[2].domain, "example.org");
}

static void nothing_found(void **state)
{
	static const char *const texts[] = {
		"mx.example.net; none", "mx.example.net 1; none ;",
		"mx.example.net", "\"mx.example.net\"; NONE (x)"
	};
	struct authres got;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_int_equal(authres_parse(arena, bytes_of(texts[i]),
					       &got), 0);
		assert_string_equal(got.authserv_id, "mx.example.net");
		assert_int_equal(got.count, 0);
	}
	assert_int_equal(authres_parse(arena, bytes_of(ID "none=pass"), &got),
			 0);
	assert_int_equal(got.count, 1);
}

/* The domain of the first result; "-" stands for ERR_SYNTAX. */
static void domains(void **state)
{
	static const struct {
		const char *text, *domain;
	} rows[] = {
		{ "dkim=pass header.i=u@a.org", "a.org" },
		{ "dkim=pass header.i=@a.org header.d=a.org", "a.org" },
		{ "dkim=pass header.i=@x.a.org header.d=a.org", "a.org" },
		{ "dkim=pass header.i=@b.org header.d=a.org", NULL },
		{ "dkim=pass header.d=a.org header.d=b.org", NULL },
		{ "dkim=pass header.d=\"a.org\"", "a.org" },
		{ "dkim=pass header.from=a.org smtp.mailfrom=a.org", NULL },
		{ "spf=pass smtp.mailfrom=@a.org", "a.org" },
		{ "spf=pass smtp.mailfrom=x=b.org__0-1@a.org", "a.org" },
		{ "spf=pass smtp.mailfrom=\"x y\"@a.org", "a.org" },
		{ "spf=pass smtp.mailfrom=b\xc3\xbc@b\xc3\xbc" "cher.org",
		  "xn--bcher-kva.org" },
		{ "spf=pass smtp.helo=a.org", NULL },
		{ "spf=pass smtp.mailfrom=", "-" },
		{ "spf=pass smtp.mailfrom=;", NULL },
		{ "dmarc=pass header.from=a.org", "a.org" },
		{ "dmarc=pass header.d=a.org", NULL },
		{ "other=pass header.d=a.org", NULL },
		/* attacks A4 to A6, and what is near */
		{ "dkim=pass header.d=legit.com(.attacker.com", "-" },
		{ "dkim=pass header.d=legit.com(.attacker.com)", NULL },
		{ "dkim=pass header.d=legit.com (x).attacker.com", "-" },
		{ "dkim=pass header.d=legit.com'a.attacker.com", NULL },
		{ "dkim=pass header.d=legit.com\"a.attacker.com", "-" },
		{ "dkim=pass header.d=legit.com\\.attacker.com", NULL },
		{ "dkim=pass header.d=\"legit.com\"x", "-" },
		{ "spf=pass smtp.mailfrom=any@legit.com(a.attacker.com", "-" },
		{ "spf=pass smtp.mailfrom=any@legit.com(a.attacker.com)",
		  NULL },
		{ "spf=pass smtp.mailfrom=any@legit.com'@a.attack.com", NULL },
		{ "spf=pass smtp.mailfrom=any@legit.com @a.attack.com", "-" },
		{ "spf=pass smtp.mailfrom=<any@legit.com>", NULL },
		{ "spf=pass smtp.mailfrom=@a,@b:any@legit.com", NULL },
		{ "spf=pass smtp.mailfrom=(any@legit.com", "-" },
		{ "spf=pass smtp.mailfrom=\"any@legit.com\"", "legit.com" },
		{ "spf=pass smtp.mailfrom=\"a@legit.com\"@b.com", "b.com" },
		{ "spf=pass smtp.mailfrom=\"x@legit.com", "-" },
		{ "spf=pass smtp.mailfrom=\"<a>@legit.com\"", NULL },
	};
	char text[256];
	struct authres got;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), ID "%s", rows[i].text);
		r = authres_parse(arena, bytes_of(text), &got);
		if (rows[i].domain != NULL && rows[i].domain[0] == '-' ?
		    r != ERR_SYNTAX :
		    r < 0 || !same(got.results[0].domain, rows[i].domain))
			fail_msg("%s: %d %s", text, r,
				 r < 0 ? "" : got.results[0].domain);
	}
}

static void servers_without_an_id(void **state)
{
	struct authres got;

	(void)state;
	assert_int_equal(authres_parse(arena, bytes_of(
		"spf=pass (x) smtp.mailfrom=a.org; dkim=pass header.d=a.org;"
		"dmarc=pass action=none header.from=a.org;compauth=pass "
		"reason=100"), &got), 0);
	assert_null(got.authserv_id);
	assert_int_equal(got.count, 4);
	assert_int_equal(authres_parse(arena, bytes_of(
		"spf=pass smtp.mailfrom=a.org; b.org; dkim=none header.d=none;"
		"b.org; dmarc=none action=none header.from=;"), &got), 0);
	assert_string_equal(got.authserv_id, "b.org");
	assert_true(got.id_is_late);
	assert_int_equal(got.count, 3);
	assert_int_equal(authres_parse(arena, bytes_of(
		"spf=pass smtp.mailfrom=a.org; b.org; dkim=none header.d=none;"
		"c.org; dmarc=none action=none"), &got), ERR_SYNTAX);
}

static void what_is_no_field(void **state)
{
	static const char *const wrong[] = {
		"", ";", "(", "mx 2; none", "mx 1 1; none", "mx; none; none",
		"mx; none; a=b", "mx; a=b; none", "mx; a=b;; c=d", "mx; a",
		"mx; a=", "mx; a=b c", "mx; a=b c=", "mx; a=b c.d",
		"mx; a=b c.d.e=f", "mx; a/2=b", "mx; a=b; mx.org; c=d",
		"mx mx; a=b", "i=1; mx; a=b", "none", "mx; a=b c.d=\"e\"f",
		"mx\x01; none", "mx; a=b\x01", "mx; a=b, c=d", "a=b; none"
	};
	struct authres got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (authres_parse(arena, bytes_of(wrong[i]), &got) !=
		    ERR_SYNTAX && strcmp(wrong[i], "none") != 0)
			fail_msg("was read: %s", wrong[i]);
}

static void arc_has_an_instance(void **state)
{
	struct authres got;
	unsigned instance;

	(void)state;
	assert_int_equal(authres_parse_arc(arena, bytes_of(
		" i = 2 (x) ; mx.org; dkim=pass header.d=a.org"), &instance,
		&got), 0);
	assert_int_equal(instance, 2);
	assert_string_equal(got.authserv_id, "mx.org");
	assert_string_equal(got.results[0].domain, "a.org");
	assert_int_equal(authres_parse_arc(arena, bytes_of("i=0; mx; none"),
					   &instance, &got), ERR_SYNTAX);
	assert_int_equal(authres_parse_arc(arena, bytes_of("i=51; mx; none"),
					   &instance, &got), ERR_SYNTAX);
	assert_int_equal(authres_parse_arc(arena, bytes_of("mx; none"),
					   &instance, &got), ERR_SYNTAX);
	assert_int_equal(authres_parse_arc(arena, bytes_of("i=1; spf=pass"),
					   &instance, &got), ERR_SYNTAX);
}

static void more_results_than_the_limit(void **state)
{
	char text[16 * (TRACE_RESULTS_MAX + 2)];
	struct authres got;
	size_t used, i;

	(void)state;
	used = (size_t)snprintf(text, sizeof(text), "mx");
	for (i = 0; i < TRACE_RESULTS_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 ";spf=pass");
	assert_int_equal(authres_parse(arena, bytes_of(text), &got), 0);
	assert_int_equal(got.count, TRACE_RESULTS_MAX);
	(void)snprintf(text + used, sizeof(text) - used, ";spf=pass");
	assert_int_equal(authres_parse(arena, bytes_of(text), &got),
			 ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_server_writes),
		cmocka_unit_test(nothing_found),
		cmocka_unit_test(domains),
		cmocka_unit_test(servers_without_an_id),
		cmocka_unit_test(what_is_no_field),
		cmocka_unit_test(arc_has_an_instance),
		cmocka_unit_test(more_results_than_the_limit),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
