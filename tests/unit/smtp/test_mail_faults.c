/* test_mail_faults.c - servers that hang, cut, or go mad at every step */
#include "mail_scene.h"

/* SAYS number 5 answers the whole message in each. */
static const struct play one_by_one[] = {
	OPEN(""), { PLAY_HEARS, "MAIL FROM:<s@x>\r\n" },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_HEARS, "RCPT TO:<a@x>\r\n" },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_HEARS, "DATA\r\n" },
	{ PLAY_SAYS, "354 go\r\n" }, { PLAY_HEARS, STUFFED },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
};
static const struct play piped[] = {
	OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_SAYS, "250 ok\r\n" },
	{ PLAY_SAYS, "354 go\r\n" }, { PLAY_HEARS, STUFFED },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
};
static const struct play chunks[] = {
	OPEN("250-CHUNKING\r\n"), { PLAY_SKIPS, "\r\n" },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_SKIPS, "\r\n" },
	{ PLAY_SAYS, "250 ok\r\n" }, { PLAY_HEARS, "BDAT " SIZE " LAST\r\n" },
	{ PLAY_HEARS, TEXT }, { PLAY_SAYS, "250 ok\r\n" }, { PLAY_OVER, NULL }
};

static void test_every_step(void **state)
{
	static const struct {
		const struct play *play;
		size_t says;		/* how many there are */
	} cases[] = { { one_by_one, 6 }, { piped, 6 }, { chunks, 5 } };
	static const enum play_what faults[] = { PLAY_CUTS, PLAY_HANGS };
	struct scene scene;
	size_t i, at, how;
	bool opened;

	(void)state;
	for (i = 0; i < 3; i++)
		for (at = 0; at < cases[i].says; at++)
			for (how = 0; how < 2; how++) {
				scene_open(&scene, cases[i].play, 1);
				scene.server.fail_at = at;
				scene.server.fail_how = faults[how];
				opened = scene_run(&scene);
				assert_int_equal(opened, at >= 2);
				assert_false(scene.server.failed);
				/* Only behind its end nobody can tell. */
				assert_int_equal(scene.out.fate,
						 at + 1 == cases[i].says ?
						 SMTP_UNKNOWN : SMTP_LATER);
				assert_true(scene.session.broken);
				session_quit(&scene.session);
				scene_free(&scene);
			}
}

/* A deadline that was `ms` away when the client began to wait for it. */
static void assert_away(int64_t deadline, int64_t before, int64_t ms)
{
	assert_in_range(deadline, before + ms, clock_now_ms() + ms);
}

/* No step is without its time, and the whole has one too. */
static void test_times(void **state)
{
	static const struct smtp_times times = {
		1000000, 2000000, 3000000, 4000000, 5000000, 6000000, 7000000
	};
	const int heard[] = { times.greeting, times.command, times.mail,
			      times.mail, times.data, times.end };
	const int said[] = { times.command, times.mail, times.mail,
			     times.mail, times.block, times.block };
	struct scene scene;
	int64_t before;
	size_t i;

	(void)state;
	scene_open(&scene, one_by_one, 1);
	scene.session.times = &times;
	before = clock_now_ms();
	scene.session.deadline = before + 8000000;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.server.reads, 6);
	assert_int_equal(scene.server.writes, 6);
	for (i = 0; i < 6; i++) {
		assert_away(scene.server.heard_by[i], before, heard[i]);
		assert_away(scene.server.said_by[i], before, said[i]);
	}
	scene_end(&scene);
	scene_open(&scene, one_by_one, 1);
	scene.session.deadline = before + 20000;
	assert_true(scene_run(&scene));
	for (i = 0; i < 6; i++) {
		assert_int_equal(scene.server.heard_by[i], before + 20000);
		assert_int_equal(scene.server.said_by[i], before + 20000);
	}
	scene_end(&scene);
}

/* A server that trickles does not get a new time with each byte. */
static void test_trickle(void **state)
{
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene, one_by_one, 1);
	scene.session.deadline = clock_now_ms() + 3600000;
	scene.server.piece = 1;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_TAKEN);
	for (i = 1; i < strlen("220 ready\r\n"); i++)
		assert_int_equal(scene.server.heard_by[i],
				 scene.server.heard_by[0]);
	scene_end(&scene);
}

/* The wire breaks while the client speaks. */
static void test_deaf(void **state)
{
	static const struct play at_mail[] = {
		OPEN(""), { PLAY_DEAF, NULL }, { PLAY_OVER, NULL }
	};
	static const struct play in_body[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_DEAF, NULL }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, at_mail, 1);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_LATER);
	assert_int_equal(scene.out.stage, SMTP_AT_MAIL);
	scene_free(&scene);
	scene_open(&scene, in_body, 1);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_LATER);
	assert_int_equal(scene.out.stage, SMTP_AT_BODY);
	assert_int_equal(scene.ends, 0);
	scene_free(&scene);
}

