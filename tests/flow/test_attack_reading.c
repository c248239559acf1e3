/* test_attack_reading.c - the signed text as it is, but read in another way
 *
 * Row 26 of the attack list: Gmail signs no Content-Type, Outlook no
 * Content-Transfer-Encoding.  Whoever passes such mail on can put these
 * fields in or change them, and no signature breaks.  Mail that is read as
 * its sender meant it stays genuine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "tests/flow/desk.h"

#define TYPE	"Content-Type: "
#define CODE	"Content-Transfer-Encoding: "
#define LARGE	(3 * 1024 * 1024)

static const char gmail_like[] = "mime-version:from:to:subject:date";
static const char outlook_like[] =
	"mime-version:from:to:subject:date:content-type";

/* Of example.org: `fields` below those that are signed by `names`. */
static const char *mail(struct desk *desk, const char *names,
			const char *fields, const char *body)
{
	struct dkim_sign_options options;

	memset(&options, 0, sizeof(options));
	options.domain = "example.org";
	options.fields = names;
	return desk_sign_as(desk, &options, desk_lines(desk, desk_print(desk,
		"From: Alice Harper <alice@example.org>\nTo: bo@example.net\n"
		"Subject: Lunch\nDate: " DESK_DATE "\nMIME-Version: 1.0\n%s\n"
		"%s", fields, body), "\r\n"));
}

static const char forwarded[] =
	"This came in, it is a fraud:\n\n"
	"---------- Forwarded message ---------\n"
	"Content-Type: text/html\n\n<b>Pay to account 4711.</b>\n";

static const char with_attachment[] =
	"--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
	"--inner\nContent-Type: text/plain\n\nThe page is a fraud.\n"
	"--inner\nContent-Type: text/html\n\n<p>The page is a fraud.\n"
	"--inner--\n\n"
	"--outer\nContent-Type: text/html; name=page.html\n"
	"Content-Disposition: attachment\nContent-ID: <page>\n\n"
	"<p>Pay to account 4711.\n"
	"--outer--\n";

static const struct {
	const char *what, *names, *fields, *body;
	const char *then;		/* the fields as the attacker has them;
					 * NULL: as they were */
} attacks[] = {
	{ "parts of a text", gmail_like, TYPE "text/plain\n", forwarded,
	  TYPE "multipart/mixed; boundary=\"-------- Forwarded message "
	  "---------\"\n" },
	{ "a type put in", gmail_like, "", forwarded,
	  TYPE "multipart/mixed; boundary=\"-------- Forwarded message "
	  "---------\"\n" },
	{ "text that begins with it", gmail_like, TYPE "text/plain\n",
	  "---x\n\nPay.\n",
	  TYPE "multipart/mixed; boundary=-x\n" },
	{ "an inner boundary", gmail_like, TYPE "multipart/mixed; "
	  "boundary=outer\n", with_attachment,
	  TYPE "multipart/mixed; boundary=inner\n" },
	{ "the attachment instead", gmail_like, TYPE "multipart/mixed; "
	  "boundary=outer\n", with_attachment,
	  TYPE "multipart/alternative; boundary=outer\n" },
	{ "the attachment as the root", gmail_like, TYPE "multipart/mixed; "
	  "boundary=outer\n", with_attachment,
	  TYPE "multipart/related; boundary=outer; start=\"<page>\"\n" },
	{ "a digest", gmail_like, TYPE "multipart/mixed; boundary=outer\n",
	  with_attachment, TYPE "multipart/digest; boundary=outer\n" },
	{ "no boundary", gmail_like, TYPE "multipart/mixed; boundary=outer\n",
	  with_attachment, TYPE "multipart/mixed\n" },
	{ "two boundaries", gmail_like, TYPE "multipart/mixed; "
	  "boundary=outer\n", with_attachment,
	  TYPE "multipart/mixed; boundary=outer; boundary=inner\n" },
	{ "a message", gmail_like, TYPE "text/plain\n",
	  "From: Mallory\n\nPay.\n", TYPE "message/rfc822\n" },
	{ "HTML of a text", gmail_like, TYPE "text/plain\n",
	  "He wrote <b>pay</b>, do not.\n", TYPE "text/html\n" },
	{ "a calendar", gmail_like, TYPE "text/plain\n", "x\n",
	  TYPE "text/calendar\n" },
	{ "UTF-7", gmail_like, TYPE "text/plain\n", "He wrote +ADw-b+AD4-\n",
	  TYPE "text/plain; charset=utf-7\n" },
	{ "UTF-16", gmail_like, TYPE "text/plain\n", "Hello\n",
	  TYPE "text/plain; charset=utf-16\n" },
	{ "a file", gmail_like, TYPE "text/plain\n", "Hello\n",
	  TYPE "application/pdf\n" },
	{ "base64", outlook_like, TYPE "text/plain\n",
	  "Look: UGF5IHRvIDQ3MTE=\n", TYPE "text/plain\n" CODE "base64\n" },
	{ "base64, odd", outlook_like, TYPE "text/plain\n",
	  "Look: UGF5IHRvIDQ3MTE=\n", TYPE "text/plain\n" CODE
	  "(x) \"base64\"\n" },
	{ "quoted", outlook_like, TYPE "text/plain\n", "a=b, see =50ay\n",
	  TYPE "text/plain\n" CODE "quoted-printable\n" },
	{ "uuencode", outlook_like, TYPE "text/plain\n",
	  "begin 644 x\n#86)C\n`\nend\n", TYPE "text/plain\n" CODE
	  "x-uuencode\n" },
	{ "coded parts", outlook_like, TYPE "multipart/mixed; "
	  "boundary=outer\n", with_attachment, TYPE "multipart/mixed; "
	  "boundary=outer\n" CODE "quoted-printable\n" },
	{ "two codes", outlook_like, TYPE "text/plain\n" CODE "7bit\n",
	  "UGF5\n", TYPE "text/plain\n" CODE "7bit\n" CODE "base64\n" },
};

