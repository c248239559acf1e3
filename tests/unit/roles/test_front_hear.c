/* test_front_hear.c - roles that lie: what they say of requests that are not
 * theirs, and what they never may say */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "agent/flow/find_kept.h"
#include "agent/store/certificate.h"
#include "tests/unit/roles/front_stage.h"

static struct buf wire;
static const struct bytes nothing = { NULL, 0 };

static int setup(void **state)
{
	(void)state;
	stage_open();
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	return 0;
}

static int teardown(void **state)
{
	int kind;

	(void)state;
	stage_clear();
	buf_free(&wire);
	config_free(stage.front.config);
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		(void)close(stage.peers[kind]);
		(void)close(stage.front.children[kind].fd);
	}
	return 0;
}

/* A dictionary as a role would send it. */
static struct bytes dict_of(const char *key, const char *text)
{
	struct arena *arena = arena_new(65536);
	struct value *dict = value_dict(arena);

	value_put_text(arena, dict, key, text);
	buf_clear(&wire);
	assert_int_equal(value_encode(dict, &wire), 0);
	arena_free(arena);
	return buf_bytes(&wire);
}

/* JUDGED: the report in front, what is to be kept behind. */
static struct bytes judged_of(const char *key, const char *text)
{
	struct bytes dict = dict_of(key, text);
	static struct buf judged;

	buf_free(&judged);
	buf_init(&judged, CHANNEL_PAYLOAD_MAX);
	buf_u32(&judged, (uint32_t)dict.len);
	buf_add(&judged, dict);
	buf_add(&judged, dict);
	return buf_bytes(&judged);
}

/* What one role was asked no other one answers; and it is still waited for. */
static void answers_for_others(void **state)
{
	int who;

	(void)state;
	stage_clear();
	stage_call("Outgoing1", "CheckServer", 0);
	for (who = 0; who < CHILD_KINDS; who++) {
		if (who == CHILD_SENDER)
			continue;
		assert_false(stage_say((enum child_kind)who, FRAME_REPORT, 1,
				       dict_of("result", "dane"), 0));
		assert_false(stage_say((enum child_kind)who, FRAME_FAILURE, 1,
				       dict_of("name", "Failed"), 0));
	}
	assert_int_equal(stage.answered + stage.failed, 0);
	assert_true(stage_say(CHILD_SENDER, FRAME_REPORT, 1,
			      dict_of("result", "refused"), 0));
	assert_int_equal(stage.answered, 1);
	/* Once; what comes again, or was never asked, nobody hears. */
	assert_true(stage_say(CHILD_SENDER, FRAME_REPORT, 1,
			      dict_of("result", "dane"), 0));
	assert_true(stage_say(CHILD_SENDER, FRAME_REPORT, 77,
			      dict_of("result", "dane"), 0));
	assert_int_equal(stage.answered, 1);
	assert_int_equal(stage.failed, 0);
}

