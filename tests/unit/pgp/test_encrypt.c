/* test_encrypt.c - to keys of the ring and to keys that were handed over */
#include "tests/unit/pgp/gpg_home.h"

#include <dirent.h>

#include "agent/base/descriptor.h"
#include "agent/crypto/scheme.h"

#define TEXT "Hello\r\nthere\r\n"

static char alice[64], signer[64], revoked[64], expired[64];

static int setup(void **state)
{
	char arguments[512];

	if (gpg_home_open(state) < 0)
		return -1;
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	gpg_do("", "--quick-gen-key signer@example.org ed25519 sign never");
	gpg_fingerprint("signer@example.org", signer);
	gpg_make_key("revoked@example.org", "never");
	gpg_fingerprint("revoked@example.org", revoked);
	(void)snprintf(arguments, sizeof(arguments), "--version; sed "
		       "'s/^:--/--/' openpgp-revocs.d/%s.rev >revocation; "
		       "true", revoked);
	gpg_do("", arguments);
	gpg_do("", "--import revocation");
	gpg_do("", "--faked-system-time 20240101T000000 --quick-gen-key "
	       "expired@example.org future-default default 30d");
	gpg_fingerprint("expired@example.org", expired);
	/* Bob's keys are in a home of his own. */
	gpg_do("", "--version; mkdir -m 700 bob");
	gpg_do("", "--homedir bob --quick-gen-key bob@example.org "
	       "future-default default never");
	gpg_do("", "--homedir bob --export -o bob.key");
	gpg_do("", "--homedir bob --faked-system-time 20240101T000000 "
	       "--quick-gen-key old-bob@example.org future-default default "
	       "30d");
	gpg_do("", "--homedir bob --export -o old-bob.key old-bob@");
	gpg_do("", "--homedir bob --quick-gen-key sign-bob@example.org "
	       "ed25519 sign never");
	gpg_do("", "--homedir bob --export -o sign-bob.key sign-bob@");
	gpg_do("", "--homedir bob --export-secret-keys -o bob.secret "
	       "'<bob@example.org>'");
	return 0;
}

static int teardown(void **state)
{
	gpg_do("", "--version; gpgconf --homedir $(pwd)/bob --kill all");
	return gpg_home_close(state);
}

/* A file of the home; free it. */
static struct bytes file_of(const char *name)
{
	unsigned char *room = calloc(1, TEXT_MAX);
	struct bytes out = { room, 0 };
	char path[256];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", gpg_home, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, room, TEXT_MAX);
	(void)close(fd);
	assert_true(len > 0);
	out.len = (size_t)len;
	return out;
}

static void to_add(struct buf *to, unsigned char kind, struct bytes what)
{
	buf_byte(to, kind);
	buf_u32(to, (uint32_t)what.len);
	buf_add(to, what);
}

static void encrypt(struct ask *ask, struct buf *to)
{
	ask_open(ask);
	ask_give(ask, 0, bytes_of(TEXT));
	ask_want(ask, 1);
	ask_give(ask, 2, buf_bytes(to));
	pgp_encrypt(&ask->job);
	buf_clear(to);
}

static bool scratch_is_empty(void)
{
	DIR *folder = opendir(gpg_scratch);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count == 0;
}

static void assert_opens(struct ask *ask, const char *home)
{
	char arguments[128], path[256], *text;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/blob", gpg_home);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(descriptor_write(fd, ask_got(ask, 1)), 0);
	(void)close(fd);
	(void)snprintf(arguments, sizeof(arguments), "--homedir %s -d blob",
		       home);
	text = gpg("", arguments);
	assert_non_null(text);
	assert_string_equal(text, TEXT);
	free(text);
}

