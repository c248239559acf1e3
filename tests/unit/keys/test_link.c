/* test_link.c - many threads at once, a keeper that goes, one that lies */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "agent/base/channel.h"
#include "agent/keys/link.h"
#include "agent/keys/remote_key.h"
#include "tests/lab/keys_desk.h"

#define THREADS	16
#define ROUNDS	50

static void without_a_channel(void **test)
{
	struct keys_link *link = keys_link_new();
	uint8_t id[KEYS_ID_SIZE] = { 0 };
	unsigned usage;
	bool unlocked;

	(void)test;
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_GONE);
	keys_link_free(link);
	keys_link_free(NULL);
}

struct signer {
	struct keys_desk *desk;
	EVP_PKEY *key;
	unsigned done, gone, wrong;
};

static void *sign_often(void *ctx)
{
	struct signer *signer = ctx;
	struct keys_request request;
	struct keys_reply reply;
	enum keys_answer answer;
	EVP_PKEY_CTX *context;
	uint8_t id[KEYS_ID_SIZE];
	int i, j;

	(void)remote_key_id(signer->key, id);
	for (i = 0; i < ROUNDS; i++) {
		memset(&request, 0, sizeof(request));
		request.verb = KEYS_SIGN;
		request.scheme = KEYS_ECDSA;
		request.hash = KEYS_SHA256;
		request.len = 32;
		memcpy(request.key, id, sizeof(id));
		for (j = 0; j < 32; j++)
			request.data[j] = (uint8_t)((uintptr_t)signer / 64 +
						    (unsigned)(i * j));
		answer = keys_link_ask(keys_desk_link(signer->desk), &request,
				       &reply);
		if (answer == KEYS_GONE) {
			signer->gone++;
			continue;
		}
		if (answer != KEYS_DONE)
			continue;
		/* Its own reply, nobody else's. */
		context = EVP_PKEY_CTX_new(signer->key, NULL);
		if (EVP_PKEY_verify_init(context) == 1 &&
		    EVP_PKEY_verify(context, reply.data, reply.len,
				    request.data, 32) == 1)
			signer->done++;
		else
			signer->wrong++;
		EVP_PKEY_CTX_free(context);
	}
	return NULL;
}

static void everybody_gets_his_own_reply(void **test)
{
	struct keys_desk *desk = keys_desk_new();
	struct signer signers[THREADS];
	pthread_t threads[THREADS];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	EVP_PKEY *far = keys_desk_add(desk, key, KEYS_FOR_SIGNING);
	size_t i;

	(void)test;
	for (i = 0; i < THREADS; i++) {
		signers[i] = (struct signer){ desk, key, 0, 0, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, sign_often,
						&signers[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], NULL);
		assert_int_equal(signers[i].done, ROUNDS);
	}
	EVP_PKEY_free(far);
	EVP_PKEY_free(key);
	keys_desk_free(desk);
}

static void a_killed_keeper_leaves_nobody_waiting(void **test)
{
	struct keys_desk *desk = keys_desk_new();
	struct signer signers[THREADS];
	pthread_t threads[THREADS];
	EVP_PKEY *key = EVP_EC_gen("P-256");
	EVP_PKEY *far = keys_desk_add(desk, key, KEYS_FOR_SIGNING);
	size_t i;

	(void)test;
	for (i = 0; i < THREADS; i++) {
		signers[i] = (struct signer){ desk, key, 0, 0, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, sign_often,
						&signers[i]), 0);
	}
	keys_desk_kill(desk);
	for (i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], NULL);
		assert_int_equal(signers[i].wrong, 0);
		assert_int_equal(signers[i].done + signers[i].gone, ROUNDS);
	}
	/* A new one works, and does not know the key. */
	keys_desk_restart(desk);
	signers[0] = (struct signer){ desk, key, 0, 0, 0 };
	(void)sign_often(&signers[0]);
	assert_int_equal(signers[0].done + signers[0].gone, 0);
	EVP_PKEY_free(far);
	far = keys_desk_add(desk, key, KEYS_FOR_SIGNING);
	(void)sign_often(&signers[0]);
	assert_int_equal(signers[0].done, ROUNDS);
	EVP_PKEY_free(far);
	EVP_PKEY_free(key);
	keys_desk_free(desk);
}

