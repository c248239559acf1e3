/* test_mime.c - where parts begin and end, whatever the pieces they come in */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"
#include "agent/mail/mime.h"
#include "tests/unit/arena.h"

static int scanned_for(enum mime_want want, struct bytes text, size_t step,
		       struct mime_part **root)
{
	struct mime_scan *scan = mime_scan_new(arena, want);
	size_t at;
	int r;

	assert_non_null(scan);
	for (at = 0; at < text.len; at += step)
		mime_scan_push(scan, bytes_slice(text, at, at + step));
	r = mime_scan_end(scan, root);
	mime_scan_free(scan);
	return r;
}

static int scanned(struct bytes text, size_t step, struct mime_part **root)
{
	return scanned_for(MIME_LINES, text, step, root);
}

static void same_tree(const struct mime_part *a, const struct mime_part *b)
{
	const struct mime_part *x, *y;

	assert_int_equal(a->start, b->start);
	assert_int_equal(a->body, b->body);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->odd, b->odd);
	assert_string_equal(a->type.name, b->type.name);
	assert_int_equal(a->lines.longest, b->lines.longest);
	assert_int_equal(a->lines.bare_cr, b->lines.bare_cr);
	assert_int_equal(a->lines.blank_end, b->lines.blank_end);
	assert_int_equal(a->lines.eight_bit, b->lines.eight_bit);
	assert_int_equal(a->lines.from_line, b->lines.from_line);
	assert_int_equal(a->lines.nul, b->lines.nul);
	for (x = a->first, y = b->first; x != NULL && y != NULL;
	     x = x->next, y = y->next)
		same_tree(x, y);
	assert_true(x == NULL && y == NULL);
}

/* The same tree in whole, by the byte, and in odd pieces. */
static struct mime_part *parsed(const char *text)
{
	static const size_t steps[] = { 1, 2, 3, 7, 64 };
	struct mime_part *root, *again;
	size_t i;

	assert_int_equal(scanned(bytes_of(text), SIZE_MAX / 2, &root), 0);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(scanned(bytes_of(text), steps[i], &again),
				 0);
		same_tree(root, again);
	}
	return root;
}

static void range_is(const char *text, const struct mime_part *part,
		     const char *whole, const char *body)
{
	struct bytes all = bytes_of(text);

	assert_non_null(part);
	assert_true(bytes_is(bytes_slice(all, (size_t)part->start,
					 (size_t)part->end), whole));
	assert_true(bytes_is(bytes_slice(all, (size_t)part->body,
					 (size_t)part->end), body));
}

static const char two[] =
	"From: a@b\r\n"
	"Content-Type: multipart/mixed;\r\n boundary=\"x y\"\r\n"
	"\r\n"
	"preamble\r\n"
	"--x y  \r\n"
	"Content-Type: text/plain\r\n"
	"\r\n"
	"one\r\n"
	"\r\n"
	"--x y\r\n"
	"\r\n"
	"two\r\n"
	"--x y--\r\n"
	"epilogue\r\n";

static void two_parts(void **state)
{
	struct mime_part *root = parsed(two);

	(void)state;
	assert_true(mime_is(&root->type, "multipart/mixed"));
	assert_false(root->odd);
	assert_true(root->is_closed);
	assert_int_equal(root->end, sizeof(two) - 1);
	range_is(two, mime_part_at(root, "1"),
		 "Content-Type: text/plain\r\n\r\none\r\n", "one\r\n");
	range_is(two, mime_part_at(root, "2"), "\r\ntwo", "two");
	assert_null(mime_part_at(root, "3"));
	assert_null(mime_part_at(root, "1.1"));
	assert_ptr_equal(mime_part_at(root, ""), root);
	assert_string_equal(mime_part_path(arena, mime_part_at(root, "2")),
			    "2");
	assert_true(bytes_is(mime_field(arena, root, "from"), "a@b"));
}

static void line_feeds(void **state)
{
	static const char text[] =
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\none\n--b\nSubject: s\n--b--";
	struct mime_part *root = parsed(text);

	(void)state;
	range_is(text, root->first, "\none", "one");
	/* A header that a delimiter ends has no body. */
	assert_int_equal(root->first->next->body, root->first->next->end);
	assert_true(root->is_closed);
	assert_false(root->odd);
}

