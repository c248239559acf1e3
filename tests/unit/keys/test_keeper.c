/* test_keeper.c - a keeper in a thread: what the front says, what it gets */
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

static void send_dict(int fd, enum channel_type type, uint32_t id,
		      const struct value *dict, const int *fds, size_t count)
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
static void report(uint32_t id, const struct value *dict, const int *fds,
		   size_t fd_count)
{
	send_dict(world.answers, FRAME_REPORT, id, dict, fds, fd_count);
}

static void refuse(uint32_t id, const char *name, const char *sentence)
{
	struct arena *arena = arena_new(65536);
	struct value *dict = value_dict(arena);

	value_put_text(arena, dict, "name", name);
	value_put_text(arena, dict, "sentence", sentence);
	send_dict(world.answers, FRAME_FAILURE, id, dict, NULL, 0);
	arena_free(arena);
}

static void *run(void *ctx)
{
	static const struct keeper_answers answers = { report, refuse };
	struct keeper *keeper = keeper_new(&answers);

	(void)ctx;
	world.result = keeper_run(keeper, world.answers);
	keeper_free(keeper);
	(void)shutdown(world.answers, SHUT_RDWR);
	return NULL;
}

static int begin(void **test)
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

static int end(void **test)
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
static uint32_t request(enum channel_type type, struct value *dict,
			const int *fds, size_t count)
{
	size_t i;

	send_dict(world.front, type, ++world.last_id, dict, fds, count);
	for (i = 0; i < count; i++)
		(void)close(fds[i]);
	return world.last_id;
}

/* Waits for the answer to that id; "" for a report, the name of a failure. */
static const char *answer(uint32_t id)
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

static struct value *key_dict(void)
{
	struct value *dict = value_dict(world.arena);

	value_put_text(world.arena, dict, "key", world.key);
	value_put_text(world.arena, dict, "description", "Unlock it?");
	return dict;
}

static const char *load(struct bytes text)
{
	int fd = memfile_make("key", text);

	return answer(request(FRAME_KEY_LOAD, key_dict(), &fd, 1));
}

/* Unlocks with these words; how often it was asked in *questions. */
static const char *unlock(const char *words, int *questions)
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

static bool is_unlocked(void)
{
	return value_find(listed(), "unlocked", VALUE_TRUTH)->truth;
}

static struct keys_link *client(void)
{
	struct keys_link *link = keys_link_new();
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	(void)request(FRAME_CLIENT, NULL, &ends[1], 1);
	keys_link_attach(link, ends[0]);
	return link;
}

static void load_unlock_use_lock(void **test)
{
	struct keys_link *link = client();
	EVP_PKEY *far;
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();
	unsigned char made[128];
	size_t len = sizeof(made);
	int questions;

	(void)test;
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	assert_false(is_unlocked());
	assert_string_equal(unlock("open%sesame", &questions), "");
	assert_int_equal(questions, 1);
	assert_int_equal(value_find(world.said, "usage", VALUE_NUMBER)->number,
			 KEYS_FOR_SIGNING);
	assert_true(is_unlocked());
	assert_string_equal(unlock("never asked", &questions), "");
	assert_int_equal(questions, 0);
	assert_int_equal(remote_key_new(link, world.p256, &far), 0);
	assert_true(EVP_DigestSignInit(hashing, NULL, EVP_sha256(), NULL,
				       far) > 0);
	assert_true(EVP_DigestSign(hashing, made, &len,
				   (const unsigned char *)"x", 1) > 0);
	assert_int_equal(value_find(listed(), "signatures",
				    VALUE_NUMBER)->number, 1);
	assert_string_equal(answer(request(FRAME_KEY_LOCK, NULL, NULL, 0)),
			    "");
	assert_false(is_unlocked());
	len = sizeof(made);
	EVP_MD_CTX_free(hashing);
	hashing = EVP_MD_CTX_new();
	assert_true(EVP_DigestSignInit(hashing, NULL, EVP_sha256(), NULL,
				       far) > 0);
	assert_true(EVP_DigestSign(hashing, made, &len,
				   (const unsigned char *)"x", 1) <= 0);
	assert_int_equal(remote_key_answer(far), KEYS_LOCKED);
	EVP_MD_CTX_free(hashing);
	EVP_PKEY_free(far);
	keys_link_free(link);
}

