/* test_unwrap.c - a padding that is wrong looks like a key, always the same */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "agent/keys/operation.h"

#define SIZE 256			/* of the modulus */

static EVP_PKEY *rsa;
static uint8_t rejection[OPERATION_REJECTION_SIZE];

static int setup(void **test)
{
	(void)test;
	rsa = EVP_RSA_gen(8 * SIZE);
	return operation_rejection(rsa, rejection);
}

static int teardown(void **test)
{
	(void)test;
	EVP_PKEY_free(rsa);
	return 0;
}

/* Encrypts a padded block as it stands. */
static void request_of(const uint8_t padded[SIZE], uint16_t want,
		       struct keys_request *to)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(rsa, NULL);
	size_t len = sizeof(to->data);

	memset(to, 0, sizeof(*to));
	to->verb = KEYS_UNWRAP;
	to->scheme = KEYS_RSA_PKCS1;
	to->want = want;
	to->len = SIZE;
	assert_true(EVP_PKEY_encrypt_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) > 0);
	assert_true(EVP_PKEY_encrypt(context, to->data, &len, padded, SIZE) >
		    0);
	EVP_PKEY_CTX_free(context);
}

static void good_block(uint8_t padded[SIZE], size_t key_len)
{
	size_t i;

	memset(padded, 0xaa, SIZE);
	padded[0] = 0;
	padded[1] = 2;
	padded[SIZE - key_len - 1] = 0;
	for (i = 0; i < key_len; i++)
		padded[SIZE - key_len + i] = (uint8_t)i;
}

static unsigned unwrap(const struct keys_request *request,
		       struct keys_reply *reply)
{
	unsigned bad = 7;

	memset(reply, 0, sizeof(*reply));
	assert_int_equal(operation_unwrap(rsa, rejection, request, reply,
					  &bad), KEYS_DONE);
	assert_int_equal(reply->len, request->want);
	return bad;
}

static void good_blocks_open(void **test)
{
	static const uint16_t lengths[] = { 1, 16, 24, 32, 64 };
	struct keys_request request;
	struct keys_reply reply;
	uint8_t padded[SIZE];
	size_t i, j;

	(void)test;
	for (i = 0; i < 5; i++) {
		good_block(padded, lengths[i]);
		request_of(padded, lengths[i], &request);
		assert_int_equal(unwrap(&request, &reply), 0);
		for (j = 0; j < lengths[i]; j++)
			assert_int_equal(reply.data[j], j);
	}
}

/* Each byte that could be wrong. */
static void wrong_blocks_give_bytes(void **test)
{
	static const struct {
		size_t at;
		uint8_t is;
	} changes[] = {
		{ 0, 1 }, { 1, 1 }, { 1, 0 }, { 2, 0 }, { 9, 0 },
		{ SIZE - 34, 0 }, { SIZE - 33, 1 }, { SIZE - 33, 0xff },
		{ 100, 0 },
	};
	struct keys_request request, other;
	struct keys_reply reply, again;
	uint8_t padded[SIZE], zeros[32] = { 0 };
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		good_block(padded, 32);
		padded[changes[i].at] = changes[i].is;
		request_of(padded, 32, &request);
		assert_int_equal(unwrap(&request, &reply), 1);
		assert_memory_not_equal(reply.data, padded + SIZE - 32, 32);
		assert_memory_not_equal(reply.data, zeros, 32);
		/* The same question has the same answer, */
		assert_int_equal(unwrap(&request, &again), 1);
		assert_memory_equal(reply.data, again.data, 32);
		/* another one another. */
		padded[50] ^= 1;
		request_of(padded, 32, &other);
		assert_int_equal(unwrap(&other, &again), 1);
		assert_memory_not_equal(reply.data, again.data, 32);
	}
}

/* A key of another length than was said: as wrong as any other padding. */
static void wrong_lengths_give_bytes(void **test)
{
	struct keys_request request;
	struct keys_reply reply;
	uint8_t padded[SIZE];

	(void)test;
	good_block(padded, 16);
	request_of(padded, 32, &request);
	assert_int_equal(unwrap(&request, &reply), 1);
	good_block(padded, 32);
	request_of(padded, 16, &request);
	assert_int_equal(unwrap(&request, &reply), 1);
}

static void sizes_are_checked(void **test)
{
	struct keys_request request;
	struct keys_reply reply;
	uint8_t padded[SIZE];
	unsigned bad;

	(void)test;
	good_block(padded, 32);
	request_of(padded, 32, &request);
	request.len = SIZE + 1;
	assert_int_equal(operation_unwrap(rsa, rejection, &request, &reply,
					  &bad), KEYS_FAILED);
	assert_int_equal(bad, 1);
	request.len = SIZE;
	memset(request.data, 0xff, SIZE);	/* above the modulus */
	assert_int_equal(operation_unwrap(rsa, rejection, &request, &reply,
					  &bad), KEYS_FAILED);
	assert_int_equal(bad, 1);
}

static void the_secret_is_the_key_s(void **test)
{
	uint8_t again[OPERATION_REJECTION_SIZE], other[sizeof(again)];
	EVP_PKEY *copy = EVP_PKEY_dup(rsa), *more = EVP_RSA_gen(8 * SIZE);

	(void)test;
	assert_int_equal(operation_rejection(copy, again), 0);
	assert_memory_equal(again, rejection, sizeof(again));
	assert_int_equal(operation_rejection(more, other), 0);
	assert_memory_not_equal(other, rejection, sizeof(other));
	EVP_PKEY_free(copy);
	EVP_PKEY_free(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_blocks_open),
		cmocka_unit_test(wrong_blocks_give_bytes),
		cmocka_unit_test(wrong_lengths_give_bytes),
		cmocka_unit_test(sizes_are_checked),
		cmocka_unit_test(the_secret_is_the_key_s),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
