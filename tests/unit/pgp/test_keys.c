/* test_keys.c - keys of the ring and of blobs: listed, read, taken, given */
#include "tests/unit/pgp/gpg_home.h"

static char alice[64];

static int setup(void **state)
{
	char arguments[256];

	if (gpg_home_open(state) < 0)
		return -1;
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	(void)snprintf(arguments, sizeof(arguments), "--quick-add-uid %s "
		       "'Alice at work <a.harper@example.com>'", alice);
	gpg_do("", arguments);
	gpg_do("", "--version; mkdir -m 700 bob");
	gpg_do("", "--homedir bob --quick-gen-key 'Bob <bob@example.org>' "
	       "future-default default never");
	gpg_do("", "--homedir bob --export -o bob.key");
	gpg_do("", "--homedir bob --export -a -o bob.asc");
	return 0;
}

static int teardown(void **state)
{
	gpg_do("", "--version; gpgconf --homedir $(pwd)/bob --kill all");
	return gpg_home_close(state);
}

static void give_file(struct ask *ask, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", gpg_home, name);
	ask->fds[0] = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(ask->fds[0] >= 0);
}

static size_t count_of(const struct ask *ask, const char *key)
{
	const struct value *list = value_find(ask->job.report, key,
					      VALUE_LIST);

	return list == NULL ? 0 : list->count;
}

static void list(struct ask *ask, const char *pattern, bool secret)
{
	ask_open(ask);
	value_put_text(ask->arena, ask->request, "pattern", pattern);
	value_put_truth(ask->arena, ask->request, "secret", secret);
	pgp_keys(&ask->job);
	assert_string_equal(ask_failure(ask), "");
}

static void test_list(void **state)
{
	struct ask ask;

	(void)state;
	list(&ask, "<alice@example.org>", false);
	assert_int_equal(count_of(&ask, "keys"), 1);
	assert_string_equal(ask_text(&ask, "keys", "fingerprint"), alice);
	assert_string_equal(ask_text(&ask, "keys", "trust"), "own");
	assert_true(value_find(ask_first(&ask, "keys"), "secret",
			       VALUE_TRUTH)->truth);
	assert_true(value_find(ask_first(&ask, "keys"), "can_encrypt",
			       VALUE_TRUTH)->truth);
	assert_int_equal(value_find(ask_first(&ask, "keys"), "addresses",
				    VALUE_LIST)->count, 2);
	ask_close(&ask);
	list(&ask, alice, true);
	assert_int_equal(count_of(&ask, "keys"), 1);
	ask_close(&ask);
	list(&ask, "<lice@example.org>", false);	/* no part of it */
	assert_int_equal(count_of(&ask, "keys"), 0);
	ask_close(&ask);
	list(&ask, "<bob@example.org>", false);
	assert_int_equal(count_of(&ask, "keys"), 0);
	ask_close(&ask);
}

/* Looked at, not taken in. */
static void test_read(void **state)
{
	struct ask ask;

	(void)state;
	ask_open(&ask);
	give_file(&ask, "bob.key");
	pgp_read(&ask.job);
	assert_string_equal(ask_failure(&ask), "");
	assert_int_equal(count_of(&ask, "keys"), 1);
	assert_string_equal(value_find(ask_first(&ask, "keys"), "addresses",
				       VALUE_LIST)->first->text,
			    "bob@example.org");
	assert_string_equal(ask_text(&ask, "keys", "trust"), "none");
	ask_close(&ask);
	list(&ask, "<bob@example.org>", false);
	assert_int_equal(count_of(&ask, "keys"), 0);
	ask_close(&ask);
	ask_open(&ask);
	give_file(&ask, "log");
	pgp_read(&ask.job);
	assert_int_equal(count_of(&ask, "keys"), 0);
	ask_close(&ask);
}

static void test_export(void **state)
{
	struct ask ask;
	char *whole, *found;

	(void)state;
	ask_open(&ask);
	value_put_text(ask.arena, ask.request, "key", alice);
	value_put_text(ask.arena, ask.request, "address",
		       "a.harper@example.com");
	ask_want(&ask, 0);
	pgp_export(&ask.job);
	assert_string_equal(ask_failure(&ask), "");
	/* The other address stays at home. */
	whole = (char *)(uintptr_t)ask_got(&ask, 0).data;
	found = memmem(whole, ask_got(&ask, 0).len, "a.harper@", 9);
	assert_non_null(found);
	assert_null(memmem(whole, ask_got(&ask, 0).len, "alice@", 6));
	ask_close(&ask);
	assert_int_equal(unsetenv("MAILSEALD_GPG_FILTER"), 0);
	ask_open(&ask);
	value_put_text(ask.arena, ask.request, "key",
		       "0123456789012345678901234567890123456789");
	ask_want(&ask, 0);
	pgp_export(&ask.job);
	assert_string_equal(ask_failure(&ask), "NoKey");
	ask_close(&ask);
}

static void test_import(void **state)
{
	struct ask ask;

	(void)state;
	ask_open(&ask);
	give_file(&ask, "log");
	pgp_import(&ask.job);
	assert_string_equal(ask_failure(&ask), "BadData");
	ask_close(&ask);
	ask_open(&ask);
	give_file(&ask, "bob.asc");
	pgp_import(&ask.job);
	assert_string_equal(ask_failure(&ask), "");
	assert_int_equal(count_of(&ask, "fingerprints"), 1);
	ask_close(&ask);
	list(&ask, "<bob@example.org>", false);
	assert_int_equal(count_of(&ask, "keys"), 1);
	assert_string_equal(ask_text(&ask, "keys", "trust"), "none");
	assert_false(value_find(ask_first(&ask, "keys"), "secret",
				VALUE_TRUTH)->truth);
	ask_close(&ask);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_list),
	cmocka_unit_test(test_read),
	cmocka_unit_test(test_export),
	cmocka_unit_test(test_import),
};

GPG_TESTS(tests, setup, teardown)
