/* test_mime_type.c - the grammar, RFC 2231, and what readers differ in */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/mail/charset.h"
#include "agent/mail/mime_type.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	charset_prepare();
	arena = arena_new(1024 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct mime_type *parsed(const char *text)
{
	struct mime_type *type = arena_alloc(arena, sizeof(*type));

	assert_int_equal(mime_type_parse(arena, bytes_of(text), type), 0);
	return type;
}

static void is(const char *text, const char *name, const char *parameter,
	       const char *value)
{
	struct mime_type *type = parsed(text);

	assert_string_equal(type->name, name);
	assert_false(type->odd);
	if (parameter != NULL)
		assert_string_equal(mime_parameter(type, parameter), value);
}

static void as_written(void **state)
{
	(void)state;
	is("Text/PLAIN", "text/plain", NULL, NULL);
	is("text/plain; charset=utf-8; Format=Flowed", "text/plain", "format",
	   "Flowed");
	is(" (a) multipart/signed ; (b) boundary = \"a \\\"b;\" (c) ; x=y;",
	   "multipart/signed", "boundary", "a \"b;");
	is("application/pkcs7-mime;smime-type=signed-data;name=smime.p7m",
	   "application/pkcs7-mime", "smime-type", "signed-data");
	is("attachment; filename=\"a.p7m\"", "attachment", "filename",
	   "a.p7m");
	assert_null(mime_parameter(parsed("text/plain; a=b"), "c"));
	assert_true(mime_is(parsed("TEXT/html"), "text/html"));
	assert_true(mime_is_kind(parsed("multipart/mixed"), "multipart/"));
	assert_false(mime_is_kind(parsed("multi"), "multipart/"));
}

static void in_pieces(void **state)
{
	(void)state;
	is("a/b; name*0=one; name*1=\"two \"; name*2=three", "a/b", "name",
	   "onetwo three");
	is("a/b; name*1=two; x=y; name*0=one", "a/b", "name", "onetwo");
	is("a/b; name*=iso-8859-1'en'%e4%20b", "a/b", "name", "\xc3\xa4 b");
	is("a/b; name*0*=utf-8''%c3; name*1*=%a4; name*2=%41", "a/b", "name",
	   "\xc3\xa4%41");
	assert_true(parsed("a/b; name*1=two")->odd);
	assert_true(parsed("a/b; name*x=two")->odd);
	assert_true(parsed("a/b; name*=no-such-set''x")->odd);
	assert_true(parsed("a/b; name*=utf-8''%00")->odd);
}

static void broken(void **state)
{
	struct mime_type *type;
	char *many;
	size_t i;

	(void)state;
	assert_null(parsed("")->name);
	assert_null(parsed("; boundary=x")->name);
	assert_null(parsed("(open text/plain")->name);
	assert_true(parsed("text/plain charset=x")->odd);
	assert_true(parsed("text/plain; charset")->odd);
	assert_true(parsed("text/plain; charset=")->odd);
	assert_true(parsed("text/plain; charset=\"open")->odd);
	assert_true(parsed("text / plain")->odd);
	type = parsed("multipart/mixed; boundary=a; BOUNDARY=b");
	assert_true(type->odd);
	assert_string_equal(mime_parameter(type, "boundary"), "a");
	many = calloc(1, 4000);
	assert_non_null(many);
	(void)strncat(many, "a/b", 4);
	for (i = 0; i <= MIME_PARAMETERS_MAX; i++)
		(void)snprintf(many + strlen(many), 20, ";p%zu=x", i);
	assert_true(parsed(many)->odd);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_written, setup, teardown),
		cmocka_unit_test_setup_teardown(in_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(broken, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
