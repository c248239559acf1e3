/* test_pinentry.c - the dialogue against programs of every temper */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/keys/pinentry.h"

#define SAID_MAX 8192

/* The program's side: what it heard, and what it answers to what. */
static struct {
	struct pinentry *pinentry;
	int fd;
	char said[SAID_MAX];		/* by us, whole */
	size_t len, seen;
} world;

static const struct pinentry_question old = {
	PINENTRY_OLD, "mailseal", "Unlock the key of alice@example.org\n100%",
	"Passphrase:", "/dev/pts/7", "xterm", ":0"
};
static const struct pinentry_question new = {
	PINENTRY_NEW, NULL, "A new key", "New passphrase:", NULL, NULL, NULL
};
static const struct pinentry_question confirm = {
	PINENTRY_CONFIRM, NULL, "Sign?", NULL, NULL, NULL, NULL
};

static void begin(const struct pinentry_question *question)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	memset(&world, 0, sizeof(world));
	world.fd = ends[1];
	world.pinentry = pinentry_start(ends[0], question, 1000);
	assert_non_null(world.pinentry);
}

static int end(void **test)
{
	(void)test;
	pinentry_free(world.pinentry);
	if (world.fd >= 0)
		(void)close(world.fd);
	return 0;
}

static enum pinentry_outcome work(void)
{
	return pinentry_work(world.pinentry, 2000);
}

static void say(const char *text)
{
	assert_int_equal(write(world.fd, text, strlen(text)),
			 (ssize_t)strlen(text));
}

/* What was said since; a line it is. */
static const char *heard(void)
{
	const char *from = world.said + world.seen;
	ssize_t got;

	got = recv(world.fd, world.said + world.len,
		   SAID_MAX - 1 - world.len, MSG_DONTWAIT);
	if (got > 0)
		world.len += (size_t)got;
	world.said[world.len] = '\0';
	world.seen = world.len;
	return from;
}

/* Answers OK to everything up to the question; this is what was said. */
static const char *up_to(const char *question)
{
	const char *from = world.said + world.seen, *line;
	int i;

	for (i = 0; i < 20; i++) {
		assert_int_equal(work(), PINENTRY_ASKING);
		line = heard();
		if (strcmp(line, question) == 0)
			return from;
		say("OK\n");
	}
	fail_msg("never said %s", question);
	return "";
}

