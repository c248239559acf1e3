/* test_shown.c - Subject, Date and Message-ID as programs read them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "agent/flow/shown.h"
#include "agent/mail/message.h"
#include "tests/unit/arena.h"

static struct message *parse(const char *text)
{
	struct message *message;

	assert_int_equal(message_parse(arena, bytes_of(text), &message), 0);
	return message;
}

static void subject_is(const char *header, const char *wanted)
{
	assert_string_equal(shown_field(arena, parse(header), "Subject"),
			    wanted);
}

static void fields_are_tidy(void **state)
{
	(void)state;
	subject_is("Subject: Lunch\r\n\r\n", "Lunch");
	subject_is("Subject:  two \t\r\n  lines \n\n", "two lines");
	subject_is("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\n", "Grüße");
	subject_is("Subject: =?utf-8?b?R3LDvMOfZQ==?= =?utf-8?q?_an?= dich"
		   "\n\n", "Grüße an dich");
	subject_is("Subject: =?nothing?q?x?=\n\n", "=?nothing?q?x?=");
	subject_is("Subject: a\033[2Jb\xFFz\n\n",
		   "a\xEF\xBF\xBD[2Jb\xEF\xBF\xBDz");
	subject_is("Subject:\n\n", "");
	subject_is("Subject: first\nSubject: second\n\n", "first");
	assert_null(shown_field(arena, parse("X: y\n\n"), "Subject"));
}

static void long_ones_are_cut(void **state)
{
	char *text = arena_alloc(arena, 4096);
	const char *shown;

	(void)state;
	memcpy(text, "Subject: ", 9);
	memset(text + 9, 'a', 2000);
	memcpy(text + 2009, "\n\n", 3);
	shown = shown_field(arena, parse(text), "Subject");
	assert_in_range(strlen(shown), 1, SHOWN_BYTES);
}

static void expect_ids(const char *header, size_t count, const char *first,
		       const char *last)
{
	const char *ids[SHOWN_IDS_MAX];

	assert_int_equal(shown_ids(arena, parse(header), ids), count);
	if (count > 0) {
		assert_string_equal(ids[0], first);
		assert_string_equal(ids[count - 1], last);
	}
}

static void every_name_counts(void **state)
{
	(void)state;
	expect_ids("Message-ID: <a@b>\n\n", 1, "a@b", "a@b");
	expect_ids("Message-Id:\n <a@b>\n\n", 1, "a@b", "a@b");
	expect_ids("message-id: a@b \n\n", 1, "a@b", "a@b");
	expect_ids("Message-ID: x <a@b> (y) <c@d>\n\n", 2, "a@b", "c@d");
	expect_ids("Message-ID: <a@b>\nX: y\nMessage-ID: <c@d>\n\n", 2, "a@b",
		   "c@d");
	expect_ids("Message-ID: <a@b\n\n", 1, "<a@b", "<a@b");
	expect_ids("Message-ID: <>\n\n", 0, NULL, NULL);
	expect_ids("Message-ID:\n\n", 0, NULL, NULL);
	expect_ids("X: <a@b>\n\n", 0, NULL, NULL);
	expect_ids("Message-ID: <\xFF@b>\n\n", 0, NULL, NULL);
}

/* Programs take the first, or the last. */
static void of_many_both_ends(void **state)
{
	const char *ids[SHOWN_IDS_MAX];
	char *text = arena_alloc(arena, 8192);
	size_t len, i;

	(void)state;
	for (i = 0; i < 100; i++) {
		len = strlen(text);
		(void)snprintf(text + len, 8192 - len, "Message-ID: <%zu@x>\n",
			       i);
	}
	memcpy(text + strlen(text), "\n", 2);
	assert_int_equal(shown_ids(arena, parse(text), ids), SHOWN_IDS_MAX);
	for (i = 0; i < SHOWN_IDS_MAX; i++) {
		char wanted[16];

		(void)snprintf(wanted, sizeof(wanted), "%zu@x",
			       i < SHOWN_IDS_MAX / 2 ? i :
			       100 - SHOWN_IDS_MAX + i);
		assert_string_equal(ids[i], wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, arena_up, arena_down)
		WITH(fields_are_tidy),
		WITH(long_ones_are_cut),
		WITH(every_name_counts),
		WITH(of_many_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
