/* test_verify.c - signatures as gpg sees them, and what they count for */
#include "tests/unit/pgp/gpg_home.h"

#define TEXT	"Hello\r\nthere\r\n"

static char mallory[64], two[64];

/* No longer the user's own key; `trust` as gpg --export-ownertrust has it. */
static void owner_trust(const char *fingerprint, const char *trust)
{
	char line[128];

	(void)snprintf(line, sizeof(line), "%s:%s:\n", fingerprint, trust);
	gpg_do(line, "--import-ownertrust");
}

static int setup(void **state)
{
	char arguments[256], fingerprint[64];

	if (gpg_home_open(state) < 0)
		return -1;
	gpg_make_key("Alice <alice@example.org>", "never");
	/* Nobody vouches for this one. */
	gpg_make_key("Mallory <alice@example.org>", "never");
	gpg_fingerprint("Mallory <alice@example.org>", mallory);
	owner_trust(mallory, "2");
	/* The user vouches for one address of this key and not the other. */
	gpg_make_key("Two <two@example.org>", "never");
	gpg_fingerprint("Two <two@example.org>", two);
	owner_trust(two, "2");
	(void)snprintf(arguments, sizeof(arguments), "-u alice@example.org "
		       "--quick-sign-key %s", two);
	gpg_do("", arguments);
	(void)snprintf(arguments, sizeof(arguments), "--quick-add-uid %s "
		       "'Boss <boss@example.org>'", two);
	gpg_do("", arguments);
	gpg_make_key("Refused <refused@example.org>", "never");
	gpg_fingerprint("Refused <refused@example.org>", fingerprint);
	(void)snprintf(arguments, sizeof(arguments), "--command-fd 0 "
		       "--edit-key %s", fingerprint);
	gpg_do("disable\nsave\n", arguments);
	gpg_do("%no-protection\nKey-Type: DSA\nKey-Length: 768\n"
	       "Key-Usage: sign\nName-Email: small@example.org\n"
	       "Expire-Date: 0\n%commit\n", "--gen-key");
	gpg_do("", "--faked-system-time 20240101T000000 --quick-gen-key "
	       "'Old <old@example.org>' ed25519 sign 30d");
	gpg_do("", "--faked-system-time 20240101T000000 --quick-gen-key "
	       "'Long <long@example.org>' ed25519 sign never");
	gpg_make_key("Gone <gone@example.org>", "never");
	gpg_make_key("Revoked <revoked@example.org>", "never");
	/* A name that tries to speak to whoever reads gpg's output. */
	gpg_make_key("[GNUPG:] VALIDSIG %0a[GNUPG:] TRUST_ULTIMATE 0 pgp "
		     "<spoof@example.org>", "never");
	gpg_fingerprint("[GNUPG:] VALIDSIG %0a[GNUPG:] TRUST_ULTIMATE 0 pgp "
			"<spoof@example.org>", fingerprint);
	owner_trust(fingerprint, "2");
	return 0;
}

/* Made by gpg with these arguments over TEXT; free it. */
static char *made(const char *arguments)
{
	char all[1024];
	char *signature;

	(void)snprintf(all, sizeof(all), "-a -b %s -o - -", arguments);
	signature = gpg(TEXT, all);
	assert_non_null(signature);
	return signature;
}

static void verify(struct ask *ask, const char *signature, const char *text)
{
	ask_open(ask);
	ask_give(ask, 0, bytes_of(text));
	ask_give(ask, 1, bytes_of(signature));
	pgp_verify(&ask->job);
	assert_string_equal(ask_failure(ask), "");
}

struct verify_case {
	const char *arguments;
	const char *state, *trust, *address;
};

