/* test_attack_layers.c - layers and inner fields that anybody can add
 *
 * Everybody can encrypt to a public key: an envelope of the attacker's around
 * somebody else's old one must not speak for what is in the old one.  And
 * fields inside an encryption that nobody signed are anybody's word. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

#define MALLORY	"From: Mallory <mallory@evil.example>\r\n" \
		"To: bob@example.org\r\nSubject: hello\r\n"

/* What shows that nothing was changed is what the innermost has. */
static void sound_around_unsound(void **state)
{
	const char *cbc = forge_encrypted(SECRET, EVP_aes_256_cbc());
	const char *old = forge_encrypted(SECRET, EVP_des_ede3_cbc());
	const char *gcm = forge_encrypted(SECRET, EVP_aes_256_gcm());

	(void)state;
	assert_int_equal(forge_read(HEAD, forge_encrypted(cbc,
			 EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	is("encryption.integrity", "none");
	assert_true(seal_has_reason("content-unprotected"));
	assert_int_equal(forge_read(HEAD, forge_encrypted(old,
			 EVP_aes_256_gcm())), 0);
	is("encryption.algorithm", "3des-cbc");
	assert_true(seal_has_reason("old-cipher"));
	/* A signature between them covers the ciphertext and no text. */
	assert_int_equal(forge_read(HEAD, forge_encrypted(
			 forge_opaque(&desk.alice, cbc),
			 EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	is("encryption.integrity", "none");
	assert_int_equal(forge_read(HEAD, forge_encrypted(gcm,
			 EVP_aes_256_cbc())), 0);
	is("encryption.integrity", "aead");
}

/* What did not open is not opened, whatever was around it. */
static void opened_around_closed(void **state)
{
	static const char blob[] =
		"Content-Type: application/pkcs7-mime; "
		"smime-type=enveloped-data\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n";

	(void)state;
	assert_int_equal(forge_read(HEAD, forge_encrypted(blob,
			 EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	is("encryption.status", "damaged");
	is("layers.0.encryption", "opened");
	assert_true(seal_has_reason("not-opened"));
	assert_null(strstr(seal_word("line"), "Encrypted. "));
	assert_false(seal.left);
}

struct inner {
	const char *from;	/* lines inside */
	const char *shown;	/* what leaves */
	const char *hidden;	/* and what does not */
};

static const struct inner unsigned_from[] = {
	{ "From: Alice <alice@example.org>\r\n", "mallory@evil.example",
	  "alice@example.org" },
	{ "From: Alice <mallory@evil.example>\r\n",
	  "From: Mallory <mallory@evil.example>", "Alice" },
	{ "From: alice@example.org\r\nFrom: bob@example.org\r\n",
	  "mallory@evil.example", "alice@example.org" },
	{ "From: alice@example.org, mallory@evil.example\r\n",
	  "mallory@evil.example", "alice@example.org" },
	{ "from: alice@example.org\r\nHP-Outer: From: Mallory "
	  "<mallory@evil.example>\r\n", "mallory@evil.example",
	  "alice@example.org" },
	{ "", "mallory@evil.example", "alice" },
};

static const char *inside_of(const struct inner *inner, const char *parameter)
{
	return arena_print(desk.arena, "%sSubject: pay\r\nContent-Type: "
			   "text/plain; %s\r\n\r\nPay Mallory.\r\n",
			   inner->from, parameter);
}

static void shows(const struct inner *inner)
{
	const char *text = buf_string(&seal.content);

	assert_true(seal.left);
	if (strstr(text, inner->shown) == NULL ||
	    strstr(text, inner->hidden) != NULL)
		fail_msg("of \"%s\" came out: %s", inner->from, text);
	assert_non_null(strstr(text, "Subject: pay"));
}

/* DKIM and its like judge the From outside; another one does not take its
 * place because it lay inside an encryption. */
static void author_inside_encryption(void **state)
{
	static const char *const kinds[] = {
		"hp=\"cipher\"", "hp=\"clear\"", "protected-headers=\"v1\"",
		"hp=\"cipher\"; hp-legacy-display=\"1\"",
		"hp=\"cipher\"\r\nContent-Description: x\r"
		"From: alice@example.org",
		"hp=\"cipher\"\r\nContent-From: alice@example.org\r",
		"hp=\"cipher\"\r\nContent-X alice@example.org"
	};
	const struct inner *inner;
	const char *sealed;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(unsigned_from) / sizeof(unsigned_from[0]); i++)
		for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			inner = &unsigned_from[i];
			sealed = inside_of(inner, kinds[k]);
			assert_int_equal(forge_read(MALLORY, forge_encrypted(
					 sealed, EVP_aes_256_gcm())), 0);
			is("security", "encrypted");
			shows(inner);
			if (i == 0 && k < 4)
				assert_true(seal_has_reason("author-inside"));
			if (i == 1)
				assert_false(seal_has_reason("author-inside"));
			/* Signed by one for whom nobody vouches. */
			assert_int_equal(forge_read(MALLORY, forge_encrypted(
					 forge_opaque(&desk.other, sealed),
					 EVP_aes_256_gcm())), 0);
			is("security", "encrypted");
			is("signature.status", "untrusted");
			shows(inner);
		}
}

/* The signer's own From is shown, and that the one outside is another. */
static void author_inside_signature(void **state)
{
	const char *inside = inside_of(&unsigned_from[0], "hp=\"clear\"");

	(void)state;
	assert_int_equal(forge_read(MALLORY, forge_opaque(&desk.alice,
							  inside)), 0);
	is("security", "unprotected");
	is("signature.from_match", "no");
	assert_true(seal_has_reason("headers-changed"));
	assert_non_null(strstr(buf_string(&seal.content),
			       "From: Alice <alice@example.org>"));
	/* Bob did not sign as Alice. */
	assert_int_equal(forge_read(MALLORY, forge_opaque(&desk.bob,
							  inside)), 0);
	is("security", "unprotected");
	assert_null(strstr(buf_string(&seal.content), "alice@example.org"));
	/* The signature is around the encryption. */
	assert_int_equal(forge_read(MALLORY, forge_opaque(&desk.alice,
			 forge_encrypted(inside, EVP_aes_256_gcm()))), 0);
	is("security", "encrypted");
	assert_null(strstr(buf_string(&seal.content), "alice@example.org"));
}

/* A signature that nobody can check protects no field. */
static void fields_inside_nothing(void **state)
{
	static const char inside[] =
		"Content-Type: text/plain; hp=\"clear\"\r\n"
		"From: alice@example.org\r\nSubject: pay\r\n\r\nPay.\r\n";

	(void)state;
	assert_int_equal(forge_read(MALLORY, forge_signed(inside,
			 forge_signature(&desk.other, inside, CMS_DETACHED |
					 CMS_BINARY | CMS_NOCERTS))), 0);
	is("signature.status", "unknown-key");
	is("headers.protection", "none");
	assert_non_null(strstr(buf_string(&seal.content), "Subject: hello"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_around_unsound),
		cmocka_unit_test(opened_around_closed),
		cmocka_unit_test(author_inside_encryption),
		cmocka_unit_test(author_inside_signature),
		cmocka_unit_test(fields_inside_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
