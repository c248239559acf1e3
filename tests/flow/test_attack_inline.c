/* test_attack_inline.c - OpenPGP lines in a text speak for nothing, and that
 * they are there is told wherever they hide */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

#define SIGNED	"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n" \
		"Pay Mallory.\r\n-----BEGIN PGP SIGNATURE-----\r\n"
#define SEALED	"-----BEGIN PGP MESSAGE-----\r\n\r\nhF4DAAAA\r\n"
#define PLAIN	"Content-Type: text/plain\r\n\r\n"

static const char *base64(const char *text)
{
	return arena_print(desk.arena, "Content-Type: text/plain\r\n"
			   "Content-Transfer-Encoding: base64\r\n\r\n%s",
			   forge_base64(bytes_of(text)));
}

static void told_of(const char *entity, bool wanted)
{
	unprotected(HEAD, entity, "none");
	is("covers", "none");
	is("encryption.status", "not-encrypted");
	if (seal_has_reason("inline-openpgp") != wanted)
		fail_msg("%s:\n%s", wanted ? "not told of" : "told of",
			 entity);
}

static void wherever_it_stands(void **state)
{
	static const char *const entities[] = {
		"\r\n" SIGNED,
		PLAIN SIGNED,
		PLAIN SEALED,
		PLAIN "Pay Mallory.\r\n\r\n\r\n" SIGNED,
		PLAIN "> " SEALED,
		"Content-Type: application/pgp; format=text\r\n\r\n" SIGNED,
		HTML "<b>Pay</b><div style=\"display:none\"><plaintext>"
			SEALED,
		"Content-Type: text/plain\r\nContent-Transfer-Encoding: "
			"quoted-printable\r\n\r\n=2D----BEGIN PGP=20ME=\r\n"
			"SSAGE-----\r\n",
		"Content-Type: text/x-anything\r\n"
			"Content-Disposition: attachment\r\n\r\n" SEALED,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		told_of(entities[i], true);
		told_of(mixed("mixed", EVIL, entities[i], NULL), true);
		told_of(mixed("related", HTML "<img src=\"cid:x\">",
			      entities[i], EVIL), true);
		told_of(arena_print(desk.arena, "Content-Type: message/rfc822"
				    "\r\n\r\n" HEAD "%s", entities[i]), true);
	}
	told_of(base64(SIGNED), true);
	told_of(mixed("mixed", EVIL, base64(SEALED), NULL), true);
}

/* At any place of a long text, also between two reads. */
static void however_far_down(void **state)
{
	static const int places[] = { 1, 16300, 16383, 16384, 16385, 16400,
				      32750, 100000 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		told_of(arena_print(desk.arena, PLAIN "%0*d\r\n" SEALED,
				    places[i], 0), true);
}

static void what_is_no_such_line(void **state)
{
	(void)state;
	told_of(EVIL, false);
	told_of(PLAIN "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n", false);
	told_of(PLAIN "BEGIN PGP MESSAGE\r\n", false);
	told_of("Content-Type: image/png\r\n\r\n" SEALED, false);
}

/* Inside a right envelope it is told of as well, and changes nothing. */
static void inside_an_envelope(void **state)
{
	(void)state;
	assert_int_equal(forge_read(HEAD, forge_opaque(&desk.alice,
						       PLAIN SIGNED)), 0);
	is("security", "verified");
	assert_true(seal_has_reason("inline-openpgp"));
	assert_int_equal(forge_read(HEAD, forge_encrypted(mixed("mixed", EVIL,
			 PLAIN SEALED, NULL), EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	assert_true(seal_has_reason("inline-openpgp"));
	assert_non_null(strstr(buf_string(&seal.content), "hF4DAAAA"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wherever_it_stands),
		cmocka_unit_test(however_far_down),
		cmocka_unit_test(what_is_no_such_line),
		cmocka_unit_test(inside_an_envelope),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
