/* test_remote_cms.c - CMS through the wall, and `openssl cms` beside it
 *
 * What CMS makes with a far key the command verifies and opens with the near
 * one, and the reverse.  Any algorithm that both know. */
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

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "agent/keys/remote_key.h"
#include "tests/lab/keys_desk.h"

static const char text[] = "Content-Type: text/plain\r\n\r\nHello.\r\n";

struct person {
	EVP_PKEY *near, *far;
	X509 *certificate;
	char key_file[64], certificate_file[160];
};

static struct {
	struct keys_desk *desk;
	char folder[32];
	struct person rsa, p256, p384;
} world;

static X509 *certificate_new(EVP_PKEY *key, const char *name, long serial)
{
	X509 *made = X509_new();
	X509_NAME *subject = X509_get_subject_name(made);

	assert_true(X509_set_version(made, X509_VERSION_3));
	assert_true(ASN1_INTEGER_set(X509_get_serialNumber(made), serial));
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(made), -60));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(made), 86400));
	assert_true(X509_NAME_add_entry_by_txt(
		subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
		-1, 0));
	assert_true(X509_set_issuer_name(made, subject));
	assert_true(X509_set_pubkey(made, key));
	assert_true(X509_sign(made, key, EVP_sha256()) > 0);
	return made;
}

