/* test_openpgp_keys.c - keys of the ring and of blobs, through the channel */
#include "tests/unit/pgp/role.h"

#define TEXT	"Hello\r\nthere\r\n"

static char alice[64];
static struct role role;

static int setup(void **state)
{
	if (gpg_home_open(state) < 0)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	gpg_make_key("Alice <alice@example.org>", "never");
	gpg_fingerprint("Alice <alice@example.org>", alice);
	gpg_make_key("Bob <bob@example.org>", "never");
	gpg_do("", "--export -o bob.key bob@example.org");
	gpg_do("", "--export-secret-keys -o bob.secret bob@example.org");
	role_open(&role, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(role_close(&role), 0);
	return gpg_home_close(state);
}

static void test_keys(void **state)
{
	struct openpgp_key keys[OPENPGP_FOUND_MAX];
	struct bytes binary, published;
	struct desk desk;

	(void)state;
	desk_open(&desk, &role);
	assert_int_equal(openpgp_keys_find(&desk.job, "alice@example.org",
					   NULL, OPENPGP_SECRET, keys,
					   OPENPGP_FOUND_MAX), 1);
	assert_string_equal(keys[0].owner.fingerprint, alice);
	assert_true(keys[0].secret && keys[0].can_sign &&
		    keys[0].can_encrypt && !keys[0].revoked);
	assert_int_equal(openpgp_keys_find(&desk.job, "carol@example.org",
					   NULL, OPENPGP_ANY, keys,
					   OPENPGP_FOUND_MAX), 0);
	assert_int_equal(openpgp_key_read(&desk.job, file_of(&desk, "bob.key"),
					  NULL, &binary, &keys[0]), 0);
	assert_string_equal(keys[0].owner.addresses[0], "bob@example.org");
	assert_int_equal(openpgp_key_read(&desk.job, file_of(&desk,
					  "bob.secret"), NULL, &binary,
					  &keys[0]), ERR_SYNTAX);
	assert_non_null(strstr(buf_string(&desk.why), "private key"));
	assert_int_equal(openpgp_key_export(&desk.job, alice,
					    "alice@example.org", &published),
			 0);
	assert_int_equal(openpgp_key_read(&desk.job, published, NULL, &binary,
					  &keys[0]), 0);
	assert_string_equal(keys[0].owner.fingerprint, alice);
	desk_close(&desk);
}

static void test_refusals(void **state)
{
	struct seal_key to[2] = {
		{ "alice@example.org", alice, { NULL, 0 }, 0 },
		{ "dora@example.org",
		  "0123456789012345678901234567890123456789", { NULL, 0 }, 0 },
	};
	struct bytes_reader reader;
	struct source text = source_of_bytes(&reader, bytes_of(TEXT));
	struct sea sea = { 0, UINT64_MAX };
	struct sink blob = { sea_write, &sea };
	struct seal_signed made;
	struct desk desk;

	(void)state;
	desk_open(&desk, &role);
	assert_int_equal(scheme_openpgp.encrypt(&desk.job, to, 2, &text,
						&blob), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "dora@example.org"));
	assert_int_equal(scheme_openpgp.encrypt(&desk.job, to, 0, &text,
						&blob), ERR_LIMIT);
	buf_clear(&desk.why);
	sea.len = 0;
	assert_int_equal(scheme_openpgp.sign(&desk.job, &to[1], &text, &blob,
					     &made), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "0123456789"));
	assert_int_equal(sea.len, 0);
	desk_close(&desk);
}

static void test_knows(void **state)
{
	static const struct seal_type types[] = {
		{ "multipart/signed", "Application/PGP-Signature", NULL, NULL },
		{ "multipart/encrypted", "application/pgp-encrypted", NULL,
		  NULL },
		{ "multipart/signed", "application/pkcs7-signature", NULL,
		  NULL },
		{ "multipart/signed", NULL, NULL, NULL },
		{ "text/plain", "application/pgp-signature", NULL, NULL },
		{ NULL, NULL, NULL, NULL },
	};
	size_t i;

	(void)state;
	assert_int_equal(scheme_openpgp.knows(&types[0]), SEAL_KIND_DETACHED);
	assert_int_equal(scheme_openpgp.knows(&types[1]),
			 SEAL_KIND_CONTROLLED);
	for (i = 2; i < 6; i++)
		assert_int_equal(scheme_openpgp.knows(&types[i]),
				 SEAL_KIND_NONE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_keys),
	cmocka_unit_test(test_refusals),
	cmocka_unit_test(test_knows),
};

GPG_TESTS(tests, setup, teardown)
