/* test_answers.c - which messages a mail answers, in all the ways to say it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/flow/answers.h"
#include "agent/mail/message.h"
#include "tests/unit/arena.h"

/* Remembers one message, or cannot tell. */
struct script {
	struct answers_sum known;
	int asked, error;
};

static int opened(void *ctx, const struct answers_sum *sums, size_t count)
{
	struct script *script = ctx;
	size_t i;

	script->asked++;
	assert_true(count > 0 && count <= ANSWERS_MAX);
	for (i = 0; i < count; i++)
		if (memcmp(&sums[i], &script->known, sizeof(*sums)) == 0)
			return 1;
	return script->error;
}

static void remember(struct script *script, const char *message)
{
	struct answers_sum sums[ANSWERS_MAX];
	struct message *parsed;

	memset(script, 0, sizeof(*script));
	assert_int_equal(message_parse(arena, bytes_of(message), &parsed), 0);
	assert_int_equal(answers_sums(arena, parsed, sums), 1);
	script->known = sums[0];
}

static int answers(struct script *script, const char *header)
{
	const struct answers_memory memory = { opened, script };
	struct memfile file;
	struct buf why;
	int r;

	r = memfile_open(memfile_make("mail", bytes_of(header)), 1 << 20,
			 &file);
	assert_int_equal(r, 0);
	buf_init(&why, 400);
	r = answers_encrypted(arena, &file, &memory, &why);
	assert_int_equal(why.len > 0, r < 0);
	buf_free(&why);
	memfile_close(&file);
	return r;
}

static void named(void **state)
{
	static const char *const those[] = {
		"In-Reply-To: <a@x.example>\n\n",
		"in-reply-to:<a@x.example>\r\n\r\n",
		"In-Reply-To:\n\t<a@x.example>\n\n",
		"In-Reply-To: your message of Monday <a@x.example>\n\n",
		"In-Reply-To: a@x.example\n\n",
		"In-Reply-To: <b@x.example>\nIn-Reply-To: <a@x.example>\n\n",
		"In-Reply-To: <b@x.example> <a@x.example>\n\n",
		"References: <b@x.example>\n <a@x.example>\n <c@x.example>\n\n",
		"References: <b@x.example><a@x.example>\n\n",
		"References: <b@x.example>\nReferences: <a@x.example>\n\n",
		"In-Reply-To: <b@x.example>\nReferences: <a@x.example>\n\n",
	};
	static const char *const others[] = {
		"In-Reply-To: <b@x.example>\n\n",
		"In-Reply-To: <A@x.example>\n\n",
		"References: <a@x.example.org>\n\n",
	};
	struct script script;
	size_t i;

	(void)state;
	remember(&script, "Message-ID: <a@x.example>\n\n");
	for (i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (answers(&script, those[i]) != 1)
			fail_msg("%s", those[i]);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (answers(&script, others[i]) != 0)
			fail_msg("%s", others[i]);
}

/* Whoever began the thread does not push out what is answered. */
static void among_many(void **state)
{
	struct script script;
	struct buf text;
	int i;

	(void)state;
	remember(&script, "Message-ID: <a@x.example>\n\n");
	buf_init(&text, 65536);
	buf_text(&text, "References:");
	for (i = 0; i < 900; i++)
		buf_print(&text, "\n <%d@x.example>", i);
	buf_text(&text, "\n <a@x.example>\n\n");
	assert_false(text.full);
	assert_int_equal(answers(&script, buf_string(&text)), 1);
	buf_free(&text);
}

static void nobody_is_asked(void **state)
{
	struct script script;

	(void)state;
	remember(&script, "Message-ID: <a@x.example>\n\n");
	assert_int_equal(answers(&script, "Subject: x\n\nIn-Reply-To: "
				 "<a@x.example>\n"), 0);
	assert_int_equal(answers(&script, "References:\n\n"), 0);
	assert_int_equal(script.asked, 0);
	script.error = ERR_IO;
	assert_int_equal(answers(&script, "References: <b@x.example>\n\n"),
			 ERR_IO);
}

/* What a client tells is found by the field of the answer. */
static void told(void **state)
{
	static const char *const fine[] = { "a@x.example", "<a@x.example>" };
	static const char *const bad[] = {
		"", "<>", "<", ">", "a b@x.example", " a@x.example",
		"a@x.example ", "<a@x.example", "a@x.example>",
		"<a@x.example> <b@x.example>", "<<a@x.example>>",
		"a\n@x.example", "a\x7f@x.example", "\xff@x.example",
	};
	struct script script;
	struct answers_sum sum;
	char longest[1000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		remember(&script, "Message-ID: <b@x.example>\n\n");
		assert_true(answers_sum(arena, answers_id(arena, fine[i]),
					&script.known));
		assert_int_equal(answers(&script, "In-Reply-To: "
					 "<a@x.example>\n\n"), 1);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (answers_id(arena, bad[i]) != NULL)
			fail_msg("%s", bad[i]);
	assert_false(answers_sum(arena, NULL, &sum));
	memset(longest, 'a', sizeof(longest));
	longest[999] = 0;
	assert_null(answers_id(arena, longest));
	longest[998] = 0;
	assert_non_null(answers_id(arena, longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named),
		cmocka_unit_test(among_many),
		cmocka_unit_test(nobody_is_asked),
		cmocka_unit_test(told),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
