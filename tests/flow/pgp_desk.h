/* pgp_desk.h - PGP/MIME made by gpg or by us, opened by us or by gpg */
#ifndef MAILSEAL_TEST_PGP_DESK_H
#define MAILSEAL_TEST_PGP_DESK_H

#include <sys/mman.h>

#include "tests/unit/pgp/role.h"

#include "agent/base/spool.h"
#include "agent/flow/open.h"
#include "agent/flow/protect.h"
#include "agent/mail/author.h"
#include "tests/flow/report_word.h"

#define HEAD	"From: Alice <alice@example.org>\r\n" \
		"To: bob@example.org\r\nSubject: noon\r\n" \
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n" \
		"Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
#define ENTITY	"Content-Type: text/plain; charset=utf-8\r\n\r\n" \
		"Meet me at noon.\r\n"

static const struct scheme *const pgp_schemes[] = { &scheme_openpgp, NULL };
static char alice[64], bob[64];
static struct role role;

struct pgp_mail {
	struct desk desk;
	struct value *report;
	struct buf content;		/* what left */
	bool left;
};

static struct pgp_mail pgp;

/* Alice and Bob are in one ring; nobody vouches for Mallory. */
HELPER int pgp_setup(void **state)
{
	char mallory[64], line[128];
	FILE *conf;

	if (gpg_home_open(state) < 0)
		return -1;
	/* Nobody is here whom gpg's agent could ask. */
	(void)snprintf(line, sizeof(line), "%s/gpg-agent.conf", gpg_home);
	conf = fopen(line, "we");
	if (conf == NULL || fputs("pinentry-program /bin/false\n", conf) < 0 ||
	    fclose(conf) != 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	author_prepare();
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	gpg_make_key("Bob <bob@example.org>", "never");
	gpg_fingerprint("Bob <bob@example.org>", bob);
	gpg_make_key("Mallory <alice@example.org>", "never");
	gpg_fingerprint("Mallory <alice@example.org>", mallory);
	(void)snprintf(line, sizeof(line), "%s:2:\n", mallory);
	gpg_do(line, "--import-ownertrust");
	role_open(&role, NULL, NULL);
	buf_init(&pgp.content, TEXT_MAX);
	return 0;
}

HELPER int pgp_teardown(void **state)
{
	buf_free(&pgp.content);
	assert_int_equal(role_close(&role), 0);
	return gpg_home_close(state);
}

HELPER void pgp_drain(int fd, struct buf *to)
{
	unsigned char room[65536];
	struct bytes piece = { room, 0 };
	ssize_t got;

	buf_clear(to);
	while ((got = read(fd, room, sizeof(room))) > 0) {
		piece.len = (size_t)got;
		buf_add(to, piece);
	}
	(void)close(fd);
}

/* Opens a message: report and content are in `pgp`, until mail_done(). */
HELPER void mail_open(const char *text, const char *part)
{
	struct open_order order;
	struct open_result result;
	struct memfile file;
	int fd = -1, r;

	desk_open(&pgp.desk, &role);
	open_order_start(&order);
	order.schemes = pgp_schemes;
	order.part = part;
	order.files[0] = memfd_create("file", MFD_CLOEXEC);
	buf_clear(&pgp.content);
	r = memfile_open(memfile_make("message", bytes_of(text)), 1 << 22,
			 &file);
	if (r == 0)
		r = open_message(&pgp.desk.job, &file, &order, &result);
	if (r < 0)
		fail_msg("%d: %s", r, buf_string(&pgp.desk.why));
	pgp.report = result.report;
	pgp.left = result.content != NULL;
	if (pgp.left)
		assert_int_equal(spool_release(result.content, result.pieces,
					       result.piece_count, &fd), 0);
	if (pgp.left)
		pgp_drain(fd, &pgp.content);
	open_result_free(&result);
	memfile_close(&file);
	open_order_close(&order);
}

HELPER void mail_done(void)
{
	desk_close(&pgp.desk);
}

HELPER const char *mail_word(const char *path)
{
	return report_word(pgp.desk.job.arena, pgp.report, path);
}

HELPER void mail_is(const char *path, const char *wanted)
{
	if (strcmp(mail_word(path), wanted) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, mail_word(path),
			 wanted);
}

/* `text` signed by gpg with these arguments, as multipart/signed.  Free it. */
HELPER char *pgp_signed(const char *text, const char *arguments)
{
	char all[512], *signature, *out = NULL;

	(void)snprintf(all, sizeof(all), "-a -b %s -o - -", arguments);
	signature = gpg(text, all);
	assert_non_null(signature);
	assert_true(asprintf(&out, "Content-Type: multipart/signed; "
			     "micalg=pgp-sha512;\r\n protocol=\""
			     "application/pgp-signature\"; boundary=sig\r\n"
			     "\r\n--sig\r\n%s\r\n--sig\r\nContent-Type: "
			     "application/pgp-signature\r\n\r\n%s\r\n"
			     "--sig--\r\n", text, signature) > 0);
	free(signature);
	return out;
}

/* A message of gpg's as multipart/encrypted.  Free it. */
HELPER char *pgp_wrapped(const char *armored)
{
	char *out = NULL;

	assert_true(asprintf(&out, "Content-Type: multipart/encrypted;\r\n "
			     "protocol=\"application/pgp-encrypted\"; "
			     "boundary=enc\r\n\r\n--enc\r\nContent-Type: "
			     "application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
			     "\r\n--enc\r\nContent-Type: application/"
			     "octet-stream\r\n\r\n%s\r\n--enc--\r\n",
			     armored) > 0);
	return out;
}

HELPER char *pgp_encrypted(const char *text, const char *arguments)
{
	char all[512], *armored, *out;

	(void)snprintf(all, sizeof(all), "--trust-model always -a -e "
		       "-r bob@example.org %s -o - -", arguments);
	armored = gpg(text, all);
	assert_non_null(armored);
	out = pgp_wrapped(armored);
	free(armored);
	return out;
}

/* A header in front of an entity, which is freed. */
HELPER char *pgp_mail_of(const char *head, char *entity)
{
	char *out = NULL;

	assert_true(asprintf(&out, "%s%s", head, entity) > 0);
	free(entity);
	return out;
}

#endif
