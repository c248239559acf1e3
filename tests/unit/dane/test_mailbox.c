/* test_mailbox.c - the names and printed records of a mailbox's keys */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/dane/mailbox.h"

struct owner_case {
	const char *address;
	enum mailbox_case how;
	const char *wanted;		/* NULL: there is none */
};

/* The first is of RFC 7929 section 3; the others by sha256sum. */
static const struct owner_case cases[] = {
	{ "hugh@example.com", MAILBOX_AS_WRITTEN,
	  "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6"
	  "._openpgpkey.example.com" },
	{ "Hugh@example.com", MAILBOX_LOWER,
	  "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6"
	  "._openpgpkey.example.com" },
	{ "Hugh@example.com", MAILBOX_AS_WRITTEN,
	  "7063a398942ba5c6125429518d0608563f3974bb48013ddf58fb01d4"
	  "._openpgpkey.example.com" },
	{ "\"hugh\"@example.com", MAILBOX_AS_WRITTEN,
	  "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6"
	  "._openpgpkey.example.com" },
	{ "hugh@[192.0.2.1]", MAILBOX_AS_WRITTEN, NULL },
	{ "hugh", MAILBOX_AS_WRITTEN, NULL },
	{ "", MAILBOX_AS_WRITTEN, NULL },
	{ "a@b@c", MAILBOX_AS_WRITTEN, NULL },
};

static void test_owner(void **state)
{
	char owner[MAILBOX_OWNER_MAX];
	size_t i;
	bool fine;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fine = mailbox_owner(cases[i].address, "_openpgpkey",
				     cases[i].how, owner);
		assert_int_equal(fine, cases[i].wanted != NULL);
		if (fine)
			assert_string_equal(owner, cases[i].wanted);
	}
}

static void test_long(void **state)
{
	char owner[MAILBOX_OWNER_MAX], address[400];
	struct buf text;
	int i;

	(void)state;
	buf_init(&text, sizeof(address));
	buf_text(&text, "a@");
	for (i = 0; i < 30; i++)
		buf_text(&text, "abcdef.");
	buf_text(&text, "example.org");
	assert_false(mailbox_owner(buf_string(&text), "_smimecert",
				   MAILBOX_AS_WRITTEN, owner));
	buf_free(&text);
	assert_true(mailbox_has_capitals("Hugh@example.org"));
	assert_false(mailbox_has_capitals("hugh@Example.org"));
}

static void test_print(void **state)
{
	static const unsigned char octets[] = { 0x00, 0xff, 0x10, 0x83, 0x42 };
	static unsigned char large[MAILBOX_RECORD_MAX + 1];
	struct bytes bytes = { octets, 5 }, over = { large, sizeof(large) };
	struct buf text;

	(void)state;
	buf_init(&text, 100000);
	assert_true(mailbox_print_generic(&text, "x.example.org", 61, bytes));
	assert_string_equal(buf_string(&text),
			    "x.example.org. IN TYPE61 \\# 5 00ff108342");
	assert_false(mailbox_print_generic(&text, "x.example.org", 61, over));
	buf_clear(&text);
	mailbox_print_base64(&text, bytes);
	assert_string_equal(buf_string(&text), "AP8Qg0I=");
	buf_clear(&text);
	mailbox_print_base64(&text, bytes_slice(bytes, 0, 4));
	assert_string_equal(buf_string(&text), "AP8Qgw==");
	buf_clear(&text);
	mailbox_print_base64(&text, bytes_slice(bytes, 0, 3));
	assert_string_equal(buf_string(&text), "AP8Q");
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