static void a_passphrase(void **test)
{
	struct bytes secret;
	const char *said;

	(void)test;
	begin(&old);
	assert_int_equal(work(), PINENTRY_ASKING);
	assert_string_equal(heard(), "");
	say("OK Pleased to meet you, process 7\n");
	said = up_to("GETPIN\n");
	assert_non_null(strstr(said, "OPTION ttyname=/dev/pts/7\n"));
	assert_non_null(strstr(said, "OPTION ttytype=xterm\n"));
	assert_non_null(strstr(said, "OPTION display=:0\n"));
	assert_non_null(strstr(said, "SETDESC Unlock the key of "
			       "alice@example.org%0A100%25\n"));
	assert_non_null(strstr(said, "SETPROMPT Passphrase:\n"));
	assert_null(strstr(said, "SETREPEAT"));
	say("# a comment\nS SOMETHING\nD pass%25w");
	assert_int_equal(work(), PINENTRY_ASKING);
	say("ord\nD \xc3\xa9%0A%zz%2\nOK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	secret = pinentry_secret(world.pinentry);
	assert_true(bytes_is(secret, "pass%word\xc3\xa9\n%zz%2"));
}

static void a_wrong_one_is_asked_for_again(void **test)
{
	const char *said;

	(void)test;
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	say("D wrong\nOK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	pinentry_again(world.pinentry, "That is not it (1 of 3)", 5000);
	assert_int_equal(pinentry_deadline(world.pinentry),
			 5000 + PINENTRY_WAIT_MS);
	said = up_to("GETPIN\n");
	assert_non_null(strstr(said, "SETERROR That is not it (1 of 3)\n"));
	assert_null(strstr(said, "ttyname"));
	say("D right\nOK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	assert_true(bytes_is(pinentry_secret(world.pinentry), "right"));
}

static void an_empty_one_is_one(void **test)
{
	(void)test;
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	say("OK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	assert_int_equal(pinentry_secret(world.pinentry).len, 0);
}

static void endings(void **test)
{
	static const struct {
		const char *says;
		enum pinentry_outcome outcome;
		const char *complaint;
	} cases[] = {
		{ "ERR 83886179 Operation cancelled <Pinentry>\n",
		  PINENTRY_CANCELLED, "" },
		{ "ERR 99 canceled\n", PINENTRY_CANCELLED, "" },
		{ "ERR 83886278 gone\n", PINENTRY_CANCELLED, "" },
		{ "ERR 83886194 Not confirmed\n", PINENTRY_CANCELLED, "" },
		{ "ERR 83886142 Timeout <Pinentry>\n", PINENTRY_TIMED_OUT, "" },
		{ "ERR 83918950 Inappropriate ioctl for device <Pinentry>\n",
		  PINENTRY_BROKEN,
		  "Inappropriate ioctl for device <Pinentry>" },
		{ "ERR\n", PINENTRY_BROKEN, "" },
		{ "ERR x\x1b[2J y\n", PINENTRY_BROKEN, "y" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&old);
		say("OK\n");
		(void)up_to("GETPIN\n");
		say(cases[i].says);
		assert_int_equal(work(), cases[i].outcome);
		assert_string_equal(pinentry_complaint(world.pinentry),
				    cases[i].complaint);
		/* Over is over. */
		assert_int_equal(work(), cases[i].outcome);
		(void)end(test);
		world.pinentry = NULL;
		world.fd = -1;
	}
}

static void options_may_be_refused(void **test)
{
	const char *line;
	int i;

	(void)test;
	begin(&new);
	say("OK\n");
	for (i = 0; i < 20; i++) {
		assert_int_equal(work(), PINENTRY_ASKING);
		line = heard();
		if (strcmp(line, "GETPIN\n") == 0)
			break;
		say("ERR 83886254 Unknown option <Pinentry>\n");
	}
	assert_true(i < 20);
}

static void twice_by_the_program(void **test)
{
	const char *said;

	(void)test;
	begin(&new);
	say("OK\n");
	said = up_to("GETPIN\n");
	assert_non_null(strstr(said, "SETREPEAT"));
	say("S PIN_REPEATED\nD new one\nOK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	assert_true(bytes_is(pinentry_secret(world.pinentry), "new one"));
}

static void twice_by_us(void **test)
{
	const char *said;

	(void)test;
	begin(&new);
	say("OK\n");
	(void)up_to("GETPIN\n");
	say("D new one\nOK\n");
	said = up_to("GETPIN\n");
	assert_non_null(strstr(said, "SETPROMPT Once more:\n"));
	assert_null(strstr(said, "SETREPEAT"));
	say("D new two\nOK\n");
	said = up_to("GETPIN\n");
	assert_non_null(strstr(said, "SETERROR The two passphrases differ"));
	say("D new one\nOK\n");
	(void)up_to("GETPIN\n");
	say("D new one\nOK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
	assert_true(bytes_is(pinentry_secret(world.pinentry), "new one"));
}

static void a_new_one_is_not_empty(void **test)
{
	const char *said;
	int i;

	(void)test;
	begin(&new);
	say("OK\n");
	(void)up_to("GETPIN\n");
	for (i = 0; i < 2; i++) {
		say("OK\n");
		said = up_to("GETPIN\n");
		assert_non_null(strstr(said, "SETERROR An empty"));
	}
	say("OK\n");
	assert_int_equal(work(), PINENTRY_CANCELLED);
}

static void yes_and_no(void **test)
{
	const char *said;

	(void)test;
	begin(&confirm);
	say("OK\n");
	said = up_to("CONFIRM\n");
	assert_null(strstr(said, "SETPROMPT"));
	say("OK\n");
	assert_int_equal(work(), PINENTRY_ANSWERED);
}

static void nobody_there(void **test)
{
	(void)test;
	begin(&old);
	(void)close(world.fd);
	world.fd = -1;
	assert_int_equal(work(), PINENTRY_BROKEN);
	assert_string_equal(pinentry_complaint(world.pinentry), "");
}

static void nobody_answers(void **test)
{
	(void)test;
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	assert_int_equal(pinentry_work(world.pinentry,
				       1000 + PINENTRY_WAIT_MS - 1),
			 PINENTRY_ASKING);
	assert_int_equal(pinentry_work(world.pinentry,
				       1000 + PINENTRY_WAIT_MS),
			 PINENTRY_TIMED_OUT);
}

static void inquiries_are_declined(void **test)
{
	(void)test;
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	say("INQUIRE QUALITY abc\n");
	assert_int_equal(work(), PINENTRY_ASKING);
	assert_string_equal(heard(), "CAN\n");
}

static void too_much(void **test)
{
	char line[2000];
	int i;

	(void)test;
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	memset(line, 'x', sizeof(line));	/* a line without end */
	assert_true(write(world.fd, line, sizeof(line)) > 0);
	assert_int_equal(work(), PINENTRY_BROKEN);
	(void)end(test);
	begin(&old);
	say("OK\n");
	(void)up_to("GETPIN\n");
	(void)snprintf(line, sizeof(line), "D %0500d\n", 0);
	for (i = 0; i < 3; i++)			/* a passphrase without end */
		say(line);
	assert_int_equal(work(), PINENTRY_BROKEN);
	assert_non_null(strstr(pinentry_complaint(world.pinentry), "1024"));
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_passphrase),
		TEST(a_wrong_one_is_asked_for_again),
		TEST(an_empty_one_is_one),
		TEST(endings),
		TEST(options_may_be_refused),
		TEST(twice_by_the_program),
		TEST(twice_by_us),
		TEST(a_new_one_is_not_empty),
		TEST(yes_and_no),
		TEST(nobody_there),
		TEST(nobody_answers),
		TEST(inquiries_are_declined),
		TEST(too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