static void test_encrypt(void **state)
{
	struct bytes bob = file_of("bob.key");
	struct ask ask;
	struct buf to;

	(void)state;
	buf_init(&to, TEXT_MAX);
	to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of(alice));
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "");
	assert_true((ask_got(&ask, 1).data[0] & 0x80) != 0);	/* binary */
	assert_opens(&ask, ".");
	ask_close(&ask);

	to_add(&to, OPENPGP_BY_KEY, bob);
	to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of(alice));
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "");
	assert_int_equal(value_find(ask.job.report, "recipients",
				    VALUE_NUMBER)->number, 2);
	assert_opens(&ask, ".");
	assert_opens(&ask, "bob");
	assert_true(scratch_is_empty());
	ask_close(&ask);
	free((void *)(uintptr_t)bob.data);
	buf_free(&to);
	/* Nothing was put into the ring for it. */
	assert_null(gpg("", "--list-keys bob@example.org"));
}

static void test_unusable(void **state)
{
	static const char *const ring[] = { signer, revoked, expired,
		"0123456789012345678901234567890123456789" };
	static const char *const files[] = { "old-bob.key", "sign-bob.key",
		"bob.secret", "log" };
	struct bytes key;
	struct ask ask;
	struct buf to;
	size_t i;

	(void)state;
	buf_init(&to, TEXT_MAX);
	for (i = 0; i < sizeof(ring) / sizeof(ring[0]); i++) {
		to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of(alice));
		to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of(ring[i]));
		encrypt(&ask, &to);
		assert_string_equal(ask_failure(&ask), i < 3 ? "KeyUnusable" :
				    "NoKey");
		assert_string_equal(ask_text(&ask, NULL, "unusable"),
				    ring[i]);
		ask_close(&ask);
	}
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		key = file_of(files[i]);
		to_add(&to, OPENPGP_BY_KEY, key);
		encrypt(&ask, &to);
		if (ask.job.failure == NULL)
			fail_msg("%s was taken", files[i]);
		assert_true(scratch_is_empty());
		ask_close(&ask);
		free((void *)(uintptr_t)key.data);
	}
	buf_free(&to);
}

/* A part to encrypt to that the key's owner did not sign. */
static void test_foreign_subkey(void **state)
{
	struct bytes key = file_of("bob.key");
	struct ask ask;
	struct buf to;
	size_t changed;

	(void)state;
	buf_init(&to, TEXT_MAX);
	/* The last packet binds the subkey; its last bytes are the number
	 * that proves it. */
	for (changed = 2; changed < 40; changed += 12) {
		struct buf copy;

		buf_init(&copy, TEXT_MAX);
		buf_add(&copy, key);
		copy.data[copy.len - changed] ^= 0x10;
		to_add(&to, OPENPGP_BY_KEY, buf_bytes(&copy));
		encrypt(&ask, &to);
		assert_string_not_equal(ask_failure(&ask), "");
		ask_close(&ask);
		buf_free(&copy);
	}
	free((void *)(uintptr_t)key.data);
	buf_free(&to);
}

static void test_bad_lists(void **state)
{
	struct ask ask;
	struct buf to;
	int i;

	(void)state;
	buf_init(&to, TEXT_MAX);
	encrypt(&ask, &to);		/* nobody */
	assert_string_equal(ask_failure(&ask), "Failed");
	ask_close(&ask);
	to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of("--output=/tmp/x"));
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "Failed");
	ask_close(&ask);
	to_add(&to, 7, bytes_of(alice));
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "Failed");
	ask_close(&ask);
	buf_byte(&to, OPENPGP_BY_KEY);
	buf_u32(&to, 0xffffffff);
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "Failed");
	ask_close(&ask);
	for (i = 0; i <= SEAL_RECIPIENTS_MAX; i++)
		to_add(&to, OPENPGP_BY_FINGERPRINT, bytes_of(alice));
	encrypt(&ask, &to);
	assert_string_equal(ask_failure(&ask), "Failed");
	ask_close(&ask);
	buf_free(&to);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_encrypt),
	cmocka_unit_test(test_unusable),
	cmocka_unit_test(test_foreign_subkey),
	cmocka_unit_test(test_bad_lists),
};

GPG_TESTS(tests, setup, teardown)