static void person_make(struct person *person, EVP_PKEY *key, const char *name,
			long serial)
{
	FILE *file;

	person->near = key;
	person->far = keys_desk_add(world.desk, key,
				    KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	person->certificate = certificate_new(key, name, serial);
	(void)snprintf(person->key_file, sizeof(person->key_file),
		       "%s/%s.key", world.folder, name);
	(void)snprintf(person->certificate_file,
		       sizeof(person->certificate_file), "%s/%s.crt",
		       world.folder, name);
	file = fopen(person->key_file, "w");
	assert_non_null(file);
	assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	assert_int_equal(fclose(file), 0);
	file = fopen(person->certificate_file, "w");
	assert_non_null(file);
	assert_true(PEM_write_X509(file, person->certificate));
	assert_int_equal(fclose(file), 0);
}

static int setup(void **test)
{
	(void)test;
	world.desk = keys_desk_new();
	(void)snprintf(world.folder, sizeof(world.folder),
		       "/tmp/mailseal-XXXXXX");
	assert_non_null(mkdtemp(world.folder));
	person_make(&world.rsa, EVP_RSA_gen(2048), "rsa", 1);
	person_make(&world.p256, EVP_EC_gen("P-256"), "p256", 2);
	person_make(&world.p384, EVP_EC_gen("P-384"), "p384", 3);
	return 0;
}

static void person_free(struct person *person)
{
	(void)unlink(person->key_file);
	(void)unlink(person->certificate_file);
	X509_free(person->certificate);
	EVP_PKEY_free(person->far);
	EVP_PKEY_free(person->near);
}

static const char *path(const char *name, char room[64])
{
	(void)snprintf(room, 64, "%s/%s", world.folder, name);
	return room;
}

static int teardown(void **test)
{
	static const char *const names[] = { "cms", "text", "out", "log" };
	char room[64];
	size_t i;

	(void)test;
	person_free(&world.rsa);
	person_free(&world.p256);
	person_free(&world.p384);
	for (i = 0; i < 4; i++)
		(void)unlink(path(names[i], room));
	(void)rmdir(world.folder);
	keys_desk_free(world.desk);
	return 0;
}

/* `openssl cms ARGUMENTS` in the folder; its status. */
static int command(const char *arguments)
{
	char line[8192];
	int status;

	(void)snprintf(line, sizeof(line), "cd %s && openssl cms %s "
		       ">log 2>&1", world.folder, arguments);
	status = system(line);		/* NOLINT: a test's own words */
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void file_write(const char *name, const void *bytes, size_t len)
{
	char room[64];
	FILE *file = fopen(path(name, room), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void cms_write(CMS_ContentInfo *cms)
{
	char room[64];
	BIO *to = BIO_new_file(path("cms", room), "w");

	assert_non_null(to);
	assert_true(i2d_CMS_bio(to, cms));
	BIO_free(to);
}

static CMS_ContentInfo *cms_read(void)
{
	char room[64];
	BIO *from = BIO_new_file(path("cms", room), "r");
	CMS_ContentInfo *cms;

	assert_non_null(from);
	cms = d2i_CMS_bio(from, NULL);
	assert_non_null(cms);
	BIO_free(from);
	return cms;
}

static void is_the_text(BIO *from)
{
	char *got = NULL;
	long len = BIO_get_mem_data(from, &got);

	assert_int_equal(len, sizeof(text) - 1);
	assert_memory_equal(got, text, sizeof(text) - 1);
}

static void the_command_has_the_text(void)
{
	char room[64], got[sizeof(text) + 1];
	FILE *file = fopen(path("out", room), "r");

	assert_non_null(file);
	assert_int_equal(fread(got, 1, sizeof(got), file), sizeof(text) - 1);
	assert_memory_equal(got, text, sizeof(text) - 1);
	(void)fclose(file);
}

static void sign_and_let_verify(const struct person *person, const EVP_MD *md,
				int padding)
{
	BIO *from = BIO_new_mem_buf(text, sizeof(text) - 1);
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer;
	EVP_PKEY_CTX *context;
	char line[512];

	cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
	assert_non_null(cms);
	signer = CMS_add1_signer(cms, person->certificate, person->far, md,
				 padding != 0 ? CMS_KEY_PARAM : 0);
	assert_non_null(signer);
	if (padding != 0) {
		context = CMS_SignerInfo_get0_pkey_ctx(signer);
		assert_true(EVP_PKEY_CTX_set_rsa_padding(context,
							 padding) > 0);
		assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(
				context, RSA_PSS_SALTLEN_DIGEST) > 0);
	}
	assert_true(CMS_final(cms, from, NULL, CMS_BINARY));
	assert_int_equal(remote_key_answer(person->far), KEYS_DONE);
	cms_write(cms);
	CMS_ContentInfo_free(cms);
	BIO_free(from);
	(void)snprintf(line, sizeof(line), "-verify -binary -inform DER -in "
		       "cms -noverify -certfile %s -out out",
		       person->certificate_file);
	assert_int_equal(command(line), 0);
	the_command_has_the_text();
}

static void signatures_verify_with_the_command(void **test)
{
	const EVP_MD *const hashes[] = { EVP_sha256(), EVP_sha384(),
					 EVP_sha512() };
	size_t i;

	(void)test;
	for (i = 0; i < 3; i++) {
		sign_and_let_verify(&world.rsa, hashes[i], 0);
		sign_and_let_verify(&world.rsa, hashes[i],
				    RSA_PKCS1_PSS_PADDING);
		sign_and_let_verify(&world.p256, hashes[i], 0);
		sign_and_let_verify(&world.p384, hashes[i], 0);
	}
}

/* Without signed attributes the digest itself is signed. */
static void signatures_without_attributes(void **test)
{
	BIO *from = BIO_new_mem_buf(text, sizeof(text) - 1);
	CMS_ContentInfo *cms = CMS_sign(world.rsa.certificate, world.rsa.far,
					NULL, from, CMS_BINARY | CMS_NOATTR);
	BIO *out = BIO_new(BIO_s_mem());

	(void)test;
	assert_non_null(cms);
	/* Read anew: in the structure just made stands the far key. */
	cms_write(cms);
	CMS_ContentInfo_free(cms);
	cms = cms_read();
	assert_true(CMS_verify(cms, NULL, NULL, NULL, out,
			       CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY));
	is_the_text(out);
	BIO_free(out);
	BIO_free(from);
	CMS_ContentInfo_free(cms);
}

static void open_what_the_command_made(const struct person *person,
				       const char *how, size_t content_key)
{
	BIO *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms;
	char line[512];

	file_write("text", text, sizeof(text) - 1);
	(void)snprintf(line, sizeof(line), "-encrypt -binary -outform DER -in "
		       "text -out cms %s %s", how, person->certificate_file);
	assert_int_equal(command(line), 0);
	cms = cms_read();
	remote_key_expect(person->far, content_key);
	assert_true(CMS_decrypt_set1_pkey(cms, person->far,
					  person->certificate));
	assert_int_equal(remote_key_answer(person->far), KEYS_DONE);
	assert_true(CMS_decrypt(cms, NULL, NULL, NULL, out, CMS_BINARY));
	is_the_text(out);
	CMS_ContentInfo_free(cms);
	BIO_free(out);
}

static void messages_of_the_command_open(void **test)
{
	(void)test;
	open_what_the_command_made(&world.rsa, "-aes256", 32);
	open_what_the_command_made(&world.rsa, "-aes128", 16);
	open_what_the_command_made(&world.rsa, "-aes-256-gcm", 32);
	open_what_the_command_made(&world.rsa, "-aes256 -recip", 32);
	open_what_the_command_made(&world.p256, "-aes256", 32);
	open_what_the_command_made(&world.p256, "-aes-256-gcm", 32);
	open_what_the_command_made(&world.p384, "-aes128", 16);
}

/* -keyopt comes after the certificate it is for. */
static void messages_with_options_open(void **test)
{
	struct person rsa = world.rsa, p256 = world.p256;

	(void)test;
	(void)snprintf(rsa.certificate_file, sizeof(rsa.certificate_file),
		       "-recip rsa.crt -keyopt rsa_padding_mode:oaep");
	open_what_the_command_made(&rsa, "-aes256", 32);
	(void)snprintf(rsa.certificate_file, sizeof(rsa.certificate_file),
		       "-recip rsa.crt -keyopt rsa_padding_mode:oaep "
		       "-keyopt rsa_oaep_md:sha256");
	open_what_the_command_made(&rsa, "-aes-256-gcm", 32);
	(void)snprintf(p256.certificate_file, sizeof(p256.certificate_file),
		       "-recip p256.crt -keyopt ecdh_kdf_md:sha256");
	open_what_the_command_made(&p256, "-aes256", 32);
}

/* A random content key takes the place of one that does not open, and the
 * answer says nothing but that this was the keeper's work. */
static void wrong_padding_looks_like_a_key(void **test)
{
	BIO *out = BIO_new(BIO_s_mem());
	struct person *person = &world.rsa;
	CMS_ContentInfo *cms;
	char room[64], bytes[4096];
	FILE *file;
	size_t len;

	(void)test;
	file_write("text", text, sizeof(text) - 1);
	(void)snprintf(bytes, sizeof(bytes), "-encrypt -binary -outform DER "
		       "-in text -out cms -aes-256-gcm %s",
		       person->certificate_file);
	assert_int_equal(command(bytes), 0);
	file = fopen(path("cms", room), "r");
	len = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	/* Inside the encrypted key: 256 bytes before the content. */
	bytes[len - 200] ^= 1;
	file_write("cms", bytes, len);
	cms = cms_read();
	remote_key_expect(person->far, 32);
	assert_true(CMS_decrypt_set1_pkey(cms, person->far,
					  person->certificate));
	assert_int_equal(remote_key_answer(person->far), KEYS_DONE);
	assert_false(CMS_decrypt(cms, NULL, NULL, NULL, out, CMS_BINARY));
	CMS_ContentInfo_free(cms);
	BIO_free(out);
}

/* CMS goes on with a random key; only remote_key_answer() tells the reason. */
static void a_locked_key_is_told(void **test)
{
	struct person *person = &world.rsa;
	struct vault *vault;
	CMS_ContentInfo *cms;
	BIO *from = BIO_new_mem_buf(text, sizeof(text) - 1);
	EVP_PKEY *again;

	(void)test;
	vault = keys_desk_hold(world.desk);
	vault_lock_all(vault);
	keys_desk_let_go(world.desk);
	cms = CMS_sign(person->certificate, person->far, NULL, from,
		       CMS_BINARY);
	assert_null(cms);
	assert_int_equal(remote_key_answer(person->far), KEYS_LOCKED);
	again = keys_desk_add(world.desk, person->near,
			      KEYS_FOR_SIGNING | KEYS_FOR_OPENING);
	cms = CMS_sign(person->certificate, person->far, NULL, from,
		       CMS_BINARY);
	assert_non_null(cms);
	CMS_ContentInfo_free(cms);
	EVP_PKEY_free(again);
	BIO_free(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_verify_with_the_command),
		cmocka_unit_test(signatures_without_attributes),
		cmocka_unit_test(messages_of_the_command_open),
		cmocka_unit_test(messages_with_options_open),
		cmocka_unit_test(wrong_padding_looks_like_a_key),
		cmocka_unit_test(a_locked_key_is_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
