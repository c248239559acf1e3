/* test_protocol.c - what fits the table of verbs, and that nothing else does */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "agent/keys/protocol.h"

static const struct keys_request good[] = {
	{ .version = KEYS_VERSION, .verb = KEYS_STATE },
	{ .version = KEYS_VERSION, .verb = KEYS_SIGN,
	  .scheme = KEYS_RSA_PKCS1, .hash = KEYS_SHA256, .len = 32 },
	{ .version = KEYS_VERSION, .verb = KEYS_SIGN, .scheme = KEYS_RSA_PSS,
	  .hash = KEYS_SHA512, .len = 64 },
	{ .version = KEYS_VERSION, .verb = KEYS_SIGN, .scheme = KEYS_ECDSA,
	  .hash = KEYS_SHA384, .len = 48 },
	{ .version = KEYS_VERSION, .verb = KEYS_UNWRAP,
	  .scheme = KEYS_RSA_PKCS1, .want = 32, .len = 256 },
	{ .version = KEYS_VERSION, .verb = KEYS_UNWRAP,
	  .scheme = KEYS_RSA_OAEP, .hash = KEYS_SHA1,
	  .mask_hash = KEYS_SHA256, .len = 1024 },
	{ .version = KEYS_VERSION, .verb = KEYS_DERIVE,
	  .scheme = KEYS_ECDH_X963, .hash = KEYS_SHA1, .want = 16, .len = 65,
	  .more = 512 },
};
#define GOOD (sizeof(good) / sizeof(good[0]))

static bool fits(const struct keys_request *request)
{
	return keys_request_fits(request, sizeof(*request));
}

static void good_requests_fit(void **test)
{
	size_t i;

	(void)test;
	for (i = 0; i < GOOD; i++)
		assert_true(fits(&good[i]));
}

/* One field of each made wrong. */
static void nothing_else_fits(void **test)
{
	static const struct {
		size_t of;		/* in good[] */
		struct keys_request bad;
	} cases[] = {
		{ 0, { .verb = KEYS_SIGN } },
		{ 0, { .scheme = KEYS_ECDSA } },
		{ 0, { .hash = KEYS_SHA256 } },
		{ 0, { .len = 1 } },
		{ 0, { .want = 1 } },
		{ 1, { .hash = KEYS_SHA1 } },
		{ 1, { .hash = 5 } },
		{ 1, { .len = 31 } },
		{ 1, { .more = 1 } },
		{ 1, { .want = 1 } },
		{ 1, { .mask_hash = KEYS_SHA256 } },
		{ 1, { .scheme = KEYS_RSA_OAEP } },
		{ 1, { .scheme = KEYS_ECDH_X963 } },
		{ 1, { .verb = 5 } },
		{ 1, { .zero = 1 } },
		{ 1, { .version = KEYS_VERSION + 1 } },
		{ 4, { .want = KEYS_SECRET_MAX + 1 } },
		{ 4, { .len = 255 } },
		{ 4, { .len = KEYS_DATA_MAX + 1 } },
		{ 4, { .hash = KEYS_SHA256 } },
		{ 4, { .scheme = KEYS_RSA_PSS } },
		{ 5, { .want = 1 } },
		{ 5, { .mask_hash = 9 } },
		{ 6, { .want = KEYS_SECRET_MAX + 1 } },
		{ 6, { .len = 64 } },
		{ 6, { .len = KEYS_POINT_MAX + 1 } },
		{ 6, { .more = KEYS_SHARED_MAX + 1 } },
		{ 6, { .mask_hash = KEYS_SHA1 } },
	};
	struct keys_request request;
	size_t i, j;

	(void)test;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *bad = (const uint8_t *)&cases[i].bad;
		uint8_t *to = (uint8_t *)&request;

		request = good[cases[i].of];
		for (j = 0; j < offsetof(struct keys_request, data); j++)
			if (bad[j] != 0)
				to[j] = bad[j];
		/* Numbers of two bytes are put whole. */
		if (cases[i].bad.len != 0)
			request.len = cases[i].bad.len;
		if (cases[i].bad.more != 0)
			request.more = cases[i].bad.more;
		if (cases[i].bad.want != 0)
			request.want = cases[i].bad.want;
		if (fits(&request))
			fail_msg("case %zu fits", i);
	}
	request = good[4];
	request.want = 0;
	assert_false(fits(&request));
	request = good[5];
	request.mask_hash = KEYS_HASH_NONE;
	assert_false(fits(&request));
}

static void only_the_whole_size_fits(void **test)
{
	(void)test;
	assert_false(keys_request_fits(&good[0], sizeof(good[0]) - 1));
	assert_false(keys_request_fits(&good[0], 0));
}

static void replies(void **test)
{
	struct keys_reply reply;

	(void)test;
	memset(&reply, 0, sizeof(reply));
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.version = KEYS_VERSION;
	assert_true(keys_reply_fits(&reply, sizeof(reply)));
	assert_false(keys_reply_fits(&reply, sizeof(reply) - 1));
	reply.len = KEYS_DATA_MAX;
	assert_true(keys_reply_fits(&reply, sizeof(reply)));
	reply.len++;
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.len = 1;
	reply.answer = KEYS_LOCKED;	/* brings nothing */
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.len = 0;
	reply.answer = KEYS_GONE;	/* never sent */
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.answer = KEYS_DONE;
	reply.usage = 4;
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.usage = 3;
	reply.unlocked = 2;
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
	reply.unlocked = 1;
	reply.zero[2] = 1;
	assert_false(keys_reply_fits(&reply, sizeof(reply)));
}

static void every_answer_has_words(void **test)
{
	int answer;

	(void)test;
	for (answer = KEYS_DONE; answer <= KEYS_GONE; answer++)
		assert_true(strlen(keys_answer_sentence(
				(enum keys_answer)answer)) > 0);
	assert_string_equal(keys_answer_sentence((enum keys_answer)99),
			    "an unknown answer");
	assert_int_equal(keys_hash_size(KEYS_SHA1), 20);
	assert_int_equal(keys_hash_size(99), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_requests_fit),
		cmocka_unit_test(nothing_else_fits),
		cmocka_unit_test(only_the_whole_size_fits),
		cmocka_unit_test(replies),
		cmocka_unit_test(every_answer_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