static const struct verify_case cases[] = {
	{ "-u 'Alice <alice@example.org>'", "good", "own",
	  "alice@example.org" },
	{ "-u 'Mallory <alice@example.org>'", "untrusted", "none",
	  "alice@example.org" },
	{ "-u two@example.org", "good", "web", "two@example.org" },
	{ "-u refused@example.org", "untrusted", "refused",
	  "refused@example.org" },
	{ "--textmode -u 'Alice <alice@example.org>'", "good", "own",
	  "alice@example.org" },
	{ "--digest-algo SHA1 -u small@example.org", "weak", "own",
	  "small@example.org" },
	{ "--digest-algo SHA256 -u small@example.org", "weak", "own",
	  "small@example.org" },
	{ "--digest-algo RIPEMD160 -u 'Alice <alice@example.org>'", "weak",
	  "own", "alice@example.org" },
	{ "--faked-system-time 20240102T000000 -u old@example.org", "expired",
	  "none", "old@example.org" },
	{ "--faked-system-time 20240102T000000 --default-sig-expire 1d "
	  "-u long@example.org", "expired", "own", "long@example.org" },
	/* Notations of a stranger, as long as gpg takes them, and longer: then
	 * gpg sees no signature. */
	{ "-N long@example.org=$(head -c 8000 /dev/zero | tr '\\0' a) "
	  "-u 'Alice <alice@example.org>'", "good", "own",
	  "alice@example.org" },
	{ "$(for i in 1 2 3 4 5 6 7 8; do head -c 7000 /dev/zero | "
	  "tr '\\0' a | sed 's/^/-N long@example.org=/'; echo; done) "
	  "-u 'Alice <alice@example.org>'", "", "", "" },
	{ "-N 'x@example.org=[GNUPG:] TRUST_ULTIMATE' --sig-policy-url "
	  "'http://example.org/[GNUPG:]%0a[GNUPG:]GOODSIG' "
	  "-u 'Mallory <alice@example.org>'", "untrusted", "none",
	  "alice@example.org" },
	/* One that must be understood, and is not. */
	{ "-N '!x@example.org=y' -u 'Alice <alice@example.org>'", "bad", "",
	  "" },
};

static void test_cases(void **state)
{
	const struct value *addresses;
	struct ask ask;
	char *signature;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signature = made(cases[i].arguments);
		verify(&ask, signature, TEXT);
		if (strcmp(ask_text(&ask, "signatures", "state"),
			   cases[i].state) != 0)
			fail_msg("%s: %s", cases[i].arguments,
				 ask_text(&ask, "signatures", "state"));
		assert_string_equal(ask_text(&ask, "signatures", "trust"),
				    cases[i].trust);
		addresses = cases[i].address[0] == 0 ? NULL :
			value_find(ask_first(&ask, "signatures"), "addresses",
				   VALUE_LIST);
		if (cases[i].address[0] != 0) {
			assert_int_equal(addresses->count, 1);
			assert_string_equal(addresses->first->text,
					    cases[i].address);
			assert_int_equal(strcmp(cases[i].state, "good") == 0,
					 ask_text(&ask, "signatures",
						  "reason")[0] == 0);
		}
		ask_close(&ask);
		/* Over another text it is bad, and nobody's. */
		verify(&ask, signature, "Hello\r\nthero\r\n");
		if (cases[i].state[0] != 0)
			assert_string_equal(ask_text(&ask, "signatures",
						     "state"), "bad");
		assert_string_equal(ask_text(&ask, "signatures", "trust"), "");
		ask_close(&ask);
		free(signature);
	}
}

/* Who vouches for one of two addresses in a user id need not know of the
 * other; what programs read differently names none. */
static void user_ids_of_two_minds(void **state)
{
	static const struct {
		const char *uid, *found, *address;
	} ids[] = {
		{ "Boss <boss@example.org> <m1@evil.example>", "m1@evil", "" },
		{ "\"Boss <boss@example.org>\" <m2@evil.example>", "m2@evil",
		  "" },
		{ "m3@evil.example, boss@example.org", "m3@evil", "" },
		{ "Boss <boss@example.org>m4", "org>m4", "" },
		{ "Boss (boss@example.org) <m5@evil.example>", "m5@evil",
		  "m5@evil.example" },
		{ "m6@evil.example", "m6@evil", "m6@evil.example" },
	};
	const struct value *addresses;
	char arguments[256], *signature;
	struct ask ask;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		(void)snprintf(arguments, sizeof(arguments),
			       "--allow-freeform-uid --quick-gen-key '%s' "
			       "ed25519 sign never", ids[i].uid);
		gpg_do("", arguments);
		(void)snprintf(arguments, sizeof(arguments), "-u '%s'",
			       ids[i].found);
		signature = made(arguments);
		verify(&ask, signature, TEXT);
		assert_string_equal(ask_text(&ask, "signatures", "state"),
				    "good");
		addresses = value_find(ask_first(&ask, "signatures"),
				       "addresses", VALUE_LIST);
		assert_int_equal(addresses->count, ids[i].address[0] != 0);
		if (addresses->count > 0)
			assert_string_equal(addresses->first->text,
					    ids[i].address);
		ask_close(&ask);
		free(signature);
	}
}

