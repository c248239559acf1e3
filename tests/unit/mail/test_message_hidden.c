/* test_message_hidden.c - fields that only some programs read */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "agent/mail/message.h"
#include "agent/mail/message_hidden.h"
#include "tests/unit/arena.h"

static size_t hidden(struct bytes text, const char *name)
{
	struct message *message;

	assert_int_equal(message_parse(arena, text, &message), 0);
	return message_hidden(message, name);
}

static void names_that_are_dressed_up(void **state)
{
	static const struct {
		const char *text, *name;
		size_t count;
	} rows[] = {
		{ "Subject: x\n\n", "Subject", 0 },
		{ "SUBJECT: x\nsubject: y\n\n", "Subject", 0 },
		{ "A: 1\nSubject : x\n\n", "Subject", 1 },
		{ "A: 1\nSubject\t: x\nsubject : y\n\n", "Subject", 2 },
		{ "A: 1\nSubject\n : x\n\n", "Subject", 1 },
		{ "A: 1\nSubjects : x\n\n", "Subject", 0 },
		{ "A: 1\nSub : x\n\n", "Subject", 0 },
		{ "A: 1\n\xef\xbb\xbfSubject: x\n\n", "Subject", 1 },
		{ "A: 1\n\x01Sub\x02ject: x\n\n", "Subject", 1 },
		{ " Subject: x\nA: 1\n\n", "Subject", 1 },
		{ "\tTo: x\nA: 1\n\n", "To", 1 },
		/* a continuation line is dangerous for From alone */
		{ "A: 1\n Subject: x\n\n", "Subject", 0 },
		{ "A: 1\rSubject: x\n\n", "Subject", 1 },
		{ "A: 1\r\r Subject : x\n\n", "Subject", 1 },
		{ "A: 1\rTo: x\rTo: y\n\n", "To", 2 },
		{ "A: 1\x0bTo: x\n\n", "To", 1 },
		{ "A: 1\x0cTo: x\n\n", "To", 1 },
		{ "A: 1\x1eTo: x\n\n", "To", 1 },
		{ "A: 1\xc2\x85To: x\n\n", "To", 1 },
		{ "A: 1\xe2\x80\xa8To: x\n\n", "To", 1 },
		{ "A: 1\xe2\x80\xa9To: x\n\n", "To", 1 },
		{ "A: 1\xe2\x80\xaaTo: x\n\n", "To", 0 },
		{ "A: 1\xc2\x84To: x\n\n", "To", 0 },
		{ "A: 1\r\n\r\nTo : x\r\n", "To", 0 },
		{ "A: 1\nContent-Type : x\n\n", "Content-Type", 1 },
		{ "A: 1\nContent-Type : x\n\n", "Content-Type-Far-Too-Long",
		  0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (hidden(bytes_of(rows[i].text), rows[i].name) !=
		    rows[i].count)
			fail_msg("row %zu", i);
}

/* "name: 1" CRLF, where name is `length` octets of 'a' and then `tail`. */
static struct bytes long_line(const char *field, size_t length,
			      const char *tail)
{
	struct bytes out;
	char *text = arena_alloc(arena, length + 200);
	int len;

	assert_non_null(text);
	memset(text, 'a', length);
	memcpy(text, field, strlen(field));
	len = snprintf(text + length, 200, "%s\nB: 2\n\n", tail);
	assert_in_range(len, 1, 199);
	out.data = (const unsigned char *)text;
	out.len = length + (size_t)len;
	return out;
}

static void long_lines_are_cut_by_some(void **state)
{
	(void)state;
	assert_int_equal(hidden(long_line("A: ", 8191, "From: x@y"), "From"),
			 1);
	assert_int_equal(hidden(long_line("A: ", 1023, "fRom : x@y"), "From"),
			 1);
	assert_int_equal(hidden(long_line("A: ", 900, "From: x@y"), "From"),
			 0);
	assert_int_equal(hidden(long_line("A: ", 1023, "From: x"), "From"), 0);
	assert_int_equal(hidden(long_line("A: ", 1023, "Subject: x"),
				"Subject"), 1);
	assert_int_equal(hidden(long_line("A: ", 1023, "Subject x"),
				"Subject"), 0);
	/* these stand in long lines by chance: "mailto:", "update:" */
	assert_int_equal(hidden(long_line("A: ", 1023, "mailto:x@y"), "To"),
			 0);
	assert_int_equal(hidden(long_line("A: ", 1023, "update: x"), "Date"),
			 0);
	/* h= of a signature that was not folded */
	assert_int_equal(hidden(long_line("DKIM-Signature: ", 1023,
		"; h=from:subject:to; i=@x"), "From"), 0);
	assert_int_equal(hidden(long_line("DKIM-Signature: ", 1023,
		"; h=from:subject:to; i=@x"), "Subject"), 0);
	assert_int_equal(hidden(long_line("DKIM-Signature: ", 1023,
		"; From: <x@y>; i=@x"), "From"), 1);
}

static void lines_are_read_leniently(void **state)
{
	(void)state;
	assert_true(line_reads_as(bytes_of("To:x"), "To"));
	assert_true(line_reads_as(bytes_of(" tO : x"), "To"));
	assert_false(line_reads_as(bytes_of("To"), "To"));
	assert_false(line_reads_as(bytes_of("Tom: x"), "To"));
	assert_false(line_reads_as(bytes_of(":"), "To"));
	assert_false(line_reads_as(bytes_of(""), "To"));
	assert_false(text_has_separator(bytes_of("a\tb\r\nc\n\xc3\xa9")));
	assert_true(text_has_separator(bytes_of("a\rb\r\n")));
	assert_true(text_has_separator(bytes_of("a\r")));
	assert_true(text_has_separator((struct bytes){
		(const unsigned char *)"a\0", 2 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_dressed_up),
		cmocka_unit_test(long_lines_are_cut_by_some),
		cmocka_unit_test(lines_are_read_leniently),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