static void every_way_it_can_fail(void **test)
{
	static const struct {
		const char *words, *name;
		int questions;
	} cases[] = {
		{ "wrong|open%sesame", "", 2 },
		{ "a|b|c", "WrongPassphrase", 3 },
		{ "!cancel", "Cancelled", 1 },
		{ "a|!cancel", "Cancelled", 2 },
		{ "!timeout", "TimedOut", 1 },
		{ "!die", "NoPinentry", 1 },
	};
	int questions;
	size_t i;

	(void)test;
	assert_string_equal(unlock("x", &questions), "UnknownKey");
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(unlock(cases[i].words, &questions),
				    cases[i].name);
		assert_int_equal(questions, cases[i].questions);
		assert_int_equal(is_unlocked(), cases[i].name[0] == '\0');
		assert_string_equal(answer(request(FRAME_KEY_LOCK, NULL, NULL,
						   0)), "");
	}
}

static void files_that_cannot_be_loaded(void **test)
{
	struct bytes text = buf_bytes(&world.sealed);
	int questions;

	(void)test;
	assert_string_equal(load(bytes_slice(text, 0, text.len / 2)),
			    "KeyDamaged");
	assert_string_equal(load(bytes_of("")), "KeyDamaged");
	assert_string_equal(load(bytes_of(
		"-----BEGIN PRIVATE KEY-----\nAAAA\n"
		"-----END PRIVATE KEY-----\n")), "KeyNotEncrypted");
	/* Another key under this name is found out when it is unlocked. */
	world.key[0] = world.key[0] == 'a' ? 'b' : 'a';
	assert_string_equal(load(text), "");
	assert_string_equal(unlock("open%sesame", &questions), "KeyDamaged");
	/* A name that is none. */
	world.key[0] = 'A';
	assert_string_equal(load(text), "KeyDamaged");
}

static void nobody_is_asked_twice_at_once(void **test)
{
	struct pinentry_desk *first, *second;
	int first_fd, second_fd;
	uint32_t waiting, refused;

	(void)test;
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	first = pinentry_desk_new("!wait", &first_fd);
	second = pinentry_desk_new("x", &second_fd);
	waiting = request(FRAME_KEY_UNLOCK, key_dict(), &first_fd, 1);
	refused = request(FRAME_KEY_UNLOCK, key_dict(), &second_fd, 1);
	assert_string_equal(answer(refused), "Busy");
	assert_int_equal(pinentry_desk_free(second), 0);
	/* While a person thinks, others are served. */
	assert_false(is_unlocked());
	/* Locking ends the question. */
	refused = request(FRAME_KEY_LOCK, NULL, NULL, 0);
	assert_string_equal(answer(waiting), "Cancelled");
	assert_string_equal(answer(refused), "");
	(void)pinentry_desk_free(first);
	/* CANCEL too, without a word. */
	first = pinentry_desk_new("!wait", &first_fd);
	waiting = request(FRAME_KEY_UNLOCK, key_dict(), &first_fd, 1);
	send_dict(world.front, FRAME_CANCEL, waiting, NULL, NULL, 0);
	(void)pinentry_desk_free(first);
	assert_false(is_unlocked());
}

static struct value *rules(int64_t idle, int64_t confirm)
{
	struct value *dict = value_dict(world.arena);

	value_put_number(world.arena, dict, "idle_lock", idle);
	value_put_number(world.arena, dict, "life_time", 0);
	value_put_truth(world.arena, dict, "confirm", confirm != 0);
	return dict;
}