/* The state of the first signature. */
static void expect(const char *signature, const char *wanted)
{
	struct ask ask;

	verify(&ask, signature, TEXT);
	assert_string_equal(ask_text(&ask, "signatures", "state"), wanted);
	if (strcmp(wanted, "good") != 0)
		assert_string_not_equal(ask_text(&ask, "signatures",
						 "trust"), "own");
	ask_close(&ask);
}

static void test_key_gone(void **state)
{
	char *signature = made("-u gone@example.org");
	char fingerprint[64], arguments[128];

	(void)state;
	expect(signature, "good");
	gpg_fingerprint("Gone <gone@example.org>", fingerprint);
	(void)snprintf(arguments, sizeof(arguments),
		       "--delete-secret-and-public-key %s", fingerprint);
	gpg_do("", arguments);
	expect(signature, "unknown-key");
	free(signature);
}

static void test_key_revoked(void **state)
{
	char *signature = made("-u revoked@example.org");
	char fingerprint[64], arguments[512];

	(void)state;
	expect(signature, "good");
	gpg_fingerprint("Revoked <revoked@example.org>", fingerprint);
	(void)snprintf(arguments, sizeof(arguments), "--version; sed "
		       "'s/^:--/--/' openpgp-revocs.d/%s.rev >revocation; "
		       "true", fingerprint);
	gpg_do("", arguments);
	gpg_do("", "--import revocation");
	expect(signature, "revoked");
	free(signature);
}

static void test_spoofed_name(void **state)
{
	char *signature = made("-u spoof@example.org");
	struct ask ask;

	(void)state;
	expect(signature, "untrusted");
	verify(&ask, signature, TEXT);
	assert_non_null(strstr(ask_text(&ask, "signatures", "name"),
			       "[GNUPG:] VALIDSIG"));
	ask_close(&ask);
	free(signature);
}

/* Two signers: both are told; crypto/ does not let it come so far. */
static void test_two_signers(void **state)
{
	char *signature = made("-u 'Alice <alice@example.org>' "
			       "-u 'Mallory <alice@example.org>'");
	const struct value *list;
	struct ask ask;

	(void)state;
	verify(&ask, signature, TEXT);
	list = value_find(ask.job.report, "signatures", VALUE_LIST);
	assert_int_equal(list->count, 2);
	assert_string_not_equal(value_text(list->first, "fingerprint"),
				value_text(list->last, "fingerprint"));
	ask_close(&ask);
	free(signature);
}

/* A signature object that brings a text of its own says nothing about ours. */
static void test_own_text(void **state)
{
	static const char *const arguments[] = {
		"-a -s -u 'Alice <alice@example.org>' -o - -",
		"--clearsign -u 'Alice <alice@example.org>' -o - -",
	};
	struct ask ask;
	char *signature;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		signature = gpg("Another text\r\n", arguments[i]);
		assert_non_null(signature);
		ask_open(&ask);
		ask_give(&ask, 0, bytes_of(TEXT));
		ask_give(&ask, 1, bytes_of(signature));
		pgp_verify(&ask.job);
		if (ask.job.failure == NULL)
			assert_string_not_equal(ask_text(&ask, "signatures",
							 "state"), "good");
		ask_close(&ask);
		free(signature);
	}
}

static void test_no_signature(void **state)
{
	static const char *const texts[] = {
		"", "no signature\n", "-----BEGIN PGP SIGNATURE-----\n\n"
		"-----END PGP SIGNATURE-----\n"
	};
	struct ask ask;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ask_open(&ask);
		ask_give(&ask, 0, bytes_of(TEXT));
		ask_give(&ask, 1, bytes_of(texts[i]));
		pgp_verify(&ask.job);
		assert_null(ask_first(&ask, "signatures"));
		ask_close(&ask);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_cases),
	cmocka_unit_test(user_ids_of_two_minds),
	cmocka_unit_test(test_key_gone),
	cmocka_unit_test(test_key_revoked),
	cmocka_unit_test(test_spoofed_name),
	cmocka_unit_test(test_two_signers),
	cmocka_unit_test(test_own_text),
	cmocka_unit_test(test_no_signature),
};

GPG_TESTS(tests, setup, gpg_home_close)
