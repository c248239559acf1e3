/* test_sign.c - signatures that gpg makes for us, and what it must not */
#include "tests/unit/pgp/gpg_home.h"

static char alice[64], expired[64], weak[64];

static int keys_make(void **state)
{
	(void)state;
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	gpg_do("", "--faked-system-time 20200101T000000 --quick-gen-key "
	       "'Old <old@example.org>' ed25519 sign 1d");
	gpg_fingerprint("Old <old@example.org>", expired);
	gpg_do("%no-protection\nKey-Type: DSA\nKey-Length: 1024\n"
	       "Key-Usage: sign\nName-Email: weak@example.org\n"
	       "Expire-Date: 0\n%commit\n", "--gen-key");
	gpg_fingerprint("weak@example.org", weak);
	return 0;
}

static void sign(struct ask *ask, const char *key, const char *text)
{
	ask_open(ask);
	value_put_text(ask->arena, ask->request, "key", key);
	ask_give(ask, 0, bytes_of(text));
	ask_want(ask, 1);
	pgp_sign(&ask->job);
}

static void test_sign(void **state)
{
	char command[256], *out;
	struct ask ask;
	int fd;

	(void)state;
	sign(&ask, alice, "Hello\r\n");
	assert_string_equal(ask_failure(&ask), "");
	assert_string_equal(ask_text(&ask, NULL, "fingerprint"), alice);
	assert_memory_equal(ask_text(&ask, NULL, "digest"), "sha", 3);
	assert_true(bytes_starts(ask_got(&ask, 1),
				 "-----BEGIN PGP SIGNATURE-----\n"));
	/* gpg itself says that it is right. */
	(void)snprintf(command, sizeof(command), "%s/it.sig", gpg_home);
	fd = open(command, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_true(write(fd, ask_got(&ask, 1).data, ask_got(&ask, 1).len) >
		    0);
	(void)close(fd);
	out = gpg("Hello\r\n", "--verify it.sig -");
	assert_non_null(out);
	free(out);
	assert_null(gpg("Hellu\r\n", "--verify it.sig -"));
	ask_close(&ask);
}

static void test_refused(void **state)
{
	struct ask ask;

	(void)state;
	sign(&ask, "0123456789012345678901234567890123456789", "x");
	assert_string_equal(ask_failure(&ask), "NoKey");
	ask_close(&ask);
	sign(&ask, NULL, "x");
	assert_string_equal(ask_failure(&ask), "NoKey");
	ask_close(&ask);
	sign(&ask, expired, "x");
	assert_string_equal(ask_failure(&ask), "KeyUnusable");
	assert_non_null(strstr(buf_string(&ask.sentence), "expired"));
	ask_close(&ask);
	sign(&ask, weak, "x");
	assert_string_equal(ask_failure(&ask), "KeyUnusable");
	assert_non_null(strstr(buf_string(&ask.sentence), "too weak"));
	ask_close(&ask);
}

/* Whoever wanted the signature went away. */
static void test_nobody_reads(void **state)
{
	struct ask ask;
	int ends[2];

	(void)state;
	ask_open(&ask);
	value_put_text(ask.arena, ask.request, "key", alice);
	ask_give(&ask, 0, bytes_of("text"));
	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	ask.fds[1] = ends[1];
	pgp_sign(&ask.job);
	assert_string_not_equal(ask_failure(&ask), "");
	ask_close(&ask);
}

static int setup(void **state)
{
	if (gpg_home_open(state) < 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	return keys_make(state);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_sign),
	cmocka_unit_test(test_refused),
	cmocka_unit_test(test_nobody_reads),
};

GPG_TESTS(tests, setup, gpg_home_close)
