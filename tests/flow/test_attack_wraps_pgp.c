/* test_attack_wraps_pgp.c - as test_attack_wraps.c, for what OpenPGP seals */
#include "tests/flow/pgp_attack.h"

#include "tests/flow/attack_wraps.h"

static void speaks_for_nothing(const char *message, const char *how)
{
	mail_open(message, NULL);
	wrap_is_nothing(pgp.desk.job.arena, pgp.report, &pgp.content, message,
			how);
	mail_done();
}

static void anything_sealed(void **state)
{
	char *sealed[2];

	(void)state;
	sealed[0] = pgp_signed(ENTITY, ALICE);
	sealed[1] = pgp_encrypted("Content-Type: text/plain\r\n\r\n"
				  "the secret\r\n", "");
	wrap_all(sealed, 2, speaks_for_nothing);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(anything_sealed),
};

GPG_TESTS(tests, pgp_setup, pgp_teardown)