static void uses_are_confirmed(void **test)
{
	struct keys_link *link = client();
	struct pinentry_desk *desk;
	struct value *dict = key_dict();
	struct keys_request sign;
	struct keys_reply reply;
	uint8_t id[KEYS_ID_SIZE];
	int fd, questions;

	(void)test;
	(void)request(FRAME_HELLO, rules(0, 1), NULL, 0);
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	assert_string_equal(unlock("open%sesame", &questions), "");
	memset(&sign, 0, sizeof(sign));
	sign.verb = KEYS_SIGN;
	sign.scheme = KEYS_ECDSA;
	sign.hash = KEYS_SHA256;
	sign.len = 32;
	assert_int_equal(remote_key_id(world.p256, id), 0);
	memcpy(sign.key, id, sizeof(id));
	assert_int_equal(keys_link_ask(link, &sign, &reply), KEYS_CONFIRM);
	value_put_number(world.arena, dict, "usage", KEYS_FOR_SIGNING);
	desk = pinentry_desk_new("", &fd);
	assert_string_equal(answer(request(FRAME_KEY_ALLOW, dict, &fd, 1)),
			    "");
	(void)pinentry_desk_free(desk);
	assert_int_equal(keys_link_ask(link, &sign, &reply), KEYS_DONE);
	assert_int_equal(keys_link_ask(link, &sign, &reply), KEYS_CONFIRM);
	desk = pinentry_desk_new("!cancel", &fd);
	assert_string_equal(answer(request(FRAME_KEY_ALLOW, dict, &fd, 1)),
			    "Cancelled");
	(void)pinentry_desk_free(desk);
	assert_int_equal(keys_link_ask(link, &sign, &reply), KEYS_CONFIRM);
	keys_link_free(link);
}

/* Waits on the condition: the keeper wakes by itself. */
static void idle_keys_lock(void **test)
{
	int questions, i;

	(void)test;
	(void)request(FRAME_HELLO, rules(1, 0), NULL, 0);
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	assert_string_equal(unlock("open%sesame", &questions), "");
	for (i = 0; i < 600 && is_unlocked(); i++)
		(void)usleep(100000);
	assert_true(i < 600);
}

static int empty_file(void)
{
	char name[] = "/tmp/mailseal-new-XXXXXX";
	int fd = mkstemp(name);

	(void)unlink(name);
	return fd;
}

/* What was written into the file is what was told, and opens. */
static void is_sealed_in(int file, const char *passphrase)
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

