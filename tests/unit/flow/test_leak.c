/* test_leak.c - parts that are private keys, and those that look like it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/memfile.h"
#include "agent/flow/leak.h"

static void beginnings(void **state)
{
	static const char *const keys[] = {
		"-----BEGIN PRIVATE KEY-----\nMIIE",
		"\r\n  -----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMIIE",
		"-----BEGIN RSA PRIVATE KEY-----\n",
		"Mailseal-Checksum: sha256 00\n"
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\n",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
		"Bag Attributes\n    localKeyID: 01\nKey Attributes: <No>\n"
		"-----BEGIN PRIVATE KEY-----\n",
		"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
		"\n-----BEGIN PRIVATE KEY-----\n",
		"(21:protected-private-key(3:rsa", "(11:private-key(3:rsa",
		"Created: 20260101T000000\nKey: (protected-private-key (rsa",
		"\x95\x03\x98\x04" "abcdefgh", "\xc5\x58\x04" "abcdefgh",
		"\xc5\xc1\x02\x04" "abcdefgh",
	};
	static const char *const others[] = {
		"", "Dear Bob,\n-----BEGIN PRIVATE KEY-----\n",
		"+-----BEGIN PRIVATE KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n",
		"-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
		"-----BEGIN PGP MESSAGE-----\n",
		"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
		"PRIVATE KEY", "\x99\x01\x0d\x04" "abcdefgh",
		"\xc6\x58\x04" "abcdefgh", "\x95\x03\x98\x7f" "abcdefgh",
		"\x95", "\xc5", "\x30\x82\x01\x02 no pfx at all, but long "
		"enough to be one",
	};
	static const unsigned char pfx[40] = {
		0x30, 0x82, 0x0a, 0x00, 0x02, 0x01, 0x03, 0x30, 0x82, 0x09,
		0xc0, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
		0x07, 0x01 };
	const struct bytes store = { pfx, sizeof(pfx) };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!leak_is_key(bytes_of(keys[i])))
			fail_msg("no key: %s", keys[i]);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (leak_is_key(bytes_of(others[i])))
			fail_msg("a key: %s", others[i]);
	assert_true(leak_is_key(store));
}

static struct arena *arena;		/* of the last one found */

static int found(const char *text, const char **part)
{
	struct memfile file;
	int r;

	arena_free(arena);
	arena = arena_new(1024 * 1024);
	assert_int_equal(memfile_open(memfile_make("message", bytes_of(text)),
				      1 << 20, &file), 0);
	r = leak_find(arena, &file, part);
	memfile_close(&file);
	return r;
}

#define HEAD	"From: a@b.example\r\nMIME-Version: 1.0\r\n"
#define MIXED	HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n" \
		"--b\r\n\r\nAs you asked.\r\n--b\r\n"

static void parts(void **state)
{
	const char *part;

	(void)state;
	assert_int_equal(found(HEAD "\r\nHello.\r\n", &part), 0);
	assert_int_equal(found(HEAD "\r\n-----BEGIN PRIVATE KEY-----\r\n",
			       &part), 1);
	assert_string_equal(part, "");
	assert_int_equal(found(MIXED "Content-Type: application/octet-stream; "
		"name=id_rsa\r\n\r\n-----BEGIN OPENSSH PRIVATE KEY-----\r\n"
		"\r\n--b--\r\n", &part), 1);
	assert_string_equal(part, "2");
	/* In base64, in quoted-printable, in a message within. */
	assert_int_equal(found(MIXED "Content-Transfer-Encoding: base64\r\n"
		"\r\nLS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBLRVktLS0tLQo=\r\n"
		"--b--\r\n", &part), 1);
	assert_int_equal(found(MIXED "Content-Transfer-Encoding: "
		"quoted-printable\r\n\r\n=2D----BEGIN PGP PRIVATE KEY =\r\n"
		"BLOCK-----\r\n--b--\r\n", &part), 1);
	assert_int_equal(found(MIXED "Content-Type: message/rfc822\r\n\r\n"
		HEAD "\r\n-----BEGIN PRIVATE KEY-----\r\n--b--\r\n", &part), 1);
	assert_string_equal(part, "2.1");
	assert_int_equal(found(MIXED "Content-Type: text/x-patch\r\n\r\n"
		"--- a/test.pem\r\n+-----BEGIN PRIVATE KEY-----\r\n--b--\r\n",
		&part), 0);
	arena_free(arena);
	arena = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beginnings),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