/* Whether the name is hidden although the signature holds. */
static bool is_held_back(const struct desk_answer *answer)
{
	return strcmp(answer->verdict, "genuine") != 0 &&
	       desk_hides_name(answer) &&
	       desk_has_reason(answer, "partly-signed");
}

static void what_is_read_differently_is_not_genuine(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;
	const char *text, *at, *old;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		text = mail(desk, attacks[i].names, attacks[i].fields,
			    attacks[i].body);
		answer = desk_check(desk, text);
		if (strcmp(answer.verdict, "genuine") != 0) {
			print_message("%s: before: %s, %s\n", attacks[i].what,
				      answer.verdict, answer.code);
			wrong++;
		}
		old = desk_lines(desk, attacks[i].fields, "\r\n");
		at = strstr(text, "MIME-Version: 1.0\r\n") + 19;
		assert_memory_equal(at, old, strlen(old));
		answer = desk_check(desk, desk_print(desk, "%.*s%s%s",
				(int)(at - text), text,
				desk_lines(desk, attacks[i].then, "\r\n"),
				at + strlen(old)));
		if (is_held_back(&answer))
			continue;
		print_message("%s: %s, %s\n", attacks[i].what, answer.verdict,
			      answer.code);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* What programs and providers send, with nobody's signature over it. */
static const struct {
	const char *fields, *body;
} honest[] = {
	{ "", "Hello\n" },
	{ "", "--x\nno parts\n" },
	{ TYPE "text/plain; charset=\"UTF-8\"\n" CODE "8bit\n",
	  "Gr\xC3\xBC\n" },
	{ TYPE "text/plain; charset=utf-8; format=flowed\n" CODE "7bit\n",
	  "1 = 2 =\n" },
	{ TYPE "text/plain; charset=\"iso-8859-1\"\n" CODE
	  "quoted-printable\n", "Gr=FC=DFe, 1 =3D 2 and so =\non =\n\n=20\n" },
	{ TYPE "text/plain; charset=utf-8\n" CODE "base64\n",
	  "SGVsbG8gd29y\nbGQh\n\n" },
	{ TYPE "text/html; charset=utf-8\n" CODE "base64\n",
	  "PGh0bWw+PC9odG1sPg==\n" },
	{ TYPE "text/html; charset=us-ascii\n", "\n  <!DOCTYPE html>\n<p>\n" },
	{ TYPE "text/html; charset=utf-8\n" CODE "quoted-printable\n",
	  "<p style=3D\"x\">Hello</p>\n" },
	{ TYPE "application/pdf; name=a.pdf\n" CODE "base64\n", "JVBERi0x\n" },
	{ TYPE "multipart/mixed; boundary=outer\n", with_attachment },
	{ TYPE "multipart/mixed; boundary=\"outer\"\n" CODE "7bit\n",
	  "This is a multi-part message in MIME format.\n\n"
	  "--outer \nContent-Type: text/plain\n\nHello\n--outer--\n\n\n" },
	{ TYPE "multipart/alternative;\n boundary=\"0000000000001\"\n",
	  "--0000000000001\nContent-Type: text/plain\n\nHello\n\n"
	  "--0000000000001\nContent-Type: text/html\n\n<p>Hello\n\n"
	  "--0000000000001--\n" },
	{ TYPE "multipart/alternative; boundary=b\n", "--b\n\nattachment, "
	  "Content-Disposition\n--b\n\nattachment\n--b--\n" },
	{ TYPE "multipart/related; boundary=b; start=\"<r>\"\n",
	  "\n--b\nContent-ID: <r>\n\nHello\n--b--\n" },
	{ TYPE "multipart/report; report-type=delivery-status; boundary=b\n",
	  "--b\n\nHello\n--b--" },
	{ TYPE "multipart/signed; micalg=pgp-sha256; boundary=b;\n\t"
	  "protocol=\"application/pgp-signature\"\n",
	  "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\n"
	  "--b\n\nHello\n--b\n\nx\n--b--\n" },
	{ TYPE "multipart/encrypted; boundary=b;\n\t"
	  "protocol=\"application/pgp-encrypted\"\n",
	  "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
	  "--b\nContent-Type: application/octet-stream\n\nx\n--b--\n" },
};

static void as_it_was_sent_it_is_genuine(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(honest) / sizeof(honest[0]); i++) {
		answer = desk_check(desk, mail(desk, gmail_like,
					       honest[i].fields,
					       honest[i].body));
		if (strcmp(answer.verdict, "genuine") == 0 &&
		    strcmp(answer.display, "name") == 0)
			continue;
		print_message("%s%s: %s, %s\n", honest[i].fields,
			      honest[i].body, answer.verdict, answer.code);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* More than is held in memory: the end is looked up. */
static void a_large_one_too(void **state)
{
	struct desk *desk = *state;
	char *body = arena_alloc(desk->arena, LARGE + 1);
	struct dns_request *request;
	const char *text, *ends[] = { "--b--\n", "--b\n" };
	struct memfile file;
	struct value *report;
	size_t i;
	int fd;

	assert_non_null(body);
	for (i = 0; i < LARGE; i++)
		body[i] = i % 64 == 63 ? '\n' : 'a';
	memcpy(body, "--b\n\n", 5);
	for (i = 0; i < 2; i++) {
		text = mail(desk, gmail_like, TYPE "multipart/mixed; "
			    "boundary=b\n", desk_print(desk, "%s%s", body,
						       ends[i]));
		fd = memfile_make("mail", bytes_of(text));
		assert_int_equal(memfile_open(fd, LARGE / 4, &file), 0);
		assert_true(file.bytes.len < file.size);
		request = dns_request_new(script_resolver_door(desk->script),
					  INT64_MAX);
		assert_int_equal(check_message(desk->arena, &file,
					       &desk->options, &desk->world,
					       request, &report), 0);
		assert_string_equal(value_text(report, "verdict"), i == 0 ?
				    "genuine" : "authenticated");
		dns_request_free(request);
		memfile_close(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(what_is_read_differently_is_not_genuine),
		DESK_TEST(as_it_was_sent_it_is_genuine),
		DESK_TEST(a_large_one_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
