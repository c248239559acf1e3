/* pgp_attack.h - what attacks on OpenPGP mail are put together from */
#ifndef MAILSEAL_TEST_PGP_ATTACK_H
#define MAILSEAL_TEST_PGP_ATTACK_H

#include "tests/flow/pgp_desk.h"

#define ALICE	"-u 'Alice <alice@example.org>'"
#define MIXED	"Content-Type: multipart/mixed; boundary=mix\r\n\r\n"

/* A message put together from its text, opened; free it. */
HELPER char *mail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

HELPER char *mail(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&text, format, args) > 0);
	va_end(args);
	mail_open(text, NULL);
	return text;
}

HELPER void mail_gone(char *text)
{
	mail_done();
	free(text);
}

/* Nothing of it counts as signed, encrypted or opened. */
HELPER void is_unprotected(void)
{
	mail_is("security", "unprotected");
	assert_string_not_equal(mail_word("covers"), "whole");
	mail_is("signature.status", "none");
	assert_string_not_equal(mail_word("encryption.status"), "opened");
}

#endif
