/* test_clerk.c - which key of a file is taken, and which certificates with it
 *
 * Mirrors clerk_import.c, clerk_read.c and clerk_bags.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/keys/clerk.h"
#include "agent/keys/clerk_inside.h"
#include "agent/keys/clerk_key.h"
#include "tests/lab/lab_pki.h"

static struct lab_identity authority, alice, bob;

/* What came of the last import. */
static struct {
	struct clerk_key key;		/* len 0: none */
	char pem[16384];		/* the certificates */
	long long left;
	char error[32];
} got;

static int setup(void **test)
{
	const struct lab_wish wishes[] = {
		{ .kind = LAB_P256, .name = "An Authority",
		  .authority = true },
		{ .kind = LAB_P256, .name = "Alice",
		  .address = "alice@example.org", .issuer = &authority },
		{ .kind = LAB_P384, .name = "Bob",
		  .address = "bob@example.org" }
	};

	(void)test;
	authority = lab_identity_make(&wishes[0]);
	alice = lab_identity_make(&wishes[1]);
	bob = lab_identity_make(&wishes[2]);
	return clerk_prepare();
}

static int teardown(void **test)
{
	(void)test;
	lab_identity_free(&alice);
	lab_identity_free(&bob);
	lab_identity_free(&authority);
	return 0;
}

static void report(uint32_t id, const struct value *dict, const int *fds,
		   size_t fd_count)
{
	const struct value *left = value_find(dict, "left", VALUE_NUMBER);

	(void)id;
	got.left = left == NULL ? 0 : left->number;
	if (fd_count > 0)
		assert_true(pread(fds[0], got.pem, sizeof(got.pem) - 1, 0) >
			    0);
}

static void refuse(uint32_t id, const char *name, const char *sentence)
{
	(void)id;
	(void)name;
	(void)sentence;
	fail();
}

/* Imports what was written to `file`, which is freed; nobody is there to be
 * asked for a passphrase. */
static void import(BIO *file, unsigned nth)
{
	static const struct keeper_answers answers = { report, refuse };
	struct clerk_job job;
	struct value *args;
	struct frame frame;
	char *data;
	long len = BIO_get_mem_data(file, &data);
	int keeper[2];

	memset(&got, 0, sizeof(got));
	memset(&job, 0, sizeof(job));
	memset(&frame, 0, sizeof(frame));
	job.answers = &answers;
	job.arena = arena_new(1024 * 1024);
	job.args = args = value_dict(job.arena);
	value_put_number(job.arena, args, "nth", nth);
	assert_int_equal(channel_pair(keeper), 0);
	frame.fds[0] = memfile_make("file", (struct bytes){
				(unsigned char *)data, (size_t)len });
	frame.fds[1] = dup(STDIN_FILENO);
	frame.fds[2] = keeper[0];
	frame.fd_count = 3;
	clerk_import(&job, &frame);
	if (job.error == NULL)
		assert_true(recv(keeper[1], &got.key, sizeof(got.key),
				 MSG_DONTWAIT) > 0);
	else
		(void)snprintf(got.error, sizeof(got.error), "%s", job.error);
	frame_close(&frame);
	arena_free(job.arena);
	(void)close(keeper[1]);
	BIO_free(file);
}

static BIO *file_of(const char *text)
{
	BIO *file = BIO_new(BIO_s_mem());

	assert_true(BIO_puts(file, text) == (int)strlen(text));
	return file;
}

static void key_write(BIO *file, const struct lab_identity *who)
{
	assert_int_equal(PEM_write_bio_PrivateKey(file, who->key, NULL, NULL,
						  0, NULL, NULL), 1);
}

static void certificate_write(BIO *file, const struct lab_identity *who)
{
	assert_int_equal(PEM_write_bio_X509(file, who->certificate), 1);
}

/* Everybody's certificates, then the keys of Alice and of Bob. */
static BIO *two_keys(void)
{
	BIO *file = file_of("Bag Attributes: none\n");

	certificate_write(file, &bob);
	certificate_write(file, &authority);
	certificate_write(file, &alice);
	key_write(file, &alice);
	(void)BIO_puts(file, "Key Attributes: <No Attributes>\n");
	key_write(file, &bob);
	return file;
}

