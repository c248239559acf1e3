/* test_openpgp.c - PGP/MIME with gpg on the other side, both ways */
#include "tests/flow/pgp_desk.h"

/* What gpg signed, and who may say so. */
static void gpg_signs(void **state)
{
	char *mail = pgp_mail_of(HEAD, pgp_signed(ENTITY,
					"-u 'Alice <alice@example.org>'"));

	(void)state;
	mail_open(mail, NULL);
	mail_is("security", "verified");
	mail_is("covers", "whole");
	mail_is("signature.status", "good");
	mail_is("signature.scheme", "openpgp");
	mail_is("signature.from_match", "yes");
	mail_is("signature.fingerprint", alice);
	mail_is("signature.trust", "own");
	mail_is("encryption.status", "not-encrypted");
	assert_true(pgp.left);
	assert_non_null(strstr(buf_string(&pgp.content), ENTITY));
	mail_done();
	free(mail);
}

/* A mailbox has LF where the mail had CRLF. */
static void gpg_signs_lf(void **state)
{
	char *mail = pgp_mail_of(HEAD, pgp_signed(ENTITY,
					"-u 'Alice <alice@example.org>'"));
	char *from, *to = mail;

	(void)state;
	for (from = mail; *from != 0; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = 0;
	mail_open(mail, NULL);
	mail_is("security", "verified");
	mail_done();
	free(mail);
}

static void gpg_encrypts(void **state)
{
	char *mail = pgp_mail_of(HEAD, pgp_encrypted(ENTITY, "")), *inner;

	(void)state;
	mail_open(mail, NULL);
	mail_is("security", "encrypted");
	mail_is("encryption.status", "opened");
	mail_is("encryption.scheme", "openpgp");
	mail_is("encryption.integrity", "mdc");
	mail_is("encryption.key", bob);
	mail_is("signature.status", "none");
	assert_non_null(strstr(buf_string(&pgp.content), "Meet me at noon."));
	mail_done();
	free(mail);
	/* Signed and encrypted at once (RFC 3156 section 6.2). */
	mail = pgp_mail_of(HEAD, pgp_encrypted(ENTITY,
				"-s -u 'Alice <alice@example.org>'"));
	mail_open(mail, NULL);
	mail_is("security", "confidential");
	mail_is("signature.status", "good");
	mail_is("signature.from_match", "yes");
	mail_done();
	free(mail);
	/* One within the other (section 6.1). */
	inner = pgp_signed(ENTITY, "-u 'Alice <alice@example.org>'");
	mail = pgp_mail_of(HEAD, pgp_encrypted(inner, ""));
	free(inner);
	mail_open(mail, NULL);
	mail_is("security", "confidential");
	mail_is("signature.from_match", "yes");
	assert_non_null(strstr(buf_string(&pgp.content), "Meet me at noon."));
	mail_done();
	free(mail);
}

/* What we make; in armor or as a whole message. */
static char *protect(const struct seal_key *signer,
		     const struct seal_key *to, size_t count)
{
	const struct protect_order order = {
		&scheme_openpgp, signer, to, count, PROTECT_HEADERS,
		PROTECT_PART, NULL
	};
	struct spool *out = spool_new(-1, NULL);
	struct memfile file;
	struct value *report;
	struct desk desk;
	struct buf sealed;
	char *text;
	int fd = -1, r;

	desk_open(&desk, &role);
	buf_init(&sealed, TEXT_MAX);
	r = memfile_open(memfile_make("message", bytes_of(HEAD ENTITY)),
			 1 << 22, &file);
	if (r == 0)
		r = protect_message(&desk.job, &file, &order, out, &report);
	if (r < 0)
		fail_msg("%d: %s", r, buf_string(&desk.why));
	assert_int_equal(spool_release(out, NULL, 0, &fd), 0);
	pgp_drain(fd, &sealed);
	text = strdup(buf_string(&sealed));
	memfile_close(&file);
	spool_free(out);
	buf_free(&sealed);
	desk_close(&desk);
	return text;
}

/* From behind `from` up to `to`, in `text`; free it. */
static char *between(const char *text, const char *from, const char *to)
{
	const char *start = strstr(text, from), *end;

	assert_non_null(start);
	start += strlen(from);
	end = strstr(start, to);
	assert_non_null(end);
	return strndup(start, (size_t)(end - start));
}

static void gpg_verifies(void **state)
{
	const struct seal_key signer = { "alice@example.org", alice,
					 { NULL, 0 }, 0 };
	char *mail = protect(&signer, NULL, 0);
	char *boundary = between(mail, "boundary=\"", "\""), *text, *signature;
	char line[512], path[128];
	FILE *to;

	(void)state;
	assert_non_null(strstr(mail, "multipart/signed"));
	assert_non_null(strstr(mail, "micalg=pgp-sha"));
	(void)snprintf(line, sizeof(line), "\r\n--%s\r\n", boundary);
	text = between(mail, line, line);
	signature = between(mail, "-----BEGIN PGP", "\r\n--=-");
	(void)snprintf(path, sizeof(path), "%s/made.sig", gpg_home);
	to = fopen(path, "w");
	assert_non_null(to);
	assert_true(fprintf(to, "-----BEGIN PGP%s\n", signature) > 0);
	assert_int_equal(fclose(to), 0);
	gpg_do(text, "--verify made.sig -");
	free(text);
	free(signature);
	free(boundary);
	mail_open(mail, NULL);
	mail_is("security", "verified");
	mail_is("headers.protection", "clear");
	mail_done();
	free(mail);
}

static void gpg_decrypts(void **state)
{
	const struct seal_key to[2] = {
		{ "bob@example.org", bob, { NULL, 0 }, 0 },
		{ "alice@example.org", alice, { NULL, 0 }, 0 },
	};
	char *mail = protect(&to[1], to, 2), *blob, *armored = NULL, *text;

	(void)state;
	assert_non_null(strstr(mail, "multipart/encrypted"));
	assert_non_null(strstr(mail, "\r\n\r\nVersion: 1\r\n"));
	assert_null(strstr(mail, "Subject: noon"));
	blob = between(mail, "-----BEGIN PGP", "\r\n--=-");
	assert_true(asprintf(&armored, "-----BEGIN PGP%s\n", blob) > 0);
	text = gpg(armored, "-d -");
	assert_non_null(text);
	assert_non_null(strstr(text, "multipart/signed"));
	assert_non_null(strstr(text, "Subject: noon"));
	assert_non_null(strstr(text, "Meet me at noon."));
	free(text);
	free(blob);
	free(armored);
	mail_open(mail, NULL);
	mail_is("security", "confidential");
	mail_is("headers.protection", "cipher");
	mail_is("signature.from_match", "yes");
	mail_done();
	free(mail);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(gpg_signs),
	cmocka_unit_test(gpg_signs_lf),
	cmocka_unit_test(gpg_encrypts),
	cmocka_unit_test(gpg_verifies),
	cmocka_unit_test(gpg_decrypts),
};

GPG_TESTS(tests, pgp_setup, pgp_teardown)
