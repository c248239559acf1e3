/* test_canon.c - the canonical forms: RFC 6376's examples, and a slow second
 * reading of its rules to compare with */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/mail/canon.h"

#define ROUNDS	6000
#define LARGE	200000
#define LONG	200		/* octets of a made up body */

static void take(void *ctx, struct bytes piece)
{
	assert_true(piece.len > 0);
	buf_add(ctx, piece);
}

static void field_is(enum canon form, const char *field, enum canon_end end,
		     const char *expected)
{
	struct buf out;
	struct canon_sink sink = { take, &out };

	buf_init(&out, 65536);
	canon_field(form, bytes_of(field), end, &sink);
	assert_string_equal(buf_string(&out), expected);
	buf_free(&out);
}

/* In pieces of `step`; answers the canonical length. */
static uint64_t body(struct buf *out, enum canon form, struct bytes text,
		     size_t step, uint64_t limit)
{
	struct canon_sink sink = { take, out };
	struct canon_body state;
	size_t at;

	canon_body_start(&state, form, limit, &sink);
	for (at = 0; at < text.len; at += step)
		canon_body_more(&state, bytes_slice(text, at, at + step));
	canon_body_end(&state);
	return state.length;
}

static void body_is(enum canon form, const char *text, const char *expected)
{
	struct bytes whole = bytes_of(text);
	struct buf out;
	size_t step;

	buf_init(&out, 65536);
	for (step = 1; step <= whole.len + 1; step++) {
		buf_clear(&out);
		assert_int_equal(body(&out, form, whole, step, CANON_NO_LIMIT),
				 strlen(expected));
		assert_string_equal(buf_string(&out), expected);
	}
	buf_free(&out);
}

/* RFC 6376 section 3.4.5, examples 1 and 2 */
static void the_rfcs_fields(void **state)
{
	(void)state;
	field_is(CANON_RELAXED, "A: X", CANON_WITH_CRLF, "a:X\r\n");
	field_is(CANON_RELAXED, "B : Y\t\r\n\tZ  ", CANON_WITH_CRLF,
		 "b:Y Z\r\n");
	field_is(CANON_RELAXED, "B : Y\t\n\tZ  ", CANON_WITH_CRLF,
		 "b:Y Z\r\n");
	field_is(CANON_SIMPLE, "B : Y\t\r\n\tZ  ", CANON_WITH_CRLF,
		 "B : Y\t\r\n\tZ  \r\n");
	field_is(CANON_SIMPLE, "B : Y\t\n\tZ  ", CANON_WITH_CRLF,
		 "B : Y\t\r\n\tZ  \r\n");
}

static void the_rfcs_bodies(void **state)
{
	(void)state;
	body_is(CANON_RELAXED, " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n");
	body_is(CANON_RELAXED, " C \nD \t E\n\n\n", " C\r\nD E\r\n");
	body_is(CANON_SIMPLE, " C \r\nD \t E\r\n\r\n\r\n",
		" C \r\nD \t E\r\n");
	body_is(CANON_SIMPLE, " C \nD \t E\n\n\n", " C \r\nD \t E\r\n");
}

static void odd_fields(void **state)
{
	(void)state;
	field_is(CANON_RELAXED, "Subject:", CANON_WITH_CRLF, "subject:\r\n");
	field_is(CANON_RELAXED, "Subject: \t ", CANON_NO_CRLF, "subject:");
	field_is(CANON_RELAXED, "S:\r\n a\r\n \r\n b", CANON_NO_CRLF, "s:a b");
	field_is(CANON_RELAXED, "S: a:b  c", CANON_NO_CRLF, "s:a:b c");
	field_is(CANON_RELAXED, "S: a\rb \r c", CANON_NO_CRLF, "s:a\rb \r c");
	field_is(CANON_RELAXED, "S: a\r\n", CANON_WITH_CRLF, "s:a\r\n");
	field_is(CANON_RELAXED, "No Colon", CANON_NO_CRLF, "no colon");
	field_is(CANON_SIMPLE, "S: a\r\n", CANON_WITH_CRLF, "S: a\r\n");
	field_is(CANON_SIMPLE, "S: a\n", CANON_NO_CRLF, "S: a");
	field_is(CANON_SIMPLE, "S:  a  b ", CANON_NO_CRLF, "S:  a  b ");
}

/* Sections 3.4.3 and 3.4.4 */
static void bodies_at_their_end(void **state)
{
	(void)state;
	body_is(CANON_SIMPLE, "", "\r\n");
	body_is(CANON_RELAXED, "", "");
	body_is(CANON_SIMPLE, "\r\n\r\n", "\r\n");
	body_is(CANON_RELAXED, "\r\n\r\n", "");
	body_is(CANON_RELAXED, " \t\r\n  ", "");
	body_is(CANON_SIMPLE, " \r\n\r\n", " \r\n");
	body_is(CANON_SIMPLE, "a", "a\r\n");
	body_is(CANON_RELAXED, "a \t", "a\r\n");
	body_is(CANON_RELAXED, "\r\n\r\na\r\n \r\nb \r\n\r\n \r\n",
		"\r\n\r\na\r\n\r\nb\r\n");
	body_is(CANON_SIMPLE, "\n\na\n\n\nb\n\n", "\r\n\r\na\r\n\r\n\r\nb\r\n");
	body_is(CANON_SIMPLE, "a\r\nb\nc\r\n\n\r\n", "a\r\nb\r\nc\r\n");
	body_is(CANON_SIMPLE, "a\rb\r\r\nc\r", "a\rb\r\r\nc\r\r\n");
	body_is(CANON_RELAXED, "a \r b\r \n", "a \r b\r\r\n");
	body_is(CANON_RELAXED, "a \r\r\n \r\n", "a \r\r\n");
}

