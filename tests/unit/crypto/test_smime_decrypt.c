/* test_smime_decrypt.c - every way in, every way to change what is inside */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <openssl/rsa.h>

#include "tests/unit/crypto/smime_desk.h"

#define TEXT	bytes_of(DESK_TEXT)

static int setup(void **state)
{
	(void)state;
	smime_prepare();
	desk_open(LAB_P384, LAB_RSA_2048);
	desk.smime.own_count = 1;		/* Bob's */
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close();
	return 0;
}

static void opening_is(struct bytes blob, enum seal_opening opening)
{
	assert_int_equal(desk_open_blob(blob), 0);
	assert_string_equal(seal_opening_name[desk.facts.opening],
			    seal_opening_name[opening]);
	assert_int_equal(desk.facts.state, SEAL_UNSIGNED);
	if (opening != SEAL_OPENED)
		assert_non_null(desk.facts.reason);
}

static void there_and_back(const struct lab_identity *const *to, size_t count,
			   const char *cipher, enum seal_integrity integrity)
{
	assert_int_equal(desk_encrypt(TEXT, to, count), 0);
	opening_is(buf_bytes(&desk.blob), SEAL_OPENED);
	assert_string_equal(buf_string(&desk.out), DESK_TEXT);
	assert_string_equal(desk.facts.cipher, cipher);
	assert_int_equal(desk.facts.integrity, integrity);
	assert_int_equal(desk.facts.recipient_count, count);
	assert_int_equal(strlen(desk.facts.opened_with), 64);
}

static void to_one_and_many(void **state)
{
	const struct lab_identity *to[3] = { &desk.alice, &desk.other,
					     &desk.bob };

	(void)state;
	desk.reads = 0;
	there_and_back(to + 2, 1, "aes256-cbc", SEAL_INTEGRITY_NONE);
	there_and_back(to, 3, "aes256-cbc", SEAL_INTEGRITY_NONE);
	desk.reads = SMIME_READS_GCM;
	there_and_back(to, 3, "aes256-gcm", SEAL_INTEGRITY_AEAD);
	desk.reads = SMIME_READS_GCM | SMIME_READS_OAEP;
	there_and_back(to, 3, "aes256-gcm", SEAL_INTEGRITY_AEAD);
	/* By the elliptic curve's key as well. */
	desk.own[0] = desk.alice.certificate;
	desk.keys[0] = &desk.alice;
	there_and_back(to, 3, "aes256-gcm", SEAL_INTEGRITY_AEAD);
	desk.own[0] = desk.bob.certificate;
	desk.keys[0] = &desk.bob;
}

static void of_any_size(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 4096, 512 * 1024 - 1,
					512 * 1024, 512 * 1024 + 1, 3000000 };
	const struct lab_identity *to[1] = { &desk.bob };
	unsigned char *room = malloc(3000000);
	struct bytes text = { room, 0 };
	size_t i, j;

	(void)state;
	assert_non_null(room);
	for (i = 0; i < 3000000; i++)
		room[i] = (unsigned char)(i * 31 + i / 256);
	for (j = 0; j < 2; j++) {
		desk.reads = j == 0 ? 0 : SMIME_READS_GCM;
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			text.len = sizes[i];
			assert_int_equal(desk_encrypt(text, to, 1), 0);
			opening_is(buf_bytes(&desk.blob), SEAL_OPENED);
			assert_true(bytes_equal(buf_bytes(&desk.out), text));
		}
	}
	free(room);
}

/* Any octet: with GCM nothing passes but what means nothing; with CBC what
 * passes is known to be unprotected. */
static void every_octet(void **state)
{
	const struct lab_identity *to[1] = { &desk.alice };
	struct bytes copy;
	size_t i, opened;
	int round;

	(void)state;
	desk.own[0] = desk.alice.certificate;
	desk.keys[0] = &desk.alice;
	for (round = 0; round < 2; round++) {
		desk.reads = round == 0 ? SMIME_READS_GCM : 0;
		assert_int_equal(desk_encrypt(TEXT, to, 1), 0);
		copy = arena_bytes(desk.arena, buf_bytes(&desk.blob));
		for (i = opened = 0; i < copy.len; i++) {
			desk.blob.data[i] ^= 0x10;
			assert_int_equal(desk_open_blob(
						 buf_bytes(&desk.blob)), 0);
			desk.blob.data[i] ^= 0x10;
			if (desk.facts.opening != SEAL_OPENED)
				continue;
			opened++;
			if (round == 0)
				assert_string_equal(buf_string(&desk.out),
						    DESK_TEXT);
			else
				assert_int_equal(desk.facts.integrity,
						 SEAL_INTEGRITY_NONE);
		}
		if (round == 0)
			assert_true(opened < 20);
		for (i = 0; i < copy.len; i++) {
			assert_int_equal(desk_open_blob(
					 bytes_slice(copy, 0, i)), 0);
			assert_int_not_equal(desk.facts.opening,
					     SEAL_OPENED);
		}
	}
	desk.own[0] = desk.bob.certificate;
	desk.keys[0] = &desk.bob;
}

