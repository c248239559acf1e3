/* test_mime_fits.c - bodies that are what is said of them, and others
 *
 * What comes of it is tested in tests/flow/test_attack_reading.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_fits.h"

#define TYPE	"Content-Type: "
#define CODE	"Content-Transfer-Encoding: "

static const struct {
	const char *text;
	bool type, encoding;		/* whether each misfits */
} rows[] = {
	{ "A: 1\n\nx", false, false },
	{ TYPE "text/plain\n\nx", false, false },
	{ TYPE "text\n\nx", true, false },
	{ TYPE "\n\nx", true, false },
	{ TYPE "text/plain; charset=x; charset=y\n\nx", true, false },
	{ TYPE "TEXT/HTML\n\n<p>", false, false },
	{ TYPE "text/html\n\n", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\n", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\n--b", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\n--b--", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\n--b\n--b--", false, false },
	{ TYPE "multipart/mixed; boundary=b\n\n--b\n--b--\nx", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\n--b\nx--b--", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\nx\n--b\n\n--b--", true, false },
	{ TYPE "multipart/mixed; boundary=b\n\nmime\n--b\n\n--b--", false,
	  false },
	{ TYPE "multipart/mixed; boundary=b\n\nmime\n--a\n--b\n\n--b--", true,
	  false },
	{ TYPE "multipart/mixed; boundary=\"\"\n\n--\n\n----", true, false },
	{ TYPE "multipart/mixed; boundary=\"b \"\n\n--b \n\n--b --", true,
	  false },
	{ TYPE "multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--", true,
	  false },
	{ TYPE "multipart/x; boundary=b\n\n--b\n\nx\n--b--", true, false },
	{ CODE "base64\n\n", false, false },
	{ CODE "base64\n\nQUJD\r\nQQ=\n=\n", false, false },
	{ CODE "base64\n\nQQ==\nQUJD\n", false, true },
	{ CODE "BASE64\n\nQ-Q", false, true },
	{ CODE "quoted-printable\n\n=3d=\n=  \r\n=\n", false, false },
	{ CODE "quoted-printable\n\n=", false, false },
	{ CODE "quoted-printable\n\n=4", false, true },
	{ CODE "quoted-printable\n\n=4G", false, true },
	{ CODE "quoted-printable\n\n\xC3\xA9", false, true },
	{ CODE "x-uue\n\nx", false, true },
	{ CODE "8 bit\n\n\xC3\xA9", false, false },
	{ TYPE "image/png\n" CODE "base64\n\niVBO", false, false },
	{ TYPE "image/png\n" CODE "base64\n\nText.", true, true },
	{ TYPE "image/png\n\niVBO", true, false },
	{ TYPE "message/rfc822\n" CODE "base64\n\niVBO", true, false },
};

static void every_row(void **state)
{
	struct arena *arena = arena_new(4 * 1024 * 1024);
	struct mime_unsigned what = { false, false };
	struct message *message;
	struct mime_body body;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(message_parse(arena, bytes_of(rows[i].text),
					       &message), 0);
		body.start = body.end = message->body;
		body.whole = true;
		what.type = what.encoding = false;
		assert_null(mime_misfit(arena, message, what, &body));
		what.type = true;
		if ((mime_misfit(arena, message, what, &body) != NULL) !=
		    rows[i].type)
			fail_msg("row %zu, type", i);
		what.type = false;
		what.encoding = true;
		if ((mime_misfit(arena, message, what, &body) != NULL) !=
		    rows[i].encoding)
			fail_msg("row %zu, encoding", i);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_row) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
