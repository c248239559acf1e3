/* test_open_damaged.c - messages cut off, changed anywhere, too deep, too many
 *
 * Whatever was done to a message: it is judged to the end, never as more than
 * it is, and no octet leaves that was sealed and is not as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/attack_desk.h"

#define DEEP		1000
#define RECIPIENTS	10000

static bool is_protected(void)
{
	return strcmp(seal_word("security"), "verified") == 0 ||
	       strcmp(seal_word("security"), "confidential") == 0;
}

/* Read as it is now; `secret`: was encrypted. */
static void judged(struct bytes text, const char *whole, bool secret)
{
	int r = seal_read(text);

	if (r < 0) {
		assert_true(desk.why.len > 0);
		assert_false(seal.left);
		return;
	}
	assert_true(seal_word("line")[0] != 0);
	if (is_protected())
		assert_non_null(strstr(buf_string(&seal.content), whole));
	if (secret && seal.left &&
	    strcmp(seal_word("encryption.status"), "opened") == 0)
		assert_non_null(strstr(buf_string(&seal.content), whole));
}

static void each_kind(void (*damage)(struct bytes sealed, bool secret))
{
	static const struct {
		unsigned what, reads;
	} kinds[] = {
		{ SEAL_SIGN, 0 }, { SEAL_BOTH, 0 },
		{ SEAL_BOTH, SMIME_READS_GCM },
		{ SEAL_ENCRYPT, SMIME_READS_GCM },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		desk.reads = kinds[i].reads;
		assert_int_equal(seal_protect(bytes_of(MAIL), kinds[i].what,
					      PROTECT_HEADERS), 0);
		damage(arena_bytes(desk.arena, buf_bytes(&seal.sealed)),
		       (kinds[i].what & SEAL_ENCRYPT) != 0);
	}
	desk.reads = 0;
}

static void arena_anew(void)
{
	arena_free(desk.arena);
	desk.arena = desk.job.arena = arena_new(16 * 1024 * 1024);
}

static void cut(struct bytes sealed, bool secret)
{
	unsigned char *copy = malloc(sealed.len);
	struct bytes piece = { copy, sealed.len };

	assert_non_null(copy);
	memcpy(copy, sealed.data, sealed.len);
	for (piece.len = 0; piece.len < sealed.len; piece.len += 13) {
		judged(piece, "Meet me at noon.", secret);
		arena_anew();
	}
	free(copy);
}

static void cut_off(void **state)
{
	(void)state;
	each_kind(cut);
}

static void change(struct bytes sealed, bool secret)
{
	static const unsigned char masks[] = { 0x01, 0x20, 0x80 };
	unsigned char *copy = malloc(sealed.len);
	const struct bytes all = { copy, sealed.len };
	size_t i;

	assert_non_null(copy);
	memcpy(copy, sealed.data, sealed.len);
	for (i = 0; i < sealed.len; i += 5) {
		copy[i] ^= masks[i % 3];
		judged(all, "Meet me at noon.", secret);
		arena_anew();
		copy[i] ^= masks[i % 3];
	}
	free(copy);
}

static void changed_anywhere(void **state)
{
	(void)state;
	each_kind(change);
}

/* With the number in place of each "@". */
static void add(struct buf *to, const char *each, int number)
{
	for (; *each != 0; each++)
		if (*each == '@')
			buf_print(to, "%d", number);
		else
			buf_byte(to, (unsigned char)*each);
}

/* `each` DEEP times, one within the other, and a text in the middle. */
static void deep(const char *each, const char *boundaries)
{
	struct buf text;
	int i;

	buf_init(&text, 4 * 1024 * 1024);
	buf_text(&text, HEAD);
	for (i = 0; i < DEEP; i++)
		add(&text, each, i);
	buf_text(&text, EVIL);
	for (i = DEEP; boundaries != NULL && i-- > 0;)
		add(&text, boundaries, i);
	assert_false(text.full);
	judged(buf_bytes(&text), "not there", false);
	assert_false(is_protected());
	arena_anew();
	buf_free(&text);
}

static void nested(void **state)
{
	(void)state;
	deep("Content-Type: multipart/mixed; boundary=b@\r\n\r\n--b@\r\n",
	     "\r\n--b@--\r\n");
	deep("Content-Type: multipart/mixed; boundary=b@\r\n\r\n--b@\r\n",
	     NULL);
	deep("Content-Type: message/rfc822\r\nX: @\r\n\r\n", NULL);
	deep("Content-Type: multipart/signed; boundary=b@;\r\n"
	     " protocol=\"application/pkcs7-signature\"\r\n\r\n--b@\r\n",
	     "\r\n--b@\r\nContent-Type: application/pkcs7-signature\r\n\r\n"
	     "x\r\n");
	deep("Content-Type: multipart/encrypted; boundary=b@;\r\n"
	     " protocol=\"application/pgp-encrypted\"\r\n\r\n--b@\r\n"
	     "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
	     NULL);
}

/* DER of DEEP constructed octet strings, in place of an object. */
static void nested_object(void **state)
{
	unsigned char object[2 * DEEP];
	struct bytes octets = { object, sizeof(object) };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(object); i += 2) {
		object[i] = i == 0 ? 0x30 : 0x24;
		object[i + 1] = 0x80;
	}
	assert_int_equal(forge_read(HEAD, arena_print(desk.arena,
		"Content-Type: application/pkcs7-mime\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s",
		forge_base64(octets))), 0);
	is("encryption.status", "damaged");
	assert_false(seal.left);
}

static void many_recipients(void **state)
{
	const struct lab_wish wish = { .kind = LAB_RSA_1024, .name = "Many" };
	struct lab_identity one = lab_identity_make(&wish);
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(FORGE_TEXT, -1);
	CMS_ContentInfo *cms;
	const char *blob;
	int i;

	(void)state;
	(void)sk_X509_push(list, desk.bob.certificate);
	for (i = 1; i < RECIPIENTS; i++)
		(void)sk_X509_push(list, one.certificate);
	cms = CMS_encrypt(list, in, EVP_aes_128_cbc(), CMS_BINARY);
	assert_non_null(cms);
	sk_X509_free(list);
	BIO_free(in);
	blob = forge_cms(cms);
	assert_int_equal(forge_read(HEAD, arena_print(desk.arena,
		"Content-Type: application/pkcs7-mime\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n%s", blob)), 0);
	is("encryption.status", "damaged");
	assert_non_null(strstr(seal_word("encryption.reason"), "recipients"));
	assert_false(seal.left);
	lab_identity_free(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_off),
		cmocka_unit_test(changed_anywhere),
		cmocka_unit_test(nested),
		cmocka_unit_test(nested_object),
		cmocka_unit_test(many_recipients),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
