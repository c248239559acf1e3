/* test_auth.c - logins against scripted servers, good and bad */
#include "scripted.h"

#include "agent/base/clock.h"
#include "agent/smtp/auth.h"
#include "agent/smtp/sasl.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/session.h"

#define OPEN(mechanisms) \
	{ PLAY_SAYS, "220 ready\r\n" }, \
	{ PLAY_HEARS, "EHLO [127.0.0.1]\r\n" }, \
	{ PLAY_SAYS, "250-h\r\n250 AUTH " mechanisms "\r\n" }

struct scene {
	struct scripted server;
	struct wire wire;
	struct smtp_session session;
	struct buf secret;
	struct sasl_login login;
	struct smtp_outcome out;
};

static bool run(struct scene *scene, const struct play *play,
		enum sasl_way way, const char *secret)
{
	memset(scene, 0, sizeof(*scene));
	scripted_init(&scene->server, play);
	scene->wire = scripted_wire(&scene->server);
	session_init(&scene->session, &scene->wire, &smtp_times_usual,
		     clock_now_ms() + 60000);
	assert_int_equal(secret_init(&scene->secret, SECRET_MAX), 0);
	buf_text(&scene->secret, secret);
	scene->login.way = way;
	scene->login.user = "alice";
	scene->login.secret = &scene->secret;
	scene->login.host = "mail.example.org";
	scene->login.port = 465;
	assert_true(session_open(&scene->session, SMTP_GREETS, &scene->out));
	return session_login(&scene->session, &scene->login, &scene->out);
}

static void end(struct scene *scene)
{
	scripted_assert_over(&scene->server);
	/* Whatever happened, the sentence is no place for the password. */
	assert_null(strstr(scene->out.text, "pencil"));
	assert_null(strstr(scene->out.text, "AGFsaWNlAHBlbmNpbA=="));
	session_free(&scene->session);
	secret_free(&scene->secret);
	scripted_free(&scene->server);
}

