/* test_ehlo.c - what servers say they can */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/smtp/ehlo.h"

static void test_postfix(void **state)
{
	struct ehlo ehlo;

	(void)state;
	ehlo_parse(bytes_of("mail.example.org\nPIPELINING\nSIZE 10240000\n"
			    "ETRN\nAUTH PLAIN LOGIN SCRAM-SHA-256\n"
			    "ENHANCEDSTATUSCODES\n8BITMIME\nDSN\nSMTPUTF8\n"
			    "CHUNKING"), &ehlo);
	assert_int_equal(ehlo.can, EHLO_PIPELINING | EHLO_SIZE | EHLO_AUTH |
			 EHLO_8BITMIME | EHLO_DSN | EHLO_SMTPUTF8 |
			 EHLO_CHUNKING);
	assert_int_equal(ehlo.size_max, 10240000);
	assert_true(ehlo_offers(&ehlo, "plain"));
	assert_true(ehlo_offers(&ehlo, "SCRAM-SHA-256"));
	assert_false(ehlo_offers(&ehlo, "SCRAM-SHA-256-PLUS"));
	assert_false(ehlo_offers(&ehlo, "SCRAM"));
	assert_false(ehlo_offers(&ehlo, ""));
}

static void test_odd(void **state)
{
	struct ehlo ehlo;

	(void)state;
	/* The server's name is no keyword. */
	ehlo_parse(bytes_of("PIPELINING"), &ehlo);
	assert_int_equal(ehlo.can, 0);
	ehlo_parse(bytes_of(""), &ehlo);
	assert_int_equal(ehlo.can, 0);
	ehlo_parse(bytes_of("h\npipelining\n size  0 \nAUTH=LOGIN\nrequiretls\n"
			    "LIMITS RCPTMAX=20 MAILMAX=5 RCPTMAX=x\n\n"
			    "AUTH  PLAIN  BAD!ONE "
			    "ALONGNAMEOFMORETHANTWENTY\nAUTH XOAUTH2"), &ehlo);
	assert_int_equal(ehlo.can, EHLO_PIPELINING | EHLO_SIZE |
			 EHLO_REQUIRETLS | EHLO_AUTH);
	assert_int_equal(ehlo.size_max, 0);
	assert_int_equal(ehlo.recipients_max, 20);
	assert_string_equal(ehlo.mechanisms, " PLAIN XOAUTH2");
	ehlo_parse(bytes_of("h\nSIZE 99999999999999999999\n"
			    "LIMITS RCPTMAX=0"), &ehlo);
	assert_int_equal(ehlo.size_max, 0);
	assert_int_equal(ehlo.recipients_max, 0);
}

static void test_full(void **state)
{
	struct ehlo ehlo;
	char text[4096] = "h\nAUTH";
	size_t len = strlen(text);

	(void)state;
	while (len + 10 < sizeof(text)) {
		memcpy(text + len, " MECHANISM", 10);
		len += 10;
	}
	text[len] = 0;
	ehlo_parse(bytes_of(text), &ehlo);
	assert_true(strlen(ehlo.mechanisms) < sizeof(ehlo.mechanisms));
	assert_true(ehlo_offers(&ehlo, "MECHANISM"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_postfix), cmocka_unit_test(test_odd),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
