/* test_author_gmime.c - what the second reader is asked, and says */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/mail/author_gmime.h"
#include "tests/unit/arena.h"

static struct gmime_author read_text(const char *text)
{
	struct gmime_author author;

	assert_int_equal(gmime_author_read(arena, bytes_of(text), &author), 0);
	return author;
}

static void it_reads_as_clients_do(void **state)
{
	struct gmime_author author;

	(void)state;
	author = read_text("=?utf-8?q?J=C3=B6rg?= <j@example.org>");
	assert_int_equal(author.mailboxes, 1);
	assert_string_equal(author.name, "J\xc3\xb6rg");
	assert_string_equal(author.address, "j@example.org");
	author = read_text("j@example.org (Comment)");
	assert_string_equal(author.name, "Comment");
	author = read_text("\"=?utf-8?q?A?=\" <j@example.org>");
	assert_string_equal(author.name, "A");
	author = read_text("<a@x.example>b@y.example");
	assert_int_equal(author.mailboxes, 2);
	author = read_text("G: a@x.example, B <b@y.example>;");
	assert_true(author.group);
	assert_int_equal(author.mailboxes, 2);
	author = read_text("");
	assert_int_equal(author.mailboxes, 0);
	assert_null(author.address);
}

/* It is never asked for a charset that would have to be loaded. */
static void unknown_charsets_are_kept_from_it(void **state)
{
	struct gmime_author author;

	(void)state;
	author = read_text("=?ibm037?q?Al=C9ce?= <j@example.org>");
	assert_string_equal(author.name, "Al?ce");
	author = read_text("=?ibm037*de?q?abc?= <j@example.org>");
	assert_string_equal(author.name, "abc");
	author = read_text("=?=?ibm037?q?abc?= <j@example.org>");
	assert_int_equal(author.mailboxes, 1);
	author = read_text("=? <j@example.org>");
	assert_string_equal(author.name, "=?");
}

static void a_full_arena_is_an_error(void **state)
{
	struct arena *small = arena_new(1);
	struct gmime_author author;

	(void)state;
	assert_int_equal(gmime_author_read(small, bytes_of("a@b.example"),
					   &author), ERR_LIMIT);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_as_clients_do),
		cmocka_unit_test(unknown_charsets_are_kept_from_it),
		cmocka_unit_test(a_full_arena_is_an_error),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
