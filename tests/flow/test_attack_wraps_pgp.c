/* test_attack_wraps_pgp.c - as test_attack_wraps.c, for what OpenPGP seals */
#include "tests/flow/pgp_attack.h"

#include "tests/flow/attack_wraps.h"

static unsigned listed;

static bool is_one(const char *path, const char *a, const char *b)
{
	return strcmp(mail_word(path), a) == 0 ||
	       strcmp(mail_word(path), b) == 0;
}

static void speaks_for_nothing(const char *message, const char *how)
{
	mail_open(message, NULL);
	if (!is_one("security", "unprotected", "encrypted") ||
	    !is_one("signature.status", "none", "bad") ||
	    !is_one("encryption.status", "not-encrypted", "damaged") ||
	    (is_one("covers", "whole", "whole") &&
	     !is_one("signature.status", "bad", "bad") &&
	     !is_one("encryption.status", "damaged", "damaged")) ||
	    strstr(buf_string(&pgp.content), "the secret") != NULL)
		fail_msg("%s: %s, signature %s, encryption %s, covers %s\n%s",
			 how, mail_word("security"),
			 mail_word("signature.status"),
			 mail_word("encryption.status"), mail_word("covers"),
			 message);
	listed += mail_word("parts.0.part")[0] != '\0';
	mail_done();
}

static void anything_sealed(void **state)
{
	char *sealed[2];
	unsigned count = 0;
	size_t i;

	(void)state;
	sealed[0] = pgp_signed(ENTITY, ALICE);
	sealed[1] = pgp_encrypted("Content-Type: text/plain\r\n\r\n"
				  "the secret\r\n", "");
	listed = 0;
	for (i = 0; i < 2; i++) {
		count += wrap_each(sealed[i], speaks_for_nothing);
		free(sealed[i]);
	}
	print_message("%u messages, %u with a part that is told of\n", count,
		      listed);
	assert_true(listed > count / 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(anything_sealed),
};

GPG_TESTS(tests, pgp_setup, pgp_teardown)