static void a_limit_cuts_and_counts_on(void **state)
{
	static const char text[] = "ab  c\nde\n\n\nf\n\n";
	static const char whole[] = "ab c\r\nde\r\n\r\n\r\nf\r\n";
	struct buf out;
	size_t limit, step, expected;

	(void)state;
	buf_init(&out, 65536);
	for (limit = 0; limit < sizeof(whole) + 3; limit++)
		for (step = 1; step < sizeof(text); step++) {
			buf_clear(&out);
			assert_int_equal(body(&out, CANON_RELAXED,
					      bytes_of(text), step, limit),
					 strlen(whole));
			expected = limit < strlen(whole) ?
				   limit : strlen(whole);
			assert_int_equal(out.len, expected);
			assert_memory_equal(buf_string(&out), whole, expected);
		}
	buf_free(&out);
}

/* The rules again, an octet at a time, for lines that are all there. */
static void slow_line(struct buf *out, enum canon form, struct bytes line,
		      size_t *empty)
{
	size_t start = out->len, i;

	if (form == CANON_RELAXED)
		while (line.len > 0 && byte_is_blank(line.data[line.len - 1]))
			line.len--;
	if (line.len == 0) {
		++*empty;
		return;
	}
	for (; *empty > 0; --*empty)
		buf_text(out, "\r\n");
	start = out->len;
	for (i = 0; i < line.len; i++) {
		if (form == CANON_SIMPLE || !byte_is_blank(line.data[i]))
			buf_byte(out, line.data[i]);
		else if (i == 0 || !byte_is_blank(line.data[i - 1]))
			buf_byte(out, ' ');
	}
	assert_true(out->len > start);
	buf_text(out, "\r\n");
}

static void slow_body(struct buf *out, enum canon form, struct bytes text)
{
	struct bytes line;
	size_t empty = 0;
	bool more = true;

	while (more && text.len > 0) {
		more = bytes_cut(text, '\n', &line, &text);
		if (more && line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		slow_line(out, form, line, &empty);
	}
	if (form == CANON_SIMPLE && out->len == 0)
		buf_text(out, "\r\n");
}

static void same_as_the_slow_reading(void **state)
{
	static const char letters[] = "aaaabbbb    \t\r\n\n\n";
	unsigned char text[LONG];
	struct bytes whole = { text, 0 };
	struct buf fast, slow;
	uint32_t number = 1;
	int round, form;
	size_t i;

	(void)state;
	buf_init(&fast, 65536);
	buf_init(&slow, 65536);
	for (round = 0; round < ROUNDS; round++) {
		number = number * 1103515245u + 12345u;
		whole.len = (number >> 16) % LONG;
		for (i = 0; i < whole.len; i++) {
			number = number * 1103515245u + 12345u;
			text[i] = (unsigned char)letters[(number >> 16) %
						(sizeof(letters) - 1)];
			/* mostly CRLF in every other body, long runs too */
			if (round % 2 == 0 && text[i] == '\n' && i > 0)
				text[i - 1] = '\r';
			if (round % 3 == 0 && (number >> 28) > 1)
				text[i] = 'x';
		}
		form = round % 4 < 2 ? CANON_SIMPLE : CANON_RELAXED;
		buf_clear(&fast);
		buf_clear(&slow);
		(void)body(&fast, (enum canon)form, whole,
			   1 + (number >> 20) % LONG, CANON_NO_LIMIT);
		slow_body(&slow, (enum canon)form, whole);
		assert_int_equal(fast.len, slow.len);
		assert_memory_equal(buf_string(&fast), buf_string(&slow),
				    slow.len);
	}
	buf_free(&fast);
	buf_free(&slow);
}

/* Lines of every length up to more than what is put together at once. */
static void lines_longer_than_any_room(void **state)
{
	static unsigned char text[LARGE];
	struct bytes whole = { text, 0 };
	struct buf fast, slow;
	uint64_t counted;
	size_t length, i;
	int form;

	(void)state;
	for (length = 0; whole.len < LARGE; length = length * 9 / 8 + 1) {
		for (i = 0; i < length && whole.len < LARGE; i++)
			text[whole.len++] = i % 61 == 60 ? ' ' : 'x';
		if (whole.len < LARGE)
			text[whole.len++] = '\n';
	}
	buf_init(&fast, 2 * LARGE);
	buf_init(&slow, 2 * LARGE);
	for (form = CANON_SIMPLE; form <= CANON_RELAXED; form++) {
		buf_clear(&fast);
		buf_clear(&slow);
		counted = body(&fast, (enum canon)form, whole, LARGE,
			       CANON_NO_LIMIT);
		assert_int_equal(counted, fast.len);
		slow_body(&slow, (enum canon)form, whole);
		assert_int_equal(fast.len, slow.len);
		assert_memory_equal(buf_string(&fast), buf_string(&slow),
				    slow.len);
	}
	buf_free(&fast);
	buf_free(&slow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rfcs_fields),
		cmocka_unit_test(the_rfcs_bodies),
		cmocka_unit_test(odd_fields),
		cmocka_unit_test(bodies_at_their_end),
		cmocka_unit_test(a_limit_cuts_and_counts_on),
		cmocka_unit_test(same_as_the_slow_reading),
		cmocka_unit_test(lines_longer_than_any_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
