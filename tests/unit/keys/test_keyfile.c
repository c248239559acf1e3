/* test_keyfile.c - sealed and opened again, by the command too; or damaged */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/pem.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/keys/keyfile.h"
#include "agent/keys/protocol.h"

/* With a percent sign and beyond ASCII, as people have them. */
static const char passphrase[] = "pass%25word \xc3\xa9t\xc3\xa9";

static EVP_PKEY *p256;
static struct buf sealed;

static int setup(void **test)
{
	(void)test;
	p256 = EVP_EC_gen("P-256");
	buf_init(&sealed, KEYFILE_MAX);
	return keyfile_seal(p256, KEYS_FOR_SIGNING, bytes_of(passphrase),
			    &sealed);
}

static int teardown(void **test)
{
	(void)test;
	buf_free(&sealed);
	EVP_PKEY_free(p256);
	return 0;
}

static void sealed_keys_open(void **test)
{
	struct keyfile file;
	EVP_PKEY *key;
	unsigned usage;

	(void)test;
	assert_int_equal(keyfile_read(buf_bytes(&sealed), &file), 0);
	assert_int_equal(keyfile_open(&file, bytes_of(passphrase), &key,
				      &usage), 0);
	assert_int_equal(usage, KEYS_FOR_SIGNING);
	assert_int_equal(EVP_PKEY_eq(key, p256), 1);
	EVP_PKEY_free(key);
	assert_int_equal(keyfile_open(&file, bytes_of("another"), &key,
				      &usage), ERR_REFUSED);
	assert_null(key);
	assert_int_equal(keyfile_open(&file, bytes_of(""), &key, &usage),
			 ERR_REFUSED);
	keyfile_free(&file);
	keyfile_free(&file);
}

static void rsa_keys_too(void **test)
{
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *key;
	struct keyfile file;
	struct buf text;
	unsigned usage;

	(void)test;
	buf_init(&text, KEYFILE_MAX);
	assert_int_equal(keyfile_seal(rsa, KEYS_FOR_OPENING, bytes_of("x"),
				      &text), 0);
	assert_int_equal(keyfile_read(buf_bytes(&text), &file), 0);
	assert_int_equal(keyfile_open(&file, bytes_of("x"), &key, &usage), 0);
	assert_int_equal(usage, KEYS_FOR_OPENING);
	assert_int_equal(EVP_PKEY_eq(key, rsa), 1);
	EVP_PKEY_free(key);
	EVP_PKEY_free(rsa);
	keyfile_free(&file);
	buf_free(&text);
}

/* `openssl pkey` reads ours, and we read what `openssl pkcs8` makes. */
static void the_command_reads_it(void **test)
{
	char name[] = "/tmp/mailseal-keyfile-XXXXXX";
	char line[256], text[8192];
	int fd = mkstemp(name);
	struct keyfile file;
	EVP_PKEY *key;
	unsigned usage;
	FILE *pipe;
	size_t len;

	(void)test;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, sealed.data, sealed.len),
			 (ssize_t)sealed.len);
	assert_int_equal(setenv("MAILSEAL_TEST_PASS", passphrase, 1), 0);
	(void)snprintf(line, sizeof(line), "openssl pkey -in %s -passin "
		       "env:MAILSEAL_TEST_PASS -pubout -out /dev/null", name);
	assert_int_equal(system(line), 0);	/* NOLINT: a test's words */
	(void)snprintf(line, sizeof(line), "openssl pkey -in %s -passin "
		       "env:MAILSEAL_TEST_PASS | openssl pkcs8 -topk8 -v2 "
		       "aes-128-cbc -passout pass:other", name);
	pipe = popen(line, "r");		/* NOLINT */
	assert_non_null(pipe);
	len = fread(text, 1, sizeof(text), pipe);
	assert_int_equal(pclose(pipe), 0);
	assert_int_equal(keyfile_read((struct bytes){ (unsigned char *)text,
						      len }, &file), 0);
	assert_int_equal(keyfile_open(&file, bytes_of("other"), &key, &usage),
			 0);
	/* It says nothing of its use: every use. */
	assert_int_equal(usage, KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	EVP_PKEY_free(key);
	keyfile_free(&file);
	(void)close(fd);
	(void)unlink(name);
}

