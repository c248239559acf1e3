/* test_dkim_signature.c - names, numbers, limits */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auth/dkim_signature.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"
#include "tests/unit/arena.h"

#define BH "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
#define REST "; s=a; h=from; " BH "; b=AAAA"

/* The code, "" when it can be used. */
static const char *code_of(const char *value, struct dkim_signature *out)
{
	struct field *field = arena_alloc(arena, sizeof(*field));
	const char *code = NULL, *text = NULL;
	int r;

	assert_non_null(field);
	field->name = bytes_of("DKIM-Signature");
	field->value = bytes_of(value);
	field->whole = field->value;
	r = dkim_signature_parse(arena, DKIM_SIGNATURE, field, out, &code,
				 &text);
	assert_int_equal(r, code == NULL ? 0 : ERR_SYNTAX);
	assert_int_equal(text == NULL, code == NULL);
	return code == NULL ? "" : code;
}

static void tags_are_read(void **state)
{
	struct dkim_signature out;

	(void)state;
	assert_string_equal(code_of(" v=1; a=rsa-sha256; c=relaxed;\r\n d=EXAM"
				    "PLE.org; s=Lab.One; l=12; t=5; x=6;\r\n "
				    "h= From : To\r\n :Subject; i=a@B.example."
				    "org; " BH ";\r\n b=AA\r\n AA", &out), "");
	assert_string_equal(out.domain, "example.org");
	assert_string_equal(out.selector, "lab.one");
	assert_string_equal(out.identity_domain, "b.example.org");
	assert_string_equal(out.algorithm_text, "rsa-sha256");
	assert_int_equal(out.header_form, CANON_RELAXED);
	assert_int_equal(out.body_form, CANON_SIMPLE);
	assert_int_equal(out.length, 12);
	assert_int_equal(out.signed_at, 5);
	assert_int_equal(out.expires, 6);
	assert_int_equal(out.name_count, 3);
	assert_true(bytes_is(out.names[1], "To"));
	assert_int_equal(out.signature.len, 3);
	assert_int_equal(out.body_hash.len, 32);
	assert_true(bytes_is(out.b_value, "AA\r\n AA"));
}

static void defaults(void **state)
{
	struct dkim_signature out;

	(void)state;
	assert_string_equal(code_of("v=1; a=ed25519-sha256; d=com" REST, &out),
			    "");
	assert_int_equal(out.header_form, CANON_SIMPLE);
	assert_int_equal(out.body_form, CANON_SIMPLE);
	assert_true(out.length == CANON_NO_LIMIT);
	assert_int_equal(out.signed_at, -1);
	assert_int_equal(out.expires, -1);
	assert_string_equal(out.identity_domain, "com");
}

static void what_is_missing(void **state)
{
	static const char *const tags[] = { "v=1", "a=rsa-sha256", "d=a.org",
					    "s=a", "h=from", BH, "b=AAAA" };
	struct dkim_signature out;
	struct buf text;
	size_t i, left;

	(void)state;
	buf_init(&text, 1000);
	for (left = 0; left <= 7; left++) {
		buf_clear(&text);
		for (i = 0; i < 7; i++)
			if (i != left)
				buf_print(&text, "%s;", tags[i]);
		assert_string_equal(code_of(buf_string(&text), &out),
				    left == 7 ? "" : "signature-syntax");
		/* What could be read is told. */
		if (left != 2)
			assert_string_equal(out.domain, "a.org");
		assert_int_equal(out.signed_at, -1);
	}
	buf_free(&text);
}

static void domains_are_strict(void **state)
{
	static const char *const bad[] = {
		"", ".", ".org", "a..org", "a.org.", "-a.org", "a-.org",
		"a b.org", "a_b.org", "a.org/", "a.org,b.org", "a@b.org",
		"a.org\x01", "[192.0.2.1]",
	};
	struct dkim_signature out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(code_of(arena_print(arena, "v=1; a=rsa-sha"
						"256; d=%s" REST, bad[i]),
					    &out), "signature-syntax");
	assert_string_equal(code_of("v=1; a=rsa-sha256; d=xn--bcher-kva.exampl"
				    "e" REST, &out), "");
	assert_string_equal(out.domain, "xn--bcher-kva.example");
	assert_string_equal(code_of("v=1; a=rsa-sha256; d=b\xc3\xbc" "cher.exa"
				    "mple" REST, &out), "");
	assert_string_equal(out.domain, "xn--bcher-kva.example");
}

static void lists_end_somewhere(void **state)
{
	struct dkim_signature out;
	struct buf text;
	size_t i, count;

	(void)state;
	buf_init(&text, 100000);
	for (count = DKIM_NAMES_MAX - 1; count <= DKIM_NAMES_MAX; count++) {
		buf_clear(&text);
		buf_text(&text, "v=1; a=rsa-sha256; d=a; s=b; b=AAAA; " BH
			 "; h=from");
		for (i = 0; i < count; i++)
			buf_text(&text, ":x");
		assert_string_equal(code_of(buf_string(&text), &out),
				    count < DKIM_NAMES_MAX ? "" :
				    "signature-syntax");
	}
	buf_clear(&text);
	buf_text(&text, "v=1; a=rsa-sha256; d=a; s=b; h=from; " BH "; b=");
	for (i = 0; i <= DKIM_BYTES_MAX * 2 / 4; i++)
		buf_text(&text, "AAAA");
	assert_string_equal(code_of(buf_string(&text), &out),
			    "signature-syntax");
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_read),
		cmocka_unit_test(defaults),
		cmocka_unit_test(what_is_missing),
		cmocka_unit_test(domains_are_strict),
		cmocka_unit_test(lists_end_somewhere),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