static const char *generate(const char *algorithm, const char *words,
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

static void new_keys_are_made(void **test)
{
	int file = empty_file(), questions;
	const char *public;

	(void)test;
	assert_string_equal(generate("p256", "new|new", file, &questions), "");
	assert_int_equal(questions, 2);
	public = value_text(world.said, "public");
	assert_int_equal(strlen(public), 2 * 91);	/* of P-256 */
	is_sealed_in(file, "new");
	assert_true(is_unlocked());
	(void)close(file);
	file = empty_file();
	assert_string_equal(generate("p256", "a|b|a|c|a|d", file, &questions),
			    "Cancelled");
	assert_int_equal(lseek(file, 0, SEEK_END), 0);
	assert_string_equal(generate("ed25519", "a|a", file, &questions),
			    "UnsupportedKey");
	(void)close(file);
	/* A disk that is full. */
	file = open("/dev/full", O_WRONLY);
	assert_string_equal(generate("p256", "a|a", file, &questions),
			    "Failed");
	(void)close(file);
}

static const char *adopt(const void *datagram, size_t len, const char *words,
			 int file, int *questions)
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

static void keys_of_a_clerk_are_taken(void **test)
{
	static struct clerk_key key;
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(world.p256);
	unsigned char *at = key.der;
	int file = empty_file(), questions, len;
	size_t whole;

	(void)test;
	len = i2d_PKCS8_PRIV_KEY_INFO(info, &at);
	PKCS8_PRIV_KEY_INFO_free(info);
	key.version = CLERK_KEY_VERSION;
	key.usage = KEYS_FOR_OPENING;
	key.len = (uint16_t)len;
	whole = offsetof(struct clerk_key, der) + (size_t)len;
	assert_string_equal(adopt(&key, whole, "p|p", file, &questions), "");
	assert_string_equal(value_text(world.said, "key"), world.key);
	is_sealed_in(file, "p");
	/* What is no key asks nobody. */
	assert_string_equal(adopt("", 0, "p|p", file, &questions), "NoKey");
	assert_int_equal(questions, 0);
	assert_string_equal(adopt(&key, whole - 1, "p|p", file, &questions),
			    "NoKey");
	key.usage = 4;
	assert_string_equal(adopt(&key, whole, "p|p", file, &questions),
			    "NoKey");
	key.usage = 1;
	key.der[40] ^= 1;
	assert_string_equal(adopt(&key, whole, "p|p", file, &questions),
			    "NoKey");
	assert_int_equal(questions, 0);
	(void)close(file);
}

static void removed_keys_are_gone(void **test)
{
	int questions;

	(void)test;
	assert_string_equal(load(buf_bytes(&world.sealed)), "");
	assert_string_equal(answer(request(FRAME_KEY_REMOVE, key_dict(), NULL,
					   0)), "");
	assert_null(listed());
	assert_string_equal(unlock("x", &questions), "UnknownKey");
}

static void other_frames_end_it(void **test)
{
	struct pollfd wait = { world.front, POLLIN, 0 };
	int fd = memfile_make("x", bytes_of("x"));

	(void)test;
	(void)request(FRAME_CHECK, NULL, &fd, 1);
	assert_int_equal(poll(&wait, 1, 60000), 1);
	assert_true((wait.revents & POLLHUP) != 0);
	(void)pthread_join(world.thread, NULL);
	assert_int_equal(world.result, ERR_PROTOCOL);
	assert_int_equal(pthread_create(&world.thread, NULL, run, NULL), 0);
}

/* Whoever does not keep to the table is hung up on; others are not. */
static void askers_that_break_the_rules(void **test)
{
	struct keys_link *good = client(), *more[10];
	uint8_t id[KEYS_ID_SIZE] = { 0 };
	struct pollfd wait = { -1, POLLIN, 0 };
	unsigned usage;
	bool unlocked;
	int ends[2];
	size_t i;

	(void)test;
	assert_int_equal(channel_pair(ends), 0);
	(void)request(FRAME_CLIENT, NULL, &ends[1], 1);
	assert_int_equal(send(ends[0], "no request", 10, MSG_NOSIGNAL), 10);
	wait.fd = ends[0];
	assert_int_equal(poll(&wait, 1, 60000), 1);
	assert_true((wait.revents & POLLHUP) != 0);
	(void)close(ends[0]);
	assert_int_equal(keys_link_state(good, id, &usage, &unlocked),
			 KEYS_UNKNOWN);
	/* Its place is free again; only so many fit. */
	for (i = 0; i < 10; i++)
		more[i] = client();
	for (i = 0; i < 10; i++) {
		assert_int_equal(keys_link_state(more[i], id, &usage,
						 &unlocked),
				 i < 7 ? KEYS_UNKNOWN : KEYS_GONE);
		keys_link_free(more[i]);
	}
	keys_link_free(good);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(load_unlock_use_lock),
		TEST(every_way_it_can_fail),
		TEST(files_that_cannot_be_loaded),
		TEST(nobody_is_asked_twice_at_once),
		TEST(uses_are_confirmed),
		TEST(idle_keys_lock),
		TEST(new_keys_are_made),
		TEST(keys_of_a_clerk_are_taken),
		TEST(removed_keys_are_gone),
		TEST(other_frames_end_it),
		TEST(askers_that_break_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