/* JUDGED is an answer to a check alone. */
static void judged_without_a_check(void **state)
{
	static const struct {
		const char *interface, *name;
		size_t messages;
	} others[] = {
		{ "Contacts1", "Import", 1 }, { "Contacts1", "Known", 0 },
		{ "Entity1", "Decrypt", 1 }, { "Entity1", "Verify", 2 },
		{ "Incoming1", "Suggest", 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		stage_clear();
		stage_call(others[i].interface, others[i].name,
			   others[i].messages);
		if (stage_say(CHILD_READER, FRAME_JUDGED, 1,
			      judged_of("format", "mutt"), 0))
			fail_msg("%s was answered by JUDGED", others[i].name);
		assert_int_equal(stage.answered + stage.failed, 0);
	}
	stage_clear();
	stage_call("Incoming1", "Check", 1);
	(void)stage_say(CHILD_READER, FRAME_JUDGED, 1,
			judged_of("verdict", "genuine"), 0);
	assert_int_equal(stage.answered, 1);
}

/* A table of what nobody but one may say, and of what the front alone says. */
static void not_theirs_to_say(void **state)
{
	static const unsigned of_reader[] = { FRAME_LOOKUP, FRAME_JUDGED };
	static const unsigned of_front[] = {
		FRAME_HELLO, FRAME_CHECK, FRAME_CANCEL, FRAME_PARSE,
		FRAME_SECRET, FRAME_OPEN, FRAME_KEY_UNLOCK, FRAME_SUBMIT, 0,
		200, 255
	};
	size_t i;
	int who;

	(void)state;
	stage_clear();
	for (who = 0; who < CHILD_KINDS; who++) {
		for (i = 0; i < sizeof(of_front) / sizeof(of_front[0]); i++)
			assert_false(stage_say((enum child_kind)who,
					       of_front[i], 0, nothing, 1));
		for (i = 0; who != CHILD_READER && i < 2; i++)
			assert_false(stage_say((enum child_kind)who,
					       of_reader[i], 1,
					       judged_of("id", "x"), 0));
		if (who != CHILD_RESOLVER)
			assert_false(stage_say((enum child_kind)who,
					       FRAME_STATE, 0, nothing, 0));
		if (who != CHILD_SENDER)
			assert_false(stage_say((enum child_kind)who,
					       FRAME_NEED, 1, nothing, 0));
		if (who != CHILD_PGP)
			assert_false(stage_say((enum child_kind)who,
					       FRAME_AGENT, 0, nothing, 0));
	}
}

/* Names of errors become names on the bus: letters alone, and few. */
static void failures_with_odd_names(void **state)
{
	static const char *const names[] = {
		"", "a.b", "org.freedesktop.DBus.Error.NoReply", "Failed\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		stage_clear();
		stage_call("Incoming1", "Check", 1);
		assert_true(stage_say(CHILD_READER, FRAME_FAILURE, 1,
				      dict_of("name", names[i]), 0));
		assert_int_equal(stage.failed, 1);
		assert_string_equal(stage.failure, "Failed");
	}
}

/* Whom the user makes known is whom the user named. */
static void another_address(void **state)
{
	(void)state;
	stage_clear();
	stage_call("Contacts1", "Add", 0);
	assert_true(stage_say(CHILD_READER, FRAME_REPORT, 1,
			      dict_of("address", "m@evil.example"), 0));
	assert_int_equal(stage.answered, 0);
	assert_int_equal(stage.failed, 1);
	assert_int_equal(stage.signals, 0);
	stage_clear();
	stage_call("Contacts1", "Add", 0);
	assert_true(stage_say(CHILD_READER, FRAME_REPORT, 1,
			      dict_of("address", "ALICE@example.org"), 0));
	assert_int_equal(stage.answered, 1);
	assert_int_equal(stage.signals, 1);
}

/* What cannot be read is not an empty file: nothing would be encrypted to the
 * certificates that there are. */
static void kept_but_unreadable(void **state)
{
	static unsigned char der[4000] = { 0x30 };
	struct certificate_kept kept = { .address = "alice@example.org",
					 .der = { der, sizeof(der) },
					 .source = "user" };
	size_t room = FIND_KEPT_MAX * sizeof(kept);
	const size_t caps[] = { 100, room + 2000, 2 * room + 8000 };
	struct store *store;
	struct stat about;
	struct arena *arena;
	size_t i;
	int fd;

	(void)state;
	stage_clear();
	assert_int_equal(certificate_put(stage.front.store, &kept), 0);
	for (i = 0; i < 3; i++) {
		arena = arena_new(caps[i]);
		fd = front_kept_file(&stage.front, arena, "alice@example.org");
		arena_free(arena);
		assert_int_equal(fd >= 0, i == 2);
	}
	assert_int_equal(fstat(fd, &about), 0);
	assert_true((size_t)about.st_size > sizeof(der));
	(void)close(fd);
	store = stage.front.store;
	stage.front.store = NULL;
	arena = arena_new(caps[2]);
	assert_int_equal(front_kept_file(&stage.front, arena, "a@b"), -1);
	arena_free(arena);
	stage.front.store = store;
	/* Nobody but the sender asks for it. */
	for (i = 0; i < CHILD_KINDS; i++)
		assert_int_equal(stage_say((enum child_kind)i, FRAME_KEPT, 1,
					   dict_of("address", "a@b"), 0),
				 i == CHILD_SENDER);
}

static struct bytes sums_of(const char *text, size_t count)
{
	struct arena *sums = arena_new(65536);
	struct value *dict = value_dict(sums);
	struct value *list = value_put_list(sums, dict, "sums");

	while (count-- > 0)
		value_put_text(sums, list, NULL, text);
	buf_clear(&wire);
	assert_int_equal(value_encode(dict, &wire), 0);
	arena_free(sums);
	return buf_bytes(&wire);
}

/* Whether a mail answers an encrypted one: the sender may ask, of sums. */
static void answers_asked(void **state)
{
	static const char sum[] = "0123456789abcdef0123456789abcdef"
				  "0123456789abcdef0123456789abcdef";
	size_t i;

	(void)state;
	stage_clear();
	for (i = 0; i < CHILD_KINDS; i++)
		assert_int_equal(stage_say((enum child_kind)i, FRAME_ANSWERS,
					   1, sums_of(sum, 64), 0),
				 i == CHILD_SENDER);
	assert_false(stage_say(CHILD_SENDER, FRAME_ANSWERS, 1,
			       sums_of(sum, 65), 0));
	assert_false(stage_say(CHILD_SENDER, FRAME_ANSWERS, 1,
			       sums_of(sum + 1, 1), 0));
	assert_false(stage_say(CHILD_SENDER, FRAME_ANSWERS, 1,
			       dict_of("sums", sum), 0));
	assert_false(stage_say(CHILD_SENDER, FRAME_ANSWERS, 1, nothing, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_for_others),
		cmocka_unit_test(judged_without_a_check),
		cmocka_unit_test(not_theirs_to_say),
		cmocka_unit_test(failures_with_odd_names),
		cmocka_unit_test(another_address),
		cmocka_unit_test(kept_but_unreadable),
		cmocka_unit_test(answers_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
