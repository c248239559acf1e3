/* keeper_desk.h - a keeper in a thread, and the front that speaks with it */
#ifndef MAILSEAL_TEST_KEEPER_DESK_H
#define MAILSEAL_TEST_KEEPER_DESK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/keys/clerk_key.h"
#include "agent/keys/keeper.h"
#include "agent/keys/keyfile.h"
#include "agent/keys/link.h"
#include "agent/keys/remote_key.h"
#include "tests/lab/pinentry_desk.h"

static struct {
	int front;			/* our end */
	int answers;			/* the keeper's end, for its answers */
	pthread_t thread;
	int result;
	uint32_t last_id;
	struct arena *arena;
	struct value *said;		/* by the keeper, last */
	enum channel_type how;		/* REPORT or FAILURE */
	EVP_PKEY *p256;
	char key[2 * KEYS_ID_SIZE + 1];
	struct buf sealed;
} world;

static inline void send_dict(int fd, enum channel_type type, uint32_t id,
			     const struct value *dict, const int *fds,
			     size_t count)
{
	struct frame frame;
	struct buf wire;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)type;
	frame.id = id;
	frame.fd_count = count;
	if (count > 0)
		memcpy(frame.fds, fds, sizeof(*fds) * count);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	if (dict != NULL && value_encode(dict, &wire) < 0)
		abort();
	frame.payload = buf_bytes(&wire);
	if (channel_send(fd, &frame) < 0)
		abort();
	buf_free(&wire);
}

/* In the keeper's thread. */
static inline void report(uint32_t id, const struct value *dict,
			  const int *fds, size_t fd_count)
{
	send_dict(world.answers, FRAME_REPORT, id, dict, fds, fd_count);
}

static inline void refuse(uint32_t id, const char *name, const char *sentence)
{
	struct arena *arena = arena_new(65536);
	struct value *dict = value_dict(arena);

	value_put_text(arena, dict, "name", name);
	value_put_text(arena, dict, "sentence", sentence);
	send_dict(world.answers, FRAME_FAILURE, id, dict, NULL, 0);
	arena_free(arena);
}

static inline void *run(void *ctx)
{
	static const struct keeper_answers answers = { report, refuse };
	struct keeper *keeper = keeper_new(&answers);

	(void)ctx;
	world.result = keeper_run(keeper, world.answers);
	keeper_free(keeper);
	(void)shutdown(world.answers, SHUT_RDWR);
	return NULL;
}

static inline int begin(void **test)
{
	uint8_t id[KEYS_ID_SIZE];
	int ends[2];
	size_t i;

	(void)test;
	memset(&world, 0, sizeof(world));
	world.arena = arena_new(1024 * 1024);
	assert_int_equal(remote_key_prepare(), 0);
	world.p256 = EVP_EC_gen("P-256");
	assert_int_equal(remote_key_id(world.p256, id), 0);
	for (i = 0; i < KEYS_ID_SIZE; i++)
		(void)snprintf(world.key + 2 * i, 3, "%02x", id[i]);
	buf_init(&world.sealed, KEYFILE_MAX);
	assert_int_equal(keyfile_seal(world.p256, KEYS_FOR_SIGNING,
				      bytes_of("open%sesame"), &world.sealed),
			 0);
	assert_int_equal(channel_pair(ends), 0);
	world.front = ends[0];
	world.answers = ends[1];
	return pthread_create(&world.thread, NULL, run, NULL);
}

static inline int end(void **test)
{
	(void)test;
	(void)close(world.front);
	(void)pthread_join(world.thread, NULL);
	(void)close(world.answers);
	EVP_PKEY_free(world.p256);
	buf_free(&world.sealed);
	arena_free(world.arena);
	return 0;
}

/* Sends, with the descriptors, which it closes. */
static inline uint32_t request(enum channel_type type, struct value *dict,
			       const int *fds, size_t count)
{
	size_t i;

	send_dict(world.front, type, ++world.last_id, dict, fds, count);
	for (i = 0; i < count; i++)
		(void)close(fds[i]);
	return world.last_id;
}

/* Waits for the answer to that id; "" for a report, the name of a failure. */
static inline const char *answer(uint32_t id)
{
	static unsigned char room[CHANNEL_FRAME_MAX];
	struct pollfd wait = { world.front, POLLIN, 0 };
	struct frame frame;

	assert_int_equal(poll(&wait, 1, 60000), 1);
	assert_int_equal(channel_receive(world.front, room, &frame), 1);
	assert_int_equal(frame.id, id);
	world.how = (enum channel_type)frame.type;
	assert_int_equal(value_decode(world.arena, frame.payload, &world.said),
			 0);
	if (world.how == FRAME_REPORT)
		return "";
	assert_int_equal(world.how, FRAME_FAILURE);
	assert_true(strlen(value_text(world.said, "sentence")) > 10);
	return value_text(world.said, "name");
}

