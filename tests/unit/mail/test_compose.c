/* test_compose.c - what is changed so that nobody else changes it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/mail/compose.h"
#include "agent/mail/mime.h"

static struct arena *arena;
static struct buf out;
static struct memfile file;

static int setup(void **state)
{
	(void)state;
	arena = arena_new(4 * 1024 * 1024);
	buf_init(&out, 1024 * 1024);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	buf_free(&out);
	return 0;
}

static struct mime_part *scanned(struct bytes text)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_LINES);
	struct mime_part *root;

	assert_non_null(scan);
	mime_scan_push(scan, text);
	assert_int_equal(mime_scan_end(scan, &root), 0);
	mime_scan_free(scan);
	return root;
}

static int composed(const char *text, const char *fields,
		    const char *parameters, const char *shown)
{
	struct range range = { &file, NULL, 0, strlen(text) };
	struct compose compose = { arena, bytes_of(fields), parameters, NULL,
				   bytes_of(shown) };
	struct mime_part *root = scanned(bytes_of(text));
	struct sink to = sink_of_buf(&out);
	const struct compose_plan *plan;
	struct compose_reader *reader;
	struct source source;
	int r;

	memset(&file, 0, sizeof(file));
	file.bytes = bytes_of(text);
	file.size = file.bytes.len;
	file.fd = -1;
	if (shown != NULL)
		compose.shown_in = compose_main_text(root, bytes_of(shown));
	assert_int_equal(compose_plan_make(&compose, root, &plan), 0);
	reader = compose_reader_new(plan, &range);
	assert_non_null(reader);
	source = compose_reader_source(reader);
	/* As often as need be. */
	assert_int_equal(stream_copy(&source, &to), 0);
	buf_clear(&out);
	assert_int_equal(source.rewind(source.ctx), 0);
	r = stream_copy(&source, &to);
	compose_reader_free(reader);
	return r;
}

static void becomes(const char *text, const char *wanted)
{
	assert_int_equal(composed(text, "", "", NULL), 0);
	assert_string_equal(buf_string(&out), wanted);
	/* What was composed once stays as it is. */
	text = arena_print(arena, "%s", buf_string(&out));
	assert_int_equal(composed(text, "", "", NULL), 0);
	assert_string_equal(buf_string(&out), wanted);
}

static void left_alone(void **state)
{
	(void)state;
	becomes("From: a@b\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
		"Content-Type: text/plain\r\n\r\nhello\r\n");
	becomes("From: a@b\nContent-Type: text/plain;\n charset=utf-8\n"
		"Content-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n"
		"Content-Language: de\n\nhello\n\nworld",
		"Content-Type: text/plain;\r\n charset=utf-8\r\n"
		"Content-Language: de\r\n\r\nhello\r\n\r\nworld");
	becomes("From: a@b\n\n", "\r\n");
	becomes("From: a@b\nContent-Transfer-Encoding: base64\n"
		"Content-Type: x/y\n\nAAAA\n",
		"Content-Type: x/y\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n");
}

