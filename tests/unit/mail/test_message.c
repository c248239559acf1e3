/* test_message.c - lines to fields, and the From fields that others see */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "tests/unit/mail/parsed.h"

static void fields_in_order(void **state)
{
	struct message *m = parsed("From: a\r\n b\r\nTo:c\r\nto: d\r\n"
				   "\r\nx\r\n");
	const struct field *field;

	(void)state;
	assert_int_equal(m->field_count, 3);
	field = message_find(m, "from", 0);
	assert_true(bytes_is(field->name, "From"));
	assert_true(bytes_is(field->value, " a\r\n b"));
	assert_true(bytes_is(field->whole, "From: a\r\n b"));
	assert_true(bytes_is(field_unfold(arena, field), "a b"));
	assert_int_equal(message_count(m, "TO"), 2);
	assert_true(bytes_is(message_find(m, "To", 1)->value, " d"));
	assert_null(message_find(m, "To", 2));
	assert_true(bytes_is(m->body, "x\r\n"));
	assert_true(bytes_is(m->head, "From: a\r\n b\r\nTo:c\r\nto: d\r\n"));
	assert_false(m->odd || m->has_bare_cr || m->has_nul);
	assert_int_equal(m->hidden_from, 0);
}

static void line_ends(void **state)
{
	struct message *m;

	(void)state;
	m = parsed("A: 1\nB: 2\n\nx");
	assert_true(bytes_is(m->body, "x"));
	m = parsed("A: 1\r\nB: 2\n\nx");
	assert_int_equal(m->field_count, 2);
	assert_false(m->odd);
	m = parsed("A: 1\r2\r\n\r\n");
	assert_true(m->has_bare_cr);
	assert_int_equal(m->body.len, 0);
	m = parsed("A: 1\r\nB: 2");	/* ends inside the header */
	assert_int_equal(m->field_count, 2);
	assert_int_equal(m->body.len, 0);
	assert_true(bytes_is(m->fields[1].value, " 2"));
	m = parsed("A: 1\n \n b\n\nx");	/* a blank line is no empty one */
	assert_int_equal(m->field_count, 1);
	assert_true(bytes_is(m->body, "x"));
	assert_true(bytes_is(field_unfold(arena, &m->fields[0]), "1  b"));
	assert_non_null(field_unfold(arena, &parsed("A:\n\n")->fields[0]).data);
}

static void mbox_lines(void **state)
{
	struct message *m;

	(void)state;
	m = parsed("From a@b Mon Mar  2 10:00:00 2026\nFrom: a\n\nx");
	assert_true(m->had_mbox_line);
	assert_int_equal(message_count(m, "From"), 1);
	assert_true(bytes_starts(m->raw, "From: a"));
	assert_int_equal(m->hidden_from, 0);
	assert_true(parsed(">From a@b Mon\r\nTo: a\r\n\r\n")->had_mbox_line);
	assert_false(parsed("From: a\n")->had_mbox_line);
	m = parsed("From : a@b\nTo: a\n\n");
	assert_false(m->had_mbox_line);
	assert_int_equal(m->hidden_from, 1);
}