static void test_plain(void **state)
{
	static const struct play play[] = {
		OPEN("LOGIN PLAIN"),
		{ PLAY_HEARS, "AUTH PLAIN AGFsaWNlAHBlbmNpbA==\r\n" },
		{ PLAY_SAYS, "235 2.7.0 welcome\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_true(run(&scene, play, SASL_PASSWORD, "pencil"));
	end(&scene);
}

static void test_login(void **state)
{
	static const struct play play[] = {
		OPEN("LOGIN"),
		{ PLAY_HEARS, "AUTH LOGIN\r\n" },
		{ PLAY_SAYS, "334 VXNlcm5hbWU6\r\n" },
		{ PLAY_HEARS, "YWxpY2U=\r\n" },
		{ PLAY_SAYS, "334 \r\n" },	/* whatever the prompt says */
		{ PLAY_HEARS, "cGVuY2ls\r\n" },
		{ PLAY_SAYS, "235 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_true(run(&scene, play, SASL_PASSWORD, "pencil"));
	end(&scene);
}

/* A first response that makes the line too long waits for its challenge. */
static void test_long_password(void **state)
{
	static const struct play play[] = {
		OPEN("PLAIN"),
		{ PLAY_HEARS, "AUTH PLAIN\r\n" },
		{ PLAY_SAYS, "334 \r\n" },
		{ PLAY_HEARS, "AGFsaWNlAHh4eHh4" },
		{ PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "235 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;
	char much[1000];

	(void)state;
	memset(much, 'x', sizeof(much) - 1);
	much[sizeof(much) - 1] = 0;
	assert_true(run(&scene, play, SASL_PASSWORD, much));
	end(&scene);
}

static void test_refused(void **state)
{
	static const struct play plays[][8] = {
		{ OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		  { PLAY_SAYS, "535 5.7.8 wrong\r\n" }, { PLAY_OVER, NULL } },
		/* The server says back what it was told. */
		{ OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		  { PLAY_SAYS, "535 5.7.8 pencil is wrong\r\n" },
		  { PLAY_OVER, NULL } },
		{ OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		  { PLAY_SAYS, "535 not AGFsaWNlAHBlbmNpbA==\r\n" },
		  { PLAY_OVER, NULL } },
		{ OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		  { PLAY_SAYS, "334 bW9yZT8=\r\n" },	/* too curious */
		  { PLAY_HEARS, "*\r\n" },
		  { PLAY_SAYS, "501 cancelled\r\n" }, { PLAY_OVER, NULL } },
		{ OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		  { PLAY_SAYS, "334 !!\r\n" },
		  { PLAY_HEARS, "*\r\n" },
		  { PLAY_SAYS, "501 cancelled\r\n" }, { PLAY_OVER, NULL } },
	};
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		assert_false(run(&scene, plays[i], SASL_PASSWORD, "pencil"));
		assert_int_equal(scene.out.fate, SMTP_DENIED);
		assert_int_equal(scene.out.stage, SMTP_AT_LOGIN);
		end(&scene);
	}
}

static void test_none_offered(void **state)
{
	static const struct play cram[] = { OPEN("CRAM-MD5 NTLM"),
					    { PLAY_OVER, NULL } };
	static const struct play plain[] = { OPEN("PLAIN"),
					     { PLAY_OVER, NULL } };
	struct scene scene;

	(void)state;
	assert_false(run(&scene, cram, SASL_PASSWORD, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	assert_non_null(strstr(scene.out.text, "CRAM-MD5"));
	end(&scene);
	/* Chosen SCRAM is not let down to PLAIN. */
	assert_false(run(&scene, plain, SASL_SCRAM, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	end(&scene);
}

static void test_later(void **state)
{
	static const struct play play[] = {
		OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "454 4.7.0 later\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play cut[] = {
		OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" }, { PLAY_CUTS, NULL },
		{ PLAY_OVER, NULL }
	};
	static const struct play hang[] = {
		OPEN("PLAIN"), { PLAY_SKIPS, "\r\n" }, { PLAY_HANGS, NULL },
		{ PLAY_OVER, NULL }
	};
	const struct play *const plays[] = { play, cut, hang };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_false(run(&scene, plays[i], SASL_PASSWORD, "pencil"));
		assert_int_equal(scene.out.fate, SMTP_LATER);
		if (i > 0)
			scene.server.at++;
		end(&scene);
	}
}

/* Success without the server's proof is none. */
static void test_scram_unproven(void **state)
{
	static const struct play play[] = {
		OPEN("PLAIN SCRAM-SHA-256"),
		{ PLAY_HEARS, "AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyP" },
		{ PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "235 come in\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_false(run(&scene, play, SASL_PASSWORD, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	assert_true(scene.session.broken);
	end(&scene);
}

/* A weaker mechanism is not tried after a stronger one failed. */
static void test_no_fallback(void **state)
{
	static const struct play play[] = {
		OPEN("PLAIN LOGIN SCRAM-SHA-256"),
		{ PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "504 5.5.4 not that\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_false(run(&scene, play, SASL_PASSWORD, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	end(&scene);
}

static void test_oauth(void **state)
{
	static const struct play bearer[] = {
		OPEN("PLAIN XOAUTH2 OAUTHBEARER"),
		/* n,a=alice,^Ahost=...^Aport=465^Aauth=Bearer pencil^A^A */
		{ PLAY_HEARS, "AUTH OAUTHBEARER "
		  "bixhPWFsaWNlLAFob3N0PW1haWwuZXhhbXBsZS5vcmcBcG9ydD00NjUB"
		  "YXV0aD1CZWFyZXIgcGVuY2lsAQE=\r\n" },
		{ PLAY_SAYS, "235 ok\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play expired[] = {
		OPEN("OAUTHBEARER"), { PLAY_SKIPS, "\r\n" },
		/* {"status":"invalid_token"} */
		{ PLAY_SAYS, "334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n" },
		{ PLAY_HEARS, "AQ==\r\n" },
		{ PLAY_SAYS, "535 5.7.8 no\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play xoauth2[] = {
		OPEN("PLAIN XOAUTH2"),
		{ PLAY_HEARS, "AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBwZ"
		  "W5jaWwBAQ==\r\n" },
		{ PLAY_SAYS, "334 eyJzdGF0dXMiOiI0MDAifQ==\r\n" },
		{ PLAY_HEARS, "\r\n" },
		{ PLAY_SAYS, "535 5.7.8 no\r\n" }, { PLAY_OVER, NULL }
	};
	/* A success after the error challenge is a lie. */
	static const struct play liar[] = {
		OPEN("XOAUTH2"), { PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "334 e30=\r\n" }, { PLAY_HEARS, "\r\n" },
		{ PLAY_SAYS, "235 ok\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_true(run(&scene, bearer, SASL_OAUTH, "pencil"));
	end(&scene);
	assert_false(run(&scene, expired, SASL_OAUTH, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	assert_non_null(strstr(scene.out.text, "invalid_token"));
	end(&scene);
	assert_false(run(&scene, xoauth2, SASL_OAUTH, "pencil"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	assert_non_null(strstr(scene.out.text, "400"));
	end(&scene);
	assert_false(run(&scene, liar, SASL_OAUTH, "pencil"));
	end(&scene);
}

static void test_bad_token(void **state)
{
	static const struct play play[] = {
		OPEN("XOAUTH2"), { PLAY_HEARS, "*\r\n" },
		{ PLAY_SAYS, "500 what\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_false(run(&scene, play, SASL_OAUTH, "two words"));
	assert_int_equal(scene.out.fate, SMTP_DENIED);
	end(&scene);
}

static void test_external(void **state)
{
	static const struct play play[] = {
		OPEN("PLAIN EXTERNAL"),
		{ PLAY_HEARS, "AUTH EXTERNAL YWxpY2U=\r\n" },
		{ PLAY_SAYS, "235 ok\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	assert_true(run(&scene, play, SASL_EXTERNAL, "pencil"));
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain), cmocka_unit_test(test_login),
		cmocka_unit_test(test_long_password),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_none_offered),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_scram_unproven),
		cmocka_unit_test(test_no_fallback),
		cmocka_unit_test(test_oauth), cmocka_unit_test(test_bad_token),
		cmocka_unit_test(test_external),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