static CMS_ContentInfo *by_peer(const struct lab_identity *to,
				const EVP_CIPHER *cipher, const char *text)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms;

	(void)sk_X509_push(list, to->certificate);
	cms = CMS_encrypt(list, in, cipher, CMS_BINARY);
	assert_non_null(cms);
	sk_X509_free(list);
	BIO_free(in);
	return cms;
}

static void of_a_peer(void **state)
{
	static const struct {
		const char *name, *word;
	} ciphers[] = {
		{ "AES-128-CBC", "aes128-cbc" }, { "AES-192-CBC",
		"aes192-cbc" }, { "AES-256-CBC", "aes256-cbc" },
		{ "AES-128-GCM", "aes128-gcm" }, { "AES-192-GCM",
		"aes192-gcm" }, { "AES-256-GCM", "aes256-gcm" },
		{ "DES-EDE3-CBC", "3des-cbc" },
	};
	EVP_CIPHER *cipher;
	CMS_ContentInfo *cms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
		cipher = EVP_CIPHER_fetch(NULL, ciphers[i].name, NULL);
		cms = by_peer(&desk.bob, cipher, DESK_TEXT);
		desk_blob_of(cms);
		opening_is(buf_bytes(&desk.blob), SEAL_OPENED);
		assert_string_equal(desk.facts.cipher, ciphers[i].word);
		assert_string_equal(buf_string(&desk.out), DESK_TEXT);
		CMS_ContentInfo_free(cms);
		EVP_CIPHER_free(cipher);
	}
}

static void for_somebody_else(void **state)
{
	CMS_ContentInfo *cms = by_peer(&desk.alice, EVP_aes_256_gcm(),
				       DESK_TEXT);
	EVP_PKEY *key = desk.bob.key;

	(void)state;
	desk_blob_of(cms);
	opening_is(buf_bytes(&desk.blob), SEAL_NO_KEY);
	assert_int_equal(desk.out.len, 0);
	assert_int_equal(desk.facts.recipient_count, 1);
	CMS_ContentInfo_free(cms);
	cms = by_peer(&desk.bob, EVP_aes_256_gcm(), DESK_TEXT);
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	desk.bob.key = NULL;
	opening_is(buf_bytes(&desk.blob), SEAL_NO_KEY);
	desk.bob.key = key;
	desk.state = SMIME_KEY_LOCKED;
	opening_is(buf_bytes(&desk.blob), SEAL_LOCKED);
	assert_int_equal(desk.out.len, 0);
	desk.state = SMIME_KEY_GONE;
	assert_int_equal(desk_open_blob(buf_bytes(&desk.blob)), ERR_GONE);
	desk.state = SMIME_KEY_FINE;
}

/* Bleichenbacher, "million message": a wrong key, a wrong padding, a wrong tag
 * or a wrong end look the same. */
static void one_answer_for_all(void **state)
{
	static const unsigned char key_head[] = { 0x04, 0x82, 0x01, 0x00 };
	const char *reason = NULL;
	CMS_ContentInfo *cms;
	unsigned char *at;
	int round, i;

	(void)state;
	for (round = 0; round < 2; round++) {
		cms = by_peer(&desk.bob, round == 0 ? EVP_aes_256_gcm() :
						       EVP_aes_256_cbc(),
			      DESK_TEXT);
		for (i = 0; i < 8; i++) {
			desk_blob_of(cms);
			at = memmem(desk.blob.data, desk.blob.len, key_head,
				    sizeof(key_head));
			assert_non_null(at);
			if (i < 4)
				at[10 + 40 * i] ^= 0x80;
			else
				desk.blob.data[desk.blob.len - 1 -
					       (size_t)(i - 4)] ^= 1;
			assert_int_equal(desk_open_blob(
						 buf_bytes(&desk.blob)), 0);
			/* Once in 256 a wrong key's end looks right. */
			if (desk.facts.opening == SEAL_OPENED) {
				assert_int_equal(round, 1);
				continue;
			}
			assert_int_equal(desk.facts.opening, SEAL_DAMAGED);
			if (reason == NULL)
				reason = desk.facts.reason;
			assert_string_equal(reason, desk.facts.reason);
		}
		CMS_ContentInfo_free(cms);
	}
}

