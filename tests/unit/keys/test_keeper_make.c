/* test_keeper_make.c - a keeper in a thread: keys new and gone, broken rules */
#include "tests/unit/keys/keeper_desk.h"

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
			    "InvalidOption");
	assert_int_equal(questions, 0);
	(void)close(file);
	/* A disk that is full. */
	file = open("/dev/full", O_WRONLY);
	assert_string_equal(generate("p256", "a|a", file, &questions),
			    "Failed");
	(void)close(file);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_keys_are_made),
		TEST(keys_of_a_clerk_are_taken),
		TEST(removed_keys_are_gone),
		TEST(other_frames_end_it),
		TEST(askers_that_break_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
