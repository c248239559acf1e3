/* test_attack_wraps.c - whatever is around it: what is sealed speaks for the
 * message only as its root, and what is encrypted elsewhere stays closed
 *
 * Each of a few thousand messages by attack_wraps.h, for what S/MIME seals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"
#include "tests/flow/attack_wraps.h"

static void speaks_for_nothing(const char *message, const char *how)
{
	struct arena *all = desk.arena;

	desk.arena = desk.job.arena = arena_new(1 << 22);
	assert_non_null(desk.arena);
	assert_int_equal(seal_read(bytes_of(message)), 0);
	wrap_is_nothing(desk.arena, seal.report, &seal.content, message, how);
	arena_free(desk.arena);
	desk.arena = desk.job.arena = all;
}

static char *kept(const char *text)
{
	char *out = strdup(text);

	assert_non_null(out);
	return out;
}

static void anything_sealed(void **state)
{
	char *sealed[3];

	(void)state;
	sealed[0] = kept(forge_genuine());
	sealed[1] = kept(forge_opaque(&desk.alice, FORGE_TEXT));
	sealed[2] = kept(forge_encrypted(SECRET, EVP_aes_256_gcm()));
	wrap_all(sealed, 3, speaks_for_nothing);
}

/* The same dresses on the root that is signed: right, or said to be wrong, and
 * never right over another text. */
static void dresses_of_the_root(void **state)
{
	static const char *const types[] = {
		"Content-Type: multipart/signed; micalg=sha-256; boundary=sig;"
			"\r\n protocol=\"application/pkcs7-signature\"\r\n",
		"content-type:MULTIPART/SIGNED;BOUNDARY=sig;PROTOCOL="
			"\"application/pkcs7-signature\"\r\n",
		"Content-Type: (a) multipart/signed (b); boundary=sig (c);\r\n"
			" protocol=\"application/pkcs7-signature\" (d)\r\n",
		"Content-Type: multipart/signed; boundary*=us-ascii''sig;\r\n"
			" protocol=\"application/pkcs7-signature\"\r\n",
		"Content-Type: multipart/signed; boundary*0=si;\r\n"
			" boundary*1=g; protocol*0=\"application/pkcs7-\";\r\n"
			" protocol*1=signature\r\n",
		"Content-Type: multipart/signed; boundary=sig; boundary=x;\r\n"
			" protocol=\"application/pkcs7-signature\"\r\n",
		"Content-Type: multipart/signed; boundary=sig;\r\n"
			" protocol=\"application/pkcs7-signature\"\r\n"
			"Content-Transfer-Encoding: base64\r\n",
	};
	const char *body = strstr(forge_genuine(), "--sig\r\n"), *text;
	size_t i, verified = 0;

	(void)state;
	assert_non_null(body);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_int_equal(forge_read(HEAD, arena_print(desk.arena,
				 "%s\r\n%s", types[i], body)), 0);
		if (strcmp(seal_word("security"), "verified") == 0)
			verified++;
		else
			is("signature.status", "bad");
		text = arena_print(desk.arena, "%s\r\n--x\r\n%s\r\n--x--\r\n%s"
				   "\r\n--sig\r\n%s\r\n--sig--\r\n", types[i],
				   EVIL, body, EVIL);
		assert_int_equal(forge_read(HEAD, text), 0);
		/* In front of and behind the parts nobody shows anything. */
		if (strcmp(seal_word("security"), "verified") == 0)
			assert_null(strstr(buf_string(&seal.content),
					   "Pay Mallory"));
		else
			is("signature.status", "bad");
	}
	/* The last two say what readers take in two ways. */
	assert_int_equal(verified, sizeof(types) / sizeof(types[0]) - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anything_sealed),
		cmocka_unit_test(dresses_of_the_root),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
