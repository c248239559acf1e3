/* test_queue_job.c - jobs as text, both ways, and damaged ones */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/desk/queue_job.h"

#define HEAD	"mailseal-job 1\nid 0123abcd\naccount work\ncreated 17\n" \
		"order 3\n"
#define REMARKS	"remark a b\nremark a b\nremark a b\nremark a b\n"
#define ONE	"envelope 0 10\nsender a@x\nto b@x\n"

static int parse(const char *text, uint64_t mail, struct queue_job *job,
		 struct arena **arena)
{
	*arena = arena_new(1 << 20);
	assert_non_null(*arena);
	return queue_job_parse(*arena, bytes_of(text), mail, job);
}

static void test_round(void **state)
{
	static const char text[] = HEAD
		"message-id <1@x>\nnotify FAILURE,DELAY\nret HDRS\n"
		"envelope-id e1\nchosen\nrequire-tls\nsigned\n"
		"encrypted\nscheme smime\nremark not-encrypted no key\n"
		"remark other \303\266\n"
		"envelope 0 10 8bit\nsender a@x\nto b@x\nlearn Bob\n"
		"to \"c d\"@x\n"
		"envelope 10 32 8bit utf8 utf8-header\nsender \n"
		"to \303\266@x\nlearn \nend\n";
	struct arena *arena;
	struct queue_job job;
	struct buf again;

	(void)state;
	assert_int_equal(parse(text, 42, &job, &arena), 0);
	assert_string_equal(job.id, "0123abcd");
	assert_string_equal(job.account, "work");
	assert_int_equal(job.created, 17);
	assert_int_equal(job.order, 3);
	assert_true(job.require_tls);
	assert_true(job.chosen);
	assert_true(job.is_signed);
	assert_true(job.is_encrypted);
	assert_string_equal(job.scheme, "smime");
	assert_int_equal(job.remark_count, 2);
	assert_string_equal(job.remarks[0].code, "not-encrypted");
	assert_string_equal(job.remarks[0].text, "no key");
	assert_int_equal(job.envelope_count, 2);
	assert_int_equal(job.recipient_count, 3);
	assert_string_equal(job.recipients[1].address, "\"c d\"@x");
	assert_int_equal(job.recipients[1].envelope, 0);
	assert_int_equal(job.recipients[2].envelope, 1);
	assert_string_equal(job.recipients[0].learn, "Bob");
	assert_null(job.recipients[1].learn);
	assert_string_equal(job.recipients[2].learn, "");
	assert_int_equal(job.envelopes[1].first, 2);
	assert_int_equal(job.envelopes[1].size, 32);
	assert_true(job.envelopes[1].utf8);
	assert_false(job.envelopes[0].utf8);
	assert_string_equal(job.envelopes[1].sender, "");
	buf_init(&again, QUEUE_TEXT_MAX);
	assert_int_equal(queue_job_print(&job, &again), 0);
	assert_string_equal(buf_string(&again), text);
	buf_free(&again);
	arena_free(arena);
}

static void test_bad(void **state)
{
	static const char *const cases[] = {
		"", "end\n", HEAD "end\n", HEAD ONE, HEAD ONE "end",
		HEAD ONE "end\nmore\n", HEAD ONE "end\n\n",
		"mailseal-job 2\nid 0123abcd\naccount w\n" ONE "end\n",
		"mailseal-job 1\naccount w\n" ONE "end\n",
		"mailseal-job 1\nid 0123abcd\n" ONE "end\n",
		"mailseal-job 1\nid ../../etc\naccount w\n" ONE "end\n",
		HEAD "id 0123abce\n" ONE "end\n",
		HEAD "order -1\n" ONE "end\n", HEAD "order x\n" ONE "end\n",
		HEAD "unknown 1\n" ONE "end\n",
		HEAD "remark alone\n" ONE "end\n",
		HEAD "scheme a\nscheme b\n" ONE "end\n",
		HEAD "sender a@x\n" ONE "end\n", HEAD "to b@x\n" ONE "end\n",
		HEAD "envelope 0 11\nsender a@x\nto b@x\nend\n",
		HEAD "envelope 11 0\nsender a@x\nto b@x\nend\n",
		HEAD "envelope 5 6\nsender a@x\nto b@x\nend\n",
		HEAD "envelope 0\nsender a@x\nto b@x\nend\n",
		HEAD "envelope 0 10 odd\nsender a@x\nto b@x\nend\n",
		HEAD "envelope 0 10\nto b@x\nend\n",
		HEAD "envelope 0 10\nsender a@x\nend\n",
		HEAD "envelope 0 10\nsender a@x\nto \nend\n",
		HEAD "envelope 0 10\nsender a@x\nsender b@x\nto b@x\nend\n",
		HEAD "envelope 0 10\nsender a@x\n" ONE "end\n",
		HEAD ONE "account other\nend\n",
		HEAD "envelope 0 10\nsender a@x\nto b\r@x\nend\n",
		HEAD "learn Bob\n" ONE "end\n",
		HEAD ONE "learn Bob\nlearn Bob\nend\n",
		HEAD "envelope 0 10\nsender a@x\nlearn \nto b@x\nend\n",
		HEAD "envelope 0 10\nsender a\1@x\nto b@x\nend\n",
	};
	struct arena *arena;
	struct queue_job job;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse(cases[i], 10, &job, &arena) != ERR_SYNTAX)
			fail_msg("case %zu was taken", i);
		arena_free(arena);
	}
	assert_int_equal(parse(HEAD ONE "end\n", 10, &job, &arena), 0);
	arena_free(arena);
	assert_int_equal(parse(HEAD REMARKS REMARKS ONE "end\n", 10, &job,
			       &arena), 0);
	arena_free(arena);
	assert_int_equal(parse(HEAD REMARKS REMARKS "remark a b\n" ONE
			       "end\n", 10, &job, &arena), ERR_LIMIT);
	arena_free(arena);
}

/* What is printed can be read; what cannot stand on a line is refused. */
static void test_print_refuses(void **state)
{
	struct queue_recipient to = { "b@x", 0, NULL };
	struct queue_envelope envelope = { "a@x", 0, 1, false, false, false, 0,
					    1 };
	struct queue_job job = { .id = "0123abcd", .account = "work",
				 .envelopes = &envelope, .envelope_count = 1,
				 .recipients = &to, .recipient_count = 1 };
	struct buf text;

	(void)state;
	buf_init(&text, 10000);
	assert_int_equal(queue_job_print(&job, &text), 0);
	to.address = "b@x\nto evil@x";
	assert_int_equal(queue_job_print(&job, &text), ERR_SYNTAX);
	to.address = "b@x";
	job.message_id = "<1@x>\rx";
	assert_int_equal(queue_job_print(&job, &text), ERR_SYNTAX);
	job.message_id = NULL;
	job.id = "../x";
	assert_int_equal(queue_job_print(&job, &text), ERR_SYNTAX);
	job.id = "0123abcd";
	envelope.count = 0;
	assert_int_equal(queue_job_print(&job, &text), ERR_SYNTAX);
	buf_free(&text);
}

static void test_ids(void **state)
{
	static const char *const good[] = { "01234567", "a.b-c_d9" };
	static const char *const bad[] = { "", "short", "../../..", ".1234567",
		"-1234567", "0123 567", "0123/567", "0123\n567",
		"0123456789012345678901234567890123456789012345678901234567"
		"89012345" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(queue_id_is_valid(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(queue_id_is_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_print_refuses),
		cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