static void from_that_others_see(void **state)
{
	static const struct {
		const char *text;
		size_t hidden, count;
	} rows[] = {
		{ "From: a@b\n\n", 0, 1 },
		{ "From: a@b\nFROM: c@d\n\n", 0, 2 },
		{ " From: a@b\nTo: x\n\n", 1, 0 },
		{ "\tfrom: a\nTo: x\n\n", 1, 0 },
		{ " To: a@b\nTo: x\n\n", 0, 0 },
		{ "To: x\nFrom : a@b\n\n", 1, 0 },
		{ "To: x\nFrom\t: a@b\n\n", 1, 0 },
		{ "To: x\nFrom\r\n : a@b\n\n", 1, 0 },
		{ "To: x\nFrom\n \n : a@b\n\n", 1, 0 },
		{ "To: x\nFromage\n : a@b\n\n", 0, 0 },
		{ "To: x\n From: a@b\n\n", 1, 0 },
		{ "To: x\n From : a@b\n\n", 1, 0 },
		{ "To: x\n From: nobody\n\n", 0, 0 },
		{ "To: x\rFrom: a@b\n\n", 1, 0 },
		{ "To: x\r From: a@b\rfrom : c\n\n", 2, 0 },
		{ "To: x\n\xef\xbb\xbf" "From: a@b\n\n", 1, 0 },
		{ "\xef\xbb\xbf" "From: a@b\nTo: x\n\n", 1, 0 },
		{ "To: x\nFr\x01om: a@b\n\n", 1, 0 },
		{ "To: x\nX-From: a@b\n>From: a@b\n\n", 0, 0 },
		{ "To: x\n\nFrom: a@b\n From: c@d\n", 0, 0 },
		/* h= of a signature, folded in front of its names */
		{ "DKIM-Signature: v=1; h=\n From:To:Date; i=@b; x\n\n", 0, 0 },
		{ "ARC-Message-Signature: h=\n from:to;b=a@b\n\n", 0, 0 },
		{ "DKIM-Signature: v=1; h=\n From: <a@b>;\n\n", 1, 0 },
		{ "DKIM-Signature: v=1; h=\n From: a@b\n\n", 1, 0 },
		{ "X-Other: v=1; h=\n From:To:Date; i=@b\n\n", 1, 0 },
	};
	const struct message *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m = parsed(rows[i].text);
		if (m->hidden_from != rows[i].hidden ||
		    message_count(m, "From") != rows[i].count)
			fail_msg("row %zu: %zu hidden, %zu found", i,
				 m->hidden_from, message_count(m, "From"));
	}
}

static void odd_names(void **state)
{
	struct message *m = parsed("A : 1\nno colon\n: x\nB\xc3\xa9: 2\nC: 3\n"
				   "Two Words: 4\n\n");
	size_t i;

	(void)state;
	assert_int_equal(m->field_count, 6);
	for (i = 0; i < 6; i++)
		assert_int_equal(m->fields[i].odd_name, i != 4);
	assert_true(bytes_is(m->fields[0].name, "A"));
	assert_null(message_find(m, "A", 0));
	assert_true(bytes_is(m->fields[1].whole, "no colon"));
}

/* Lines at which some programs end the header. */
static void lines_that_are_no_fields(void **state)
{
	static const struct {
		const char *text;
		bool stray, blank;
	} rows[] = {
		{ "A: 1\nB: 2\n\n", false, false },
		{ "A: 1\n B: 2\n\n", false, false },
		{ "A: 1\nno colon\nB: 2\n\n", true, false },
		{ "A: 1\nB : 2\n\n", true, false },
		{ "A: 1\nTwo Words: 2\n\n", true, false },
		{ "A: 1\r\n\r\r\nB: 2\r\n\r\n", true, false },
		{ "A: 1\n: 2\n\n", true, false },
		{ "A: 1\nB\xc3\xa9: 2\n\n", true, false },
		{ "A: 1\nFrom a@b Mon\nB: 2\n\n", true, false },
		{ "A: 1\n>From a@b Mon\nB: 2\n\n", true, false },
		/* mailbox files have these */
		{ "From a@b Mon\n>From c@d Tue\nA: 1\n\n", false, false },
		{ "From a@b Mon\n>From c@d Tue\n x\nA: 1\n\n", true, false },
		{ " \nA: 1\n\n", false, true },
		{ "\tx\nA: 1\n\n", false, true },
		{ "From a@b Mon\n x\nA: 1\n\n", false, true },
	};
	const struct message *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m = parsed(rows[i].text);
		if (m->has_stray_line != rows[i].stray ||
		    m->starts_blank != rows[i].blank)
			fail_msg("row %zu", i);
	}
}