static void encoded(void **state)
{
	(void)state;
	becomes("Content-Type: text/plain; charset=utf-8\n\n\xc3\xa4\n",
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"=C3=A4\r\n");
	becomes("Subject: x\n\n\xc3\xa4\n",
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"=C3=A4\r\n");
	becomes("Subject: x\n\n-- \nFrom here\n",
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"=2D-=20\r\n=46rom here\r\n");
	becomes("Content-Type: image/png\nContent-Transfer-Encoding: binary\n"
		"\n\x89PNG\r\n",
		"Content-Type: image/png\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n");
	becomes("Content-Type: text/plain\n"
		"Content-Transfer-Encoding: quoted-printable\n\na=20b \nc\n",
		"Content-Type: text/plain\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"a b\r\nc\r\n");
	becomes("Content-Type: x/y\nContent-Transfer-Encoding: base64\n\n"
		"AAAA \nAAAA\n",
		"Content-Type: x/y\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nAAAAAAAA\r\n");
}

static void long_lines(void **state)
{
	char text[3000];
	size_t i, column = 0;

	(void)state;
	(void)snprintf(text, sizeof(text), "A: b\n\n");
	memset(text + 6, 'x', 999);
	(void)snprintf(text + 6 + 999, 10, "\n");
	assert_int_equal(composed(text, "", "", NULL), 0);
	for (i = 0; i < out.len; i++) {
		column = out.data[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 78);
	}
	text[5 + 999] = '\n';
	text[6 + 999] = 0;
	assert_int_equal(composed(text, "", "", NULL), 0);
	assert_null(strstr(buf_string(&out), "quoted"));
}

static void in_parts(void **state)
{
	(void)state;
	becomes("Content-Type: multipart/mixed; boundary=b\n"
		"Content-Transfer-Encoding: 8bit\n\npre\n--b\n"
		"Content-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: 8bit\nX-A: b\n\n\xc3\xa4\n"
		"--b\nContent-Type: multipart/signed; boundary=s\n\n"
		"--s\n\n\xc3\xa4 \n--s\nContent-Type: application/"
		"pgp-signature\n\nx\n--s--\n--b\n\nplain\n--b--\nend\n",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"pre\r\n--b\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nX-A: b\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A4\r\n"
		"--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n"
		"--s\r\n\r\n\xc3\xa4 \r\n--s\r\nContent-Type: application/"
		"pgp-signature\r\n\r\nx\r\n--s--\r\n--b\r\n\r\nplain\r\n"
		"--b--\r\nend\r\n");
	/* A message within is opened; one of an unknown kind is left. */
	becomes("Content-Type: message/rfc822\n\nSubject: in\n"
		"Content-Type: text/plain; charset=utf-8\n\n\xc3\xa4\n",
		"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"=C3=A4\r\n");
	becomes("Content-Type: message/delivery-status\n\n\xc3\xa4\n",
		"Content-Type: message/delivery-status\r\n\r\n\xc3\xa4\r\n");
	becomes("Content-Type: text/plain\nContent-Transfer-Encoding: x-own\n"
		"\n\xc3\xa4\n",
		"Content-Type: text/plain\r\n"
		"Content-Transfer-Encoding: x-own\r\n\r\n\xc3\xa4\r\n");
}

static void with_fields(void **state)
{
	(void)state;
	assert_int_equal(composed("From: a@b\nContent-Type: text/plain;\n\nx\n",
				  "From: a@b\r\nSubject: s\r\n",
				  "; hp=\"clear\"", NULL), 0);
	assert_string_equal(buf_string(&out), "Content-Type: text/plain; "
			    "hp=\"clear\"\r\nFrom: a@b\r\nSubject: s\r\n"
			    "\r\nx\r\n");
	assert_int_equal(composed("From: a@b\n\nx\n", "Subject: s\r\n",
				  "; hp=\"clear\"", NULL), 0);
	assert_string_equal(buf_string(&out), "Content-Type: text/plain; "
			    "hp=\"clear\"\r\nSubject: s\r\n\r\nx\r\n");
}

/* What is added is found by whoever reads the type. */
static void with_types(void **state)
{
	static const struct {
		const char *type, *wanted;
	} cases[] = {
		{ "text/plain; charset=utf-8;", "text/plain; charset=utf-8" },
		{ "text/plain; ; ;", "text/plain" },
		{ "text/plain; name=\"a", "text/plain" },
		{ "text/plain (a", "text/plain" },
		{ "", "text/plain" },
		{ "text/plain; charset=utf-8\\", "text/plain;\r\n"
		  " charset=\"utf-8\"" },
		{ "text/plain; hp=clear; charset=utf-8; "
		  "Protected-Headers=\"v1\"",
		  "text/plain;\r\n charset=\"utf-8\"" },
		{ "text/plain; hp*=us-ascii''clear; name=\"a\\\"b\"",
		  "text/plain;\r\n name=\"a\\\"b\"" },
		{ "text/plain; hp-legacy-display=1; "
		  "name*=utf-8''a%0D%0ABcc%3A%20b",
		  "text/plain;\r\n name*=utf-8''a%0D%0ABcc%3A%20b" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = arena_print(arena, "From: a@b\n"
					       "Content-Type: %s\n\nx\n",
					       cases[i].type);
		const char *wanted = arena_print(arena, "Content-Type: %s; "
						 "hp=\"cipher\"\r\n\r\nx\r\n",
						 cases[i].wanted);

		buf_clear(&out);
		assert_int_equal(composed(text, "", "; hp=\"cipher\"", NULL),
				 0);
		assert_string_equal(buf_string(&out), wanted);
		assert_string_equal(mime_parameter(&scanned(bytes_of(
			buf_string(&out)))->type, "hp"), "cipher");
	}
}

/* A bare CR in the header of a part ends a line. */
static void bare_cr(void **state)
{
	(void)state;
	becomes("Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Description: a\rb\r\r\nc: d\n\nx\n--b--\n",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
		"Content-Description: a\r\nb\r\n\r\nc: d\r\n\r\nx\r\n"
		"--b--\r\n");
}

static void shown_text(void **state)
{
	const char *shown = "Subject: s\r\n\r\n";

	(void)state;
	assert_int_equal(composed("Content-Type: text/plain\n\nx\n", "", "",
				  shown), 0);
	assert_string_equal(buf_string(&out), "Content-Type: text/plain;\r\n"
			    " hp-legacy-display=\"1\"\r\n"
			    "Content-Transfer-Encoding: quoted-printable\r\n"
			    "\r\nSubject: s\r\n\r\nx\r\n");
	assert_int_equal(composed("Content-Type: multipart/alternative; "
				  "boundary=b\n\n--b\n\nx\n--b\n"
				  "Content-Type: text/html\n\nx\n--b--\n", "",
				  "", shown), 0);
	assert_string_equal(buf_string(&out),
			    "Content-Type: multipart/alternative; boundary=b"
			    "\r\n\r\n--b\r\nContent-Type: text/plain;\r\n"
			    " hp-legacy-display=\"1\"\r\n"
			    "Content-Transfer-Encoding: quoted-printable\r\n"
			    "\r\nSubject: s\r\n\r\nx\r\n--b\r\n"
			    "Content-Type: text/html\r\n\r\nx\r\n--b--\r\n");
	/* Where it cannot stand it does not. */
	assert_null(compose_main_text(scanned(bytes_of(
		"Content-Type: text/html\n\nx")), bytes_of(shown)));
	assert_null(compose_main_text(scanned(bytes_of(
		"Content-Type: text/plain; charset=iso-8859-1\n\nx")),
		bytes_of("Subject: \xc3\xa4\r\n")));
	assert_non_null(compose_main_text(scanned(bytes_of(
		"Content-Type: text/plain; charset=iso-8859-1\n\nx")),
		bytes_of(shown)));
	assert_null(compose_main_text(scanned(bytes_of(
		"Content-Type: text/plain; charset=utf-16\n\nx")),
		bytes_of(shown)));
	/* A file stays as it is. */
	assert_null(compose_main_text(scanned(bytes_of(
		"Content-Type: text/plain\nContent-Disposition: attachment\n"
		"\nx")), bytes_of(shown)));
	assert_null(compose_main_text(scanned(bytes_of(
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Disposition: inline;\n filename=run.sh\n\nx\n"
		"--b--\n")), bytes_of(shown)));
	assert_non_null(compose_main_text(scanned(bytes_of(
		"Content-Disposition: Inline\n\nx")), bytes_of(shown)));
}

static void an_arena_that_is_full(void **state)
{
	struct arena *small = arena_new(600);
	struct compose compose = { small, { NULL, 0 }, "", NULL,
				   { NULL, 0 } };
	const struct compose_plan *plan;
	char text[1000];

	(void)state;
	(void)snprintf(text, sizeof(text), "Content-Type: text/plain; a=\"%*s"
		       "\"\n\nx\n", 700, "");
	assert_int_equal(compose_plan_make(&compose, scanned(bytes_of(text)),
					   &plan), ERR_LIMIT);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(encoded, setup, teardown),
		cmocka_unit_test_setup_teardown(long_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(in_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(with_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(with_types, setup, teardown),
		cmocka_unit_test_setup_teardown(bare_cr, setup, teardown),
		cmocka_unit_test_setup_teardown(shown_text, setup, teardown),
		cmocka_unit_test_setup_teardown(an_arena_that_is_full, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