/* 421 at any step is no refusal of the message. */
static void test_421(void **state)
{
	static const struct play at_greeting[] = {
		{ PLAY_SAYS, "421 4.3.2 closing\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play at_ehlo[] = {
		{ PLAY_SAYS, "220 h\r\n" }, { PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "421 4.3.2 closing\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play unasked[] = {
		{ PLAY_SAYS, "220 h\r\n" }, { PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "250 h\r\n421 4.3.2 closing\r\n" },
		{ PLAY_SKIPS, "\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play at_rcpt[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n421 4.3.2 closing\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play at_data[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n421 4.3.2 closing\r\n" },
		{ PLAY_OVER, NULL }
	};
	static const struct play at_end[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "421 4.3.2 closing\r\n" }, { PLAY_OVER, NULL }
	};
	const struct play *const plays[] = { at_greeting, at_ehlo, unasked,
					     at_rcpt, at_data, at_end };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		scene_open(&scene, plays[i], 1);
		(void)scene_run(&scene);
		assert_int_equal(scene.out.fate, SMTP_LATER);
		scene_free(&scene);
	}
}

static void test_end(void **state)
{
	static const struct play later[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "451 4.3.0 later\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play never[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "554 5.7.1 spam\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct play nonsense[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "hello\r\n" }, { PLAY_OVER, NULL }
	};
	/* 354 is no answer to a message, and no success. */
	static const struct play odd[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED },
		{ PLAY_SAYS, "354 more\r\n" }, { PLAY_OVER, NULL }
	};
	static const struct { const struct play *play; enum smtp_fate fate; }
	cases[] = { { later, SMTP_LATER }, { never, SMTP_REFUSED },
		    { nonsense, SMTP_UNKNOWN }, { odd, SMTP_LATER } };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		scene_open(&scene, cases[i].play, 1);
		assert_true(scene_run(&scene));
		assert_int_equal(scene.out.fate, cases[i].fate);
		assert_int_equal(scene.answers, 1);
		scene_end(&scene);
	}
}

/* Whoever may not be recorded is not sent. */
static void test_stopped(void **state)
{
	static const struct play play[] = {
		OPEN("250-PIPELINING\r\n"), { PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, "Subject: x\r\n\r\n..dot\r\n" },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 1);
	scene.before_end = ERR_IO;
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_LATER);
	assert_true(scene.session.broken);
	session_quit(&scene.session);		/* says nothing any more */
	scene_end(&scene);
}

/* The greeting of what is no submission server. */
static void test_no_smtp(void **state)
{
	static const struct play plays[][2] = {
		{ { PLAY_SAYS, "HTTP/1.1 400 Bad Request\r\n" } },
		{ { PLAY_SAYS, "554 no service\r\n" } },
		{ { PLAY_SAYS, "250 odd\r\n" } },
		{ { PLAY_CUTS, NULL } }, { { PLAY_HANGS, NULL } },
	};
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		scene_open(&scene, plays[i], 1);
		assert_false(scene_run(&scene));
		assert_int_equal(scene.out.fate, SMTP_LATER);
		assert_int_equal(scene.out.stage, SMTP_AT_GREETING);
		assert_int_equal(scene.server.heard.len, 0);
		scene_free(&scene);
	}
}

/* More answers than questions end the session. */
static void test_extra(void **state)
{
	static const struct play play[] = {
		{ PLAY_SAYS, "220 h\r\n" }, { PLAY_SKIPS, "\r\n" },
		{ PLAY_SAYS, "250 h\r\n250 ok\r\n250 ok\r\n354 go\r\n250 y\r\n"
		}, { PLAY_SKIPS, "\r\n" }, { PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 1);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.out.fate, SMTP_LATER);
	assert_int_equal(scene.ends, 0);
	scene_free(&scene);
}

/* The second transaction's server is gone: its recipients wait. */
static void test_cut_between(void **state)
{
	static const struct play play[] = {
		OPEN("250-LIMITS RCPTMAX=1\r\n250-PIPELINING\r\n"),
		{ PLAY_SKIPS, "DATA\r\n" },
		{ PLAY_SAYS, "250 ok\r\n250 ok\r\n354 go\r\n" },
		{ PLAY_HEARS, STUFFED }, { PLAY_SAYS, "250 ok\r\n" },
		{ PLAY_SKIPS, "DATA\r\n" }, { PLAY_CUTS, NULL },
		{ PLAY_OVER, NULL }
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, play, 3);
	assert_true(scene_run(&scene));
	assert_int_equal(scene.to[0].fate, SMTP_TAKEN);
	assert_int_equal(scene.to[1].fate, SMTP_LATER);
	assert_int_equal(scene.to[2].fate, SMTP_LATER);
	assert_int_equal(scene.out.fate, SMTP_LATER);
	scene_free(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_step), cmocka_unit_test(test_times),
		cmocka_unit_test(test_trickle), cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_421), cmocka_unit_test(test_end),
		cmocka_unit_test(test_stopped), cmocka_unit_test(test_no_smtp),
		cmocka_unit_test(test_extra),
		cmocka_unit_test(test_cut_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