static void nested(void **state)
{
	static const char text[] =
		"Content-Type: multipart/mixed; boundary=out\r\n\r\n"
		"--out\r\n"
		"Content-Type: multipart/alternative; boundary=inner\r\n\r\n"
		"--inner\r\n\r\na\r\n"
		"--inner\r\n\r\nb\r\n"
		"--inner--\r\n"
		"\r\n"
		"--inner\r\nnot a part\r\n"
		"--out\r\n"
		"Content-Type: message/rfc822\r\n\r\n"
		"Subject: in\r\nContent-Type: multipart/digest; boundary=d"
		"\r\n\r\n"
		"--d\r\n\r\nSubject: deep\r\n\r\nbody\r\n--d--\r\n"
		"--out--\r\n";
	struct mime_part *root = parsed(text);
	const struct mime_part *part;

	(void)state;
	assert_false(root->odd || root->first->odd);
	range_is(text, mime_part_at(root, "1.2"), "\r\nb", "b");
	assert_null(mime_part_at(root, "1.3"));
	part = mime_part_at(root, "2.1.1");
	assert_true(mime_is(&part->type, "message/rfc822"));
	assert_string_equal(mime_part_path(arena, part->first), "2.1.1.1");
	assert_true(part->first->is_message);
	range_is(text, part->first, "Subject: deep\r\n\r\nbody", "body");
	assert_int_equal(part->first->depth, 4);
}

static void odd_ones(void **state)
{
	static const char *const texts[] = {
		/* a line that is a delimiter for a reader of prefixes */
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\none\n--bx\ntwo\n--b--\n",
		/* never closed */
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n",
		/* no boundary, or a useless one */
		"Content-Type: multipart/mixed\n\n--b\n\n--b--\n",
		"Content-Type: multipart/mixed; boundary=\"\"\n\n----\n",
		/* two types */
		"Content-Type: multipart/mixed; boundary=b\n"
		"Content-Type: text/plain\n\n--b\n\n--b--\n",
		"Content-Type : multipart/mixed; boundary=b\n"
		"Content-Type: text/plain\n\n--b\n\n--b--\n",
		/* an encoded multipart */
		"Content-Type: multipart/mixed; boundary=b\n"
		"Content-Transfer-Encoding: base64\n\n--b\n\n--b--\n",
		/* a broken field */
		"Content-Type: multipart/mixed; boundary=b; boundary=c\n\n"
		"--b\n\n--b--\n",
		"Content-Type: \n\nx\n",
		"Content-Type: text/plain\rX: y\n\nx\n",
	};
	static const char same[] =
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		"--b--\n--b--\n";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!parsed(texts[i])->odd)
			fail_msg("not odd: %s", texts[i]);
		assert_non_null(parsed(texts[i])->odd_text);
	}
	assert_true(parsed(same)->first->odd);
}

static void not_odd(void **state)
{
	struct mime_part *root = parsed("Subject: x\n\n--b\nFrom \n");

	(void)state;
	assert_false(root->odd);
	assert_null(root->first);
	assert_true(mime_is(&root->type, "text/plain"));
	root = parsed("Content-Transfer-Encoding: Quoted-Printable\n\n");
	assert_int_equal(root->encoding, MIME_QUOTED);
	root = parsed("Content-Transfer-Encoding: x-uue\n\n");
	assert_int_equal(root->encoding, MIME_UNKNOWN);
	assert_null(parsed("")->header);
	assert_int_equal(parsed("\n\nx")->body, 1);
}

static void what_lines_are_like(void **state)
{
	struct mime_part *root;

	(void)state;
	root = parsed("A: b\r\n\r\nplain\r\nlongest\r\n\r\n");
	assert_int_equal(root->lines.longest, 7);
	assert_false(root->lines.eight_bit || root->lines.bare_cr ||
		     root->lines.blank_end || root->lines.from_line ||
		     root->lines.nul);
	assert_true(parsed("A: b\n\n12345678\xe4")->lines.eight_bit);
	assert_true(parsed("A: b\n\n1\xe4")->lines.eight_bit);
	assert_true(parsed("A: b\n\na\rb\n")->lines.bare_cr);
	assert_true(parsed("A: b\n\na\r\r\n")->lines.bare_cr);
	assert_false(parsed("A: b\n\na\r\n\r\n")->lines.bare_cr);
	assert_true(parsed("A: b\n\na \r\n")->lines.blank_end);
	assert_true(parsed("A: b\n\na\t\n")->lines.blank_end);
	assert_false(parsed("A: b\n\na \r\rb\n")->lines.blank_end);
	assert_true(parsed("A: b\n\nFrom x\n")->lines.from_line);
	assert_false(parsed("A: b\n\n From x\n")->lines.from_line);
}