static void nul_in_the_header(void **state)
{
	static const char text[] = "A: 1\0\r\nFr\0om: a@b\r\n\r\n\0";
	struct message *m;

	(void)state;
	assert_int_equal(message_parse(arena, (struct bytes){
		(const unsigned char *)text, sizeof(text) - 1 }, &m), 0);
	assert_true(m->has_nul);
	assert_int_equal(m->hidden_from, 1);
	assert_int_equal(m->body.len, 1);
}

static void what_is_no_message(void **state)
{
	static const char *const wrong[] = {
		"", "\n", "\r\n\r\nFrom: a\n", "hello", "hello\nworld\n",
		"\x7f" "ELF\x02\x01:\x01\n", "\x89PNG\r\n\x1a\n:x\n",
		"From a@b Mon\n"
	};
	struct message *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (message_parse(arena, bytes_of(wrong[i]), &m) !=
		    ERR_NOT_MAIL || m != NULL)
			fail_msg("read as a message: row %zu", i);
}

/* `count` octets of header, the last line with its end, then "\n\nx". */
static int header_of(size_t count, const char *start, struct message **out)
{
	size_t len = strlen(start), at;
	unsigned char *text = malloc(count + 3);
	struct bytes raw = { text, count + 3 };
	int r;

	assert_non_null(text);
	for (at = 0; at < count; at++)
		text[at] = (unsigned char)start[at < len ? at : len - 1];
	text[count - 1] = '\n';
	text[count] = '\n';
	text[count + 1] = 'x';
	text[count + 2] = '\n';
	r = message_parse(arena, raw, out);
	if (r == 0) {
		assert_int_equal((*out)->head.len, count);
		assert_int_equal((*out)->body.len, 2);
	}
	free(text);
	return r;
}

static void limits(void **state)
{
	struct message *m;

	(void)state;
	assert_int_equal(header_of(MESSAGE_HEADER_MAX, "A: b\nC: d", &m), 0);
	assert_int_equal(header_of(MESSAGE_HEADER_MAX + 1, "A: b\nC: d", &m),
			 ERR_LIMIT);
	assert_int_equal(header_of(MESSAGE_HEADER_MAX + 2, "A: b\nC: d", &m),
			 ERR_LIMIT);
	assert_int_equal(header_of(100 * 1024 * 1024, "A: b\nC: d", &m),
			 ERR_LIMIT);
	assert_int_equal(header_of(100 * 1024 * 1024, "From a ", &m),
			 ERR_LIMIT);
}

static void too_many_fields(void **state)
{
	static const char line[] = "Received: x\n";
	size_t len = sizeof(line) - 1, i;
	char *text = malloc(100000 * len);
	struct message *m;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < 100000; i++)
		memcpy(text + i * len, line, len);
	assert_int_equal(message_parse(arena, (struct bytes){
		(unsigned char *)text, 100000 * len }, &m), ERR_LIMIT);
	assert_int_equal(message_parse(arena, (struct bytes){
		(unsigned char *)text, MESSAGE_FIELDS_MAX * len }, &m), 0);
	assert_int_equal(m->field_count, MESSAGE_FIELDS_MAX);
	free(text);
}

static void no_memory_is_a_limit(void **state)
{
	struct arena *small = arena_new(512);
	struct message *m;

	(void)state;
	assert_int_equal(message_parse(small, bytes_of("A: b\n\n"), &m),
			 ERR_LIMIT);
	arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_in_order),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(mbox_lines),
		cmocka_unit_test(from_that_others_see),
		cmocka_unit_test(odd_names),
		cmocka_unit_test(lines_that_are_no_fields),
		cmocka_unit_test(nul_in_the_header),
		cmocka_unit_test(what_is_no_message),
		cmocka_unit_test(limits),
		cmocka_unit_test(too_many_fields),
		cmocka_unit_test(no_memory_is_a_limit),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
