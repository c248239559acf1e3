/* test_mail.c - transactions: what is said, and what each recipient gets */
#include "mail_scene.h"

#define PIPED "250-PIPELINING\r\n250-SIZE 1000\r\n"

static void test_one_by_one(void **state)
{
	static const struct play play[] = {
		OPEN(""), { PLAY_HEARS, "MAIL FROM:<s@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "RCPT TO:<a@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "RCPT TO:<b@x>\r\n" },
		{ PLAY_SAYS, "251 forwards\r\n" },
		{ PLAY_HEARS, "DATA\r\n" }, { PLAY_SAYS, "354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "250 2.0.0 queued as 1\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 2);
	scene.server.piece = 1;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_TAKEN);
	assert_int_equal(scene.to[0].fate, SMTP_TAKEN);
	assert_int_equal(scene.to[1].fate, SMTP_TAKEN);
	assert_int_equal(scene.accepted, 2);
	assert_int_equal(scene.answers, 1);
	assert_string_equal(scene.out.text, "the server answered 250 2.0.0: "
			    "queued as 1");
	session_quit(&scene.session);
	scene.server.checked += strlen("QUIT\r\n");
	scene_end(&scene);
}

static void test_pipelined(void **state)
{
	static const struct play play[] = {
		OPEN(PIPED "250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n"
		     "250-REQUIRETLS\r\n"),
		{ PLAY_HEARS, "MAIL FROM:<s@x> SIZE=" SIZE " BODY=8BITMIME "
		  "SMTPUTF8 RET=HDRS ENVID=id1 REQUIRETLS\r\n"
		  "RCPT TO:<a@x> NOTIFY=FAILURE,DELAY\r\n"
		  "RCPT TO:<b@x> NOTIFY=FAILURE,DELAY\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n550 5.1.1 no such user\r\n"
		  "354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 2);
	scene.mail.eight_bit = scene.mail.utf8 = scene.mail.require_tls = true;
	scene.mail.ret = "HDRS";
	scene.mail.envelope_id = "id1";
	scene.mail.notify = "FAILURE,DELAY";
	assert_true(scene_run(&scene));
	assert_int_equal(scene.to[0].fate, SMTP_TAKEN);
	assert_int_equal(scene.to[1].fate, SMTP_REFUSED);
	assert_int_equal(scene.to[1].code, 550);
	assert_string_equal(scene.to[1].status, "5.1.1");
	assert_int_equal(scene.accepted, 1);
	/* A person reads the refusal first. */
	assert_int_equal(scene.out.fate, SMTP_REFUSED);
	assert_non_null(strstr(scene.out.text, "no such user"));
	scene_end(&scene);
}

/* What the server does not offer is not asked for. */
static void test_no_extensions(void **state)
{
	static const struct play play[] = {
		OPEN(""), { PLAY_HEARS, "MAIL FROM:<>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "RCPT TO:<a@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_HEARS, "DATA\r\n" },
		{ PLAY_SAYS, "354 go\r\n" }, { PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 1);
	scene.mail.sender = "";
	scene.mail.require_tls = true;
	scene.mail.ret = "FULL";
	scene.mail.envelope_id = "id1";
	scene.mail.notify = "NEVER";
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_TAKEN);
	scene_end(&scene);
}

static void test_chunking(void **state)
{
	static const struct play play[] = {
		OPEN(PIPED "250-CHUNKING\r\n"),
		{ PLAY_HEARS, "MAIL FROM:<s@x> SIZE=" SIZE "\r\n"
		  "RCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n450 4.2.1 busy\r\n250 ok\r\n" },
		{ PLAY_HEARS, "BDAT " SIZE " LAST\r\n" TEXT },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 2);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.to[0].fate, SMTP_LATER);
	assert_int_equal(scene.to[1].fate, SMTP_TAKEN);
	assert_int_equal(scene.out.fate, SMTP_LATER);
	scene_end(&scene);
}

static void test_all_refused(void **state)
{
	static const struct play one_by_one[] = {
		OPEN(""), { PLAY_SKIPS, "\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "RCPT TO:<a@x>\r\n" },
		{ PLAY_SAYS, "550 no\r\n" }, { PLAY_HEARS, "RSET\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play piped[] = {
		OPEN(PIPED), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n550 no\r\n503 no recipient\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	/* RFC 2920 section 3.1: 354 all the same; nothing is sent. */
	static const struct play eager[] = {
		OPEN(PIPED), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n550 no\r\n354 go\r\n" },
		{ PLAY_HEARS, ".\r\n" }, { PLAY_SAYS, "554 nobody\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play chunks[] = {
		OPEN(PIPED "250-CHUNKING\r\n"),
		{ PLAY_SKIPS, "RCPT TO:<a@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n550 no\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	const struct play *const plays[] = { one_by_one, piped, eager, chunks };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		scene_open(&scene, plays[i], 1);
		assert_true(scene_run(&scene));
		assert_int_equal(scene.to[0].fate, SMTP_REFUSED);
		assert_int_equal(scene.out.fate, SMTP_REFUSED);
		assert_int_equal(scene.ends, 0);
		scene_end(&scene);
	}
}

static void test_sender_refused(void **state)
{
	static const struct play play[] = {
		OPEN(""), { PLAY_HEARS, "MAIL FROM:<s@x>\r\n" },
		{ PLAY_SAYS, "553 5.7.1 not you\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play piped[] = {
		OPEN(PIPED), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "553 5.7.1 not you\r\n503 no\r\n503 no\r\n"
		  "503 no\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	const struct play *const plays[] = { play, piped };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		scene_open(&scene, plays[i], 2);
		assert_true(scene_run(&scene));
		assert_int_equal(scene.out.fate, SMTP_REFUSED);
		assert_int_equal(scene.out.stage, SMTP_AT_MAIL);
		assert_string_equal(scene.to[1].text,
				    "the server answered 553 5.7.1 at MAIL: "
				    "not you");
		scene_end(&scene);
	}
}

static void test_does_not_fit(void **state)
{
	static const struct play small[] = { OPEN("250-SIZE 19\r\n"),
					     { PLAY_OVER, NULL } };
	static const struct play plain[] = { OPEN(""), { PLAY_OVER, NULL } };
	struct scene scene;

	(void)state;
	scene_open(&scene, small, 2);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_REFUSED);
	assert_non_null(strstr(scene.to[1].text, "at most 19"));
	scene_end(&scene);
	scene_open(&scene, plain, 1);
	scene.mail.eight_bit = true;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_REFUSED);
	scene_end(&scene);
	scene_open(&scene, plain, 1);
	scene.mail.utf8 = true;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_REFUSED);
	scene_end(&scene);
}

/* No address adds a command. */
static void test_injection(void **state)
{
	static const struct play play[] = {
		OPEN(""), { PLAY_HEARS, "MAIL FROM:<s@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "RCPT TO:<b@x>\r\n" },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_HEARS, "DATA\r\n" },
		{ PLAY_SAYS, "354 go\r\n" }, { PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play none[] = { OPEN(""), { PLAY_OVER, NULL } };
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 2);
	scene.to[0].address = "a@x>\r\nRCPT TO:<z@x";
	assert_true(scene_run(&scene));
	assert_int_equal(scene.to[0].fate, SMTP_REFUSED);
	assert_int_equal(scene.to[1].fate, SMTP_TAKEN);
	scene_end(&scene);
	scene_open(&scene, none, 1);
	scene.mail.sender = "s@x>\nRCPT TO:<z@x";
	assert_true(scene_run(&scene));
	assert_int_equal(scene.to[0].fate, SMTP_REFUSED);
	scene_end(&scene);
}

/* RFC 5321 section 4.5.3.1.10, RFC 9422. */
static void test_too_many(void **state)
{
	static const struct play told[] = {
		OPEN("250-LIMITS RCPTMAX=2\r\n250-PIPELINING\r\n"),
		{ PLAY_HEARS, "MAIL FROM:<s@x>\r\nRCPT TO:<a@x>\r\n"
		  "RCPT TO:<b@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "MAIL FROM:<s@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play found[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n452 4.5.3 too many\r\n"
		  "452 too many\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_HEARS, "MAIL FROM:<s@x>\r\nRCPT TO:<b@x>\r\n"
		  "RCPT TO:<c@x>\r\nDATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	/* From the first on it is another matter: later. */
	static const struct play full[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n452 4.5.3 no\r\n452 4.5.3 no\r\n"
		  "452 4.5.3 no\r\n503 nobody\r\n" },
		{ PLAY_HEARS, "RSET\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_OVER, NULL }
	};
	const struct play *const plays[] = { told, found, full };
	struct scene scene;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		scene_open(&scene, plays[i], 3);
		assert_true(scene_run(&scene));
		for (j = 0; j < 3; j++)
			assert_int_equal(scene.to[j].fate, i == 2 ?
					 SMTP_LATER : SMTP_TAKEN);
		assert_int_equal(scene.answers, i == 2 ? 0 : 2);
		scene_end(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_by_one),
		cmocka_unit_test(test_pipelined),
		cmocka_unit_test(test_no_extensions),
		cmocka_unit_test(test_chunking),
		cmocka_unit_test(test_all_refused),
		cmocka_unit_test(test_sender_refused),
		cmocka_unit_test(test_does_not_fit),
		cmocka_unit_test(test_injection),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