static void damaged_files_are_told(void **test)
{
	struct keyfile file, whole;
	unsigned char *copy = malloc(sealed.len);
	size_t i;
	int r;

	(void)test;
	assert_int_equal(keyfile_read(buf_bytes(&sealed), &whole), 0);
	for (i = 0; i < sealed.len; i++) {
		memcpy(copy, sealed.data, sealed.len);
		copy[i] ^= 1;
		r = keyfile_read((struct bytes){ copy, sealed.len }, &file);
		/* Some of a PEM file's bytes say nothing. */
		assert_true(r == 0 || r == ERR_SYNTAX);
		if (r == 0) {
			assert_int_equal(file.len, whole.len);
			assert_memory_equal(file.der, whole.der, whole.len);
		}
		keyfile_free(&file);
	}
	for (i = 0; i < sealed.len - 1; i += 7)
		assert_int_equal(keyfile_read((struct bytes){ sealed.data, i },
					      &file), ERR_SYNTAX);
	free(copy);
	keyfile_free(&whole);
	assert_int_equal(keyfile_read(bytes_of("no key"), &file), ERR_SYNTAX);
}

static void damage_without_a_checksum_does_not_open(void **test)
{
	struct bytes text = buf_bytes(&sealed);
	struct keyfile file;
	EVP_PKEY *key;
	unsigned usage;
	size_t i;

	(void)test;
	(void)bytes_cut(text, '\n', &(struct bytes){ 0 }, &text);
	assert_int_equal(keyfile_read(text, &file), 0);
	for (i = file.len - 64; i < file.len; i += 13) {
		file.der[i] ^= 1;
		assert_true(keyfile_open(&file, bytes_of(passphrase), &key,
					 &usage) < 0);
		file.der[i] ^= 1;
	}
	keyfile_free(&file);
}

static void clear_keys_are_not_taken(void **test)
{
	BIO *to = BIO_new(BIO_s_mem());
	struct keyfile file;
	char *pem;
	long len;

	(void)test;
	assert_true(PEM_write_bio_PrivateKey(to, p256, NULL, NULL, 0, NULL,
					     NULL));
	len = BIO_get_mem_data(to, &pem);
	assert_int_equal(keyfile_read((struct bytes){ (unsigned char *)pem,
						      (size_t)len }, &file),
			 ERR_UNSUPPORTED);
	BIO_free(to);
}

static void keys_we_do_not_use(void **test)
{
	EVP_PKEY *small = EVP_RSA_gen(1024), *p521 = EVP_EC_gen("P-521");
	EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *p384 = EVP_EC_gen("P-384"), *key;
	struct keyfile file;
	struct buf text;
	unsigned usage;

	(void)test;
	assert_int_equal(keyfile_accepts(small), ERR_UNSUPPORTED);
	assert_int_equal(keyfile_accepts(p521), ERR_UNSUPPORTED);
	assert_int_equal(keyfile_accepts(ed), ERR_UNSUPPORTED);
	assert_int_equal(keyfile_accepts(p384), 0);
	buf_init(&text, KEYFILE_MAX);
	assert_int_equal(keyfile_seal(small, 3, bytes_of("x"), &text), 0);
	assert_int_equal(keyfile_read(buf_bytes(&text), &file), 0);
	assert_int_equal(keyfile_open(&file, bytes_of("x"), &key, &usage),
			 ERR_UNSUPPORTED);
	keyfile_free(&file);
	buf_free(&text);
	EVP_PKEY_free(small);
	EVP_PKEY_free(p521);
	EVP_PKEY_free(ed);
	EVP_PKEY_free(p384);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealed_keys_open),
		cmocka_unit_test(rsa_keys_too),
		cmocka_unit_test(the_command_reads_it),
		cmocka_unit_test(damaged_files_are_told),
		cmocka_unit_test(damage_without_a_checksum_does_not_open),
		cmocka_unit_test(clear_keys_are_not_taken),
		cmocka_unit_test(keys_we_do_not_use),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
