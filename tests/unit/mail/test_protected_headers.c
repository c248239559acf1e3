/* test_protected_headers.c - RFC 9788, written and read */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/mail/charset.h"
#include "agent/mail/mime.h"
#include "agent/mail/protected_headers.h"
#include "tests/unit/mail/parsed.h"

#define HEAD	"Received: from x\nFrom: Alice <alice@example.org>\n" \
		"To: bob@example.org\nBcc: carol@example.org\n" \
		"Resent-Bcc: carol@example.org\n" \
		"Subject: =?utf-8?q?M=C3=A4rz?=\n report\nKeywords: money\n" \
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\nMIME-Version: 1.0\n" \
		"Content-Type: text/plain\nHP-Outer: From: x\n" \
		"Message-ID: <1@example.org>\n\n"

static struct mime_part *part_of(const char *text)
{
	struct mime_scan *scan = mime_scan_new(arena, MIME_PARTS);
	struct mime_part *root;

	mime_scan_push(scan, bytes_of(text));
	assert_int_equal(mime_scan_end(scan, &root), 0);
	mime_scan_free(scan);
	return root;
}

static const char *text(struct bytes bytes)
{
	return arena_text(arena, bytes);
}

static void written_clear(void **state)
{
	struct hp_written out;

	(void)state;
	assert_int_equal(hp_write(arena, parsed(HEAD), HP_CLEAR, &out), 0);
	assert_string_equal(text(out.outer),
		"Received: from x\r\nFrom: Alice <alice@example.org>\r\n"
		"To: bob@example.org\r\nSubject: =?utf-8?q?M=C3=A4rz?=\r\n"
		" report\r\nKeywords: money\r\n"
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
		"Message-ID: <1@example.org>\r\n");
	assert_string_equal(text(out.inner),
		"From: Alice <alice@example.org>\r\n"
		"To: bob@example.org\r\nSubject: =?utf-8?q?M=C3=A4rz?=\r\n"
		" report\r\nKeywords: money\r\n"
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
		"Message-ID: <1@example.org>\r\n");
	assert_non_null(strstr(out.parameters, "hp=\"clear\""));
	assert_int_equal(out.shown.len, 0);
}

static void written_cipher(void **state)
{
	struct hp_written out;

	(void)state;
	assert_int_equal(hp_write(arena, parsed(HEAD), HP_CIPHER, &out), 0);
	assert_string_equal(text(out.outer),
		"Received: from x\r\nFrom: Alice <alice@example.org>\r\n"
		"To: bob@example.org\r\nSubject: [...]\r\n"
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
		"Message-ID: <1@example.org>\r\n");
	assert_string_equal(text(out.inner),
		"HP-Outer: From: Alice <alice@example.org>\r\n"
		"From: Alice <alice@example.org>\r\n"
		"HP-Outer: To: bob@example.org\r\nTo: bob@example.org\r\n"
		"HP-Outer: Subject: [...]\r\n"
		"Subject: =?utf-8?q?M=C3=A4rz?=\r\n report\r\n"
		"Keywords: money\r\n"
		"HP-Outer: Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
		"HP-Outer: Message-ID: <1@example.org>\r\n"
		"Message-ID: <1@example.org>\r\n");
	assert_string_equal(text(out.shown),
			    "Subject: M\xc3\xa4rz report\r\n"
			    "Keywords: money\r\n\r\n");
	assert_non_null(strstr(out.parameters, "hp=\"cipher\""));
	assert_int_equal(hp_write(arena, parsed(HEAD), HP_NONE, &out), 0);
	assert_int_equal(out.inner.len, 0);
	assert_string_equal(out.parameters, "");
}

static const char *joined(const char *const *list, size_t count)
{
	const char *out = "";
	size_t i;

	for (i = 0; i < count; i++)
		out = arena_print(arena, "%s%s%s", out, i > 0 ? " " : "",
				  list[i]);
	return out;
}

static void reads(const char *payload, const char *outside,
		  enum hp_sealed sealed, enum hp_kind kind,
		  const char *inner, const char *hidden, const char *changed)
{
	struct hp_read out;

	assert_int_equal(hp_read(arena, part_of(payload), parsed(outside),
				 sealed, &out), 0);
	assert_string_equal(hp_kind_name[out.kind], hp_kind_name[kind]);
	assert_string_equal(joined(out.signed_fields, out.signed_count),
			    inner);
	assert_string_equal(joined(out.hidden_fields, out.hidden_count),
			    hidden);
	assert_string_equal(joined(out.changed_fields, out.changed_count),
			    changed);
}

static void read_back(void **state)
{
	struct hp_written out;
	const char *payload;

	(void)state;
	assert_int_equal(hp_write(arena, parsed(HEAD), HP_CIPHER, &out), 0);
	payload = arena_print(arena, "Content-Type: text/plain%s\r\n%s\r\nx",
			      out.parameters, text(out.inner));
	reads(payload, text(out.outer), HP_ENCRYPTED, HP_CIPHER,
	      "From To Subject Keywords Date Message-ID", "Subject Keywords",
	      "");
	/* Somebody changed To on the way, and took Date out. */
	reads(payload, "From: Alice\r\n <alice@example.org>\r\n"
	      "To: mallory@evil.example\r\nSubject: [...]\r\n"
	      "Message-ID: <1@example.org>\r\n\r\n", HP_ENCRYPTED, HP_CIPHER,
	      "From To Subject Keywords Date Message-ID", "Subject Keywords",
	      "To Date");
	assert_int_equal(hp_write(arena, parsed(HEAD), HP_CLEAR, &out), 0);
	payload = arena_print(arena, "Content-Type: text/plain%s\r\n%s\r\nx",
			      out.parameters, text(out.inner));
	reads(payload, text(out.outer), HP_SIGNED, HP_CLEAR,
	      "From To Subject Keywords Date Message-ID", "", "");
	reads(payload, "From: Alice <alice@example.org>\r\nSubject: other\r\n"
	      "\r\n", HP_SIGNED, HP_CLEAR,
	      "From To Subject Keywords Date Message-ID", "",
	      "To Subject Keywords Date Message-ID");
}

static void of_others(void **state)
{
	(void)state;
	/* The older way, and nothing of it. */
	reads("Content-Type: text/plain; protected-headers=v1\nFrom: a@b\n"
	      "Subject: s\n\nx", "From: a@b\nSubject: ...\n\n", HP_ENCRYPTED,
	      HP_CIPHER, "From Subject", "Subject", "");
	reads("Content-Type: text/plain\nFrom: a@b\n\nx", "From: a@b\n\n",
	      HP_ENCRYPTED, HP_NONE, "", "", "");
	reads("Content-Type: text/plain; hp=\"odd\"\nFrom: a@b\n\nx",
	      "From: a@b\n\n", HP_SIGNED, HP_NONE, "", "", "");
	/* It says cipher, and was never encrypted. */
	reads("Content-Type: text/plain; hp=cipher\nFrom: a@b\nSubject: s\n"
	      "HP-Outer: From: a@b\n\nx", "From: a@b\nSubject: t\n\n",
	      HP_SIGNED, HP_CLEAR, "From Subject", "", "Subject");
	/* HP-Outer that cannot be read protects nothing. */
	reads("Content-Type: text/plain; hp=cipher\nFrom: a@b\nHP-Outer: x\n"
	      "HP-Outer: : y\n\nx", "From: a@b\n\n", HP_ENCRYPTED, HP_CIPHER,
	      "From", "From", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_clear),
		cmocka_unit_test(written_cipher),
		cmocka_unit_test(read_back),
		cmocka_unit_test(of_others),
	};

	charset_prepare();
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