/* Lines longer than what is held back. */
static void long_lines(void **state)
{
	char *text = malloc(20000);
	struct mime_part *root;
	size_t used;

	(void)state;
	assert_non_null(text);
	used = (size_t)snprintf(text, 20000, "Content-Type: multipart/mixed; "
				"boundary=b\r\n\r\n--b\r\n\r\n");
	memset(text + used, '-', 5000);
	used += 5000;
	used += (size_t)snprintf(text + used, 100, "\r\n--b\r\n\r\n");
	memset(text + used, 'x', 1023);
	used += 1023;
	(void)snprintf(text + used, 100, "\r\n--b--\r\n");
	root = parsed(text);
	assert_false(root->odd);
	assert_int_equal(root->first->lines.longest, 5000);
	assert_int_equal(root->first->end - root->first->body, 5000);
	assert_int_equal(root->last->lines.longest, 1023);
	free(text);
}

/* Lines are passed over by the dozen, or seen one by one: octet by octet, as
 * here, all of them are.  Few have anything about them. */
static void put_line(struct buf *text, uint32_t *number)
{
	static const char *const odd[] = {
		"--b", "--b--", "--bc", "--", "-", "From x", "From", " ",
		"x\t", "\r", "\r\r", "a\rb", "\xc3\xa4", "F--b"
	};
	static const char *const ends[] = { "\n", "\r\n", "\n", "\r\n",
					    "\n\n", "\r\n\r\n", "\n\r\n" };
	size_t len = (*number >> 8) % 90, i;

	*number = *number * 1103515245u + 12345u;
	if ((*number >> 16) % 16 == 0)
		buf_text(text, odd[(*number >> 20) % 14]);
	for (i = 0; (*number >> 16) % 64 > 0 && i < len; i++)
		buf_text(text, "x");
	if ((*number >> 16) % 150 == 1)
		buf_add(text, (struct bytes){ (const unsigned char *)"", 1 });
	buf_text(text, ends[(*number >> 24) % 7]);
}

static void any_lines(void **state)
{
	struct mime_part *slowly, *fast;
	uint32_t number = 1;
	struct buf text;
	unsigned i, j;

	(void)state;
	buf_init(&text, 65536);
	for (i = 0; i < 500; i++) {
		buf_clear(&text);
		buf_text(&text, i % 2 == 0 ? "A: b\n\n" : "Content-Type: "
			 "multipart/mixed; boundary=b\n\n--b\n\n");
		for (j = 0; j < i % 50 + 1; j++)
			put_line(&text, &number);
		for (j = 0; j < 2; j++) {
			assert_int_equal(scanned_for(j == 0 ? MIME_LINES :
				MIME_PARTS, buf_bytes(&text), 1, &slowly), 0);
			assert_int_equal(scanned_for(j == 0 ? MIME_LINES :
				MIME_PARTS, buf_bytes(&text), 1000, &fast), 0);
			same_tree(slowly, fast);
		}
	}
	buf_free(&text);
}

static void too_much(void **state)
{
	struct mime_part *root, *part;
	char *text = malloc(2 * MESSAGE_HEADER_MAX);
	size_t used, i, depth = 0;

	(void)state;
	assert_non_null(text);
	for (used = i = 0; i < 1000; i++)
		used += (size_t)snprintf(text + used, 100, "--%zu\nContent-Type"
					 ": multipart/mixed; boundary=%zu\n\n",
					 i, i + 1);
	assert_int_equal(scanned(bytes_of(text + 4), 4096, &root), 0);
	for (part = root; part->first != NULL; part = part->first)
		depth++;
	assert_int_equal(depth, MIME_DEPTH_MAX);
	assert_true(part->odd);
	for (used = i = 0; i < 1000; i++)
		used += (size_t)snprintf(text + used, 100,
					 "Content-Type: message/rfc822\n\n");
	assert_int_equal(scanned(bytes_of(text), 4096, &root), 0);
	used = (size_t)snprintf(text, 100, "Content-Type: multipart/mixed; "
				"boundary=b\n\n");
	for (i = 0; i < 3 * MIME_PARTS_MAX; i++)
		used += (size_t)snprintf(text + used, 100, "--b\n\n");
	assert_int_equal(scanned(bytes_of(text), 4096, &root), 0);
	assert_true(root->odd);
	assert_int_equal(root->last->nth, MIME_PARTS_MAX - 1);
	memset(text, 'x', 2 * MESSAGE_HEADER_MAX - 1);
	text[2 * MESSAGE_HEADER_MAX - 1] = 0;
	assert_int_equal(scanned(bytes_of(text), 4096, &root), ERR_LIMIT);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_parts),
		cmocka_unit_test(line_feeds),
		cmocka_unit_test(nested),
		cmocka_unit_test(odd_ones),
		cmocka_unit_test(not_odd),
		cmocka_unit_test(what_lines_are_like),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(any_lines),
		cmocka_unit_test(too_much),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