static void need_another(void *ctx)
{
	keys_desk_restart(ctx);
}

static void need_in_vain(void *ctx)
{
	keys_link_attach(keys_desk_link(ctx), -1);
}

/* Whoever asks has a new one made, and is answered by that. */
static void another_keeper_is_asked(void **test)
{
	struct keys_desk *desk = keys_desk_new();
	struct keys_link *link = keys_desk_link(desk);
	uint8_t id[KEYS_ID_SIZE] = { 0 };
	unsigned usage;
	bool unlocked;

	(void)test;
	keys_link_on_need(link, need_another, desk);
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_UNKNOWN);
	keys_desk_kill(desk);
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_UNKNOWN);
	keys_desk_kill(desk);
	keys_link_on_need(link, need_in_vain, desk);
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_GONE);
	keys_link_on_need(link, NULL, NULL);
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_GONE);
	keys_desk_restart(desk);
	assert_int_equal(keys_link_state(link, id, &usage, &unlocked),
			 KEYS_UNKNOWN);
	keys_desk_free(desk);
}

/* The other end answers these bytes to anything. */
struct liar {
	int fd;
	const void *bytes;
	size_t len;
};

static void *lie(void *ctx)
{
	struct liar *liar = ctx;
	struct keys_request request;

	if (recv(liar->fd, &request, sizeof(request), 0) > 0)
		(void)send(liar->fd, liar->bytes, liar->len, MSG_NOSIGNAL);
	return NULL;
}

static enum keys_answer ask_liar(const void *bytes, size_t len)
{
	struct keys_link *link = keys_link_new();
	uint8_t id[KEYS_ID_SIZE] = { 0 };
	enum keys_answer answer, again;
	struct liar liar;
	pthread_t thread;
	unsigned usage;
	bool unlocked;
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	keys_link_attach(link, ends[0]);
	liar = (struct liar){ ends[1], bytes, len };
	assert_int_equal(pthread_create(&thread, NULL, lie, &liar), 0);
	answer = keys_link_state(link, id, &usage, &unlocked);
	(void)pthread_join(thread, NULL);
	/* Once lied to, never asked again. */
	again = keys_link_state(link, id, &usage, &unlocked);
	if (answer == KEYS_GONE)
		assert_int_equal(again, KEYS_GONE);
	(void)close(ends[1]);
	keys_link_free(link);
	return answer;
}

static void replies_that_do_not_fit_end_it(void **test)
{
	struct {
		struct keys_reply reply;
		char more;
	} large;

	(void)test;
	memset(&large, 0, sizeof(large));
	large.reply.version = KEYS_VERSION + 1;
	large.reply.id = 1;
	assert_int_equal(ask_liar(&large.reply, sizeof(large.reply)),
			 KEYS_GONE);
	large.reply.version = KEYS_VERSION;
	assert_int_equal(ask_liar(&large.reply, sizeof(large.reply) - 1),
			 KEYS_GONE);
	assert_int_equal(ask_liar(&large, sizeof(large)), KEYS_GONE);
	assert_int_equal(ask_liar("", 0), KEYS_GONE);
	large.reply.len = KEYS_DATA_MAX + 1;
	assert_int_equal(ask_liar(&large.reply, sizeof(large.reply)),
			 KEYS_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_channel),
		cmocka_unit_test(everybody_gets_his_own_reply),
		cmocka_unit_test(a_killed_keeper_leaves_nobody_waiting),
		cmocka_unit_test(another_keeper_is_asked),
		cmocka_unit_test(replies_that_do_not_fit_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
