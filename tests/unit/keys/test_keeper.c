/* test_keeper.c - a keeper in a thread: keys are unlocked, used and locked */
#include "tests/unit/keys/keeper_desk.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(load_unlock_use_lock),
		TEST(every_way_it_can_fail),
		TEST(files_that_cannot_be_loaded),
		TEST(nobody_is_asked_twice_at_once),
		TEST(uses_are_confirmed),
		TEST(idle_keys_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
