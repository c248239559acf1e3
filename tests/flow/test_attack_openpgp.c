/* test_attack_openpgp.c - mails that lie with an OpenPGP signature
 *
 * The structures of the known attacks on mail clients, with keys made here. */
#include "tests/flow/pgp_attack.h"

#define FROM(field) field "\r\nTo: bob@example.org\r\nSubject: noon\r\n" \
	"MIME-Version: 1.0\r\n"
#define LIE	"Content-Type: text/plain\r\n\r\nSend the money to Mallory.\r\n"

/* --- a good signature over something else than what is read */

static void text_around(void **state)
{
	char *part = pgp_signed(ENTITY, ALICE), *text;

	(void)state;
	text = mail(HEAD MIXED "--mix\r\n" LIE "\r\n--mix\r\n%s\r\n--mix--\r\n",
		    part);
	is_unprotected();
	mail_is("parts.0.scheme", "openpgp");
	mail_gone(text);
	/* A mailing list's footer: the same to us. */
	text = mail(HEAD MIXED "--mix\r\n%s\r\n--mix\r\n" LIE "\r\n--mix--\r\n",
		    part);
	is_unprotected();
	mail_gone(text);
	/* As an attached message it speaks for itself alone. */
	text = mail(HEAD "Content-Type: message/rfc822\r\n\r\n" HEAD "%s",
		    part);
	is_unprotected();
	mail_gone(text);
	/* Hidden beside what is shown. */
	text = mail(HEAD "Content-Type: multipart/related; boundary=mix\r\n"
		    "\r\n--mix\r\nContent-Type: text/html\r\n\r\n<p>Send the "
		    "money.</p>\r\n--mix\r\n%s\r\n--mix--\r\n", part);
	is_unprotected();
	mail_gone(text);
	free(part);
}

/* In clear text, where any part of it may be read for the signed one. */
static void inline_signed(void **state)
{
	char *clear = gpg("Meet me at noon.\r\n", "--clearsign " ALICE
			  " -o - -"), *text;

	(void)state;
	assert_non_null(clear);
	text = mail(HEAD "Content-Type: text/plain\r\n\r\nSend the money.\r\n"
		    "%s", clear);
	is_unprotected();
	mail_gone(text);
	free(clear);
}

/* --- who signed, and who it says it is from */

static void signer_is_another(void **state)
{
	char *part = pgp_signed(ENTITY, ALICE), *text;

	(void)state;
	text = mail(FROM("From: Bank <service@bank.example>") "%s", part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.status", "good");
	mail_is("signature.from_match", "no");
	mail_gone(text);
	text = mail(FROM("From: \"alice@example.org\" <m@free.example>") "%s",
		    part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.from_match", "no");
	mail_gone(text);
	text = mail(FROM("From: m@free.example\r\nSender: alice@example.org")
		    "%s", part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.from_match", "no");
	mail_gone(text);
	text = mail(FROM("From: m@free.example\r\nFrom: alice@example.org")
		    "%s", part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.from_match", "ambiguous");
	mail_gone(text);
	text = mail(FROM("From: alice@example.org, m@free.example") "%s",
		    part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.from_match", "ambiguous");
	mail_gone(text);
	text = mail("To: bob@example.org\r\nMIME-Version: 1.0\r\n%s", part);
	assert_string_not_equal(mail_word("security"), "verified");
	mail_gone(text);
	free(part);
}

/* The address is right, but it is anybody's word. */
static void key_of_the_same_name(void **state)
{
	char *part = pgp_signed(ENTITY, "-u 'Mallory <alice@example.org>'");
	char *text = mail(HEAD "%s", part);

	(void)state;
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.status", "untrusted");
	mail_is("signature.trust", "none");
	mail_gone(text);
	free(part);
}

/* --- what is no signature over this text */

static void text_changed(void **state)
{
	char *part = pgp_signed(ENTITY, ALICE), *at, *text;

	(void)state;
	at = strstr(part, "noon");
	assert_non_null(at);
	memcpy(at, "four", 4);
	text = mail(HEAD "%s", part);
	mail_is("security", "unprotected");
	mail_is("signature.status", "bad");
	mail_is("signature.addresses.0", "");
	mail_gone(text);
	free(part);
}

static void signature_of_two(void **state)
{
	char *part = pgp_signed(ENTITY, ALICE " -u bob@example.org");
	char *text = mail(HEAD "%s", part);

	(void)state;
	assert_string_not_equal(mail_word("security"), "verified");
	mail_is("signature.status", "bad");
	mail_gone(text);
	free(part);
}

/* A signature part that brings the text that it is right for. */
static void signature_with_text(void **state)
{
	static const char *const how[] = {
		"-a -s " ALICE " -o - -", "--clearsign " ALICE " -o - -"
	};
	char *signature, *text;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		signature = gpg(ENTITY, how[i]);
		assert_non_null(signature);
		text = mail(HEAD "Content-Type: multipart/signed; boundary="
			    "sig;\r\n protocol=\"application/pgp-signature\";"
			    " micalg=pgp-sha512\r\n\r\n--sig\r\n" LIE
			    "\r\n--sig\r\nContent-Type: application/"
			    "pgp-signature\r\n\r\n%s\r\n--sig--\r\n",
			    signature);
		mail_is("security", "unprotected");
		mail_is("signature.status", "bad");
		mail_gone(text);
		free(signature);
	}
}

/* More parts than two, or parts of another kind. */
static void signed_misshapen(void **state)
{
	char *part = pgp_signed(ENTITY, ALICE), *end, *type, *text;

	(void)state;
	end = strstr(part, "--sig--");
	assert_non_null(end);
	*end = 0;
	text = mail(HEAD "%s--sig\r\n" LIE "\r\n--sig--\r\n", part);
	assert_string_not_equal(mail_word("security"), "verified");
	assert_string_not_equal(mail_word("signature.status"), "good");
	mail_gone(text);
	*end = '-';
	type = strstr(part, "Content-Type: application/pgp-signature");
	assert_non_null(type);
	memcpy(type, "Content-Type: application/pgp-notatypex", 39);
	text = mail(HEAD "%s", part);
	assert_string_not_equal(mail_word("security"), "verified");
	assert_string_not_equal(mail_word("signature.status"), "good");
	mail_gone(text);
	free(part);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(text_around),
	cmocka_unit_test(inline_signed),
	cmocka_unit_test(signer_is_another),
	cmocka_unit_test(key_of_the_same_name),
	cmocka_unit_test(text_changed),
	cmocka_unit_test(signature_of_two),
	cmocka_unit_test(signature_with_text),
	cmocka_unit_test(signed_misshapen),
};

GPG_TESTS(tests, pgp_setup, pgp_teardown)