static void unsupported(void **state)
{
	static const unsigned char aes[16] = { 0x60, 0x86, 0x48, 0x01, 0x65,
					     0x03, 0x04, 0x01, 0x2a };
	CMS_ContentInfo *cms = by_peer(&desk.bob, EVP_aes_256_cbc(),
				       DESK_TEXT);
	BIO *text = BIO_new_mem_buf("x", 1);
	unsigned char *at;

	(void)state;
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	at = memmem(desk.blob.data, desk.blob.len, aes, 9);
	assert_non_null(at);
	at[8] = 0x2b;			/* 256 bits, output feedback */
	opening_is(buf_bytes(&desk.blob), SEAL_NOT_SUPPORTED);
	assert_non_null(strstr(desk.facts.reason, "2.16.840.1.101.3.4.1.43"));
	at[8] = 0x2e;			/* GCM without its tag */
	opening_is(buf_bytes(&desk.blob), SEAL_NOT_SUPPORTED);
	cms = CMS_EncryptedData_encrypt(text, EVP_aes_128_cbc(), aes, 16, 0);
	assert_non_null(cms);
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	opening_is(buf_bytes(&desk.blob), SEAL_NOT_SUPPORTED);
	(void)BIO_reset(text);
	cms = CMS_digest_create(text, EVP_sha256(), 0);
	assert_non_null(cms);
	BIO_free(text);
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	opening_is(buf_bytes(&desk.blob), SEAL_NOT_ENCRYPTED);
}

static int sink_full(void *ctx, struct bytes piece)
{
	(void)ctx;
	(void)piece;
	return ERR_LIMIT;
}

static void errors_of_ours(void **state)
{
	const struct lab_identity *to[1] = { &desk.bob };
	struct sink full = { sink_full, NULL };
	struct bytes_reader reader;
	struct source from;

	(void)state;
	assert_int_equal(desk_encrypt(TEXT, to, 1), 0);
	from = source_of_bytes(&reader, buf_bytes(&desk.blob));
	assert_int_equal(scheme_smime.open(&desk.job, &from, &full,
					   &desk.facts), ERR_LIMIT);
	desk.job.deadline = 0;
	assert_int_equal(desk_open_blob(buf_bytes(&desk.blob)), ERR_TIMEOUT);
	desk.job.deadline = clock_now_ms() + 600000;
}

static void recipient_refused(const struct lab_wish *wish, const char *part)
{
	struct lab_identity who = lab_identity_make(wish);
	const struct lab_identity *to[2] = { &desk.alice, &who };

	assert_true(desk_encrypt(TEXT, to, 2) < 0);
	assert_int_equal(desk.blob.len, 0);
	if (strstr(buf_string(&desk.why), part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part,
			 buf_string(&desk.why));
	assert_non_null(strstr(buf_string(&desk.why), "bob@example.org"));
	lab_identity_free(&who);
}

static void not_fit_to_read(void **state)
{
	struct lab_wish wish = { .kind = LAB_P256, .name = "Bob",
				 .issuer = &desk.root };
	struct seal_key none = { "carol@example.org", NULL, { NULL, 0 },
				 0 };
	struct bytes_reader reader;
	struct source from = source_of_bytes(&reader, TEXT);
	struct sink to = sink_of_buf(&desk.blob);

	(void)state;
	wish.usage = "digitalSignature";
	recipient_refused(&wish, "not one for encrypting");
	wish.usage = NULL;
	wish.until = -1;
	wish.from = -100;
	recipient_refused(&wish, "has expired");
	wish.from = wish.until = 0;
	wish.kind = LAB_RSA_1024;
	recipient_refused(&wish, "too short a key");
	wish.kind = LAB_X25519;
	wish.usage = "keyAgreement";
	recipient_refused(&wish, "x25519");
	wish.kind = LAB_ED25519;
	recipient_refused(&wish, "ed25519");
	assert_int_equal(scheme_smime.encrypt(&desk.job, &none, 1, &from,
					      &to), ERR_REFUSED);
	assert_non_null(strstr(buf_string(&desk.why), "carol@example.org"));
	assert_int_equal(scheme_smime.encrypt(&desk.job, &none, 0, &from,
					      &to), ERR_LIMIT);
	assert_int_equal(scheme_smime.encrypt(&desk.job, &none, 10000, &from,
					      &to), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_one_and_many),
		cmocka_unit_test(of_any_size),
		cmocka_unit_test(of_a_peer),
		cmocka_unit_test(every_octet),
		cmocka_unit_test(for_somebody_else),
		cmocka_unit_test(one_answer_for_all),
		cmocka_unit_test(unsupported),
		cmocka_unit_test(errors_of_ours),
		cmocka_unit_test(not_fit_to_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