static inline struct value *key_dict(void)
{
	struct value *dict = value_dict(world.arena);

	value_put_text(world.arena, dict, "key", world.key);
	value_put_text(world.arena, dict, "description", "Unlock it?");
	return dict;
}

static inline const char *load(struct bytes text)
{
	int fd = memfile_make("key", text);

	return answer(request(FRAME_KEY_LOAD, key_dict(), &fd, 1));
}

/* Unlocks with these words; how often it was asked in *questions. */
static inline const char *unlock(const char *words, int *questions)
{
	int fd;
	struct pinentry_desk *desk = pinentry_desk_new(words, &fd);
	const char *got = answer(request(FRAME_KEY_UNLOCK, key_dict(), &fd,
					 1));

	*questions = pinentry_desk_free(desk);
	return got;
}

static const struct value *listed(void)
{
	const struct value *list;

	assert_string_equal(answer(request(FRAME_KEY_LIST, NULL, NULL, 0)),
			    "");
	list = value_find(world.said, "keys", VALUE_LIST);
	assert_non_null(list);
	return list->first;
}

static inline bool is_unlocked(void)
{
	return value_find(listed(), "unlocked", VALUE_TRUTH)->truth;
}

static inline struct keys_link *client(void)
{
	struct keys_link *link = keys_link_new();
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	(void)request(FRAME_CLIENT, NULL, &ends[1], 1);
	keys_link_attach(link, ends[0]);
	return link;
}

static inline struct value *rules(int64_t idle, int64_t confirm)
{
	struct value *dict = value_dict(world.arena);

	value_put_number(world.arena, dict, "idle_lock", idle);
	value_put_number(world.arena, dict, "life_time", 0);
	value_put_truth(world.arena, dict, "confirm", confirm != 0);
	return dict;
}

static inline int empty_file(void)
{
	char name[] = "/tmp/mailseal-new-XXXXXX";
	int fd = mkstemp(name);

	(void)unlink(name);
	return fd;
}

/* What was written into the file is what was told, and opens. */
static inline void is_sealed_in(int file, const char *passphrase)
{
	char text[KEYFILE_MAX];
	ssize_t len = pread(file, text, sizeof(text), 0);
	struct keyfile read_back;
	EVP_PKEY *key;
	uint8_t id[KEYS_ID_SIZE];
	char hex[2 * KEYS_ID_SIZE + 1];
	unsigned usage;
	size_t i;

	assert_true(len > 0);
	assert_int_equal(keyfile_read((struct bytes){ (unsigned char *)text,
						      (size_t)len },
				      &read_back), 0);
	assert_int_equal(keyfile_open(&read_back, bytes_of(passphrase), &key,
				      &usage), 0);
	assert_int_equal(remote_key_id(key, id), 0);
	for (i = 0; i < KEYS_ID_SIZE; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", id[i]);
	assert_string_equal(value_text(world.said, "key"), hex);
	assert_int_equal(value_find(world.said, "usage", VALUE_NUMBER)->number,
			 usage);
	EVP_PKEY_free(key);
	keyfile_free(&read_back);
}

static inline const char *generate(const char *algorithm, const char *words,
				   int file, int *questions)
{
	struct value *dict = value_dict(world.arena);
	struct pinentry_desk *desk;
	const char *got;
	int fds[2];

	value_put_text(world.arena, dict, "algorithm", algorithm);
	desk = pinentry_desk_new(words, &fds[0]);
	fds[1] = dup(file);
	got = answer(request(FRAME_KEY_GENERATE, dict, fds, 2));
	*questions = pinentry_desk_free(desk);
	return got;
}

static inline const char *adopt(const void *datagram, size_t len,
				const char *words, int file, int *questions)
{
	struct pinentry_desk *desk;
	const char *got;
	int fds[3], ends[2];
	uint32_t id;

	assert_int_equal(channel_pair(ends), 0);
	desk = pinentry_desk_new(words, &fds[0]);
	fds[1] = dup(file);
	fds[2] = ends[0];
	id = request(FRAME_KEY_ADOPT, NULL, fds, 3);
	if (len > 0)
		assert_int_equal(send(ends[1], datagram, len, MSG_NOSIGNAL),
				 (ssize_t)len);
	(void)close(ends[1]);
	got = answer(id);
	*questions = pinentry_desk_free(desk);
	return got;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