static void took(const struct lab_identity *who, unsigned certificates,
		 long long left)
{
	const unsigned char *der = got.key.der;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, got.key.len);
	BIO *pem = file_of(got.pem);
	X509 *certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL);
	unsigned count = certificate != NULL;

	assert_string_equal(got.error, "");
	assert_int_equal(EVP_PKEY_eq(key, who->key), 1);
	if (certificates > 0)
		assert_int_equal(X509_cmp(certificate, who->certificate), 0);
	X509_free(certificate);
	while ((certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL)) !=
	       NULL) {
		X509_free(certificate);
		count++;
	}
	assert_int_equal(count, certificates);
	assert_int_equal(got.left, left);
	EVP_PKEY_free(key);
	BIO_free(pem);
}

static void refused(const char *error)
{
	assert_string_equal(got.error, error);
	assert_int_equal(got.key.len, 0);
}

static void pem_by_number(void **test)
{
	(void)test;
	import(two_keys(), 1);
	took(&alice, 2, 1);
	import(two_keys(), 2);
	took(&bob, 1, 1);
	import(two_keys(), 3);
	refused("InvalidOption");
}

static void pem_of_one(void **test)
{
	BIO *file = file_of("");

	(void)test;
	key_write(file, &bob);
	import(file, 1);
	took(&bob, 0, 0);
	file = file_of("");
	certificate_write(file, &alice);
	key_write(file, &bob);
	import(file, 1);
	refused("Unreadable");
	file = file_of("");
	certificate_write(file, &alice);
	import(file, 2);
	refused("InvalidOption");
}

/* A key that cannot be read is not passed over for the next one. */
static void pem_of_odd_keys(void **test)
{
	static const char odd[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
				  "b3BlbnNzaC1rZXktdjEA\n"
				  "-----END OPENSSH PRIVATE KEY-----\n";
	BIO *file = file_of(odd);

	(void)test;
	key_write(file, &bob);
	import(file, 1);
	refused("Unreadable");
	file = file_of(odd);
	key_write(file, &bob);
	import(file, 2);
	took(&bob, 0, 1);
	file = file_of("");
	key_write(file, &bob);
	(void)BIO_puts(file, "-----BEGIN PRIVATE KEY-----\nMIGH\n");
	import(file, 1);
	refused("Unreadable");
}

static void pem_of_too_many(void **test)
{
	BIO *file = file_of("");
	int i;

	(void)test;
	for (i = 0; i < CLERK_KEYS_MAX; i++)
		key_write(file, &bob);
	assert_int_equal(BIO_up_ref(file), 1);
	import(file, CLERK_KEYS_MAX);
	took(&bob, 0, CLERK_KEYS_MAX - 1);
	key_write(file, &bob);
	import(file, 1);
	refused("Unreadable");
}

/* Alice's key and certificate, and Bob's. */
static BIO *two_bags(void)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	BIO *file = file_of("");
	PKCS12 *p12;

	assert_non_null(PKCS12_add_cert(&bags, bob.certificate));
	assert_non_null(PKCS12_add_cert(&bags, authority.certificate));
	assert_non_null(PKCS12_add_cert(&bags, alice.certificate));
	assert_non_null(PKCS12_add_key(&bags, alice.key, 0, 0, -1, NULL));
	assert_non_null(PKCS12_add_key(&bags, bob.key, 0, 0, -1, NULL));
	assert_int_equal(PKCS12_add_safe(&safes, bags, -1, 0, NULL), 1);
	p12 = PKCS12_add_safes(safes, 0);
	assert_int_equal(PKCS12_set_mac(p12, "", 0, NULL, 0, 1, NULL), 1);
	assert_int_equal(i2d_PKCS12_bio(file, p12), 1);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return file;
}

static void pkcs12_by_number(void **test)
{
	(void)test;
	import(two_bags(), 1);
	took(&alice, 2, 1);
	import(two_bags(), 2);
	took(&bob, 1, 1);
	import(two_bags(), 3);
	refused("InvalidOption");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pem_by_number),
		cmocka_unit_test(pem_of_one),
		cmocka_unit_test(pem_of_odd_keys),
		cmocka_unit_test(pem_of_too_many),
		cmocka_unit_test(pkcs12_by_number),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
